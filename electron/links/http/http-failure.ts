/** What can go wrong between us and an origin, before anything of A2A is read. */
import type { OfflineCause } from '../../contract/index.ts';

/**
 * Why a request came to nothing. Only `unreached`, and `stopped` with `reached: false`, prove
 * that nothing left this machine.
 */
export type HttpProblem =
  | { readonly kind: 'unreached'; readonly cause: OfflineCause; readonly detail: string }
  | { readonly kind: 'broken'; readonly detail: string }
  | { readonly kind: 'unanswered' }
  | { readonly kind: 'stopped'; readonly reached: boolean }
  | { readonly kind: 'tls_changed'; readonly seen: string; readonly trusted: boolean }
  | { readonly kind: 'elsewhere'; readonly url: string }
  | { readonly kind: 'redirected'; readonly to: string }
  | { readonly kind: 'unauthorized'; readonly status: number }
  | { readonly kind: 'rate_limited'; readonly retryAfterMs: number | null }
  | { readonly kind: 'busy'; readonly status: number; readonly retryAfterMs: number | null }
  /** The agent itself says that it takes nothing in now, in its own words. */
  | { readonly kind: 'not_now'; readonly said: string; readonly retryAfterMs: number | null }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'too_large'; readonly limit: number }
  | { readonly kind: 'too_deep' };

/** Thrown by {@link originFetch}, and passed through by the official client. */
export class HttpFailure extends Error {
  readonly problem: HttpProblem;

  constructor(problem: HttpProblem) {
    super(`HTTP: ${problem.kind}`);
    this.problem = problem;
  }
}

/** What ends a request because nothing came in time; any other reason is somebody's wish. */
export const TIME_IS_UP = 'time is up';
