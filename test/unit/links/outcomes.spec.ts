import { afterEach, describe, expect, it } from 'vitest';
import { keyTime } from '../../../electron/links/gateway/settle.ts';
import { invalidRequest, Refusal } from '../../../electron/practice/frames.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { FakeGateway } from '../../fakes/gateway/fake-gateway.ts';
import { type Rig, startRig } from '../../fakes/gateway/link-rig.ts';

const open: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const part of open.splice(0).reverse()) await part.stop();
});

async function connected(
  overrides: Parameters<typeof startRig>[1] = {},
): Promise<{ fake: FakeGateway; rig: Rig; session: string }> {
  const fake = await FakeGateway.start();
  const target = { url: fake.url, credential: { kind: 'token', value: fake.token } as const };
  const rig = startRig(target, overrides);
  open.push(fake, rig);
  await rig.up();
  const session = rig.link.sessionKeyFor('thread', null);
  rig.link.watch(session);
  return { fake, rig, session };
}

const send = (rig: Rig, sessionKey: string, key: string, text = 'hello') =>
  rig.link.send({ key, sessionKey, text, attachments: [] }, rig.signal);

const back = async (fake: FakeGateway, rig: Rig): Promise<void> => {
  const before = rig.count('ready');
  await fake.revive();
  rig.link.reconnect();
  await rig.until('ready again', () => rig.count('ready') > before);
};

describe('how one attempt ends', () => {
  it('without a connection: surely not sent', async () => {
    const { fake, rig, session } = await connected();
    fake.kill();
    await rig.state('offline');
    const outcome = await send(rig, session, rig.key());
    expect(outcome.kind === 'not_sent' && outcome.error.code).toBe('link.not_connected');
  });

  it('broken off before it began: surely not sent; broken off after: unknown', async () => {
    const { fake, rig, session } = await connected();
    const message = { key: rig.key(), sessionKey: session, text: 'x', attachments: [] };
    expect((await rig.link.send(message, AbortSignal.abort())).kind).toBe('not_sent');
    fake.swallowed.add('chat.send');
    const stop = new AbortController();
    const sending = rig.link.send(message, stop.signal);
    await rig.until('it left', () => fake.requests.at(-1)?.method === 'chat.send');
    stop.abort();
    expect((await sending).kind).toBe('unknown');
  });

  it('no acknowledgement within 30 s: unknown', async () => {
    const clock = fakeClock();
    const { fake, rig, session } = await connected({ clock });
    fake.swallowed.add('chat.send');
    const sending = send(rig, session, rig.key());
    await rig.until('it left', () => fake.requests.at(-1)?.method === 'chat.send');
    await clock.advance(30_000);
    const outcome = await sending;
    expect(outcome.kind === 'unknown' && outcome.error.code).toBe('link.request_timeout');
  });

  it('a refusal that says when: not sent, and when', async () => {
    const { fake, rig, session } = await connected();
    const shape = { code: 'UNAVAILABLE', message: 'gateway draining', retryable: true };
    fake.refused.set('chat.send', () => new Refusal({ ...shape, retryAfterMs: 750 }));
    const outcome = await send(rig, session, rig.key());
    expect(outcome).toMatchObject({ kind: 'not_sent', retryAfterMs: 750 });
  });

  it('a refusal of the request itself: for good; a failure inside the gateway: unknown', async () => {
    const { fake, rig, session } = await connected();
    fake.refused.set('chat.send', () => invalidRequest('message or attachment required'));
    expect((await send(rig, session, rig.key())).kind).toBe('rejected');
    fake.refused.set('chat.send', () => new Refusal({ code: 'INTERNAL', message: 'disk full' }));
    expect((await send(rig, session, rig.key())).kind).toBe('unknown');
  });

  it('more than a frame takes is refused here', async () => {
    const { fake, rig, session } = await connected();
    const before = fake.requests.length;
    const outcome = await send(rig, session, rig.key(), '\u0001'.repeat(5_000_000));
    expect(outcome.kind === 'rejected' && outcome.error.code).toBe('message.too_large');
    expect(fake.requests.length).toBe(before);
  });
});

describe('no work twice, none lost', () => {
  it('acknowledgement lost: found in the history, done once', async () => {
    const { fake, rig, session } = await connected();
    const key = rig.key();
    fake.loseNextAck();
    expect((await send(rig, session, key)).kind).toBe('unknown');
    await rig.until('ready again', () => rig.count('ready') === 2);
    const settled = await rig
      .until('settled', () => fake.callsFor(key) === 1)
      .then(() => rig.link.settle(key, session, rig.signal));
    expect(settled).toMatchObject({ kind: 'present' });
    expect(fake.callsFor(key)).toBe(1);
  });

  it.each(['received', 'accepted'] as const)(
    'killed when it was only %s: not in the history, sent again, done once',
    async (stage) => {
      const { fake, rig, session } = await connected();
      const key = rig.key();
      fake.killAt(stage);
      const outcome = await send(rig, session, key);
      expect(outcome.kind).toBe(stage === 'received' ? 'unknown' : 'acknowledged');
      await rig.state('offline');
      await back(fake, rig);
      expect(await rig.link.settle(key, session, rig.signal)).toEqual({ kind: 'absent' });
      await send(rig, session, key);
      await rig.event('run_final', (event) => event.key === key);
      expect(fake.callsFor(key)).toBe(1);
    },
  );

  it.each(['recorded', 'answered'] as const)(
    'killed once it was %s: in the history, never sent again',
    async (stage) => {
      const { fake, rig, session } = await connected();
      const key = rig.key();
      fake.killAt(stage);
      await send(rig, session, key);
      await rig.state('offline');
      await back(fake, rig);
      const settled = await rig.link.settle(key, session, rig.signal);
      expect(settled).toMatchObject({ kind: 'present', running: false });
      const answer = settled.kind === 'present' ? settled.answer : null;
      expect(answer?.text ?? null).toBe(stage === 'answered' ? 'echo: hello' : null);
      expect(fake.callsFor(key)).toBe(stage === 'answered' ? 1 : 0);
    },
  );

  it.each(['model', 'streaming'] as const)(
    'killed at %s: the gateway repeats the run itself, and its answer comes under our key',
    async (stage) => {
      const { fake, rig, session } = await connected();
      fake.recoverAfterMs = 150;
      const key = rig.key();
      fake.killAt(stage);
      await send(rig, session, key);
      await rig.state('offline');
      await back(fake, rig);
      const running = await rig.link.settle(key, session, rig.signal);
      expect(running).toEqual({ kind: 'present', running: true, answer: null });
      const final = await rig.event('run_final', (event) => event.key === key);
      expect(final.text).toBe('echo: hello');
      const settled = await rig.link.settle(key, session, rig.signal);
      expect(settled).toMatchObject({
        running: false,
        answer: { text: 'echo: hello', runId: key },
      });
      const sent = fake.requests.filter((request) => request.method === 'chat.send');
      expect(sent).toHaveLength(1);
    },
  );

  it('follows a run after our own restart, when all that we know of it is its key', async () => {
    const { fake, rig, session } = await connected();
    fake.recoverAfterMs = 300;
    const key = rig.key();
    fake.killAt('model');
    await send(rig, session, key);
    await rig.state('offline');
    await rig.stop();
    await fake.revive();
    const target = { url: fake.url, credential: { kind: 'token', value: fake.token } as const };
    const next = startRig(target, { device: rig.device });
    open.push(next);
    await next.up();
    next.link.watch(session);
    expect(await next.link.settle(key, session, next.signal)).toMatchObject({ running: true });
    const final = await next.event('run_final', (event) => event.key === key);
    expect(final.text).toBe('echo: hello');
  });

  it('accepted in an old session and killed: listed as interrupted, sent again, done once', async () => {
    const { fake, rig, session } = await connected();
    const first = rig.key();
    await send(rig, session, first);
    await rig.event('run_final', (event) => event.key === first);
    const key = rig.key();
    fake.killAt('accepted');
    await send(rig, session, key);
    await rig.state('offline');
    await back(fake, rig);
    expect(await rig.link.settle(key, session, rig.signal)).toEqual({ kind: 'absent' });
    expect((await send(rig, session, key)).kind).toBe('acknowledged');
    await rig.event('run_final', (event) => event.key === key);
    expect(fake.callsFor(key)).toBe(1);
  });

  it('gives a key to another process only after its history was asked', async () => {
    const { fake, rig, session } = await connected();
    const key = rig.key();
    await send(rig, session, key);
    await rig.event('run_final', (event) => event.key === key);
    fake.kill();
    await rig.state('offline');
    await back(fake, rig);
    const outcome = await send(rig, session, key);
    expect(outcome.kind === 'unknown' && outcome.error.code).toBe('message.unknown_outcome');
    expect((await rig.link.settle(key, session, rig.signal)).kind).toBe('present');
    expect(fake.callsFor(key)).toBe(1);
  });

  it('looks as far back as it must', async () => {
    const { fake, rig, session } = await connected();
    const key = rig.key();
    await send(rig, session, key);
    await rig.event('run_final', (event) => event.key === key);
    for (let row = 0; row < 900; row++) {
      fake.transcripts.append(session, 'main', { role: 'user', text: `row ${row}` }, Date.now());
    }
    const before = fake.requests.length;
    const settled = await rig.link.settle(key, session, rig.signal);
    expect(settled.kind === 'present' && settled.answer?.text).toBe('echo: hello');
    const pages = fake.requests.slice(before);
    expect(pages.map((page) => page.params.offset ?? 0)).toEqual([0, 200, 400, 600, 800]);
    expect(await rig.link.history(session, 250, rig.signal)).toHaveLength(250);
  });

  it('cannot tell where the session was begun anew over there', async () => {
    const { fake, rig, session } = await connected();
    const key = rig.key();
    await send(rig, session, key);
    await rig.event('run_final', (event) => event.key === key);
    fake.transcripts.reset(session);
    const later = Date.now() + 60_000;
    fake.transcripts.append(session, 'main', { role: 'assistant', text: 'Good morning' }, later);
    expect((await rig.link.settle(key, session, rig.signal)).kind).toBe('cannot_tell');
  });

  it('cannot tell where a session that was used is empty now, and knows an unused one as empty', async () => {
    const { fake, rig, session } = await connected();
    for (const key of [rig.key(), rig.key()]) {
      await send(rig, session, key);
      await rig.event('run_final', (event) => event.key === key);
    }
    const key = rig.key();
    await send(rig, session, key);
    await rig.event('run_final', (event) => event.key === key);
    fake.transcripts.reset(session);
    fake.kill();
    await rig.state('offline');
    await back(fake, rig);
    expect((await rig.link.settle(key, session, rig.signal, true)).kind).toBe('cannot_tell');
    expect((await rig.link.settle(key, session, rig.signal)).kind).toBe('absent');
  });

  it('cannot ask now', async () => {
    const clock = fakeClock();
    const { fake, rig, session } = await connected({ clock });
    fake.swallowed.add('chat.history');
    const settling = rig.link.settle(rig.key(), session, rig.signal);
    await rig.until('the question', () => fake.requests.at(-1)?.method === 'chat.history');
    await clock.advance(30_000);
    expect((await settling).kind).toBe('not_now');
    fake.kill();
    await rig.state('offline');
    expect((await rig.link.settle(rig.key(), session, rig.signal)).kind).toBe('not_now');
  });

  it('reads the time out of a key', () => {
    expect(keyTime('peerage:018f0000-0000-7000-8000-000000000000')).toBe(0x018f_0000_0000);
    expect(keyTime('peerage:1')).toBeNull();
    expect(keyTime('peerage:018f0000-0000-4000-8000-000000000000')).toBeNull();
  });
});
