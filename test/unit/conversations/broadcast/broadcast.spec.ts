import * as fs from 'node:fs';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Audience,
  BroadcastId,
  type BroadcastRow,
} from '../../../../electron/contract/index.ts';
import { Home, linkId, peerId } from '../home.ts';

const ALL: Audience = { kind: 'all' };
const chosen = (...numbers: number[]): Audience => ({
  kind: 'chosen',
  peerIds: numbers.map((n) => peerId(n)),
  groups: [],
});
const said = (text = 'The build is green again.', audience: Audience = ALL) => ({
  audience,
  topic: 'builds',
  tags: ['ci', 'linux'],
  text,
});

let home: Home;

beforeEach(async () => {
  home = new Home({ peers: 4 });
  await home.start();
});

afterEach(() => home.remove());

const send = async (input = said()) => (await home.must('broadcast.send', input)).broadcast;
const rows = async (broadcastId: BroadcastId): Promise<BroadcastRow[]> =>
  (await home.must('broadcast.open', { broadcastId })).rows;
const states = async (id: BroadcastId) => (await rows(id)).map((row) => row.state);
const settled = (id: BroadcastId, state = 'answered') =>
  expect
    .poll(async () => {
      await home.clock.advance(200);
      return states(id);
    })
    .toEqual([state, state, state, state]);

describe('a broadcast', () => {
  it('goes to each peer as one message of its own, in a thread of its own', async () => {
    const broadcast = await send();
    expect(broadcast).toMatchObject({
      recipients: 4,
      leftOut: 0,
      audience: 'Everyone',
      done: false,
    });
    await settled(broadcast.id);
    for (let n = 1; n <= 4; n++) {
      expect(home.linkOf(n).sends.map((one) => one.text)).toEqual([
        '[Broadcast] → builds\nTags: ci, linux\n\nThe build is green again.',
      ]);
    }
    const keys = [1, 2, 3, 4].map((n) => home.linkOf(n).sends[0]?.key);
    expect(new Set(keys).size).toBe(4);
    const [first] = await rows(broadcast.id);
    const { thread, page } = await home.must('thread.open', {
      threadId:
        first?.threadId ??
        (() => {
          throw new Error('no thread');
        })(),
      around: null,
    });
    expect(thread.title).toBe('Broadcasts');
    expect(page.messages[0]).toMatchObject({ kind: 'broadcast', direction: 'out' });
    expect(first?.answer).toBe(page.messages[1]?.body.replaceAll(/\s+/g, ' '));
  });

  it('uses the same thread for the next one, and a new one where that was deleted', async () => {
    const one = await send();
    await settled(one.id);
    const two = await send(said('Second'));
    await settled(two.id);
    const [before] = await rows(one.id);
    const [after] = await rows(two.id);
    expect(after?.threadId).toBe(before?.threadId);
    await home.must('thread.delete', { threadId: before?.threadId as never });
    const three = await send(said('Third'));
    const [third] = await rows(three.id);
    expect(third?.threadId).not.toBe(before?.threadId);
  });

  it('is told of in counts and rows as it goes', async () => {
    home.changes.length = 0;
    const broadcast = await send();
    await settled(broadcast.id);
    expect(home.changes).toContainEqual({ type: 'broadcast', id: broadcast.id });
    expect(home.changes).toContainEqual({
      type: 'broadcastRow',
      id: `${broadcast.id}/0`,
      broadcastId: broadcast.id,
    });
    expect(home.conversations.broadcasts.view(broadcast.id)).toMatchObject({
      counts: { answered: 4, queued: 0 },
      done: true,
    });
    expect(home.conversations.broadcasts.row(`${broadcast.id}/2`)).toMatchObject({
      peerName: 'Peer 3',
      state: 'answered',
    });
    expect(home.conversations.broadcasts.row('nothing/9')).toBeNull();
  });

  it('waits in the outbox for who is away, also over a restart of the app', async () => {
    home.linkOf(2).cut();
    const broadcast = await send();
    await home.clock.advance(5_000);
    expect(await states(broadcast.id)).toEqual(['answered', 'queued', 'answered', 'answered']);
    await home.crash();
    await home.start(false);
    expect(await states(broadcast.id)).toEqual(['answered', 'queued', 'answered', 'answered']);
    for (let n = 1; n <= 4; n++) home.linkOf(n).connect();
    await settled(broadcast.id);
    expect(home.linkOf(2).sends).toHaveLength(1);
    expect(home.linkOf(1).sends).toHaveLength(0);
  });

  it('fails row by row, and is tried again row by row under the same keys', async () => {
    home.linkOf(1).faults.push('rejected');
    home.linkOf(3).faults.push('rejected');
    const broadcast = await send();
    await home.clock.advance(5_000);
    expect(await states(broadcast.id)).toEqual(['failed', 'answered', 'failed', 'answered']);
    const [first, second, third] = await rows(broadcast.id);
    expect(first?.error?.title).toBeTruthy();
    const one = await home.must('broadcast.retry', {
      broadcastId: broadcast.id,
      messageIds: [third?.messageId as never, second?.messageId as never],
    });
    expect(one).toEqual({ retried: 1 });
    await home.clock.advance(5_000);
    expect(await states(broadcast.id)).toEqual(['failed', 'answered', 'answered', 'answered']);
    expect(await home.must('broadcast.retry', { broadcastId: broadcast.id })).toEqual({
      retried: 1,
    });
    await settled(broadcast.id);
    const keys = home.linkOf(1).sends.map((sent) => sent.key);
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
  });

  it('takes back what has not left', async () => {
    home.linkOf(4).cut();
    const broadcast = await send();
    await home.clock.advance(5_000);
    const taken = await home.must('broadcast.cancel', { broadcastId: broadcast.id });
    expect(taken).toEqual({ cancelled: 1 });
    expect((await states(broadcast.id))[3]).toBe('cancelled');
    expect(home.conversations.broadcasts.view(broadcast.id)?.done).toBe(true);
  });

  it('is sent once, however often the same one is asked for', async () => {
    const id = BroadcastId.parse('01900000-0000-7000-8000-00000000abcd');
    const one = await home.must('broadcast.send', { ...said(), id });
    const two = await home.must('broadcast.send', { ...said('Another text'), id });
    expect(two.broadcast.text).toBe(one.broadcast.text);
    await settled(id);
    expect(home.linkOf(1).sends).toHaveLength(1);
  });

  it('goes to nobody who was not on the list that was seen', async () => {
    const sent = await home.must('broadcast.send', { ...said(), to: [peerId(1), peerId(2)] });
    expect(sent.broadcast).toMatchObject({ recipients: 2, leftOut: 2 });
    expect((await rows(sent.broadcast.id))[3]?.leftOut).toEqual({
      reason: 'not_seen',
      why: 'It was not on the list that you saw.',
    });
  });

  it('keeps the limits, and no secret leaves without a word', async () => {
    expect(await home.refused('broadcast.send', said('x'.repeat(8_192)))).toBe('message.too_large');
    const head = Buffer.byteLength('[Broadcast] → builds\nTags: ci, linux\n\n');
    const most = await home.must('broadcast.send', said('x'.repeat(8_192 - head)));
    expect(most.warning).toBe('over_soft_limit');
    expect(await home.refused('broadcast.send', said('  \n'))).toBe('message.empty');
    const secret = said('ghp_q7Tz0pLm4Xw9Rb2Ks6Vd1Yh8Nc3Jf5Ga0Ue7');
    expect(await home.refused('broadcast.send', secret)).toBe('message.looks_secret');
    expect((await home.call('broadcast.send', { ...secret, anyway: true })).ok).toBe(true);
  });

  it('says why where nobody would get it', async () => {
    for (let n = 1; n <= 4; n++) home.told.set(n, { links: [] });
    const refused = await home.call('broadcast.send', said());
    expect(refused).toMatchObject({ ok: false, error: { code: 'broadcast.nobody' } });
    expect(refused.ok ? '' : refused.error.detail).toContain('Peer 1: It has no link.');
    expect(await home.refused('broadcast.send', said('x', chosen()))).toBe('broadcast.nobody');
  });

  it('stays in the history, newest first, page by page', async () => {
    for (let n = 0; n < 53; n++) await send(said(`Number ${n}`, chosen(1)));
    const page = await home.must('broadcast.list', { cursor: null });
    expect(page.broadcasts).toHaveLength(50);
    expect(page.broadcasts[0]?.text).toBe('Number 52');
    const rest = await home.must('broadcast.list', { cursor: page.nextCursor });
    expect(rest.broadcasts.map((one) => one.text)).toEqual(['Number 2', 'Number 1', 'Number 0']);
    expect(rest.nextCursor).toBeNull();
    expect(home.conversations.broadcasts.newest()).toHaveLength(20);
  });

  it('is forgotten with what else is older than Settings keep', async () => {
    const broadcast = await send();
    await settled(broadcast.id);
    home.settings = { ...home.settings, retentionDays: 1 };
    await home.clock.advance(2 * 24 * 3_600_000);
    await home.conversations.applyRetention();
    expect(await home.refused('broadcast.open', { broadcastId: broadcast.id })).toBe(
      'broadcast.not_found',
    );
  });
});

describe('the dry run', () => {
  it('shows exactly what would go where, word for word what then goes', async () => {
    home.linkOf(2).cut();
    home.told.set(3, { links: [] });
    const { message, recipients } = await home.must('broadcast.preview', said());
    expect(recipients.map((one) => [one.peerName, one.included, one.reason])).toEqual([
      ['Peer 1', true, 'ready'],
      ['Peer 2', true, 'waits'],
      ['Peer 3', false, 'no_link'],
      ['Peer 4', true, 'ready'],
    ]);
    expect(recipients[0]).toMatchObject({
      link: { linkId: linkId(1), kind: 'gateway', address: 'x:18789' },
      thread: { threadId: null, title: 'Broadcasts' },
      sessionKey: 'agent:main:peerage-test-<new thread>',
    });
    const broadcast = await send();
    await home.clock.advance(5_000);
    expect(home.linkOf(1).sends[0]?.text).toBe(message.text);
    expect(Buffer.byteLength(message.text)).toBe(message.bytes);
    const again = await home.must('broadcast.preview', said());
    const [row] = await rows(broadcast.id);
    expect(again.recipients[0]?.thread?.threadId).toBe(row?.threadId);
    expect(again.recipients[0]?.sessionKey).toBe(home.linkOf(1).sends[0]?.sessionKey);
  });

  it('touches nothing: not a byte of the database, not a word on any wire', async () => {
    const bytes = () =>
      Buffer.concat(
        ['peerage.db', 'peerage.db-wal'].map((name) =>
          fs.readFileSync(path.join(home.folder, name)),
        ),
      );
    const before = bytes();
    home.changes.length = 0;
    const sends = () =>
      [1, 2, 3, 4].map((n) => [home.linkOf(n).sends.length, home.linkOf(n).watched]);
    const wires = JSON.stringify(sends());
    await home.must('broadcast.preview', said());
    await home.must('broadcast.preview', said('ghp_q7Tz0pLm4Xw9Rb2Ks6Vd1Yh8Nc3Jf5Ga0Ue7'));
    await home.must('message.preview', { peerId: peerId(1), threadId: null, text: 'Hello' });
    await home.clock.advance(10_000);
    expect(bytes().equals(before)).toBe(true);
    expect(JSON.stringify(sends())).toBe(wires);
    expect(home.changes).toEqual([]);
  });

  it('tells of limits and secrets instead of refusing', async () => {
    const long = await home.must('broadcast.preview', said('x'.repeat(9_000)));
    expect(long.message.size).toBe('over_hard_limit');
    const secret = await home.must(
      'broadcast.preview',
      said('ok\nghp_q7Tz0pLm4Xw9Rb2Ks6Vd1Yh8Nc3Jf5Ga0Ue7'),
    );
    expect(secret.message.secrets).toEqual([{ label: 'GitHub token', line: 5 }]);
  });

  it('of one message names its thread and session', async () => {
    const threadId = await home.thread(2, 'Plans');
    const shown = await home.must('message.preview', {
      peerId: peerId(2),
      threadId,
      text: 'Hello',
    });
    expect(shown.message).toMatchObject({ text: 'Hello', bytes: 5, size: 'fine', secrets: [] });
    expect(shown.recipient).toMatchObject({
      peerName: 'Peer 2',
      thread: { threadId, title: 'Plans' },
      sessionKey: `agent:main:peerage-test-${threadId}`,
    });
    const wrong = { peerId: peerId(1), threadId, text: 'Hello' };
    expect(await home.refused('message.preview', wrong)).toBe('thread.not_found');
  });
});

describe('a group', () => {
  const group = async (name: string, ...numbers: number[]) =>
    (await home.must('group.create', { name, peerIds: numbers.map((n) => peerId(n)) })).groupId;
  const to = (...groups: string[]): Audience => ({ kind: 'chosen', peerIds: [], groups });

  it('is an audience by its name, together with who stands under it in the peer list', async () => {
    await group('Ops', 1, 2);
    home.told.set(3, { group: 'ops' });
    const { recipients } = await home.must('broadcast.preview', said('x', to('OPS')));
    expect(recipients.map((one) => one.peerName)).toEqual(['Peer 1', 'Peer 2', 'Peer 3']);
    const sent = await send(said('x', to('Ops')));
    expect(sent.audience).toBe('Ops');
    expect(await home.refused('broadcast.preview', said('x', to('Nobody')))).toBe(
      'group.not_found',
    );
  });

  it('has a name of its own, whatever its case', async () => {
    const ops = await group('Ops', 1);
    expect(await home.refused('group.create', { name: 'OPS', peerIds: [] })).toBe(
      'group.name_taken',
    );
    await home.must('group.update', {
      groupId: ops,
      changes: { name: 'ops', peerIds: [peerId(4)] },
    });
    expect(home.conversations.broadcasts.groups()).toEqual([
      { id: ops, name: 'ops', peerIds: [peerId(4)] },
    ]);
  });

  it('can be brought back for ten seconds, and then is gone', async () => {
    const ops = await group('Ops', 1);
    expect(await home.must('group.delete', { groupId: ops })).toEqual({ undoMs: 10_000 });
    expect(home.conversations.broadcasts.groups()).toEqual([]);
    await home.must('group.restore', { groupId: ops });
    expect(home.conversations.broadcasts.group(ops)?.peerIds).toEqual([peerId(1)]);
    await home.must('group.delete', { groupId: ops });
    await home.clock.advance(10_001);
    expect(await home.refused('group.restore', { groupId: ops })).toBe('group.undo_expired');
    await group('Ops', 2);
  });
});
