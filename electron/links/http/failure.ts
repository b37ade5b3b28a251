/** What a link that talks over HTTP makes of the troubles that are the same whatever it speaks. */
import type { LinkState, OfflineCause } from '../../contract/index.ts';
import type { HttpProblem } from './http-failure.ts';
import { tlsChanged } from './tls-changed.ts';

/** After `lost` nobody knows whether the other side took it; all others prove that it did not. */
export type HttpLinkFailure =
  | { readonly kind: 'unreached'; readonly cause: OfflineCause; readonly detail: string }
  | { readonly kind: 'lost'; readonly timedOut: boolean; readonly detail: string }
  | { readonly kind: 'stopped'; readonly reached: boolean }
  | { readonly kind: 'tls_changed'; readonly seen: string; readonly trusted: boolean }
  | { readonly kind: 'rate_limited'; readonly retryAfterMs: number | null }
  | { readonly kind: 'busy'; readonly retryAfterMs: number | null; readonly detail: string };

/** The problems that mean the same everywhere. */
export type CommonProblem = Extract<
  HttpProblem,
  {
    readonly kind:
      | 'unreached'
      | 'stopped'
      | 'tls_changed'
      | 'rate_limited'
      | 'broken'
      | 'unanswered'
      | 'busy';
  }
>;

/** Tells what such a problem means. */
export function commonFailure(problem: CommonProblem): HttpLinkFailure {
  switch (problem.kind) {
    case 'unreached':
    case 'stopped':
    case 'tls_changed':
    case 'rate_limited':
      return problem;
    case 'broken':
      return { kind: 'lost', timedOut: false, detail: problem.detail };
    case 'unanswered':
      return { kind: 'lost', timedOut: true, detail: 'No answer came in time.' };
    case 'busy': {
      const detail = `It answered with HTTP status ${problem.status}.`;
      // A proxy that gave up waiting says nothing of what the agent behind it did.
      return problem.status === 503
        ? { kind: 'busy', retryAfterMs: problem.retryAfterMs, detail }
        : { kind: 'lost', timedOut: false, detail };
    }
  }
}

/** What a failure means for a link. */
export interface Verdict {
  /** Without the time of the next try. */
  readonly state: LinkState;
  /** After how many ms at the least it is tried again; null = not before a person did something. */
  readonly retry: { readonly afterMs: number } | null;
}

/** What a verdict depends on besides the failure. */
export interface Circumstances {
  /** Ms since the epoch. */
  readonly now: number;
  /** The certificate that was trusted; null = one that an authority vouches for. */
  readonly tls: string | null;
  /** We had a token to show. */
  readonly proven: boolean;
}

/** @param afterMs at the least this long is waited. */
export const offline = (
  cause: OfflineCause,
  detail: string,
  now: number,
  afterMs: number | null = null,
): Verdict => ({
  state: { kind: 'offline', cause, detail, since: now, retryAt: null },
  retry: { afterMs: afterMs ?? 0 },
});

/** The other side takes no token, or not this one. */
export const badCredential = (detail: string, { proven }: Circumstances): Verdict => ({
  state: { kind: 'bad_credential', detail, what: proven ? 'secret' : 'missing' },
  retry: null,
});

/**
 * What follows from such a failure.
 * @param rateLimitMs at the least this long is waited where the other side says *too many*.
 */
export function commonVerdict(
  failure: HttpLinkFailure,
  { now, tls }: Circumstances,
  rateLimitMs: number,
): Verdict {
  switch (failure.kind) {
    case 'unreached':
      return offline(failure.cause, failure.detail, now);
    case 'lost':
      return offline(failure.timedOut ? 'unanswered' : 'closed', failure.detail, now);
    case 'stopped':
      return offline('closed', 'It was broken off.', now);
    case 'busy':
      return offline('closed', failure.detail, now, failure.retryAfterMs);
    case 'tls_changed':
      return { state: tlsChanged(tls, failure.seen), retry: null };
    case 'rate_limited': {
      const afterMs = Math.max(rateLimitMs, failure.retryAfterMs ?? 0);
      return { state: { kind: 'rate_limited', until: now + afterMs }, retry: { afterMs } };
    }
  }
}
