/** Ed25519 identities, and the proof that a connecting device holds its key. */
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  verify,
} from 'node:crypto';
import { invalidRequest, isJson, type Json } from './frames.ts';

/** How far `signedAt` may be off. Observed: a gateway refuses 20 minutes. */
const SKEW_MS = 10 * 60_000;
/** Everything of an Ed25519 public key in SPKI form before its 32 raw bytes (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** Who a gateway is: what `gateway.identity.get` answers. */
export interface GatewayIdentity {
  /** Lower-case hex SHA-256 of the raw public key. */
  readonly deviceId: string;
  /** The raw key, base64url. */
  readonly publicKey: string;
  readonly privateKeyPem: string;
}

/** The device id of a raw Ed25519 public key. */
export const deviceIdOf = (rawKey: Uint8Array): string =>
  createHash('sha256').update(rawKey).digest('hex');

/** Makes an identity, or rebuilds it from its private key. */
export function gatewayIdentity(privateKeyPem?: string): GatewayIdentity {
  const key =
    privateKeyPem === undefined
      ? generateKeyPairSync('ed25519').privateKey
      : createPrivateKey(privateKeyPem);
  const raw = createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-32);
  return {
    deviceId: deviceIdOf(raw),
    publicKey: raw.toString('base64url'),
    privateKeyPem: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
/** `platform` and `deviceFamily` go into the signature trimmed and in ASCII lower case. */
const folded = (value: unknown): string =>
  text(value)
    .trim()
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase());

const refuse = (code: string, reason: string): never => {
  throw invalidRequest(`device ${reason}`, { code, authReason: reason });
};

/**
 * Checks `connect.params.device`: id, clock, nonce and signature (payload v3, then v2).
 * @returns the device's id and public key, or null when the client brought no device.
 */
export function proveDevice(
  params: Json,
  nonce: string,
  now: number,
): { id: string; publicKey: string } | null {
  const device = params.device;
  if (!isJson(device)) return null;
  const raw = Buffer.from(text(device.publicKey), 'base64url');
  if (raw.length !== 32) return refuse('DEVICE_AUTH_PUBLIC_KEY_INVALID', 'public key invalid');
  if (deviceIdOf(raw) !== device.id) {
    return refuse('DEVICE_AUTH_DEVICE_ID_MISMATCH', 'identity mismatch');
  }
  const signedAt = Number(device.signedAt);
  if (Math.abs(now - signedAt) > SKEW_MS) {
    return refuse('DEVICE_AUTH_SIGNATURE_EXPIRED', 'signature expired');
  }
  if (device.nonce !== nonce) return refuse('DEVICE_AUTH_NONCE_MISMATCH', 'nonce mismatch');
  const client = isJson(params.client) ? params.client : {};
  const auth = isJson(params.auth) ? params.auth : {};
  const scopes = Array.isArray(params.scopes) ? params.scopes.join(',') : '';
  const token = text(auth.token) || text(auth.bootstrapToken);
  const fields = [text(device.id), text(client.id), text(client.mode), text(params.role), scopes];
  const common = [...fields, String(signedAt), token, nonce];
  const v3 = ['v3', ...common, folded(client.platform), folded(client.deviceFamily)].join('|');
  const v2 = ['v2', ...common].join('|');
  const key = createPublicKey({
    key: Buffer.concat([SPKI_PREFIX, raw]),
    format: 'der',
    type: 'spki',
  });
  const signature = Buffer.from(text(device.signature), 'base64url');
  const holds = [v3, v2].some((payload) => verify(null, Buffer.from(payload), key, signature));
  if (!holds) return refuse('DEVICE_AUTH_SIGNATURE_INVALID', 'signature invalid');
  return { id: text(device.id), publicKey: text(device.publicKey) };
}
