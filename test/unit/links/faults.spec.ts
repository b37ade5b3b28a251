import { afterEach, describe, expect, it } from 'vitest';
import { MAX_TEXT } from '../../../electron/links/gateway/rows.ts';
import { RunTracker } from '../../../electron/links/gateway/runs.ts';
import type { LinkEvent } from '../../../electron/links/link.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { FakeGateway } from '../../fakes/gateway/fake-gateway.ts';
import { type Rig, startRig } from '../../fakes/gateway/link-rig.ts';

const open: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const part of open.splice(0).reverse()) await part.stop();
});

async function connected(): Promise<{ fake: FakeGateway; rig: Rig; session: string }> {
  const fake = await FakeGateway.start();
  const rig = startRig({ url: fake.url, credential: { kind: 'token', value: fake.token } });
  open.push(fake, rig);
  await rig.up();
  const session = rig.link.sessionKeyFor('thread', null);
  rig.link.watch(session);
  return { fake, rig, session };
}

const ask = async (rig: Rig, sessionKey: string, text: string): Promise<string> => {
  const key = rig.key();
  await rig.link.send({ key, sessionKey, text, attachments: [] }, rig.signal);
  return key;
};

/** What must hold of the events of a run, whatever happened to its frames. */
function checkRuns(events: readonly LinkEvent[]): void {
  const ended = new Set<string>();
  for (const event of events) {
    if (event.kind === 'run_delta') expect(ended.has(event.key)).toBe(false);
    if (event.kind !== 'run_final' && event.kind !== 'run_ended') continue;
    expect(ended.has(event.key)).toBe(false);
    ended.add(event.key);
  }
}

describe('frames that suffer on their way', () => {
  const isDelta = (frame: Record<string, unknown>): boolean =>
    (frame.payload as { state?: unknown } | undefined)?.state === 'delta';

  it('lost, doubled, reordered, cut and spoilt deltas: the answer is whole, and ends once', async () => {
    const { fake, rig, session } = await connected();
    const answer = Array.from({ length: 200 }, (_, index) => `w${index}`).join(' ');
    fake.script('go', { text: answer });
    for (let seed = 1; seed <= 20; seed++) {
      const chances = { drop: 0.1, double: 0.1, reorder: 0.1, truncate: 0.1, garbage: 0.1 };
      fake.spoil({ seed, only: isDelta, ...chances });
      const key = await ask(rig, session, `go ${seed}`);
      const final = await rig.event('run_final', (event) => event.key === key);
      expect(final.text).toBe(answer);
    }
    checkRuns(rig.events);
    expect(rig.link.state().kind).toBe('online');
  });

  it('everything doubled, finals too: one end per run, and rows that can be told apart', async () => {
    const { fake, rig, session } = await connected();
    fake.spoil({ seed: 1, double: 1 });
    const keys: string[] = [];
    for (let turn = 0; turn < 10; turn++) {
      keys.push(await ask(rig, session, `turn ${turn}`));
      await rig.event('run_final', (event) => event.key === keys.at(-1));
    }
    checkRuns(rig.events);
    expect(rig.count('run_final')).toBe(10);
    const rows = rig.events.filter((event) => event.kind === 'session_message');
    expect(new Set(rows.map((event) => event.message.remoteId)).size).toBe(20);
  });

  it('a connection cut a hundred times in the middle of answers', async () => {
    const { fake, rig, session } = await connected();
    fake.script('go', { text: 'one two three', chunkMs: 1 });
    for (let turn = 0; turn < 100; turn++) {
      await rig.until('ready', () => rig.link.state().kind === 'online');
      await ask(rig, session, 'go');
      fake.cut();
      rig.link.reconnect();
    }
    await rig.until('ready', () => rig.link.state().kind === 'online');
    checkRuns(rig.events);
    for (const calls of fake.modelCalls.values()) expect(calls).toBe(1);
  });
});

describe('text that means no good', () => {
  it.each([
    ['markup', '<script>alert(1)</script><img src=x onerror=alert(1)>'],
    ['NUL and direction marks', 'a\u0000b\u202ec'],
    ['half a character', 'a\ud800b'],
  ])('%s comes through as text', async (_name, text) => {
    const { fake, rig, session } = await connected();
    fake.script('go', { chunks: [text] });
    const key = await ask(rig, session, 'go');
    const final = await rig.event('run_final', (event) => event.key === key);
    expect(final.text).toBe(text.toWellFormed());
  });

  it('more than 5 MB is cut, and says so', async () => {
    const { fake, rig, session } = await connected();
    fake.script('go', { chunks: ['x'.repeat(MAX_TEXT + 100)] });
    const key = await ask(rig, session, 'go');
    const final = await rig.event('run_final', (event) => event.key === key);
    expect(final.text.length).toBeLessThan(MAX_TEXT + 100);
    expect(final.text).toMatch(/\[Cut here/);
  });

  it('a frame over the limit, or text that is not UTF-8: the connection is replaced', async () => {
    const { fake, rig } = await connected();
    fake.raw('x'.repeat(27 * 1024 * 1024));
    await rig.until('ready again', () => rig.count('ready') === 2);
    fake.raw(Buffer.from([0x22, 0xff, 0xfe, 0x22]));
    await rig.until('ready again', () => rig.count('ready') === 3);
    const causes = rig.states.flatMap((state) => (state.kind === 'offline' ? [state.cause] : []));
    expect(new Set(causes)).toEqual(new Set(['closed']));
  });
});

describe('a flood', () => {
  it('a million tiny deltas become a few events', async () => {
    const clock = fakeClock();
    const events: LinkEvent[] = [];
    const tracker = new RunTracker(clock, (event) => events.push(event));
    const run = { runId: 'peerage:1', sessionKey: 'agent:main:x' };
    for (let seq = 0; seq < 1_000_000; seq++) {
      tracker.chat({ ...run, seq, state: 'delta', deltaText: 'a' });
      if (seq % 100_000 === 0) await clock.advance(33);
    }
    tracker.chat({ ...run, seq: 1_000_000, state: 'final' });
    expect(events.length).toBeLessThan(15);
    const final = events.at(-1);
    expect(final?.kind === 'run_final' && final.text.length).toBe(1_000_000);
  });

  it('fifty thousand deltas through a socket', async () => {
    const { fake, rig, session } = await connected();
    const chunks = Array.from({ length: 50_000 }, () => 'ab ');
    fake.script('go', { chunks, bareDeltas: true });
    const key = await ask(rig, session, 'go');
    const final = await rig.event('run_final', (event) => event.key === key);
    expect(final.text.length).toBe(150_000);
    expect(rig.count('run_delta')).toBeLessThan(500);
  });
});

describe('waiting for an approval over there', () => {
  it('tells that the run waits, and that it no longer does', async () => {
    const { fake, rig, session } = await connected();
    const gate = Promise.withResolvers<void>();
    fake.script('go', { text: 'one two', hold: { after: 1, until: gate.promise } });
    const key = await ask(rig, session, 'go');
    await rig.event('run_delta', (event) => event.key === key);
    for (const [phase, waiting] of [
      ['waiting-approval', true],
      ['approval-resolved', false],
    ] as const) {
      const data = { phase, approvalId: 'a1', toolCallId: 'c1' };
      const payload = { runId: key, sessionKey: session, stream: 'lifecycle', data, seq: 9 };
      fake.event('agent', payload, session);
      const event = await rig.event('run_waiting', (entry) => entry.waiting === waiting);
      expect(event.key).toBe(key);
    }
    gate.resolve();
    await rig.event('run_final', (event) => event.key === key);
  });
});
