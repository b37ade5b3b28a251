import { describe, expect, test } from 'vitest';
import {
  type Batch,
  type CallHandlers,
  type Change,
  type Frame,
  frame,
  ok,
  type Snapshot,
} from '../../../electron/contract/index.ts';
import { Dispatcher } from '../../../electron/shell/session/dispatcher.ts';
import { Refusals } from '../../../electron/shell/session/refusals.ts';
import { WindowHub } from '../../../electron/shell/session/window-hub.ts';
import { MAX_CHANGES } from '../../../electron/shell/session/window-session.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { answer, fakeApp, peerRow, threadView, uuid } from './fake-app.ts';

function world(own: Partial<CallHandlers> = {}) {
  const app = fakeApp(own);
  const clock = fakeClock();
  const refusals = new Refusals();
  const log = (): void => {};
  const dispatcher = new Dispatcher({
    handlers: app.handlers,
    clock,
    refusals,
    log,
    redact: (text) => text,
  });
  const hub = new WindowHub({ port: app, dispatcher, clock, refusals, log });
  let serial = 0;
  const open = () => {
    const sent: Frame[] = [];
    let abused = 0;
    const { session, end } = hub.open({
      connectionId: `w${++serial}`,
      send: (text) => sent.push(JSON.parse(text)),
      onAbuse: () => {
        abused += 1;
      },
    });
    let calls = 0;
    const put = (out: Frame): void => session.receive(JSON.stringify(out));
    const call = async (name: string, input: unknown): Promise<Frame> => {
      const id = `c${++calls}`;
      put(frame('call', input, name, id));
      await clock.advance(0);
      const result = sent.find((f) => f.kind === 'result' && f.id === id);
      if (!result) throw new Error(`no result of ${name}`);
      return result;
    };
    const of = <T>(kind: Frame['kind']): T[] =>
      sent.filter((f) => f.kind === kind).map((f) => f.body as T);
    const ack = (): void => {
      const last = of<Batch>('batch').at(-1);
      if (last) put(frame('ack', { revision: last.revision }));
    };
    session.start({});
    return {
      session,
      end,
      sent,
      put,
      call,
      ack,
      batches: () => of<Batch>('batch'),
      snapshots: () => of<Snapshot>('snapshot'),
      refused: () => of<{ code: string }>('refused'),
      events: () => of<{ type: string }>('event'),
      changes: () => of<Batch>('batch').flatMap((batch) => batch.changes),
      abused: () => abused,
    };
  };
  return { app, clock, refusals, hub, open };
}

const peerKey = (n: number) => ({ type: 'peer', id: uuid(n) }) as const;

describe('window session', () => {
  test('begins with hello and a snapshot, then numbers its batches', async () => {
    const { app, clock, open } = world();
    app.peers.set(uuid(1), peerRow(1));
    const window = open();
    expect(window.sent.map((f) => f.kind)).toEqual(['hello', 'snapshot']);
    const [snapshot] = window.snapshots();
    expect(snapshot).toMatchObject({ epoch: 'epoch-1', peers: [{ name: 'peer 1' }] });
    app.changed(peerKey(1));
    await clock.advance(16);
    expect(window.batches()).toMatchObject([
      { epoch: 'epoch-1', base: snapshot?.revision, revision: (snapshot?.revision ?? 0) + 1 },
    ]);
  });

  test('merges changes of one entity and reads the value when the batch leaves', async () => {
    const { app, clock, open } = world();
    app.peers.set(uuid(1), peerRow(1));
    const window = open();
    for (let i = 0; i < 100; i++) app.changed(peerKey(1));
    app.peers.set(uuid(1), peerRow(1, { statusText: 'Latest' }));
    await clock.advance(16);
    expect(window.changes()).toMatchObject([{ type: 'peer', value: { statusText: 'Latest' } }]);
    expect(app.reads).toHaveLength(1);
  });

  test('sends one batch per frame time, and none before the last was acknowledged', async () => {
    const { app, clock, open } = world();
    const window = open();
    for (let ms = 0; ms < 160; ms++) {
      app.changed(peerKey(ms));
      await clock.advance(1);
    }
    expect(window.batches()).toHaveLength(1);
    let batches = 1;
    for (let ms = 0; ms < 160; ms++) {
      app.changed(peerKey(ms));
      await clock.advance(1);
      if (window.batches().length > batches) {
        batches = window.batches().length;
        window.ack();
      } else if (ms === 0) window.ack();
    }
    expect(batches).toBeGreaterThan(8);
    expect(batches).toBeLessThanOrEqual(12);
    const numbers = window.batches().map(({ base, revision }) => [base, revision]);
    for (const [index, [base]] of numbers.entries()) {
      if (index > 0) expect(base).toBe(numbers[index - 1]?.[1]);
    }
  });

  test('ignores an acknowledgement of something else', async () => {
    const { app, clock, open } = world();
    const window = open();
    app.changed(peerKey(1));
    await clock.advance(16);
    app.changed(peerKey(2));
    window.put(frame('ack', { revision: 999 }));
    await clock.advance(100);
    expect(window.batches()).toHaveLength(1);
    window.ack();
    await clock.advance(16);
    expect(window.batches()).toHaveLength(2);
  });

  test('splits a flood into batches that a window can take in one frame', async () => {
    const { app, clock, open } = world();
    const window = open();
    for (let i = 0; i < MAX_CHANGES * 2 + 1; i++) app.changed(peerKey(i));
    for (let i = 0; i < 3; i++) {
      await clock.advance(16);
      window.ack();
    }
    expect(window.batches().map((batch) => batch.changes.length)).toEqual([
      MAX_CHANGES,
      MAX_CHANGES,
      1,
    ]);
  });

  test('sends a new snapshot to a window that asks, and starts afresh from it', async () => {
    const { app, clock, open } = world();
    const window = open();
    app.changed(peerKey(1));
    await clock.advance(16);
    app.changed(peerKey(2));
    window.put(frame('snapshot', {}));
    await clock.advance(16);
    expect(window.snapshots()).toHaveLength(2);
    app.changed(peerKey(3));
    await clock.advance(16);
    const last = window.batches().at(-1);
    expect(last?.base).toBe(window.snapshots()[1]?.revision);
    expect(last?.changes).toMatchObject([{ id: uuid(3) }]);
  });

  test('gives a hidden window the counts only, and the rest when it is seen again', async () => {
    const { app, clock, open } = world();
    app.peers.set(uuid(1), peerRow(1));
    const window = open();
    await window.call('window.visibility', { visible: false });
    app.unread = 3;
    for (let i = 0; i < 5; i++) {
      app.changed(peerKey(1));
      app.changed({ type: 'app' });
      await clock.advance(20);
      window.ack();
    }
    expect(window.changes().every((change) => change.type === 'app')).toBe(true);
    expect(window.changes().at(-1)).toMatchObject({ value: { unread: 3 } });
    await window.call('window.visibility', { visible: true });
    await clock.advance(20);
    expect(window.batches().at(-1)?.changes).toMatchObject([{ type: 'peer', id: uuid(1) }]);
  });

  test('sends messages of open threads only, and holds them until the page was answered', async () => {
    let letGo = (): void => {};
    const { app, clock, open } = world({
      'thread.open': async () => {
        await new Promise<void>((resolve) => {
          letGo = resolve;
        });
        const page = { messages: [], hasOlder: false, hasNewer: false };
        return ok({ thread: threadView(10, 1), page });
      },
    });
    const window = open();
    const key = { type: 'message', id: uuid(20), threadId: uuid(10) } as const;
    app.messages.set(uuid(20), answer(20, 10, 'a'));
    app.changed(key);
    await clock.advance(20);
    expect(window.batches()).toHaveLength(0);
    window.put(frame('call', { threadId: uuid(10), around: null }, 'thread.open', 'opening'));
    app.changed(key);
    await clock.advance(100);
    expect(window.batches()).toHaveLength(0);
    letGo();
    await clock.advance(20);
    expect(window.sent.map((f) => f.kind)).toEqual(['hello', 'snapshot', 'result', 'batch']);
    window.ack();
    await window.call('thread.close', { threadId: uuid(10) });
    app.changed(key);
    await clock.advance(100);
    expect(window.batches()).toHaveLength(1);
  });

  test('forgets a thread that could not be opened', async () => {
    const { app, clock, open } = world();
    const window = open();
    const result = await window.call('thread.open', { threadId: uuid(10), around: null });
    expect(result.body).toMatchObject({ ok: false });
    app.changed({ type: 'message', id: uuid(20), threadId: uuid(10) });
    await clock.advance(100);
    expect(window.batches()).toHaveLength(0);
  });

  test('streams what was added, and replaces it by the complete message', async () => {
    const { app, clock, open } = world();
    app.threads.set(uuid(10), threadView(10, 1));
    const window = open();
    await window.call('thread.open', { threadId: uuid(10), around: null });
    const say = async (body: string, more = {}): Promise<Change | undefined> => {
      app.messages.set(uuid(20), answer(20, 10, body, more));
      app.changed({ type: 'message', id: uuid(20), threadId: uuid(10) });
      const before = window.changes().length;
      await clock.advance(16);
      window.ack();
      return window.changes()[before];
    };
    expect(await say('One')).toMatchObject({ type: 'message', value: { body: 'One' } });
    expect(await say('One, two')).toEqual({
      type: 'append',
      id: uuid(20),
      threadId: uuid(10),
      offset: 3,
      text: ', two',
    });
    expect(await say('One, two')).toBeUndefined();
    expect(await say('Something else')).toMatchObject({ type: 'message' });
    expect(await say('Something else!', { author: 'other' })).toMatchObject({ type: 'message' });
    expect(
      await say('Something else! Done.', { author: 'other', state: 'complete' }),
    ).toMatchObject({ type: 'message', value: { state: 'complete' } });
    expect(await say('Something else! Done.', { state: 'complete' })).toMatchObject({
      type: 'message',
    });
  });

  test('sends the whole message again after the page was read again', async () => {
    const { app, clock, open } = world();
    app.threads.set(uuid(10), threadView(10, 1));
    app.messages.set(uuid(20), answer(20, 10, 'One'));
    const window = open();
    const key = { type: 'message', id: uuid(20), threadId: uuid(10) } as const;
    await window.call('thread.open', { threadId: uuid(10), around: null });
    app.changed(key);
    await clock.advance(16);
    window.ack();
    app.messages.set(uuid(20), answer(20, 10, 'One, two'));
    await window.call('thread.open', { threadId: uuid(10), around: null });
    app.messages.set(uuid(20), answer(20, 10, 'One, two, three'));
    app.changed(key);
    await clock.advance(16);
    expect(window.changes().at(-1)).toMatchObject({ type: 'message' });
  });

  test('drops a value outside the contract and goes on', async () => {
    const { app, clock, open, refusals } = world();
    const window = open();
    app.peers.set(uuid(1), { ...peerRow(1), unread: 'many' as unknown as number });
    app.peers.set(uuid(2), peerRow(2));
    app.changed(peerKey(1));
    app.changed(peerKey(2));
    await clock.advance(16);
    expect(window.changes()).toMatchObject([{ id: uuid(2) }]);
    expect(refusals.of('call.invalid_output')).toBe(1);
  });

  test.each([
    ['no JSON', '{'],
    ['no frame', '{"v":1}'],
    ['another version', JSON.stringify({ ...frame('ack', {}), v: 2 })],
    ['a field too many', JSON.stringify({ ...frame('ack', {}), more: 1 })],
    ['a kind of the app', JSON.stringify(frame('batch', {}))],
    ['a call without an id', JSON.stringify(frame('call', {}, 'app.about'))],
    ['an ack of nothing', JSON.stringify(frame('ack', {}))],
  ])('refuses %s, counts it, and goes on', async (_what, text) => {
    const { open, refusals } = world();
    const window = open();
    window.session.receive(text);
    expect(window.refused()).toMatchObject([{ code: 'call.malformed' }]);
    expect(refusals.of('call.malformed')).toBe(1);
    expect((await window.call('app.about', {})).body).toMatchObject({ ok: true });
  });

  test('refuses a frame that is too large', () => {
    const { open } = world();
    const window = open();
    window.session.receive('x'.repeat(16 * 1024 * 1024 + 1));
    expect(window.refused()).toMatchObject([{ code: 'call.too_large' }]);
  });

  test('refuses an id that is in use, and too many calls at once', () => {
    const { open } = world({ 'app.about': () => new Promise(() => {}) });
    const window = open();
    for (let i = 0; i < 256; i++) window.put(frame('call', {}, 'app.about', `a${i}`));
    window.put(frame('call', {}, 'app.about', 'a0'));
    window.put(frame('call', {}, 'app.about', 'one more'));
    expect(window.refused()).toMatchObject([
      { code: 'call.malformed' },
      { code: 'call.too_large' },
    ]);
  });

  test('ends a window that sends nothing but rubbish', () => {
    const { open } = world();
    const window = open();
    for (let i = 0; i < 101; i++) window.session.receive('rubbish');
    expect(window.abused()).toBe(1);
  });

  test('sends nothing after its end, and leaves no timer behind', async () => {
    const { app, clock, open, hub } = world();
    const window = open();
    app.changed(peerKey(1));
    const before = window.sent.length;
    window.end();
    app.changed(peerKey(1));
    window.put(frame('call', {}, 'app.about', 'late'));
    await clock.advance(100);
    expect(window.sent).toHaveLength(before);
    expect(clock.pending()).toBe(0);
    expect(hub.size).toBe(0);
  });
});

describe('window hub', () => {
  const focus = (thread: number | null) => ({
    focused: thread !== null,
    peerId: thread === null ? null : uuid(1),
    threadId: thread === null ? null : uuid(thread),
  });

  test('tells the app what is in focus, over all windows', async () => {
    const { app, open } = world();
    const [one, two] = [open(), open()];
    await one.call('window.focus', focus(10));
    await two.call('window.focus', focus(11));
    await one.call('window.focus', focus(null));
    expect(app.focus.at(-1)).toMatchObject({ threadId: uuid(11) });
    two.end();
    expect(app.focus.at(-1)).toEqual({ focused: false, peerId: null, threadId: null });
  });

  test('tells the app whether any window can be seen, in focus or not', async () => {
    const { app, open } = world();
    const [one, two] = [open(), open()];
    expect(app.seen).toEqual([true]);
    await one.call('window.visibility', { visible: false });
    expect(app.seen).toEqual([true]);
    await two.call('window.visibility', { visible: false });
    await one.call('window.visibility', { visible: true });
    one.end();
    two.end();
    expect(app.seen).toEqual([true, false, true, false]);
  });

  test('tells the app which window is gone', () => {
    const { app, open } = world();
    const [one, two] = [open(), open()];
    two.end();
    expect(app.closed).toHaveLength(1);
    one.end();
    expect(new Set(app.closed).size).toBe(2);
  });

  test('sends a place to the window that was in focus last, everything else to all', async () => {
    const { app, open } = world();
    const [one, two] = [open(), open()];
    await two.call('window.focus', focus(11));
    await one.call('window.focus', focus(10));
    app.tell({ type: 'go', to: 'inbox' });
    app.tell({ type: 'toast', text: 'hello' });
    expect(one.events().map((event) => event.type)).toEqual(['go', 'toast']);
    expect(two.events().map((event) => event.type)).toEqual(['toast']);
  });

  // What it costs is a matter of the bench `crowd`.
  test('a snapshot holds all of 10,000 peers, each once', () => {
    const { app, open } = world();
    for (let i = 0; i < 10_000; i++) app.peers.set(uuid(i), peerRow(i));
    const [snapshot] = open().snapshots();
    expect(new Set(snapshot?.peers.map((peer) => peer.id)).size).toBe(10_000);
    expect(snapshot?.peers).toHaveLength(10_000);
  });
});
