import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MessageView, type ThreadId, VIEW_BODY_LIMIT } from '../../../electron/contract/index.ts';
import { Home, linkId, peerId } from './home.ts';

let home: Home;
let thread: ThreadId;

beforeEach(async () => {
  home = new Home({ gateway: { partMs: 1_000, answer: () => ['one ', 'two ', 'three'] } });
  await home.start();
  thread = await home.thread();
});

afterEach(() => home.remove());

const session = (): string => home.link.sessionKeyFor(thread, null);
const unread = (): number | undefined => home.conversations.threadView(thread)?.unread;

describe('an answer', () => {
  it('is shown as it comes, and replaced by its final text', async () => {
    await home.send(thread, 'go');
    await home.clock.advance(1_100);
    expect((await home.read(thread))[1]).toBe('< one  [streaming]');
    await home.clock.advance(1_000);
    expect((await home.read(thread))[1]).toBe('< one two  [streaming]');
    await home.clock.advance(5_000);
    expect((await home.read(thread))[1]).toBe('< one two three [complete]');
    for (const message of await home.shown(thread)) MessageView.parse(message);
  });

  it('tells a running thread from one that rests', async () => {
    await home.send(thread, 'go');
    await home.clock.advance(1_100);
    expect(home.conversations.threadView(thread)?.running).toBe(true);
    expect(home.conversations.peerTotal(peerId()).running).toBe(true);
    await home.clock.advance(5_000);
    expect(home.conversations.threadView(thread)?.running).toBe(false);
    expect(home.conversations.peerTotal(peerId()).running).toBe(false);
  });

  it('counts as unread and asks for attention once it is whole', async () => {
    await home.send(thread, 'go');
    await home.clock.advance(2_100);
    expect([unread(), home.attention.length]).toEqual([0, 0]);
    await home.clock.advance(5_000);
    expect(unread()).toBe(1);
    expect(home.attention).toMatchObject([
      { kind: 'message', text: 'one two three', title: 'Peer 1', threadId: thread, muted: false },
    ]);
    await home.must('thread.markRead', { threadId: thread });
    expect(unread()).toBe(0);
  });

  it('keeps what came of it over a crash, and goes on where it is still running', async () => {
    await home.send(thread, 'go');
    await home.clock.advance(2_600);
    await home.crash();
    await home.start(false);
    expect((await home.read(thread))[1]).toMatch(/^< one .*\[interrupted\]$/u);
    home.link.connect();
    await home.clock.advance(5_000);
    expect((await home.read(thread))[1]).toBe('< one two three [complete]');
    expect(await home.shown(thread)).toHaveLength(2);
  });

  it('that ended while we were away is found, once', async () => {
    await home.send(thread, 'go');
    await home.clock.advance(1_100);
    home.link.cut();
    await home.clock.advance(10_000);
    expect((await home.read(thread))[1]).toBe('< one  [streaming]');
    home.link.connect();
    await home.clock.advance(1_000);
    home.link.cut();
    home.link.connect();
    await home.clock.advance(10_000);
    expect(await home.read(thread)).toEqual(['> go [answered]', '< one two three [complete]']);
    expect(unread()).toBe(1);
  });

  it('says that it waits for an approval over there', async () => {
    const id = await home.send(thread, 'go');
    await home.clock.advance(100);
    const waiting = { kind: 'run_waiting', sessionKey: session() } as const;
    home.gateway.tell({ ...waiting, key: `peerage:${id}`, waiting: true });
    await home.clock.advance(50);
    expect((await home.read(thread))[1]).toBe('<  [waiting_approval]');
    home.gateway.tell({ ...waiting, key: null, waiting: false });
    await home.clock.advance(50);
    expect((await home.read(thread))[1]).toBe('<  [streaming]');
  });

  it('whose end nobody told is looked up', async () => {
    const id = await home.send(thread, 'go');
    await home.clock.advance(100);
    home.link.setState({ kind: 'restarting', since: 0, expectedMs: null });
    await home.clock.advance(10_000);
    // Online again without a word that we should look: only the silence is left to go by.
    home.link.setState({
      kind: 'online',
      since: 0,
      scopes: [],
      serverVersion: '',
      latencyMs: null,
    });
    await home.clock.advance(200_000);
    expect(home.state(id)).toBe('answered');
  });

  it('of five megabytes is stored whole and shown by its beginning', async () => {
    const text = 'ä😀'.repeat(833_334);
    const id = await home.send(thread, 'go');
    await home.clock.advance(100);
    const key = `peerage:${id}`;
    home.gateway.tell({ kind: 'run_delta', key, sessionKey: session(), text, added: text });
    await home.clock.advance(100);
    const coming = (await home.shown(thread))[1];
    expect(coming).toMatchObject({ state: 'streaming', truncated: true, bodyBytes: 5_000_004 });
    home.gateway.tell({
      kind: 'run_final',
      key,
      sessionKey: session(),
      text,
      remoteId: 'big',
      at: null,
    });
    await home.clock.advance(100);
    const whole = (await home.shown(thread))[1];
    expect(whole).toMatchObject({ state: 'complete', truncated: true, bodyBytes: 5_000_004 });
    expect(whole?.body.length).toBeLessThanOrEqual(VIEW_BODY_LIMIT);
    let read = '';
    for (let offset: number | null = 0; offset !== null; ) {
      if (!whole) throw new Error('gone');
      const piece: { text: string; nextOffset: number | null } = await home.must('message.body', {
        messageId: whole.id,
        offset,
      });
      expect(piece.text.isWellFormed()).toBe(true);
      read += piece.text;
      offset = piece.nextOffset;
    }
    expect(read === text).toBe(true);
  });

  it('with broken characters and NUL is kept as far as it can be', async () => {
    const id = await home.send(thread, 'go');
    await home.clock.advance(100);
    const end = { kind: 'run_final', sessionKey: session(), remoteId: null, at: null } as const;
    home.gateway.tell({ ...end, key: `peerage:${id}`, text: 'a\u0000b\ud800c' });
    await home.clock.advance(100);
    expect((await home.shown(thread))[1]?.body).toBe('a\ufffdb\ufffdc');
  });

  it('is not taken from another link than the one that was asked', async () => {
    const other = new Home({ peers: 2 });
    await other.start();
    const mine = await other.thread(1);
    other.linkOf(1).cut();
    const id = await other.send(mine, 'go');
    other.conversations.linkEvent(linkId(2), {
      kind: 'run_final',
      key: `peerage:${id}`,
      sessionKey: other.linkOf(1).sessionKeyFor(mine, null),
      text: 'forged',
      remoteId: null,
      at: null,
    });
    await other.clock.advance(1_000);
    expect(await other.read(mine)).toEqual(['> go [queued]']);
    await other.remove();
  });
});

describe('what others say in the session', () => {
  it('is shown as it comes, with who says that they said it', async () => {
    await home.send(thread, 'go');
    await home.clock.advance(10_000);
    home.gateway.foreign(session(), 'hi there');
    await home.clock.advance(100);
    const last = (await home.shown(thread)).at(-1);
    expect(last).toMatchObject({ body: 'hi there', author: 'Someone else', replyTo: null });
    expect(unread()).toBe(2);
  });

  it('while we were away is found in the order over there, once', async () => {
    await home.send(thread, 'go');
    await home.clock.advance(10_000);
    home.link.cut();
    home.gateway.foreign(session(), 'first');
    home.gateway.foreign(session(), 'second', 'assistant');
    home.link.connect();
    home.gateway.foreign(session(), 'third');
    await home.clock.advance(1_000);
    home.link.cut();
    home.link.connect();
    await home.clock.advance(1_000);
    const bodies = (await home.shown(thread)).map((message) => message.body);
    expect(bodies).toEqual(['go', 'one two three', 'first', 'second', 'third']);
  });

  it('that is more than is read says so once, where the gap is', async () => {
    await home.send(thread, 'go');
    await home.clock.advance(10_000);
    home.link.cut();
    for (let n = 0; n < 1_005; n++) home.gateway.foreign(session(), `missed ${n}`);
    for (let times = 0; times < 2; times++) {
      home.link.connect();
      await home.clock.advance(1_000);
      home.link.cut();
    }
    const rows = home.store
      .prepare<{ author: string; body: string }>(
        'SELECT author, body FROM messages ORDER BY position',
      )
      .all();
    expect(rows.filter((row) => row.author === 'Peerage')).toHaveLength(1);
    expect(rows[2]?.body).toContain('newest 1000 entries');
    expect(rows.slice(3).map((row) => row.body)).toEqual(
      Array.from({ length: 1_000 }, (_, n) => `missed ${n + 5}`),
    );
  });

  it('before the thread began counts as read, in a session of theirs', async () => {
    home.link.picked = 'agent:main:main';
    home.gateway.foreign('agent:main:main', 'old news');
    thread = await home.thread();
    await home.clock.advance(1_000);
    expect(await home.read(thread)).toEqual(['< old news [complete]']);
    expect([unread(), home.attention.length]).toEqual([0, 0]);
    home.gateway.foreign('agent:main:main', 'news');
    await home.clock.advance(1_000);
    expect([unread(), home.attention.length]).toEqual([1, 1]);
  });

  it('is ordered by when it came here, whatever clock it was written by', async () => {
    home.gateway.foreign(session(), 'a');
    home.clock.jump(-86_400_000);
    home.gateway.foreign(session(), 'b');
    await home.clock.advance(100);
    const shown = await home.shown(thread);
    expect(shown.map((m) => [m.body, m.order])).toEqual([
      ['a', 1],
      ['b', 2],
    ]);
  });
});

describe('a thousand events', () => {
  it('in one turn cost a handful of commits', async () => {
    let commits = 0;
    const write = home.store.write.bind(home.store);
    let fresh = true;
    home.store.write = (task) => {
      if (fresh) {
        fresh = false;
        commits += 1;
        setImmediate(() => {
          fresh = true;
        });
      }
      return write(task);
    };
    for (let n = 0; n < 1_000; n++) home.gateway.foreign(session(), `event ${n}`);
    await home.clock.advance(1_000);
    expect(commits).toBeLessThan(10);
    const count = home.store.prepare<{ n: number }>('SELECT count(*) AS n FROM messages').get();
    expect(count?.n).toBe(1_000);
  });
});
