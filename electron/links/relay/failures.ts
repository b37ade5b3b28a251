/** Every way in which a request to a relay fails, told apart by what follows from it. */
import {
  type AppError,
  appError,
  type LinkState,
  type OfflineCause,
} from '../../contract/index.ts';
import { HttpFailure } from '../http/http-failure.ts';
import { tlsChanged } from '../http/tls-changed.ts';

/** `lost` is the only one after which nobody knows whether the relay took it. */
export type RelayFailure =
  | { readonly kind: 'unreached'; readonly cause: OfflineCause; readonly detail: string }
  | { readonly kind: 'lost'; readonly timedOut: boolean; readonly detail: string }
  | { readonly kind: 'stopped'; readonly reached: boolean }
  | { readonly kind: 'tls_changed'; readonly seen: string; readonly trusted: boolean }
  | { readonly kind: 'unauthorized'; readonly detail: string }
  /** The relay knows our id as another's: its secret is not the one in this keychain. */
  | { readonly kind: 'not_us' }
  | { readonly kind: 'rate_limited'; readonly retryAfterMs: number | null }
  | { readonly kind: 'busy'; readonly retryAfterMs: number | null; readonly detail: string }
  | { readonly kind: 'too_large' }
  | { readonly kind: 'refused'; readonly status: number; readonly detail: string }
  | { readonly kind: 'not_a_relay'; readonly detail: string };

/** A {@link RelayFailure} on its way up. */
export class RelayError extends Error {
  readonly failure: RelayFailure;

  constructor(failure: RelayFailure) {
    super(`relay: ${failure.kind}`);
    this.failure = failure;
  }
}

/** What an exception of a request means. */
export function failureOf(error: unknown): RelayFailure {
  if (error instanceof RelayError) return error.failure;
  if (!(error instanceof HttpFailure)) {
    return { kind: 'not_a_relay', detail: 'Its answer makes no sense.' };
  }
  const { problem } = error;
  switch (problem.kind) {
    case 'unreached':
    case 'stopped':
    case 'tls_changed':
    case 'rate_limited':
      return problem;
    case 'unauthorized':
      return { kind: 'unauthorized', detail: `It answered with HTTP status ${problem.status}.` };
    case 'broken':
      return { kind: 'lost', timedOut: false, detail: problem.detail };
    case 'unanswered':
      return { kind: 'lost', timedOut: true, detail: 'No answer came in time.' };
    case 'busy': {
      const detail = `It answered with HTTP status ${problem.status}.`;
      return problem.status === 503
        ? { kind: 'busy', retryAfterMs: problem.retryAfterMs, detail }
        : { kind: 'lost', timedOut: false, detail };
    }
    case 'status':
      if (problem.status === 413) return { kind: 'too_large' };
      // The published relay says 500 to what it could not read, and may have died of anything else.
      return problem.status >= 500
        ? { kind: 'lost', timedOut: false, detail: `It answered with status ${problem.status}.` }
        : { kind: 'not_a_relay', detail: `It answered with HTTP status ${problem.status}.` };
    case 'not_now':
      return { kind: 'busy', retryAfterMs: problem.retryAfterMs, detail: problem.said };
    case 'elsewhere':
    case 'redirected':
      return { kind: 'not_a_relay', detail: 'It leads to another place; a token is not sent on.' };
    case 'too_large':
      return { kind: 'not_a_relay', detail: 'Its answer is larger than any relay’s.' };
    case 'too_deep':
      return { kind: 'not_a_relay', detail: 'Its answer is nested too deep to be honest.' };
  }
}

/** True for failures that say something of the relay as a whole. */
export function isOfRelay({ kind }: RelayFailure): boolean {
  switch (kind) {
    case 'unreached':
    case 'lost':
    case 'tls_changed':
    case 'unauthorized':
    case 'not_us':
    case 'busy':
    case 'not_a_relay':
      return true;
    // It is well, and takes no more of this for a moment.
    case 'rate_limited':
    case 'stopped':
    case 'too_large':
    case 'refused':
      return false;
  }
}

/** The same for whoever asked. */
export function errorOf(failure: RelayFailure, host: string): AppError {
  switch (failure.kind) {
    case 'unreached':
    case 'lost':
    case 'busy':
      return appError('relay.unreachable', failure.detail);
    case 'stopped':
      return appError('link.closed', 'It was broken off.');
    case 'tls_changed':
      return appError('link.tls_changed', `${host} shows another certificate.`);
    case 'unauthorized':
      return appError('link.bad_credential', failure.detail);
    case 'not_us':
      return appError('link.bad_credential', NOT_US);
    case 'rate_limited':
      return appError('link.rate_limited', `${host} takes no more requests now.`);
    case 'too_large':
      return appError('relay.too_large', 'The relay said that it is too large.');
    case 'refused':
      return appError('relay.refused', failure.detail || `It answered ${failure.status}.`);
    case 'not_a_relay':
      return appError('link.not_a_relay', failure.detail);
  }
}

const NOT_US =
  'The relay says that our id there belongs to somebody else: the secret that proves it is not in this keychain.';

/** At the least this long is waited where the relay says *too many*, ms. */
const RATE_LIMIT_MS = 5_000;

export interface Verdict {
  /** Without the time of the next try. */
  readonly state: LinkState;
  /** Null = it is not tried again before a person did something. */
  readonly retry: { readonly afterMs: number } | null;
}

/** What a failure means for the connection. `proven` = we had a token to show. */
export function verdictOf(
  failure: RelayFailure,
  {
    now,
    tls,
    proven,
  }: { readonly now: number; readonly tls: string | null; readonly proven: boolean },
): Verdict {
  const offline = (cause: OfflineCause, detail: string, afterMs = 0): Verdict => ({
    state: { kind: 'offline', cause, detail, since: now, retryAt: null },
    retry: { afterMs },
  });
  switch (failure.kind) {
    case 'unreached':
      return offline(failure.cause, failure.detail);
    case 'lost':
      return offline(failure.timedOut ? 'unanswered' : 'closed', failure.detail);
    case 'stopped':
      return offline('closed', 'It was broken off.');
    case 'busy':
      return offline('closed', failure.detail, failure.retryAfterMs ?? 0);
    case 'tls_changed':
      return { state: tlsChanged(tls, failure.seen), retry: null };
    case 'unauthorized':
      return {
        state: {
          kind: 'bad_credential',
          detail: failure.detail,
          what: proven ? 'secret' : 'missing',
        },
        retry: null,
      };
    case 'not_us':
      return { state: { kind: 'bad_credential', detail: NOT_US, what: 'device' }, retry: null };
    case 'rate_limited': {
      const afterMs = Math.max(RATE_LIMIT_MS, failure.retryAfterMs ?? 0);
      return { state: { kind: 'rate_limited', until: now + afterMs }, retry: { afterMs } };
    }
    case 'too_large':
      return offline('not_a_relay', 'It takes not even a small request.');
    case 'refused':
    case 'not_a_relay':
      return offline('not_a_relay', failure.detail);
  }
}
