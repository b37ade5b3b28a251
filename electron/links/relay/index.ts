/** The relay link's face: what the relays' room and the composition root may use. */
export { errorOf, failureOf, RelayError, type RelayFailure } from './failures.ts';
export { type HubEvent, RelayHub } from './hub.ts';
export type {
  AgentSecret,
  RelayHubOptions,
  RelaySelf,
  RelayTask,
  RelayToken,
  SentAnswer,
  SentLedger,
  SentTask,
} from './options.ts';
export { probeRelay } from './probe.ts';
export { createRelayLink, type RelayLink } from './relay-link.ts';
export type { RelayFile } from './requests.ts';
export type { KnownAgent } from './roll.ts';
export {
  announce,
  fingerprintOf,
  type Proof,
  prove,
  type RelaySigner,
  readAnnounced,
  readProof,
  verified,
} from './signing.ts';
export { ASKED_BACK } from './status.ts';
export { normaliseRelayUrl, RELAY_PORT } from './url.ts';
export { type WireMessage, wireLine, wireText } from './wire.ts';
