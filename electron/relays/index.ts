/** The relays' room: its face for the composition root. */
export type {
  Outcome,
  RelayBroadcast,
  RelayInbox,
  RelayPeer,
  RelayPeers,
  RelaySecrets,
  RelayTaskIn,
  RelayTold,
  TakenIn,
} from './options.ts';
export { createRelays, type RelayHandlers, type Relays } from './relays.ts';
