import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeBroadcast } from '../../../../electron/contract/index.ts';
import { Home, peerId } from '../home.ts';

let home: Home;

beforeEach(async () => {
  home = new Home({
    peers: 2,
    gateway: {
      answer: (text) =>
        text === 'Tell me'
          ? [writeBroadcast({ topic: 'cache', tags: ['redis'], text: 'Warm it first.' })]
          : ['Ok'],
    },
  });
  await home.start();
});

afterEach(() => home.remove());

const filter = { text: '', topic: null, tag: null, direction: 'all', cursor: null } as const;
const list = (more: Partial<Parameters<typeof home.must<'knowledge.list'>>[1]> = {}) =>
  home.must('knowledge.list', { ...filter, ...more });
const send = (text: string, topic: string, tags: string[] = []) =>
  home.must('broadcast.send', { audience: { kind: 'all' }, topic, tags, text });
const hear = (n: number, topic: string, tags: string[], at = n) =>
  home.conversations.broadcasts.hear({
    source: `relay:x:${n}`,
    peerId: null,
    author: `agent-${n}`,
    topic,
    tags,
    text: `Heard ${n}`,
    at,
  });

describe('knowledge', () => {
  it('holds what we told all of a relay as ours, once', async () => {
    const source = 'relay-sent:x:1';
    const { broadcasts } = home.conversations;
    expect(broadcasts.isKnown(source)).toBe(false);
    const said = { source, peerId: null, author: 'all on Team', topic: 'dns', tags: [], at: 5 };
    await broadcasts.hear({ ...said, text: 'The TTL is 60.' });
    await broadcasts.hear({ ...said, text: 'Something else.' });
    await hear(1, 'dns', []);
    expect(broadcasts.isKnown(source)).toBe(true);
    expect((await list({ direction: 'out' })).items).toMatchObject([
      { direction: 'out', who: 'all on Team', text: 'The TTL is 60.', topic: 'dns' },
    ]);
    expect((await list({ direction: 'in' })).items).toMatchObject([{ text: 'Heard 1' }]);
  });

  it('holds what went and what came, by whichever link, newest first', async () => {
    await hear(1, 'cache', ['redis']);
    await home.clock.advance(10);
    await send('The build is green.', 'builds', ['ci']);
    const threadId = await home.thread(1);
    await home.send(threadId, 'Tell me');
    await expect
      .poll(async () => {
        await home.clock.advance(200);
        return (await list()).items.map((item) => [
          item.direction,
          item.topic,
          item.who,
          item.text,
        ]);
      })
      .toEqual([
        ['in', 'cache', 'Peer 1', 'Warm it first.'],
        ['out', 'builds', 'Everyone', 'The build is green.'],
        ['in', 'cache', 'agent-1', 'Heard 1'],
      ]);
    expect(home.changes).toContainEqual({ type: 'knowledge' });
    const { topics, tags } = await list();
    expect(topics).toEqual([
      { name: 'cache', count: 2 },
      { name: 'builds', count: 1 },
    ]);
    expect(tags).toEqual([
      { name: 'redis', count: 2 },
      { name: 'ci', count: 1 },
    ]);
  });

  it('is filtered by topic, tag, direction and words, signs of a pattern meaning themselves', async () => {
    await hear(1, 'cache', ['redis', 'ops']);
    await hear(2, 'dns', ['ops']);
    await send('100% sure', 'dns', []);
    const texts = async (more: Parameters<typeof list>[0]) =>
      (await list(more)).items.map((item) => item.text);
    expect(await texts({ topic: 'dns' })).toEqual(expect.arrayContaining(['100% sure', 'Heard 2']));
    expect(await texts({ tag: 'redis' })).toEqual(['Heard 1']);
    expect(await texts({ topic: 'dns', direction: 'in' })).toEqual(['Heard 2']);
    expect(await texts({ text: '100%' })).toEqual(['100% sure']);
    expect(await texts({ text: '_eard' })).toEqual([]);
    expect(await texts({ text: 'AGENT-2' })).toEqual(['Heard 2']);
  });

  it('takes the same once, and comes page by page', async () => {
    for (let n = 0; n < 60; n++) await hear(n, 'many', [], 1_000);
    await hear(3, 'other', []);
    const first = await list();
    expect(first.items).toHaveLength(50);
    const second = await list({ cursor: first.nextCursor });
    expect(second.items).toHaveLength(10);
    expect(new Set([...first.items, ...second.items].map((item) => item.id)).size).toBe(60);
    expect(second.nextCursor).toBeNull();
  });

  it('forgets what is older than Settings keep, and keeps what a removed peer said', async () => {
    const threadId = await home.thread(2);
    await home.send(threadId, 'Tell me');
    await expect
      .poll(async () => {
        await home.clock.advance(200);
        return (await list()).items.length;
      })
      .toBe(1);
    await home.conversations.purgePeer(peerId(2));
    expect((await list()).items).toMatchObject([{ text: 'Warm it first.' }]);
    home.settings = { ...home.settings, retentionDays: 1 };
    await home.clock.advance(2 * 24 * 3_600_000);
    await home.conversations.applyRetention();
    expect((await list()).items).toEqual([]);
  });
});
