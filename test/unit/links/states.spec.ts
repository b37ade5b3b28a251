import { afterEach, describe, expect, it } from 'vitest';
import type { DeviceSigner } from '../../../electron/links/gateway/index.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { startCutProxy } from '../../fakes/gateway/cut-proxy.ts';
import { FakeGateway, type FakeOptions } from '../../fakes/gateway/fake-gateway.ts';
import { type Rig, startRig, testDevice } from '../../fakes/gateway/link-rig.ts';

const open: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const part of open.splice(0).reverse()) await part.stop();
});

async function gateway(options: FakeOptions = {}): Promise<FakeGateway> {
  const fake = await FakeGateway.start(options);
  open.push(fake);
  return fake;
}

function link(
  fake: FakeGateway,
  ...more: [Parameters<typeof startRig>[1]?, Parameters<typeof startRig>[2]?]
): Rig {
  const rig = startRig(
    { url: fake.url, credential: { kind: 'token', value: fake.token } },
    ...more,
  );
  open.push(rig);
  return rig;
}

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
      await pause(15);
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
    fake.starting(700);
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
    fake.rateLimit(300_000);
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
    for (let second = 0; second < 20; second++) {
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

describe('connected, and worse than it should be', () => {
  it('without any scope, which looks like success', async () => {
    const fake = await gateway();
    fake.rules.scopeLimit = [];
    const rig = link(fake);
    const state = await rig.state('degraded');
    expect([state.reason, state.missingScopes]).toEqual([
      'no_scopes',
      ['operator.read', 'operator.write'],
    ]);
  });

  it('with too few', async () => {
    const fake = await gateway();
    fake.rules.scopeLimit = ['operator.read'];
    const rig = link(fake);
    const state = await rig.state('degraded');
    expect([state.reason, state.missingScopes]).toEqual(['too_few_scopes', ['operator.write']]);
    const message = { key: rig.key(), sessionKey: 'agent:main:x', text: 'x', attachments: [] };
    const outcome = await rig.link.send(message, rig.signal);
    expect(outcome.kind === 'rejected' && outcome.error.code).toBe('link.too_few_scopes');
  });

  it('without the agent that was picked', async () => {
    const fake = await gateway();
    const rig = link(fake, { agentId: 'gone' });
    expect((await rig.state('degraded')).reason).toBe('agent_missing');
  });

  it('slowly: two slow answers in a row make it slow, two quick ones make it well', async () => {
    const fake = await gateway();
    const clock = fakeClock();
    const rig = link(fake, { clock });
    await rig.up();
    const ping = async (ms: number): Promise<void> => {
      const asked = fake.requests.length;
      fake.delayMs = 30;
      const pinging = rig.link.ping(rig.signal);
      await rig.until('the request', () => fake.requests.length > asked);
      await clock.advance(ms);
      await pinging;
      fake.delayMs = 0;
    };
    await ping(3000);
    expect(rig.link.state().kind).toBe('online');
    await ping(3000);
    expect((await rig.state('degraded')).reason).toBe('slow');
    await ping(100);
    expect(rig.link.state().kind).toBe('degraded');
    await ping(100);
    expect(rig.link.state().kind).toBe('online');
  });

  it('after one slow answer it asks a second time by itself', async () => {
    const fake = await gateway();
    const clock = fakeClock();
    const rig = link(fake, { clock });
    await rig.up();
    fake.delayMs = 30;
    const pinging = rig.link.ping(rig.signal);
    await pause(5);
    await clock.advance(2500);
    await pinging;
    const asked = fake.requests.length;
    await clock.advance(5000);
    await rig.until('the second look', () => fake.requests.length > asked);
    await clock.advance(2500);
    expect((await rig.state('degraded')).reason).toBe('slow');
  });
});

describe('sleep and silence', () => {
  it('checks a connection after waking, and keeps it when it answers', async () => {
    const fake = await gateway();
    const clock = fakeClock();
    const rig = link(fake, { clock });
    await rig.up();
    const asked = fake.requests.length;
    await clock.sleep(600_000);
    await rig.until(
      'a look',
      () => fake.requests.at(-1)?.method === 'health' && fake.requests.length > asked,
    );
    await pause(20);
    expect(rig.count('ready')).toBe(1);
    expect(rig.link.state().kind).toBe('online');
  });

  it('replaces a connection that died during sleep', async () => {
    const fake = await gateway();
    const proxy = await startCutProxy(fake.url);
    open.push(proxy);
    const clock = fakeClock();
    const target = { url: proxy.url, credential: { kind: 'token', value: fake.token } as const };
    const rig = startRig(target, { clock });
    open.push(rig);
    await rig.up();
    proxy.freeze();
    await clock.sleep(600_000);
    proxy.mend();
    await clock.advance(5000);
    await rig.until('ready again', () => rig.count('ready') === 2);
  });

  it('does not wait for the next attempt after waking', async () => {
    const fake = await gateway();
    fake.kill();
    const clock = fakeClock();
    const rig = link(fake, { clock, random: () => 0.999 });
    for (let attempt = 0; attempt < 8; attempt++) {
      await rig.state('offline');
      await pause(10);
      await clock.advance(60_000);
    }
    await fake.revive();
    await pause(20);
    await clock.sleep(10_000);
    await rig.up();
  });

  it('calls a minute of silence what it is', async () => {
    const fake = await gateway({ policy: { tickIntervalMs: 400 } });
    const proxy = await startCutProxy(fake.url);
    open.push(proxy);
    const target = { url: proxy.url, credential: { kind: 'token', value: fake.token } as const };
    const rig = startRig(target);
    open.push(rig);
    await rig.up();
    await pause(1200);
    expect(rig.link.state().kind).toBe('online');
    proxy.freeze();
    const state = await rig.state('offline');
    expect(state.cause).toBe('unanswered');
  });
});

describe('starting and stopping', () => {
  it('starting twice is harmless; stopping ends everything within 2 s', async () => {
    const fake = await gateway();
    const clock = fakeClock();
    const rig = link(fake, { clock });
    rig.link.start();
    await rig.up();
    expect(fake.connects()).toBe(1);
    const began = Date.now();
    await rig.link.stop();
    expect(Date.now() - began).toBeLessThan(2000);
    expect(rig.link.state()).toEqual({ kind: 'idle' });
    await rig.until('nobody there', () => fake.connected === 0);
    expect(clock.pending()).toBe(0);
    const said = rig.events.length;
    await clock.advance(600_000);
    expect(rig.events.length).toBe(said);
  });

  it('subscribes before it is ready, on each connection, to what is watched then', async () => {
    const fake = await gateway();
    const rig = link(fake);
    const release = rig.link.watch('agent:main:a');
    rig.link.watch('agent:main:b');
    await rig.up();
    const subscribed = () =>
      fake.requests
        .filter((request) => request.method === 'sessions.messages.subscribe')
        .map((request) => request.params.key);
    expect(subscribed()).toEqual(['agent:main:a', 'agent:main:b']);
    release();
    release();
    fake.cut();
    await rig.until('ready again', () => rig.count('ready') === 2);
    expect(subscribed()).toEqual(['agent:main:a', 'agent:main:b', 'agent:main:b']);
    expect(fake.requests.map((request) => request.method)).not.toContain('sessions.subscribe');
  });

  it('waits longer after each failure, up to a minute, and begins anew once a connection stood', async () => {
    const fake = await gateway();
    fake.kill();
    const clock = fakeClock();
    const rig = link(fake, { clock, random: () => 0.999999 });
    const waits: number[] = [];
    for (let attempt = 0; attempt < 8; attempt++) {
      const state = await rig.until('the plan', () => {
        const now = rig.link.state();
        return now.kind === 'offline' && now.retryAt !== null ? now : undefined;
      });
      const wait = (state.retryAt ?? 0) - clock.now();
      waits.push(Math.round(wait / 1000));
      await clock.advance(wait);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
  });
});
