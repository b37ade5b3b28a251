/** What is known of a rung and of a link, and the few ways in which a rung is filled in. Pure. */
import type {
  AppError,
  ErrorCode,
  LinkId,
  LinkKind,
  LinkState,
  PeerId,
  Remedy,
  RungId,
  RungStatus,
  RungView,
} from '../contract/index.ts';
import type { TailnetEyes } from './tailnet-role.ts';

/** What health is told of a link. */
export interface HealthTarget {
  readonly linkId: LinkId;
  readonly peerId: PeerId;
  readonly peerName: string;
  readonly url: string;
  /** An OpenClaw gateway where nothing is said. */
  readonly kind?: LinkKind;
  readonly agentId: string | null;
  readonly pinnedIdentity: string | null;
  readonly pinnedTls: string | null;
}

/** What one look at one rung found. */
export interface Finding {
  readonly status: Extract<RungStatus, 'ok' | 'slow' | 'failed' | 'needs_you'>;
  readonly seen: string;
  readonly code: ErrorCode | null;
  readonly durationMs: number | null;
  readonly at: number;
}

/** What active looks found since the link last came or went. */
export interface Evidence {
  readonly tcp: Finding | null;
  readonly http: Finding | null;
  readonly ping: Finding | null;
  readonly agent: Finding | null;
  readonly lastAnswerAt: number | null;
  /** A ping through the tailnet. */
  readonly path?: Finding | null;
}

/** Nothing was looked at yet. */
export const NO_EVIDENCE: Evidence = {
  tcp: null,
  http: null,
  ping: null,
  agent: null,
  lastAnswerAt: null,
};

/** The words for a link's state, as all views say them. */
export type Describe = (
  state: LinkState,
  target: HealthTarget,
) => { readonly text: string; readonly error: AppError | null };

/** All that the ladder of a link is made of. */
export interface LadderInput {
  readonly target: HealthTarget;
  readonly state: LinkState;
  readonly evidence: Evidence;
  /** This machine has no network, and the target is not on this machine. */
  readonly ownNetworkDown: boolean;
  /** Tailscale as it was last seen; left out where nobody looks at it. */
  readonly tailnet?: TailnetEyes | undefined;
  /** By the tailnet's word nothing can come from there, and nothing has since. */
  readonly lost?: boolean;
  /** The rung that is being looked at now. */
  readonly running: RungId | null;
  readonly describe: Describe;
}

/** A rung before the rule about what failed below it. */
export type RungDraft = Omit<RungView, 'id' | 'title' | 'tried'>;

const blank = { code: null, durationMs: null, at: null, remedy: null };

/** For rungs that nothing has looked at. */
export const notChecked = (seen: string): RungDraft => ({ ...blank, status: 'not_checked', seen });

/** For rungs above one that failed. */
export const skipped = (): RungDraft => ({
  ...blank,
  status: 'skipped',
  seen: 'A rung below failed',
});

/** A rung as a look found it. */
export const found = (finding: Finding, remedy: Remedy | null = null): RungDraft => ({
  ...finding,
  remedy,
});

/** A rung that follows from something else than a look of its own. */
export const follows = (
  status: RungStatus,
  seen: string,
  error: AppError | null = null,
): RungDraft => ({
  ...blank,
  status,
  seen,
  code: error?.code ?? null,
  remedy: error?.remedy ?? null,
});
