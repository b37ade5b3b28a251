/** The real OpenClaw for tests: install it, give it a model, start it, break it. */
export { AdminClient } from './admin.ts';
export { type GatewayOptions, type RealGateway, startGateway } from './gateway.ts';
export { cacheFolder, ensureOpenClaw, OPENCLAW_VERSION, type OpenClawInstall } from './install.ts';
export {
  ALL_SCOPES,
  createDevice,
  type DeviceKey,
  type EventFrame,
  type Json,
  RawClient,
  type RawClientOptions,
  WireError,
} from './raw-client.ts';
export {
  createGate,
  type Gate,
  type StubCall,
  type StubModel,
  type StubReply,
  startStubModel,
} from './stub-model.ts';
