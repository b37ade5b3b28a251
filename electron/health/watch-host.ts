/** Between the watch of one link and health as a whole. */
import type { Clock } from '../clock/clock.ts';
import type { LinkId, LinkState, Result, TailnetNodeId, TailnetPath } from '../contract/index.ts';
import type { Outcome } from './outcomes.ts';
import type { Probes } from './probes.ts';
import type { ProbeQueue } from './queue.ts';
import type { Describe, HealthTarget } from './rung-draft.ts';
import type { absenceOf, TailnetEyes, TailnetRole } from './tailnet-role.ts';

/** How a link counts for the question whether our own network is down. */
export type Vote = 'connected' | 'unroutable' | 'other' | 'unknown';

/** What health as a whole reads of a watched link. */
export interface Watched {
  readonly target: HealthTarget;
  readonly state: LinkState;
  readonly local: boolean;
  readonly slow: boolean;
  readonly vote: Vote;
  /** Why nothing can come from there by the tailnet's word, while nothing comes; else null. */
  readonly lost: ReturnType<typeof absenceOf>;
  /** What the tailnet has to do with it, as Tailscale says now. */
  readonly role: TailnetRole;
}

/** What a watch needs of the whole. */
export interface WatchHost {
  readonly clock: Clock;
  readonly probes: Probes;
  readonly queue: ProbeQueue;
  readonly random: () => number;
  readonly describe: Describe;
  /** The interfaces are down, so that looking at others is of no use. */
  interfacesDown(): boolean;
  /** Tailscale as it is now; null where nobody looks at it. */
  tailnet(): TailnetEyes | null;
  pingNode(nodeId: TailnetNodeId, signal: AbortSignal): Promise<Result<TailnetPath>>;
  /** What Tailscale says of the network here, in words; null where it says nothing. Never rejects. */
  networkWords(): Promise<string | null>;
  /** Our own outage, by whatever sign. */
  ownNetworkDown(): boolean;
  ladderChanged(watch: Watched): void;
  /** What warnings are made of changed. */
  conditionChanged(watch: Watched): void;
  remember(linkId: LinkId, outcome: Outcome): void;
}
