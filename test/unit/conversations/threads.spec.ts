import * as fs from 'node:fs';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ThreadId, ThreadView } from '../../../electron/contract/index.ts';
import { saveDraft } from '../../../electron/conversations/draft.ts';
import { Home, linkId, peerId } from './home.ts';

let home: Home;

beforeEach(async () => {
  home = new Home({ gateway: { partMs: 5, writeDownMs: 5 } });
  await home.start();
});

afterEach(() => home.remove());

const view = (id: ThreadId) => {
  const found = home.conversations.threadView(id);
  return found && ThreadView.parse(found);
};
/** In which files of the database this stands. */
const stored = (text: string): string[] =>
  fs
    .readdirSync(home.folder)
    .filter((name) => name.startsWith('peerage.db'))
    .filter((name) => fs.readFileSync(path.join(home.folder, name)).includes(text));
const nowhere = ThreadId.parse('01900000-0000-7000-8000-00000000ffff');

describe('a thread', () => {
  it('is named after its peer until its first message gives it a name', async () => {
    const thread = await home.thread();
    expect(view(thread)?.title).toBe('Peer 1');
    await home.send(thread, '  Plan the\nrelease of next week  ');
    expect(view(thread)?.title).toBe('Plan the release of next week');
    await home.send(thread, 'and another thing');
    expect(view(thread)?.title).toBe('Plan the release of next week');
  });

  it('keeps the name that a person gave it', async () => {
    const thread = await home.thread(1, 'Mine');
    await home.send(thread, 'hello');
    expect(view(thread)?.title).toBe('Mine');
    await home.must('thread.rename', { threadId: thread, title: 'Ours' });
    expect(view(thread)?.title).toBe('Ours');
  });

  it('is refused for a peer or a link that is not there', async () => {
    const input = { linkId: null, title: '', agentId: null };
    expect(await home.refused('thread.create', { peerId: peerId(9), ...input })).toBe(
      'peer.not_found',
    );
    expect(await home.refused('thread.markRead', { threadId: nowhere })).toBe('thread.not_found');
  });

  it('can be muted and archived, and says so to what asks for attention', async () => {
    const thread = await home.thread();
    await home.must('thread.mute', { threadId: thread, muted: true });
    await home.must('thread.archive', { threadId: thread, archived: true });
    expect(view(thread)).toMatchObject({ muted: true, archived: true });
    await home.send(thread, 'hello');
    await home.clock.advance(500);
    expect(home.attention).toMatchObject([{ muted: true }]);
  });

  it('stands in its peer’s list by its newest activity', async () => {
    const a = await home.thread(1, 'a');
    const b = await home.thread(1, 'b');
    await home.send(a, 'hello');
    await home.clock.advance(500);
    await home.send(b, 'hello');
    await home.clock.advance(500);
    await home.send(a, 'again');
    expect(home.conversations.threadsOf(peerId()).map((t) => t.title)).toEqual(['a', 'b']);
  });

  it('adds up with the others of its peer', async () => {
    const thread = await home.thread();
    await home.send(await home.thread(), 'hello');
    await home.clock.advance(500);
    home.link.cut();
    await home.send(thread, 'waits');
    const totals = { unread: 1, waiting: 1, running: false };
    expect(home.conversations.peerTotals().get(peerId())).toMatchObject(totals);
    await home.crash();
    await home.start(false);
    expect(home.conversations.peerTotal(peerId())).toMatchObject(totals);
  });

  it('tells its peer, its list and its windows what changed, after it is stored', async () => {
    const thread = await home.thread();
    home.changes.length = 0;
    const id = await home.send(thread, 'hello');
    expect(home.changes).toContainEqual({ type: 'message', id, threadId: thread });
    expect(home.changes).toContainEqual({ type: 'thread', id: thread, peerId: peerId() });
    expect(home.changes).toContainEqual({ type: 'peer', id: peerId() });
  });
});

describe('deleting a thread', () => {
  const rows = (table: string): number | undefined =>
    home.store.prepare<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).get()?.n;

  it('hides it at once, and brings it back within ten seconds', async () => {
    const thread = await home.thread();
    home.link.cut();
    const id = await home.send(thread, 'hello');
    const { undoMs } = await home.must('thread.delete', { threadId: thread });
    expect(undoMs).toBe(10_000);
    expect(view(thread)).toBeNull();
    expect(home.conversations.threadsOf(peerId())).toEqual([]);
    expect(home.conversations.peerTotal(peerId()).waiting).toBe(0);
    home.link.connect();
    await home.clock.advance(9_000);
    expect(home.link.sends).toHaveLength(0);
    await home.must('thread.restore', { threadId: thread });
    await home.clock.advance(1_000);
    expect(home.state(id)).toBe('answered');
  });

  it('deletes it for good after that, with all that belongs to it', async () => {
    const thread = await home.thread();
    for (let n = 0; n < 250; n++) await home.send(thread, `message ${n}`);
    await home.clock.advance(20_000);
    await home.must('thread.delete', { threadId: thread });
    await home.clock.advance(11_000);
    expect(await home.refused('thread.restore', { threadId: thread })).toBe('thread.undo_expired');
    for (const table of ['threads', 'messages', 'attempts', 'streams']) {
      expect(rows(table), table).toBe(0);
    }
    expect(home.link.watched).toEqual([]);
  });

  it('leaves no message as it was written, neither in the database nor in its log', async () => {
    const thread = await home.thread();
    await home.send(thread, 'The heron lands at seven.');
    await home.clock.advance(5_000);
    expect(stored('heron lands')).toEqual(['peerage.db-wal']);
    await home.must('thread.delete', { threadId: thread });
    await home.clock.advance(11_000);
    expect(stored('heron lands')).toEqual([]);
  });

  it('leaves none of its words in the search index either, and takes no other thread out of it', async () => {
    const kept = await home.thread();
    const thread = await home.thread();
    for (const n of [1, 2, 3]) await home.send(kept, `The reed warbler, number ${n}.`);
    await home.send(thread, 'Hello');
    await home.send(thread, 'The quagga never came back.');
    for (const n of [4, 5]) await home.send(kept, `The reed warbler, number ${n}.`);
    await home.clock.advance(5_000);
    await home.store.scrub();
    expect(stored('quagga')).toEqual(['peerage.db']);
    await home.must('thread.delete', { threadId: thread });
    await home.clock.advance(11_000);
    expect(stored('quagga')).toEqual([]);
    const found = await home.must('search.messages', { text: 'warbler', cursor: null });
    // Each message, and the peer's echo of it.
    expect(found.hits).toHaveLength(10);
  });

  it('is finished by the next start where the app stopped before', async () => {
    const thread = await home.thread();
    await home.send(thread, 'hello');
    await home.must('thread.delete', { threadId: thread });
    await home.crash();
    await home.start();
    await home.clock.advance(1_000);
    expect(rows('threads')).toBe(0);
  });

  it('leaves the newest of the others to stand for the peer', async () => {
    const [older, newer] = [await home.thread(), await home.thread()];
    await home.send(older, 'Look after   the herons,\nplease.');
    await home.clock.advance(1_000);
    await home.send(newer, 'x'.repeat(200));
    const said = () => home.conversations.peerTotal(peerId()).preview;
    expect(said()).toBe('x'.repeat(80));
    await home.must('thread.delete', { threadId: newer });
    expect(said()).toBe('echo: Look after the herons, please.');
  });

  it('of a peer takes all of its threads', async () => {
    await home.send(await home.thread(), 'one');
    await home.send(await home.thread(), 'two herons');
    const purged = home.conversations.purgePeer(peerId());
    await home.clock.advance(1_000);
    await purged;
    expect(stored('two herons')).toEqual([]);
    expect([rows('threads'), rows('messages')]).toEqual([0, 0]);
    expect(home.conversations.peerTotal(peerId()).lastActivityAt).toBeNull();
  });
});

describe('a draft', () => {
  it('survives, with a revision that grows', async () => {
    const thread = await home.thread();
    const save = (text: string, revision: number) =>
      home.must('thread.saveDraft', { threadId: thread, text, revision });
    expect(await save('one', 0)).toEqual({ draft: { text: 'one', revision: 1 }, conflict: false });
    await save('one two', 1);
    await home.crash();
    await home.start();
    expect(view(thread)?.draft).toEqual({ text: 'one two', revision: 2 });
  });

  it('keeps the lines that look like a secret in memory only, and the rest for good', async () => {
    const thread = await home.thread();
    const token = `ghp_${'aB3dE6gH9jK2mN5pQ8sT'.repeat(2).slice(0, 36)}`;
    const text = `Use this one:\nTOKEN=${token}\nand tell me`;
    const save = (draft: string, revision: number) =>
      home.must('thread.saveDraft', { threadId: thread, text: draft, revision });
    expect((await save(text, 0)).draft).toEqual({ text, revision: 1 });
    expect(view(thread)?.draft).toEqual({ text, revision: 1 });
    expect(stored(token)).toEqual([]);
    await save(`${text} soon`, 1);
    expect(view(thread)?.draft).toEqual({ text: `${text} soon`, revision: 2 });
    await home.crash();
    await home.start();
    expect(view(thread)?.draft).toEqual({ text: 'Use this one:\nand tell me soon', revision: 2 });
  });

  it('keeps the lines beside one that looks like two secrets', async () => {
    const thread = await home.thread();
    const token = `ghp_${'aB3dE6gH9jK2mN5pQ8sT'.repeat(2).slice(0, 36)}`;
    const text = `One\n${token} or ${token}\nTwo\nThree`;
    await home.must('thread.saveDraft', { threadId: thread, text, revision: 0 });
    await home.crash();
    await home.start();
    expect(view(thread)?.draft.text).toBe('One\nTwo\nThree');
  });

  it('is written down again once what looked like a secret is out of it', async () => {
    const thread = await home.thread();
    const save = (text: string, revision: number) =>
      home.must('thread.saveDraft', { threadId: thread, text, revision });
    await save(`key ghp_${'aB3dE6gH9jK2mN5pQ8sT'.repeat(2).slice(0, 36)}`, 0);
    await save('no key', 1);
    await home.crash();
    await home.start();
    expect(view(thread)?.draft).toEqual({ text: 'no key', revision: 2 });
  });

  it('that two windows wrote keeps both texts', async () => {
    const thread = await home.thread();
    const save = (text: string, revision: number) =>
      home.must('thread.saveDraft', { threadId: thread, text, revision });
    await save('from the left', 0);
    const both = await save('from the right', 0);
    expect(both).toEqual({
      draft: { text: 'from the left\n\nfrom the right', revision: 2 },
      conflict: true,
    });
  });

  it('never loses a text, whoever saves when', () => {
    const save = fc.record({ text: fc.string(), revision: fc.nat(5) });
    fc.assert(
      fc.property(fc.record({ text: fc.string(), revision: fc.nat(5) }), save, (now, next) => {
        const { draft } = saveDraft(now, next.text, next.revision);
        expect(draft.text.includes(next.text)).toBe(true);
        if (next.revision !== now.revision) expect(draft.text.includes(now.text)).toBe(true);
        expect(draft.revision).toBeGreaterThanOrEqual(now.revision);
      }),
    );
  });
});

describe('pages', () => {
  it('show the newest hundred, and every other message once on the way back', async () => {
    const thread = await home.thread();
    home.link.cut();
    for (let n = 1; n <= 250; n++) await home.send(thread, `message ${n}`);
    const open = await home.must('thread.open', { threadId: thread, around: null });
    let page = open.page;
    expect([page.messages.length, page.hasOlder, page.hasNewer]).toEqual([100, true, false]);
    const bodies = page.messages.map((message) => message.body);
    while (page.hasOlder) {
      const from = page.messages[0]?.order ?? 0;
      page = await home.must('thread.page', { threadId: thread, from, direction: 'older' });
      expect(page.hasNewer).toBe(true);
      bodies.unshift(...page.messages.map((message) => message.body));
    }
    expect(bodies).toEqual(Array.from({ length: 250 }, (_, n) => `message ${n + 1}`));
    const newer = await home.must('thread.page', {
      threadId: thread,
      from: 50,
      direction: 'newer',
    });
    expect([newer.messages[0]?.order, newer.hasOlder, newer.hasNewer]).toEqual([51, true, true]);
  });

  it('open around a message', async () => {
    const thread = await home.thread();
    home.link.cut();
    const ids = [];
    for (let n = 1; n <= 250; n++) ids.push(await home.send(thread, `message ${n}`));
    const around = ids[119] ?? null;
    const { page } = await home.must('thread.open', { threadId: thread, around });
    expect(page.messages.map((m) => m.id)).toContain(around);
    expect([page.messages[0]?.order, page.messages.at(-1)?.order]).toEqual([70, 169]);
    expect([page.hasOlder, page.hasNewer]).toEqual([true, true]);
  });
});

describe('retention', () => {
  const day = 24 * 3_600_000;

  it('deletes what is older, does not let a history bring it back, and keeps counters true', async () => {
    const thread = await home.thread();
    for (let n = 0; n < 3; n++) await home.send(thread, `old ${n}`);
    await home.clock.advance(5_000);
    home.gateway.foreign(home.link.sessionKeyFor(thread, null), 'old foreign');
    await home.clock.advance(1_000);
    home.clock.jump(10 * day);
    await home.send(thread, 'young');
    await home.clock.advance(1_000);
    expect(view(thread)?.unread).toBe(5);
    home.settings = { ...home.settings, retentionDays: 7 };
    const went = home.conversations.applyRetention();
    await home.clock.advance(100);
    expect(await went).toBe(7);
    expect(stored('old foreign')).toEqual([]);
    expect(stored('foreign')).toEqual([]);
    home.link.cut();
    home.link.connect();
    await home.clock.advance(1_000);
    expect(await home.read(thread)).toEqual(['> young [answered]', '< echo: young [complete]']);
    expect(view(thread)?.unread).toBe(1);
  });

  it('leaves alone what is still owed', async () => {
    const thread = await home.thread();
    home.link.cut();
    await home.send(thread, 'waits');
    home.settings = { ...home.settings, retentionDays: 1, giveUpHours: 720 };
    home.clock.jump(3 * day);
    expect(await home.conversations.applyRetention()).toBe(0);
    expect(await home.read(thread)).toEqual(['> waits [queued]']);
  });
});

describe('watching', () => {
  it('follows recent and open threads only, at most 64 of a link', async () => {
    const threads = [];
    for (let n = 0; n < 70; n++) threads.push(await home.thread(1, `thread ${n}`));
    expect(home.link.watched).toHaveLength(64);
    const first = threads[0];
    if (!first) throw new Error('no thread');
    await home.call('thread.open', { threadId: first, around: null }, 'window-2');
    expect(home.link.watched).toHaveLength(64);
    expect(home.link.watched).toContain(home.link.sessionKeyFor(first, null));
  });

  it('begins anew on a new link object', async () => {
    const thread = await home.thread();
    const before = home.link;
    await home.retarget();
    expect(home.link).not.toBe(before);
    expect(home.link.watched).toEqual([home.link.sessionKeyFor(thread, null)]);
    home.conversations.linkDetached(linkId());
    expect(home.link.watched).toEqual([]);
  });
});
