import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../electron/clock/clock.ts';
import { devicePin } from '../../../../electron/contract/index.ts';
import { provenReception, tellEnded } from '../../../../electron/links/a2a/index.ts';
import { newDeviceIdentity } from '../../../../electron/secrets/index.ts';
import { startImpostor } from '../../../fakes/a2a/impostor.ts';
import { type Rig, startRig } from '../../reception/parts/rig.ts';

const { signal } = new AbortController();
const clock = systemClock();

describe('a reception that is told of an end', () => {
  const made = newDeviceIdentity();
  let ada: Rig;
  let token: string;
  beforeEach(async () => {
    ada = await startRig({ name: 'Ada', identity: made });
    ({ token } = await ada.peer('Bea'));
  });
  afterEach(() => ada.stop());

  const tell = (url: string, identity: string | null, shown = token) =>
    tellEnded({ url, pins: { identity, tls: null }, clock, signal }, shown);
  const pin = devicePin(made.deviceId);

  it('hears it once it has proven the key that was compared', async () => {
    expect(await provenReception({ url: ada.origin(), pins: NO_PINS, clock, signal })).toBe(
      made.deviceId,
    );
    expect(await tell(ada.origin(), pin)).toBe(true);
    expect(ada.audit().map((row) => row.what)).toContain('partnership_ended');
    // Its token is worth nothing there now, which is what was wanted.
    expect(await tell(ada.origin(), pin)).toBe(true);
  });

  it('is not shown the token where another device answers', async () => {
    expect(await tell(ada.origin(), devicePin(newDeviceIdentity().deviceId))).toBe(false);
    expect(await tell(ada.origin(), 'ab'.repeat(32))).toBe(false);
    expect(await tell(ada.origin(), null)).toBe(false);
    expect(ada.audit().map((row) => row.what)).not.toContain('partnership_ended');
  });

  it('is not shown the token where nothing proves a key', async () => {
    const impostor = await startImpostor(ada.origin());
    const { url, shown } = impostor;
    for (impostor.status of [200, 401, 500]) expect(await tell(url, pin)).toBe(false);
    await expect(provenReception({ url, pins: NO_PINS, clock, signal })).rejects.toThrow();
    impostor.close();
    expect(shown).toHaveLength(4);
    expect(shown.every((one) => one === undefined)).toBe(true);
  });
});

const NO_PINS = { identity: null, tls: null };
