import { createHash, createPublicKey, verify } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  deviceIdentityFromPem,
  loadOrCreateDeviceIdentity,
  MemorySecretStore,
  newDeviceIdentity,
  publicKeyRawBase64Url,
  secretAccount,
  signPayload,
} from '../../../electron/secrets/index.ts';

/** RFC 8032, section 7.1, test 1: a key and its signature of nothing, known to everyone. */
const RFC_SEED = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60';
const RFC_PUBLIC = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
const RFC_SIGNATURE =
  'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b';

const pem = `-----BEGIN PRIVATE KEY-----\n${Buffer.from(`302e020100300506032b657004220420${RFC_SEED}`, 'hex').toString('base64')}\n-----END PRIVATE KEY-----\n`;

describe('a device identity', () => {
  let store: MemorySecretStore;
  beforeEach(() => {
    store = new MemorySecretStore();
  });

  it('has the forms that a gateway expects', () => {
    const identity = deviceIdentityFromPem(pem);
    const raw = Buffer.from(RFC_PUBLIC, 'hex');
    expect(identity.publicKey).toBe(raw.toString('base64url'));
    expect(identity.deviceId).toBe(createHash('sha256').update(raw).digest('hex'));
    expect(publicKeyRawBase64Url(identity.publicKeyPem)).toBe(identity.publicKey);
    expect(Buffer.from(signPayload(identity.privateKeyPem, ''), 'base64url').toString('hex')).toBe(
      RFC_SIGNATURE,
    );
    expect(signPayload(identity.privateKeyPem, 'v3|é')).toMatch(/^[A-Za-z0-9_-]{86}$/);
  });

  it('signs what its public key verifies', () => {
    const { privateKeyPem, publicKeyPem } = newDeviceIdentity();
    const signature = Buffer.from(signPayload(privateKeyPem, 'v3|a|ü'), 'base64url');
    expect(verify(null, Buffer.from('v3|a|ü'), createPublicKey(publicKeyPem), signature)).toBe(
      true,
    );
  });

  it('is made once per home, however often and at once it is asked for', async () => {
    const made = await Promise.all([1, 2, 3].map(() => loadOrCreateDeviceIdentity(store, 'home')));
    expect(new Set(made.map(({ deviceId }) => deviceId)).size).toBe(1);
    const again = await loadOrCreateDeviceIdentity(store, 'home');
    expect(again).toEqual(made[0]);
    const other = await loadOrCreateDeviceIdentity(store, 'other');
    expect(other.deviceId).not.toBe(again.deviceId);
  });

  it('is never replaced: not when it is broken, gone or another than the home remembers', async () => {
    const account = secretAccount('home', 'device-key', 'own');
    const identity = await loadOrCreateDeviceIdentity(store, 'home');
    const expected = { expectedDeviceId: identity.deviceId };
    expect(await loadOrCreateDeviceIdentity(store, 'home', expected)).toEqual(identity);
    await store.set(account, pem);
    await expect(loadOrCreateDeviceIdentity(store, 'home', expected)).rejects.toMatchObject({
      code: 'secrets.identity_missing',
    });
    await store.set(account, 'not a key');
    await expect(loadOrCreateDeviceIdentity(store, 'home')).rejects.toMatchObject({
      code: 'secrets.identity_corrupt',
    });
    expect(await store.get(account)).toEqual({ kind: 'found', value: 'not a key' });
    await store.delete(account);
    await expect(loadOrCreateDeviceIdentity(store, 'home', expected)).rejects.toMatchObject({
      code: 'secrets.identity_missing',
    });
    expect(await store.get(account)).toEqual({ kind: 'absent' });
  });
});
