import { expect, it } from 'vitest';
import {
  MAX_SECRET_BYTES,
  type SecretStore,
  secretAccount,
} from '../../../electron/secrets/index.ts';

const HOME = '0192f0c1-0000-7000-8000-000000000001';
const TOKEN = secretAccount(HOME, 'gateway-token', 'link-1');
const OTHER = secretAccount(HOME, 'gateway-token', 'link-2');

/** What every store that keeps secrets does. Run against memory, a made-up keychain and a real one. */
export function keepsSecrets(store: () => SecretStore): void {
  it('knows nothing at first', async () => {
    expect(await store().get(TOKEN)).toEqual({ kind: 'absent' });
    expect(await store().delete(TOKEN)).toBe(false);
  });

  it('gives back exactly what was set, once it was replaced, and forgets it when told', async () => {
    for (const value of [
      'plain',
      'Grüße ☃ 🗝',
      ' spaces\tand\nlines\n',
      '"quotes"\\',
      'x'.repeat(MAX_SECRET_BYTES),
    ]) {
      await store().set(TOKEN, value);
      expect(await store().get(TOKEN)).toEqual({ kind: 'found', value });
    }
    expect(await store().get(OTHER)).toEqual({ kind: 'absent' });
    expect(await store().delete(TOKEN)).toBe(true);
    expect(await store().get(TOKEN)).toEqual({ kind: 'absent' });
  });

  it('refuses what a keychain would not keep faithfully, and keeps what it had', async () => {
    await store().set(TOKEN, 'kept');
    for (const value of ['', 'a\0b', '\ud800']) {
      await expect(store().set(TOKEN, value)).rejects.toMatchObject({ code: 'secrets.bad_value' });
    }
    const large = `${'x'.repeat(MAX_SECRET_BYTES - 1)}ü`;
    await expect(store().set(TOKEN, large)).rejects.toMatchObject({ code: 'secrets.too_large' });
    expect(await store().get(TOKEN)).toEqual({ kind: 'found', value: 'kept' });
    await store().delete(TOKEN);
  });

  it('refuses names that could reach into a neighbour', async () => {
    const names = [
      { homeId: 'a/gateway-token', kind: 'gateway-token', linkId: 'b' },
      { homeId: HOME, kind: 'gateway-token', linkId: '../x' },
      { homeId: HOME, kind: 'gateway-token', linkId: '' },
    ] as const;
    for (const name of names) {
      await expect(store().get(name)).rejects.toMatchObject({ code: 'secrets.bad_account' });
    }
  });

  it('keeps many entries apart that are written at the same time', async () => {
    const accounts = Array.from({ length: 100 }, (_, i) =>
      secretAccount(HOME, 'device-token', `l${i}`),
    );
    await Promise.all(accounts.map((account, i) => store().set(account, `value ${i}`)));
    const found = await Promise.all(accounts.map((account) => store().get(account)));
    expect(found).toEqual(accounts.map((_, i) => ({ kind: 'found', value: `value ${i}` })));
    const deleted = await Promise.all(accounts.map((account) => store().delete(account)));
    expect(deleted.every(Boolean)).toBe(true);
  });
}

/**
 * What every store does while it is in trouble: says which, for reading and writing, and never "absent".
 * A store that waited longer than its own limit, under 5 s, would say `hung`.
 */
export function saysTrouble(store: () => SecretStore, kind: string): void {
  it(`says ${kind}, to everything`, async () => {
    const status = await store().status();
    expect(status.kind).toBe(kind);
    expect(status.cause.length).toBeGreaterThan(10);
    expect(await store().get(TOKEN)).toMatchObject({ kind: 'unavailable', status: { kind } });
    await expect(store().set(TOKEN, 'value')).rejects.toMatchObject({ code: `secrets.${kind}` });
    await expect(store().delete(TOKEN)).rejects.toMatchObject({ code: `secrets.${kind}` });
  });
}
