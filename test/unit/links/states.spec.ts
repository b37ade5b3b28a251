import { describe, expect, it } from 'vitest';
import type { DeviceSigner } from '../../../electron/links/gateway/index.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { startRig, testDevice } from '../../fakes/gateway/link-rig.ts';
import { gateway, link, open } from './kit.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('waiting for the person over there', () => {
  it('asks after 15, 30 and 60 s, shows the exact command, and goes on by itself once approved', async () => {
    const fake = await gateway();
    fake.rules.autoApproveLocal = false;
    const clock = fakeClock();
    const rig = link(fake, { clock, random: () => 0 });
    const state = await rig.state('needs_approval');
    expect(state.command).toBe(`openclaw devices approve ${state.requestId}`);
    expect(state.reason).toBe('not_paired');
    expect(state.retryAt).toBe(clock.now() + 15_000);
    const planned = (): number => {
      const now = rig.link.state();
      return now.kind === 'needs_approval' ? (now.retryAt ?? 0) : 0;
    };
    for (const [seconds, connects] of [
      [14, 1],
      [1, 2],
      [29, 2],
      [1, 3],
      [59, 3],
      [1, 4],
      [60, 5],
    ] as const) {
      await clock.advance(seconds * 1000);
      await rig.until('another look', () => fake.connects() === connects);
      await rig.until('the plan', () => planned() > clock.now());
    }
    expect(rig.states.filter((entry) => entry.kind === 'connecting')).toHaveLength(1);
    expect((await rig.state('needs_approval')).requestId).toBe(state.requestId);
    fake.approve(state.requestId);
    await clock.advance(60_000);
    await rig.up();
    expect(rig.deviceToken?.scopes).toEqual(['operator.read', 'operator.write']);
  });

  it('says when only more permissions need a word', async () => {
    const fake = await gateway();
    const device = testDevice();
    const first = link(fake, { device });
    await first.up();
    await first.stop();
    fake.rules.autoApproveLocal = false;
    const extraScopes = ['operator.approvals'];
    const rig = link(fake, { device, extraScopes }, { deviceToken: first.deviceToken });
    expect((await rig.state('needs_approval')).reason).toBe('scope_upgrade');
  });
});

describe('waiting for the gateway', () => {
  it('starting: tries again when it was told to', async () => {
    const fake = await gateway();
    fake.refuseAs('starting', 700);
    const clock = fakeClock();
    const rig = link(fake, { clock });
    expect((await rig.state('starting')).retryAt).toBe(clock.now() + 700);
    fake.refuseConnect = null;
    await clock.advance(699);
    expect(rig.link.state().kind).toBe('starting');
    await clock.advance(1);
    await rig.up();
  });

  it('rate limited: waits the whole time, also after waking, and then goes on', async () => {
    const fake = await gateway();
    fake.refuseAs('rateLimited', 300_000);
    const clock = fakeClock();
    const rig = link(fake, { clock, random: () => 0 });
    expect((await rig.state('rate_limited')).until).toBe(clock.now() + 300_000);
    fake.refuseConnect = null;
    await clock.sleep(100_000);
    await clock.advance(199_000);
    expect(fake.connects()).toBe(1);
    await clock.advance(2000);
    await rig.up();
  });

  it('a gateway that says that it stops, and does not return, is offline after a while', async () => {
    const fake = await gateway();
    const clock = fakeClock();
    const rig = link(fake, { clock });
    await rig.up();
    await fake.shutdown(null);
    expect((await rig.state('restarting')).expectedMs).toBeNull();
    for (let second = 0; second < 30; second++) {
      await clock.advance(1000);
      await pause(5);
    }
    expect((await rig.state('offline')).cause).toBe('refused');
  });
});

describe('refusals that only a person can mend', () => {
  it('a wrong password, a missing token, and a device that cannot prove itself', async () => {
    const fake = await gateway({ auth: { mode: 'password', secret: 'right' } });
    const wrong = link(fake);
    expect((await wrong.state('bad_credential')).what).toBe('secret');
    wrong.credential = { kind: 'password', value: 'right' };
    wrong.link.reconnect();
    await wrong.up();
    const second = await gateway();
    const rig = startRig({ url: second.url, credential: { kind: 'none' } });
    open.push(rig);
    expect((await rig.state('bad_credential')).what).toBe('missing');
    const honest = testDevice();
    const liar: DeviceSigner = { ...honest, sign: () => honest.sign('something else') };
    expect((await link(second, { device: liar }).state('bad_credential')).what).toBe('device');
  });

  it('never tries a refused token again by itself', async () => {
    const fake = await gateway();
    const clock = fakeClock();
    const rig = startRig({ url: fake.url, credential: { kind: 'token', value: 'no' } }, { clock });
    open.push(rig);
    await rig.state('bad_credential');
    await clock.advance(24 * 3_600_000);
    await clock.sleep(3_600_000);
    await pause(20);
    expect(fake.connects()).toBe(1);
    expect(clock.pending()).toBe(0);
  });

  it('revoked while we were away: the token is refused, and forgotten', async () => {
    const fake = await gateway();
    const rig = link(fake);
    await rig.up();
    await rig.link.stop();
    fake.revoke(rig.device.deviceId);
    const again = link(fake, { device: rig.device }, { deviceToken: rig.deviceToken });
    await again.state('revoked');
    expect(again.deviceToken).toBeNull();
    expect(fake.connects()).toBe(2);
  });

  it('another protocol version', async () => {
    const fake = await gateway();
    fake.rules.protocol = 5;
    expect(await link(fake).state('protocol_mismatch')).toEqual({
      kind: 'protocol_mismatch',
      theirs: 5,
      ours: 4,
    });
  });

  it('no secret to be had: says so and tries nothing', async () => {
    const fake = await gateway();
    const credential = { kind: 'unavailable', reason: 'locked' } as const;
    const rig = startRig({ url: fake.url, credential });
    open.push(rig);
    expect((await rig.state('needs_secret')).reason).toBe('locked');
    expect(fake.connects()).toBe(0);
    rig.credential = { kind: 'token', value: fake.token };
    rig.link.reconnect();
    await rig.up();
  });
});

describe('trust', () => {
  it('blocks another gateway at the same address before anything is sent to it', async () => {
    const fake = await gateway();
    const rig = link(fake, { random: () => 0 });
    await rig.up();
    const expected = fake.identity;
    fake.devices.remove(rig.device.deviceId);
    rig.deviceToken = null;
    fake.becomeAnother();
    const from = fake.requests.length;
    await fake.revive();
    const state = await rig.state('identity_changed');
    expect(state).toEqual({
      kind: 'identity_changed',
      what: 'gateway_identity',
      expected,
      seen: fake.identity,
    });
    await pause(50);
    const asked = fake.requests.slice(from).map((request) => request.method);
    expect(asked).toEqual(['connect', 'gateway.identity.get']);
    expect(await rig.link.trustIdentity('0'.repeat(64))).toBe(false);
    expect(await rig.link.trustIdentity(state.seen)).toBe(true);
    await rig.up();
    expect(rig.pins.identity).toBe(fake.identity);
  });

  it('pins a self-made certificate at first trust, and blocks another one', async () => {
    const fake = await gateway({ tls: true });
    const rig = link(fake, { random: () => 0 });
    await rig.up();
    expect(rig.pins).toEqual({ identity: fake.identity, tls: fake.fingerprint });
    const expected = fake.fingerprint;
    fake.changeCertificate();
    await fake.revive();
    const connects = fake.connects();
    expect(await rig.state('identity_changed')).toEqual({
      kind: 'identity_changed',
      what: 'tls_fingerprint',
      expected,
      seen: fake.fingerprint,
    });
    expect(fake.connects()).toBe(connects);
    expect(await rig.link.trustIdentity(fake.fingerprint)).toBe(true);
    await rig.up();
  });

  it('does not take a self-made certificate where an authority had vouched before', async () => {
    const fake = await gateway({ tls: true });
    const rig = link(fake, {}, { pins: { identity: fake.identity, tls: null } });
    const state = await rig.state('identity_changed');
    expect([state.what, state.seen]).toEqual(['tls_fingerprint', fake.fingerprint]);
    expect(fake.connects()).toBe(0);
  });
});
