/**
 * Who this home is to a gateway: an Ed25519 key, made once and kept in the secret store.
 * Source of the formats: OpenClaw gateway protocol 4, device identity of `connect` (id = SHA-256 of the raw
 * public key as lowercase hex, public key and signature as base64url without padding).
 */

import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { OWN_LINK, secretAccount } from './account.ts';
import { errorOf, type SecretStore, SecretsError } from './secret-store.ts';

/** A device's key. The PEM fields fit `@openclaw/gateway-client`'s `DeviceIdentity`. */
export interface DeviceIdentity {
  /** 64 lowercase hex digits. */
  readonly deviceId: string;
  /** The raw 32-byte key as 43 characters of base64url. */
  readonly publicKey: string;
  readonly publicKeyPem: string;
  /** PKCS #8. Secret. */
  readonly privateKeyPem: string;
}

/** Signs UTF-8 text; base64url without padding, 86 characters. Fits `hostDeps.signDevicePayload`. */
export function signPayload(privateKeyPem: string, payload: string): string {
  return sign(null, Buffer.from(payload, 'utf8'), privateKeyPem).toString('base64url');
}

/** The raw public key of a PEM, base64url. Fits `hostDeps.publicKeyRawBase64UrlFromPem`. */
export function publicKeyRawBase64Url(publicKeyPem: string): string {
  return rawKey(createPublicKey(publicKeyPem));
}

/** Makes a new identity, kept nowhere. */
export function newDeviceIdentity(): DeviceIdentity {
  const { privateKey } = generateKeyPairSync('ed25519');
  return describe(privateKey);
}

/** Reads an identity from its private key. Throws `secrets.identity_corrupt`. */
export function deviceIdentityFromPem(privateKeyPem: string): DeviceIdentity {
  try {
    const key = createPrivateKey(privateKeyPem);
    if (key.asymmetricKeyType === 'ed25519') return describe(key);
  } catch {
    // The parser's own text may quote the key.
  }
  throw new SecretsError(
    'secrets.identity_corrupt',
    'The device key in the keychain is not a usable Ed25519 key. It was left as it is.',
  );
}

const underWay = new WeakMap<SecretStore, Map<string, Promise<DeviceIdentity>>>();

/**
 * The home's identity, made upon first use. A second one is never made because the first could not
 * be read: any trouble rejects with its code (`secrets.locked` and the like), a broken key with
 * `secrets.identity_corrupt`, and a key that is gone although `expectedDeviceId` (as the home's
 * database remembers it) says that there was one, or that is another, with `secrets.identity_missing`.
 * Calls at the same time share one answer.
 */
export function loadOrCreateDeviceIdentity(
  store: SecretStore,
  homeId: string,
  options: { readonly expectedDeviceId?: string } = {},
): Promise<DeviceIdentity> {
  const homes = underWay.get(store) ?? new Map<string, Promise<DeviceIdentity>>();
  underWay.set(store, homes);
  const key = `${homeId}\n${options.expectedDeviceId ?? ''}`;
  const running = homes.get(key);
  if (running !== undefined) return running;
  const begun = loadOrCreate(store, homeId, options.expectedDeviceId).finally(() =>
    homes.delete(key),
  );
  homes.set(key, begun);
  return begun;
}

async function loadOrCreate(
  store: SecretStore,
  homeId: string,
  expected: string | undefined,
): Promise<DeviceIdentity> {
  const stored = await load(store, homeId);
  if (stored !== undefined && (expected === undefined || stored.deviceId === expected)) {
    return stored;
  }
  if (expected !== undefined) {
    throw new SecretsError(
      'secrets.identity_missing',
      `This home is known to gateways as device ${expected.slice(0, 12)}, and the keychain ` +
        `${stored === undefined ? 'no longer holds its key' : "holds another device's key"}.`,
    );
  }
  const made = newDeviceIdentity();
  await store.set(secretAccount(homeId, 'device-key', OWN_LINK), made.privateKeyPem);
  // Read back: what the store really keeps is the identity, not what we meant to keep.
  const kept = await load(store, homeId);
  if (kept?.deviceId === made.deviceId) return made;
  throw new SecretsError(
    'secrets.broken',
    'The keychain took the new device key but does not give it back.',
  );
}

async function load(store: SecretStore, homeId: string): Promise<DeviceIdentity | undefined> {
  const found = await store.get(secretAccount(homeId, 'device-key', OWN_LINK));
  if (found.kind === 'unavailable') throw errorOf(found.status);
  return found.kind === 'absent' ? undefined : deviceIdentityFromPem(found.value);
}

function describe(privateKey: KeyObject): DeviceIdentity {
  const publicKey = createPublicKey(privateKey);
  const raw = rawKey(publicKey);
  return {
    deviceId: createHash('sha256').update(Buffer.from(raw, 'base64url')).digest('hex'),
    publicKey: raw,
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function rawKey(publicKey: KeyObject): string {
  const { x } = publicKey.export({ format: 'jwk' });
  if (typeof x !== 'string') throw new TypeError('Not an Ed25519 key.');
  return x;
}
