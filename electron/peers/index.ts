/** The room's face: what the composition root may use. */
export type { LinkChange, LinkListener, NewLink } from './book-context.ts';
export { createPeerBook } from './create-peer-book.ts';
export { exportPeers } from './export.ts';
export type { LinkChanges, Outcome, Pins } from './link-changes.ts';
export {
  describeLinkState,
  hostOf,
  type LinkStateContext,
  type LinkStateDescription,
} from './link-state-text.ts';
export { nameKey } from './name-key.ts';
export type { PeerBook, PeerBookOptions, PeerHandlers } from './peer-book.ts';
export type { NewPeer, PeerChanges } from './peer-changes.ts';
export { type Live, linkView, type PeerTotals } from './peer-views.ts';
export type { ProvisionedLink, ProvisionedPeer, ProvisionOutcome } from './provisioning.ts';
export type {
  Capability,
  IncomingPolicy,
  LastError,
  LinkRecord,
  LinkSecretKind,
  LinkSecrets,
  PeerRecord,
} from './records.ts';
export { UNDO_MS } from './removal.ts';
export { comparePeers, linkCondition, type PeerCondition, peerCondition } from './status.ts';
