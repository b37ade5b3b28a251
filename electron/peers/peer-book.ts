/** What the peer book offers to the app. */
import type { Clock } from '../clock/clock.ts';
import type {
  AgentCardView,
  CallHandlers,
  ChangeSink,
  LinkId,
  LinkKind,
  PeerDetail,
  PeerId,
  PeerRow,
  Result,
} from '../contract/index.ts';
import type { Store } from '../store/store.ts';
import type { LinkListener, NewLink } from './book-context.ts';
import type { LinkChanges, Outcome, Pins } from './link-changes.ts';
import type { NewPeer, PeerChanges } from './peer-changes.ts';
import type { Live } from './peer-views.ts';
import type { ProvisionedPeer, ProvisionOutcome } from './provisioning.ts';
import type { Capability, LinkRecord, LinkSecrets, PeerRecord } from './records.ts';

/** The calls of the contract that the peer book answers by itself. */
export type PeerHandlers = Pick<
  CallHandlers,
  | 'peer.add'
  | 'peer.update'
  | 'peer.remove'
  | 'peer.restore'
  | 'peer.resolve'
  | 'peer.list'
  | 'peer.acknowledgeFirstUse'
  | 'link.add'
  | 'link.update'
  | 'link.remove'
>;

/** What the peer book needs of its neighbours. */
export interface PeerBookOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly changed: ChangeSink;
  readonly secrets: LinkSecrets;
  readonly links: LinkListener;
  readonly live: Live;
  /** Fills in scheme and port. @throws CodedError `link.url_*`, `link.insecure_url` */
  readonly normaliseUrl: (text: string, kind: LinkKind) => string;
  /** Clears what other rooms keep of a peer (threads, files), before its row goes for good. */
  readonly purging?: (peerId: PeerId) => Promise<void>;
  /** Told after a peer was deleted for good, with its links, threads and messages. */
  readonly purged?: (peerId: PeerId) => void;
}

/** The peers and their links: what is stored of them, and every change to it. */
export interface PeerBook {
  readonly handlers: PeerHandlers;
  /** How many peers are present. */
  readonly size: number;
  peers(): PeerRecord[];
  peer(id: PeerId): PeerRecord | null;
  links(): LinkRecord[];
  link(id: LinkId): LinkRecord | null;
  linksOf(id: PeerId): LinkRecord[];
  rows(): PeerRow[];
  row(id: PeerId): PeerRow | null;
  detail(id: PeerId): PeerDetail | null;
  /** Of all peers that have any. */
  capabilities(): ReadonlyMap<PeerId, readonly Capability[]>;
  /** By exact name, else nickname, else prefix; several = ambiguous. */
  resolve(text: string): PeerRecord[];

  add(peer: NewPeer): Promise<Result<{ peerId: PeerId; linkId: LinkId }>>;
  /** A peer without a link: whom we cannot ask. */
  addAlone(name: string, id?: PeerId): Promise<Result<{ peerId: PeerId }>>;
  addLink(id: PeerId, link: NewLink): Promise<Result<LinkId>>;
  update(id: PeerId, changes: PeerChanges): Promise<Result<void>>;
  remove(id: PeerId): Promise<Result<{ undoMs: number }>>;
  restore(id: PeerId): Promise<Result<void>>;
  updateLink(id: LinkId, changes: LinkChanges): Promise<Result<void>>;
  removeLink(id: LinkId): Promise<Result<void>>;
  /** What was learnt of a link: pins, and when it was last well or not. Gone links learn nothing. */
  setPins(id: LinkId, pins: Pins): Promise<void>;
  setCard(id: LinkId, card: AgentCardView): Promise<void>;
  setOutcome(id: LinkId, outcome: Outcome): Promise<void>;
  setPeerCapabilities(id: PeerId, tags: readonly string[]): Promise<Result<void>>;
  provision(peers: readonly ProvisionedPeer[]): Promise<Result<ProvisionOutcome>>;

  /** A link's state changed: its peer's row and page changed with it. */
  noteLinkState(id: LinkId): void;
  /** The keychain can be used (again): forgets what had to wait for it. */
  sweepSecrets(): Promise<void>;
  /** Stops the timers. A removal under way is finished at the next start. */
  stop(): void;
}
