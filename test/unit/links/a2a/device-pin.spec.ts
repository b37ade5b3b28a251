import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { devicePin } from '../../../../electron/contract/index.ts';
import { createAudit } from '../../../../electron/reception/audit.ts';
import { createTokens } from '../../../../electron/reception/tokens.ts';
import { newDeviceIdentity } from '../../../../electron/secrets/index.ts';
import { startImpostor } from '../../../fakes/a2a/impostor.ts';
import { startA2aRig } from '../../../fakes/a2a/link-rig.ts';
import { fakeClock } from '../../../fakes/clock.ts';
import { type Rig, startRig } from '../../reception/parts/rig.ts';

describe('a link that is pinned to a device key', () => {
  const made = newDeviceIdentity();
  let ada: Rig;
  let token: string;
  beforeEach(async () => {
    ada = await startRig({ name: 'Ada', identity: made });
    ({ token } = await ada.peer('Bea'));
  });
  afterEach(() => ada.stop());

  const to = (url: string, deviceId: string) =>
    startA2aRig({ url, token }, {}, { pins: { identity: devicePin(deviceId), tls: null } });

  it('comes up where the reception proves that key, and stays so when its card is another', async () => {
    const first = to(ada.origin(), made.deviceId);
    await first.state('online');
    expect(first.pins.identity).toBe(devicePin(made.deviceId));
    await first.stop();
    const port = ada.reception.view().port;
    await ada.reception.stop();
    const renamed = await startRig({
      name: 'Ada, renamed',
      identity: made,
      config: { listen: 'loopback', port },
    });
    const second = to(renamed.origin(), made.deviceId);
    try {
      // Its book does not know the token; the card was fine.
      await second.state('bad_credential');
    } finally {
      await second.stop();
      await renamed.stop();
    }
  });

  it('tells what its agents can do as it stands now, and lets go of nothing for that', async () => {
    const rig = to(ada.origin(), made.deviceId);
    try {
      await rig.state('online');
      const asked = (maxAgeMs?: number) => rig.link.capabilities?.(rig.signal, maxAgeMs);
      const states = rig.states.length;
      ada.settings.capabilities = ['Lamps'];
      expect(await asked()).not.toContain('Lamps');
      expect(await asked(60_000)).not.toContain('Lamps');
      expect(await asked(0)).toContain('Lamps');
      expect(rig.events.map(({ kind }) => kind)).toContain('skills');
      expect(await asked()).toContain('Lamps');
      ada.settings.capabilities = [];
      expect(await asked(0)).not.toContain('Lamps');
      // It was there all the time.
      expect(rig.states.slice(states)).toEqual([]);
    } finally {
      await rig.stop();
    }
  });

  it('looks again now and then, and goes no further with whoever took the place of it', async () => {
    const clock = fakeClock();
    const rig = startA2aRig(
      { url: ada.origin(), token },
      { clock },
      { pins: { identity: devicePin(made.deviceId), tls: null } },
    );
    await rig.state('online');
    const port = ada.reception.view().port;
    await ada.reception.stop();
    const eve = await startRig({ name: 'Ada', config: { listen: 'loopback', port } });
    try {
      // It knows the token, for whatever reason, and shows the same card.
      const tokens = createTokens(
        eve.store,
        eve.clock,
        createAudit(eve.store, eve.clock, () => {}),
      );
      const { peerId } = await eve.peer('Bea');
      await eve.store.write(() => tokens.keep(peerId, token, null));
      await clock.advance(11 * 60_000);
      await rig.link.ping(rig.signal).catch(() => undefined);
      await rig.state('identity_changed');
    } finally {
      await rig.stop();
      await eve.stop();
    }
  });

  it('is blocked where another device answers, before a token went there', async () => {
    const rig = to(ada.origin(), newDeviceIdentity().deviceId);
    const state = await rig.state('identity_changed');
    expect(state).toMatchObject({ what: 'agent_card', seen: devicePin(made.deviceId) });
    expect(ada.audit().map((row) => row.what)).not.toContain('caller_refused');
    await rig.stop();
  });

  it('is not used, and tried again, where nothing proves a key, also where a token is asked for', async () => {
    const impostor = await startImpostor(ada.origin(), {
      // What was once signed is worth nothing: the challenge is new.
      'peerage-proof': `${'A'.repeat(43)}.${'A'.repeat(86)}`,
    });
    for (impostor.status of [200, 401]) {
      const rig = to(impostor.url, made.deviceId);
      await rig.until('it was asked', () => impostor.shown.length > 0);
      await rig.until('it is not up', () => rig.link.state().kind !== 'connecting');
      expect(['offline', 'bad_credential']).toContain(rig.link.state().kind);
      await rig.stop();
    }
    impostor.close();
    expect(impostor.shown.every((one) => one === undefined)).toBe(true);
  });
});
