/** What health offers to the app. */
import type { Clock } from '../clock/clock.ts';
import type {
  CallHandlers,
  ChangeSink,
  LadderView,
  LinkId,
  LinkState,
  NetcheckView,
  PeerId,
  PeerStatus,
  Result,
  TailnetNodeId,
  TailnetPath,
  TailnetView,
  TrayState,
  WarningId,
  WarningView,
} from '../contract/index.ts';
import type { HealthLink } from './looks.ts';
import type { NetworkMonitor } from './network.ts';
import type { Outcome } from './outcomes.ts';
import type { Probes } from './probes.ts';
import type { Describe, HealthTarget } from './rung-draft.ts';
import type { Fact } from './warnings.ts';

/** The calls of the contract that health answers by itself. */
export type HealthHandlers = Pick<
  CallHandlers,
  'health.check' | 'health.report' | 'warning.dismiss'
>;

/** What health asks of Tailscale. */
export interface TailnetSource {
  view(): TailnetView;
  onChange(listener: () => void): () => void;
  ping(nodeId: TailnetNodeId): Promise<Result<TailnetPath>>;
  /** Looks at the network here: takes seconds. */
  netcheck(): Promise<Result<NetcheckView>>;
}

/** What the checks need of their neighbours. */
export interface HealthOptions {
  readonly clock: Clock;
  readonly changed: ChangeSink;
  readonly probes: Probes;
  readonly network: NetworkMonitor;
  /** The words for a link's state, as the peer book says them. */
  readonly describe: Describe;
  /** Keeps the last good time and the last error over restarts. */
  readonly remember: (linkId: LinkId, outcome: Outcome) => void;
  /** The network came, went or changed: a chance to renew connections. */
  readonly networkChanged?: (up: boolean) => void;
  /** Tailscale on this machine; without it the rungs of the tailnet stay unlooked at. */
  readonly tailnet?: TailnetSource;
  /** What {@link Health.seen} makes of a link's state is another than before. */
  readonly seenChanged?: (linkId: LinkId) => void;
  /** Takes known secrets out of a report. */
  readonly redact?: (text: string) => string;
  readonly log?: (line: string) => void;
  /** For jitter, in [0, 1). */
  readonly random?: () => number;
}

/** How the links are, and the warnings that come of it. */
export interface Health {
  readonly handlers: HealthHandlers;
  /** Begins to watch a link. Of a link that is watched already only words and pins are renewed; after
   * a new address, {@link forget} it first. */
  watch(target: HealthTarget, link: HealthLink, state: LinkState, known: Outcome): void;
  forget(linkId: LinkId): void;
  noteState(linkId: LinkId, state: LinkState): void;
  /** The agent behind a link answered a message just now; when, is said by our clock. */
  noteAnswer(linkId: LinkId): void;
  /** The state as a person should see it: an outage of ours is not the peer's. */
  seen(linkId: LinkId, state: LinkState): LinkState;
  ladder(linkId: LinkId): LadderView | null;
  laddersOf(peerId: PeerId): LadderView[];
  network(): 'up' | 'down';
  /** What a person should know now, oldest first. */
  warnings(): WarningView[];
  warning(id: WarningId): WarningView | null;
  /** Facts that others find: the keychain is locked, the disk is full. */
  setFact(fact: Fact): void;
  clearFact(id: WarningId): void;
  tray(statuses: Iterable<PeerStatus>): TrayState;
  stop(): void;
}
