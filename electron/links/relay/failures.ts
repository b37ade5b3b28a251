/** Every way in which a request to a relay fails, told apart by what follows from it. */
import { type AppError, appError } from '../../contract/index.ts';
import {
  badCredential,
  type Circumstances,
  commonFailure,
  commonVerdict,
  type HttpLinkFailure,
  offline,
  type Verdict,
} from '../http/failure.ts';
import { HttpFailure } from '../http/http-failure.ts';

/** `lost` is the only one after which nobody knows whether the relay took it. */
export type RelayFailure =
  | HttpLinkFailure
  | { readonly kind: 'unauthorized'; readonly detail: string }
  /** The relay knows our id as another's: its secret is not the one in this keychain. */
  | { readonly kind: 'not_us' }
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
    case 'broken':
    case 'unanswered':
    case 'busy':
      return commonFailure(problem);
    case 'unauthorized':
      return { kind: 'unauthorized', detail: `It answered with HTTP status ${problem.status}.` };
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

/** What a failure means for the connection. */
export function verdictOf(failure: RelayFailure, circumstances: Circumstances): Verdict {
  const { now } = circumstances;
  switch (failure.kind) {
    case 'unreached':
    case 'lost':
    case 'stopped':
    case 'busy':
    case 'tls_changed':
    case 'rate_limited':
      return commonVerdict(failure, circumstances, RATE_LIMIT_MS);
    case 'unauthorized':
      return badCredential(failure.detail, circumstances);
    case 'not_us':
      return { state: { kind: 'bad_credential', detail: NOT_US, what: 'device' }, retry: null };
    case 'too_large':
      return offline('not_a_relay', 'It takes not even a small request.', now);
    case 'refused':
    case 'not_a_relay':
      return offline('not_a_relay', failure.detail, now);
  }
}
