/**
 * What the end of a connection means. Sources: OpenClaw 2026.9.6 as observed (close codes, and
 * `error.details.code`), `@openclaw/gateway-protocol/connect-error-details`, Node's error codes.
 */
import {
  ConnectErrorDetailCodes as Code,
  readConnectErrorDetailCode,
  readPairingConnectErrorDetails,
} from '@openclaw/gateway-protocol/connect-error-details';
import {
  type CodedError,
  codedError,
  type LinkState,
  type OfflineCause,
} from '../../contract/index.ts';
import { UNREACHED } from '../unreached.ts';
import { type Refusal, refusalOf, type WireEnd, type WireError } from './wire.ts';

/** Why a device waits for approval: it is new, wants more, or looks another. */
export type ApprovalReason = Extract<LinkState, { kind: 'needs_approval' }>['reason'];

/** Why there is no connection, before it is a state: whether to try again hangs on the kind. */
export type Failure =
  | {
      readonly kind: 'bad_credential';
      readonly what: 'secret' | 'missing' | 'device';
      readonly detail: string;
    }
  | {
      readonly kind: 'needs_approval';
      readonly requestId: string;
      readonly reason: ApprovalReason;
    }
  | { readonly kind: 'starting'; readonly retryAfterMs: number }
  | { readonly kind: 'restarting' }
  | { readonly kind: 'rate_limited'; readonly retryAfterMs: number }
  | { readonly kind: 'revoked' }
  /** The device token covers less than we ask: another one is needed, by way of the shared secret. */
  | { readonly kind: 'narrow_token'; readonly detail: string }
  | { readonly kind: 'protocol_mismatch'; readonly theirs: number | null }
  | { readonly kind: 'tls_changed' }
  | { readonly kind: 'offline'; readonly cause: OfflineCause; readonly detail: string };

/** A gateway's default lock-out after too many failures (`gateway.auth.rateLimit.lockoutMs`). */
const LOCKOUT_MS = 300_000;
const STARTING_MS = 500;

const offline = (cause: OfflineCause, detail: string): Failure => ({
  kind: 'offline',
  cause,
  detail,
});

const REASONS: Readonly<Record<string, ApprovalReason>> = {
  'not-paired': 'not_paired',
  'scope-upgrade': 'scope_upgrade',
  'metadata-upgrade': 'metadata_upgrade',
  'role-upgrade': 'role_upgrade',
};

const MISSING = new Set<string>([
  Code.AUTH_TOKEN_MISSING,
  Code.AUTH_PASSWORD_MISSING,
  Code.AUTH_REQUIRED,
]);

const clip = (text: string): string => text.replace(/\s+/g, ' ').trim().slice(0, 300);

const theirProtocol = (details: unknown): number | null => {
  const expected = (details as { expectedProtocol?: unknown } | null)?.expectedProtocol;
  return typeof expected === 'number' ? expected : null;
};

/** A refused `connect`. */
function refusedConnect(refusal: Refusal, closeCode: number): Failure {
  const detail = clip(refusal.message);
  const code = readConnectErrorDetailCode(refusal.details) ?? '';
  if (refusal.code === 'UNAVAILABLE' || closeCode === 1013) {
    return { kind: 'starting', retryAfterMs: refusal.retryAfterMs ?? STARTING_MS };
  }
  if (code === Code.PAIRING_REQUIRED || refusal.code === 'NOT_PAIRED') {
    const pairing = readPairingConnectErrorDetails(refusal.details);
    return {
      kind: 'needs_approval',
      requestId: pairing?.requestId ?? '',
      reason: REASONS[pairing?.reason ?? 'not-paired'] ?? 'not_paired',
    };
  }
  if (code === Code.AUTH_RATE_LIMITED) {
    return { kind: 'rate_limited', retryAfterMs: refusal.retryAfterMs ?? LOCKOUT_MS };
  }
  if (code === Code.AUTH_DEVICE_TOKEN_MISMATCH) return { kind: 'revoked' };
  if (code === Code.AUTH_SCOPE_MISMATCH) return { kind: 'narrow_token', detail };
  if (code === Code.PROTOCOL_MISMATCH || code === Code.CLIENT_VERSION_MISMATCH) {
    return { kind: 'protocol_mismatch', theirs: theirProtocol(refusal.details) };
  }
  if (MISSING.has(code)) return { kind: 'bad_credential', what: 'missing', detail };
  if (code.startsWith('DEVICE_') || code === Code.CONTROL_UI_DEVICE_IDENTITY_REQUIRED) {
    return { kind: 'bad_credential', what: 'device', detail };
  }
  if (code.startsWith('AUTH')) return { kind: 'bad_credential', what: 'secret', detail };
  // Params that the other side does not know: another version of the protocol in all but number.
  if (/^invalid connect params/i.test(refusal.message)) {
    return { kind: 'protocol_mismatch', theirs: null };
  }
  return offline('closed', detail);
}

/** A plain HTTP answer where a WebSocket was asked for. */
function refusedUpgrade(status: number): Failure {
  const detail = `It answers with HTTP ${status} instead of a WebSocket.`;
  if (status === 503) return { kind: 'starting', retryAfterMs: 1000 };
  if (status === 429) return { kind: 'rate_limited', retryAfterMs: LOCKOUT_MS };
  // A proxy that stands in front says so when nothing stands behind it.
  if (status === 502 || status === 504) return offline('refused', detail);
  return offline('not_a_gateway', detail);
}

const ERRNO: Readonly<Record<string, OfflineCause>> = {
  ...UNREACHED,
  ECONNRESET: 'closed',
  ECONNABORTED: 'closed',
  EPIPE: 'closed',
  EPROTO: 'tls_failed',
};

const TLS_CODE = /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH)/;

const codeOf = (error: Error): string => {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : '';
};

/** A socket that could not be opened. */
export function socketFailure(error: Error): Failure {
  const code = codeOf(error);
  const detail = clip(error.message || code);
  const cause = ERRNO[code];
  if (cause) return offline(cause, detail);
  if (TLS_CODE.test(code)) return offline('tls_failed', detail);
  if (code.startsWith('HPE_') || code === 'WS_ERR_INVALID_OPCODE') {
    return offline('not_a_gateway', detail);
  }
  if (/tls fingerprint mismatch/.test(error.message)) return { kind: 'tls_changed' };
  if (/SECURITY ERROR/.test(error.message)) {
    return offline('insecure_url', 'Plain ws:// to a public host was refused before connecting.');
  }
  const status = /^Unexpected server response: (\d{3})$/.exec(error.message)?.[1];
  if (status) return refusedUpgrade(Number(status));
  if (/handshake has timed out/i.test(error.message)) return offline('unanswered', detail);
  if (/socket hang up/i.test(error.message)) return offline('closed', detail);
  return offline('closed', detail);
}

const upgradeStatus = (error: Error): number | null => {
  const { details } = error as { details?: { reason?: unknown; httpStatus?: unknown } };
  if (details?.reason !== 'websocket-upgrade-rejected') return null;
  return typeof details.httpStatus === 'number' ? details.httpStatus : null;
};

/** The end of a connection that had been up. */
function droppedFailure(end: WireEnd): Failure {
  if (end.code === 1012) return { kind: 'restarting' };
  if (end.code === 1013) return { kind: 'starting', retryAfterMs: STARTING_MS };
  if (end.code === 4001 && /device/i.test(end.reason)) return { kind: 'revoked' };
  if (end.code === 4000) return offline('unanswered', 'It has said nothing for a minute.');
  if (end.code === 1007) return offline('closed', 'It sent text that is not UTF-8.');
  if (end.code === 1009)
    return offline('closed', 'A message was larger than the connection takes.');
  const why = clip(end.reason);
  return offline('closed', why ? `${why} (${end.code})` : `Cut without a word (${end.code}).`);
}

/** Tells what the end of an attempt, or of a connection, means. */
export function classifyEnd(end: WireEnd): Failure {
  if (end.greeted) return droppedFailure(end);
  if (end.timedOut) {
    return offline('unanswered', 'No answer to the handshake within 15 s.');
  }
  const refusal = end.error ? refusalOf(end.error) : null;
  if (refusal) return refusedConnect(refusal, end.code);
  const status = end.error ? upgradeStatus(end.error) : null;
  if (status !== null) return refusedUpgrade(status);
  if (end.error && !end.socketOpened) return socketFailure(end.error);
  if (end.code === 1002) return { kind: 'protocol_mismatch', theirs: null };
  if (end.code === 1012) return { kind: 'restarting' };
  if (end.code === 1013) return { kind: 'starting', retryAfterMs: STARTING_MS };
  if (end.code === 4001 && /device/i.test(end.reason)) return { kind: 'revoked' };
  if (/challenge/.test(end.reason) || end.code === 4000) {
    return offline('unanswered', 'It takes the connection and sends no challenge.');
  }
  return droppedFailure(end);
}

/** A query that failed on the wire, as what a caller is told. */
export function asCoded(error: WireError): CodedError {
  const { failure } = error;
  if (failure.kind === 'timeout') return codedError('link.request_timeout', 'No answer came.');
  if (failure.kind !== 'refused') return codedError('link.closed', 'The connection broke.');
  const { code, message } = failure.refusal;
  if (code === 'FORBIDDEN') return codedError('link.too_few_scopes', message.slice(0, 500));
  return codedError('link.request_failed', message.slice(0, 500));
}
