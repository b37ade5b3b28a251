/** Links to OpenClaw gateways. */
export { type AdminConnection, type AdminOptions, openAdmin } from './admin.ts';
export { createGatewayLink, type GatewayLink } from './gateway-link.ts';
export { createHandOver, HAND_OVER_SCOPES } from './hand-over.ts';
export type { HandOver } from './hand-over-types.ts';
export type {
  Credential,
  DeviceSigner,
  DeviceToken,
  DeviceTokenStore,
  GatewayLinkOptions,
  LinkLog,
  Pins,
} from './options.ts';
export { type ProbeFindings, type ProbeOptions, probeGateway } from './probe.ts';
export { normaliseGatewayUrl } from './url.ts';
export {
  type ListedSession,
  readSessionList,
  readWatchedHistory,
  readWatchedRow,
  type WatchedRow,
} from './watched-rows.ts';
