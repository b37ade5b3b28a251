import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  appError,
  type BroadcastId,
  type MessageView,
} from '../../../../electron/contract/index.ts';
import { Home, linkId, peerId } from '../home.ts';

let home: Home;

beforeEach(async () => {
  home = new Home({ peers: 4 });
  await home.start();
});

afterEach(() => home.remove());

const input = (text: string) => ({
  audience: { kind: 'all' } as const,
  topic: '',
  tags: [],
  text,
});
const send = async (text: string) => (await home.must('broadcast.send', input(text))).broadcast;
const rows = async (broadcastId: BroadcastId) =>
  (await home.must('broadcast.open', { broadcastId })).rows;
const states = async (id: BroadcastId) => (await rows(id)).map((row) => row.state);
const answered = (id: BroadcastId) =>
  expect
    .poll(async () => {
      await home.clock.advance(200);
      return states(id);
    })
    .toEqual(Array(4).fill('answered'));
const attempts = () =>
  home.store
    .prepare<{ link_id: string; outcome: string | null; run_id: string | null }>(
      'SELECT link_id, outcome, run_id FROM attempts ORDER BY link_id, id',
    )
    .all();
const gaps = () =>
  home.store
    .prepare(
      `SELECT t.id FROM threads t WHERE t.next_position - 1 <> (SELECT count(*) FROM messages m WHERE m.thread_id = t.id)
       OR t.waiting <> (SELECT count(*) FROM messages m WHERE m.thread_id = t.id AND m.state IN ('queued', 'sending', 'unknown'))`,
    )
    .all();

describe('a broadcast to peers that are connected', () => {
  it('leaves as soon as it is on the disk, with its attempts, and not before', async () => {
    const calling = home.call('broadcast.send', input('Now'));
    expect([1, 2, 3, 4].map((n) => home.linkOf(n).sends.length)).toEqual([0, 0, 0, 0]);
    const called = await calling;
    const counts = called.ok ? called.value.broadcast.counts : null;
    expect(counts).toMatchObject({ sending: 4, queued: 0 });
    expect(attempts()).toEqual(
      [1, 2, 3, 4].map((n) => ({ link_id: linkId(n), outcome: null, run_id: null })),
    );
    expect([1, 2, 3, 4].map((n) => home.linkOf(n).sends.length)).toEqual([1, 1, 1, 1]);
    expect(called.ok && home.conversations.broadcasts.view(called.value.broadcast.id)).toEqual(
      called.ok && called.value.broadcast,
    );
    expect(gaps()).toEqual([]);
  });

  it('is acknowledged row by row, each attempt with the run that it got', async () => {
    const { id } = await send('Now');
    await answered(id);
    const keys = (await rows(id)).map((row) => `peerage:${row.messageId}`);
    expect(attempts()).toEqual(
      keys.map((key, n) => ({ link_id: linkId(n + 1), outcome: 'acknowledged', run_id: key })),
    );
    expect((await rows(id)).map((row) => row.attempts)).toEqual([1, 1, 1, 1]);
    expect(gaps()).toEqual([]);
  });

  it('is found as unknown after a crash, asked about, and sent once', async () => {
    home.linkOf(1).faults.push('cut_before');
    home.linkOf(2).faults.push('cut_after');
    const { id } = await send('Now');
    await home.crash();
    await home.start(false);
    expect(await states(id)).toEqual(Array(4).fill('unknown'));
    for (let n = 1; n <= 4; n++) home.linkOf(n).connect();
    await answered(id);
    for (const { messageId } of await rows(id)) {
      const calls = [...home.gateways.values()].map(
        (one) => one.modelCalls.get(`peerage:${messageId}`) ?? 0,
      );
      expect(calls.reduce((sum, n) => sum + n)).toBe(1);
    }
    expect(gaps()).toEqual([]);
  });

  it('waits, and is seen waiting, behind what the lane carries already', async () => {
    const one = await send('First');
    const two = await send('Second');
    expect(two.counts).toMatchObject({ queued: 4, sending: 0 });
    expect(await states(two.id)).toEqual(Array(4).fill('queued'));
    await answered(two.id);
    expect(await states(one.id)).toEqual(Array(4).fill('answered'));
    for (let n = 1; n <= 4; n++) {
      expect(home.linkOf(n).sends.map((sent) => sent.text)).toEqual([
        expect.stringContaining('First'),
        expect.stringContaining('Second'),
      ]);
    }
    expect(gaps()).toEqual([]);
  });

  it('goes now to who is there, and later to who comes, in the order in which it was sent', async () => {
    home.linkOf(3).cut();
    const one = await send('First');
    const two = await send('Second');
    expect(one.counts).toMatchObject({ queued: 1, sending: 3 });
    await home.clock.advance(5_000);
    expect((await states(two.id))[2]).toBe('queued');
    home.linkOf(3).connect();
    await answered(two.id);
    const texts = home.linkOf(3).sends.map((sent) => sent.text);
    expect(texts.map((text) => text.includes('First'))).toEqual([true, false]);
  });

  it('lets a message that a person writes meanwhile follow in the same thread', async () => {
    const { id } = await send('First');
    const [row] = await rows(id);
    if (!row?.threadId) throw new Error('no thread');
    const next = await home.send(row.threadId, 'And one more thing');
    expect(home.state(next)).toBe('queued');
    await expect
      .poll(async () => {
        await home.clock.advance(200);
        return home.state(next);
      })
      .toBe('answered');
    const shown: MessageView[] = await home.shown(row.threadId);
    expect(shown.map((one) => one.direction)).toEqual(['out', 'out', 'in', 'in']);
  });

  it('is not stored by half: where one of many cannot be stored, none leaves', async () => {
    home.store
      .prepare(
        `CREATE TEMP TRIGGER refuse BEFORE INSERT ON messages WHEN (SELECT peer_id FROM threads WHERE id = NEW.thread_id) = '${peerId(4)}'
         BEGIN SELECT RAISE(ABORT, 'refused'); END`,
      )
      .run();
    await expect(send('Now')).rejects.toThrow();
    home.store.prepare('DROP TRIGGER refuse').run();
    await home.clock.advance(5_000);
    expect([1, 2, 3, 4].map((n) => home.linkOf(n).sends.length)).toEqual([0, 0, 0, 0]);
    expect(attempts()).toEqual([]);
    // And the lanes are free as before.
    const { id, counts } = await send('Again');
    expect(counts).toMatchObject({ sending: 4 });
    await answered(id);
  });

  it('has what was acknowledged on the disk when the app stops while others are under way', async () => {
    home.linkOf(4).send = (_envelope, signal) =>
      new Promise((resolve) => {
        const error = appError('link.closed', 'It was broken off.');
        signal.addEventListener('abort', () => resolve({ kind: 'unknown', error }));
      });
    const { id } = await send('Now');
    await home.clock.advance(12);
    expect(await states(id)).toEqual(Array(4).fill('sending'));
    await home.stop();
    await home.reopen();
    expect(await states(id)).toEqual(['sent', 'sent', 'sent', 'unknown']);
    expect(attempts().map(({ outcome }) => outcome)).toEqual([
      ...Array(3).fill('acknowledged'),
      'unknown',
    ]);
    expect(gaps()).toEqual([]);
  });

  it('goes on to the others where a peer is deleted in the middle of it', async () => {
    const { id } = await send('Now');
    const purged = home.conversations.purgePeer(peerId(2));
    await home.clock.advance(2_000);
    await purged;
    expect(await states(id)).toEqual(['answered', null, 'answered', 'answered']);
    expect(home.conversations.broadcasts.view(id)).toMatchObject({
      done: true,
      counts: { gone: 1 },
    });
    expect(gaps()).toEqual([]);
    expect((await send('Again')).counts).toMatchObject({ sending: 4 });
  });

  it('leaves nothing on its way where a link is removed in the middle of it', async () => {
    const { id } = await send('Now');
    const link = home.linkOf(2);
    home.links.delete(link.id);
    home.conversations.linkDetached(link.id);
    link.cut();
    await link.stop();
    await home.clock.advance(2_000);
    expect(await states(id)).toEqual(['answered', 'unknown', 'answered', 'answered']);
    const [, row] = await rows(id);
    if (!row?.messageId) throw new Error('no message');
    await home.must('message.settle', { messageId: row.messageId, choice: 'take_as_sent' });
    expect(home.conversations.broadcasts.view(id)?.done).toBe(true);
  });
});
