/** Every way in which a call to an A2A agent fails, told apart by what follows from it. */
import { commonFailure, type HttpLinkFailure } from '../http/failure.ts';
import { HttpFailure, type HttpProblem } from '../http/http-failure.ts';

/**
 * `unreached`, `unauthorized`, `rate_limited`, `busy`, `not_now`, `refused`, `task_unknown`, `unsupported` and
 * `tls_changed` prove that nothing was taken; after `lost` and `invalid` nobody knows.
 */
export type Failure =
  | HttpLinkFailure
  | { readonly kind: 'unauthorized'; readonly status: number }
  | { readonly kind: 'not_now'; readonly retryAfterMs: number | null; readonly detail: string }
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'task_unknown' }
  | { readonly kind: 'unsupported'; readonly detail: string }
  | { readonly kind: 'version'; readonly detail: string }
  | { readonly kind: 'invalid'; readonly detail: string };

/** A {@link Failure} on its way up. */
export class CallFailure extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(`A2A call: ${failure.kind}`);
    this.failure = failure;
  }
}

const MEGABYTE = 1_048_576;

function ofHttp(problem: HttpProblem): Failure {
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
      return problem;
    case 'not_now':
      return { kind: 'not_now', retryAfterMs: problem.retryAfterMs, detail: problem.said };
    case 'elsewhere':
      return { kind: 'invalid', detail: `It leads to ${problem.url}, another place.` };
    case 'redirected':
      return {
        kind: 'invalid',
        detail: `It redirects to ${problem.to || 'another place'}; a token is not sent on.`,
      };
    case 'status':
      return { kind: 'invalid', detail: `It answered with HTTP status ${problem.status}.` };
    case 'too_large': {
      const most = Math.round(problem.limit / MEGABYTE);
      return { kind: 'invalid', detail: `Its answer is larger than ${most || 1} MB.` };
    }
    case 'too_deep':
      return { kind: 'invalid', detail: 'Its answer is nested too deep to be honest.' };
  }
}

const METHOD_NOT_FOUND = -32_601;
/** OpenClaw 2026.9.6 says it so, with HTTP status 200 (seen). */
const RATE_LIMITED = /\brate.?limit|too many requests/i;

/**
 * Tells what an error of the official client means. Its own errors carry a name; what is thrown by
 * {@link HttpFailure} comes through unchanged; the rest is an answer that is not A2A.
 */
export function classify(error: unknown): Failure {
  if (error instanceof CallFailure) return error.failure;
  if (error instanceof HttpFailure) return ofHttp(error.problem);
  if (!(error instanceof Error)) return { kind: 'invalid', detail: 'Its answer makes no sense.' };
  if (error.cause instanceof Error && !isOfAgent(error)) return classify(error.cause);
  if (!isOfAgent(error)) {
    return { kind: 'invalid', detail: 'Its answer is not what A2A 1.0 or 0.3 says.' };
  }
  const detail = error.message.slice(0, 500);
  if (RATE_LIMITED.test(detail)) return { kind: 'rate_limited', retryAfterMs: null };
  if ('envelopeCode' in error && error.envelopeCode === METHOD_NOT_FOUND) {
    return { kind: 'unsupported', detail };
  }
  switch (error.name) {
    case 'TaskNotFoundError':
      return { kind: 'task_unknown' };
    case 'UnsupportedOperationError':
    case 'TaskNotCancelableError':
      return { kind: 'unsupported', detail };
    case 'VersionNotSupportedError':
      return { kind: 'version', detail };
    default:
      return { kind: 'refused', detail };
  }
}

/** True for what the agent itself said: JSON-RPC errors have a code, those of HTTP+JSON a status. */
const isOfAgent = (error: Error): boolean => 'envelopeCode' in error || 'statusCode' in error;

/** True for failures that say something of the agent as a whole. */
export function isOfLink({ kind }: Failure): boolean {
  switch (kind) {
    case 'unreached':
    case 'unauthorized':
    case 'tls_changed':
    case 'rate_limited':
    case 'busy':
    case 'version':
      return true;
    case 'lost':
    case 'stopped':
    case 'not_now':
    case 'refused':
    case 'task_unknown':
    case 'unsupported':
    case 'invalid':
      return false;
  }
}
