/** Decides over a `connect` request: credential, device proof, pairing, scopes. */
import { timingSafeEqual } from 'node:crypto';
import { proveDevice } from './device-proof.ts';
import type { Applicant, Devices } from './devices.ts';
import { CloseCode, invalidRequest, isJson, type Json, Refusal } from './frames.ts';

/** What the gateway wants to be shown by whoever comes without a device token. */
export type GatewayAuth =
  | { readonly mode: 'token'; readonly secret: string }
  | { readonly mode: 'password'; readonly secret: string }
  | { readonly mode: 'none' };

/** Who is let in. It may be changed at any time; sockets that are in stay in. */
export interface AdmissionRules {
  auth: GatewayAuth;
  /** New devices from this machine need nobody's approval (as OpenClaw does by default). */
  autoApproveLocal: boolean;
  /** Scopes that a socket gets at most, whatever it asks; null = no limit. */
  scopeLimit: readonly string[] | null;
  protocol: number;
}

/** What a socket may do once it is in. */
export interface Admission {
  readonly method: 'token' | 'password' | 'none' | 'device-token';
  readonly scopes: readonly string[];
  readonly caps: readonly string[];
  readonly deviceId: string | null;
  readonly deviceToken: string | null;
  readonly client: { readonly id: string; readonly mode: string; readonly displayName: string };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const list = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
const same = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

const authRefusal = (code: string, message: string, next: string): Refusal =>
  invalidRequest(`unauthorized: ${message}`, {
    code,
    authReason: code.replace(/^AUTH_/, '').toLowerCase(),
    canRetryWithDeviceToken: next === 'retry_with_device_token',
    recommendedNextStep: next,
  });

/** Texts and codes as OpenClaw 2026.9.6 answered. */
export const refusals = {
  tokenMismatch: () =>
    authRefusal(
      'AUTH_TOKEN_MISMATCH',
      'gateway token mismatch (provide gateway auth token)',
      'retry_with_device_token',
    ),
  tokenMissing: () =>
    authRefusal(
      'AUTH_TOKEN_MISSING',
      'gateway token missing (provide gateway auth token)',
      'update_auth_configuration',
    ),
  passwordMismatch: () =>
    authRefusal(
      'AUTH_PASSWORD_MISMATCH',
      'gateway password mismatch (provide gateway auth password)',
      'update_auth_credentials',
    ),
  passwordMissing: () =>
    authRefusal(
      'AUTH_PASSWORD_MISSING',
      'gateway password missing (provide gateway auth password)',
      'update_auth_configuration',
    ),
  deviceTokenMismatch: () =>
    authRefusal(
      'AUTH_DEVICE_TOKEN_MISMATCH',
      'device token mismatch (rotate/reissue device token)',
      'update_auth_credentials',
    ),
  scopeMismatch: () =>
    authRefusal('AUTH_SCOPE_MISMATCH', 'device token scope mismatch', 'review_auth_configuration'),
  rateLimited: (retryAfterMs: number) =>
    new Refusal({
      code: 'INVALID_REQUEST',
      message: 'unauthorized: too many failed authentication attempts (retry later)',
      details: {
        code: 'AUTH_RATE_LIMITED',
        authReason: 'rate_limited',
        recommendedNextStep: 'wait_then_retry',
      },
      retryable: true,
      retryAfterMs,
    }),
  starting: (retryAfterMs = 500) =>
    new Refusal(
      {
        code: 'UNAVAILABLE',
        message: 'gateway starting; retry shortly',
        details: { reason: 'startup-sidecars' },
        retryable: true,
        retryAfterMs,
      },
      CloseCode.tryLater,
    ),
} as const;

function checkProtocol(params: Json, protocol: number): void {
  const [min, max] = [Number(params.minProtocol), Number(params.maxProtocol)];
  if (min <= protocol && protocol <= max) return;
  const details = {
    code: 'PROTOCOL_MISMATCH',
    clientMinProtocol: min,
    clientMaxProtocol: max,
    expectedProtocol: protocol,
  };
  throw new Refusal(
    { code: 'INVALID_REQUEST', message: 'protocol mismatch', details },
    CloseCode.protocol,
  );
}

function checkCredential(
  auth: Json,
  rules: GatewayAuth,
  deviceToken: string | null | undefined,
): Admission['method'] {
  if (rules.mode === 'none') return 'none';
  const given = text(auth.token) || text(auth.password);
  if (given && same(given, rules.secret)) return rules.mode;
  const asDevice = text(auth.deviceToken) || text(auth.token);
  if (asDevice && deviceToken && same(asDevice, deviceToken)) return 'device-token';
  if (text(auth.deviceToken)) throw refusals.deviceTokenMismatch();
  if (rules.mode === 'token') throw given ? refusals.tokenMismatch() : refusals.tokenMissing();
  throw given ? refusals.passwordMismatch() : refusals.passwordMissing();
}

/** What a connecting device says of itself; `device` is its proven, or claimed, id and key. */
export function applicantOf(params: Json, device: { id: string; publicKey: string }): Applicant {
  const client = isJson(params.client) ? params.client : {};
  return {
    ...device,
    displayName: text(client.displayName) || text(client.id),
    platform: text(client.platform),
    scopes: list(params.scopes),
  };
}

/**
 * Admits or refuses; throws a {@link Refusal}.
 * @param local whether the socket comes from this machine.
 */
export function admit(
  params: Json,
  context: { nonce: string; now: number; local: boolean; rules: AdmissionRules; devices: Devices },
): Admission {
  const { rules, devices, now } = context;
  checkProtocol(params, rules.protocol);
  const client = isJson(params.client) ? params.client : {};
  const auth = isJson(params.auth) ? params.auth : {};
  const claimed = isJson(params.device) ? devices.get(text(params.device.id)) : undefined;
  const method = checkCredential(auth, rules.auth, claimed?.token);
  const device = proveDevice(params, context.nonce, now);
  const asked = list(params.scopes);
  const base = {
    method,
    caps: list(params.caps),
    client: {
      id: text(client.id),
      mode: text(client.mode),
      displayName: text(client.displayName),
    },
  };
  const limited = (scopes: readonly string[]): string[] =>
    scopes.filter((scope) => rules.scopeLimit === null || rules.scopeLimit.includes(scope));
  if (!device) {
    const keeps = context.local && ['backend', 'cli'].includes(base.client.mode);
    return { ...base, scopes: keeps ? limited(asked) : [], deviceId: null, deviceToken: null };
  }
  const applicant = applicantOf(params, device);
  const obstacle = devices.obstacle(applicant);
  if (obstacle === 'scope-upgrade' && method === 'device-token') throw refusals.scopeMismatch();
  if (obstacle && !(context.local && rules.autoApproveLocal)) {
    throw devices.hold(applicant, obstacle, now);
  }
  const known = obstacle || !claimed?.token ? devices.admit(applicant, now) : claimed;
  return { ...base, scopes: limited(asked), deviceId: device.id, deviceToken: known.token };
}
