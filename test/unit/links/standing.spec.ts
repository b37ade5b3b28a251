import { describe, expect, it } from 'vitest';
import { fakeClock } from '../../fakes/clock.ts';
import { startCutProxy } from '../../fakes/gateway/cut-proxy.ts';
import { startRig } from '../../fakes/gateway/link-rig.ts';
import { gateway, hold, link, open } from './kit.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

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
      const release = hold(fake);
      const pinging = rig.link.ping(rig.signal);
      await rig.until('the request', () => fake.requests.length > asked);
      await clock.advance(ms);
      release();
      await pinging;
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
    const before = fake.requests.length;
    const release = hold(fake);
    const pinging = rig.link.ping(rig.signal);
    await rig.until('the request', () => fake.requests.length > before);
    await clock.advance(2500);
    release();
    await pinging;
    const asked = fake.requests.length;
    const releaseSecond = hold(fake);
    await clock.advance(5000);
    await rig.until('the second look', () => fake.requests.length > asked);
    await clock.advance(2500);
    releaseSecond();
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
    /** The last attempt is over, and the next one is due in so many ms. */
    const planned = () =>
      rig.until('the plan', () => {
        const now = rig.link.state();
        return now.kind === 'offline' && now.retryAt !== null && now.retryAt - clock.now();
      });
    for (let attempt = 0; attempt < 8; attempt++) await clock.advance(await planned());
    expect(await planned()).toBeGreaterThan(50_000);
    await fake.revive();
    await clock.sleep(10_000);
    await rig.up();
  });

  it('calls a minute of silence what it is', async () => {
    const [there, here] = [fakeClock(), fakeClock()];
    const fake = await gateway({ policy: { tickIntervalMs: 30_000 }, clock: there });
    const proxy = await startCutProxy(fake.url);
    open.push(proxy);
    const target = { url: proxy.url, credential: { kind: 'token', value: fake.token } as const };
    const rig = startRig(target, { clock: here });
    open.push(rig);
    await rig.up();
    for (let tick = 0; tick < 6; tick++) {
      const { events } = rig.link.counters();
      await there.advance(30_000);
      await rig.until('a tick', () => rig.link.counters().events > events);
      await here.advance(30_000);
    }
    expect(rig.link.state().kind).toBe('online');
    proxy.freeze();
    await there.advance(60_000);
    await here.advance(30_000);
    expect(rig.link.state().kind).toBe('online');
    await here.advance(30_000);
    const state = await rig.state('offline');
    expect(state.cause).toBe('unanswered');
  });
});

describe('starting and stopping', () => {
  it('starting twice is harmless; stopping ends everything, and waits for no time', async () => {
    const fake = await gateway();
    const clock = fakeClock();
    const rig = link(fake, { clock });
    rig.link.start();
    await rig.up();
    expect(fake.connects()).toBe(1);
    // The clock stands still: a stop that waited for any of its time would not end.
    await rig.link.stop();
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
