import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAppState } from '../../../electron/app/app-state.ts';
import { createOwnSessions } from '../../../electron/app/own-sessions.ts';
import { PeerId, type UnaskedView } from '../../../electron/contract/index.ts';
import { readWatchedRow } from '../../../electron/links/gateway/index.ts';
import { createUnaskedBook, type UnaskedBook } from '../../../electron/reception/index.ts';
import { recognise, type SeenRow } from '../../../electron/reception/unasked/recognise.ts';
import { openStore, type Store } from '../../../electron/store/store.ts';
import { type FakeClock, fakeClock } from '../../fakes/clock.ts';

const KEY = 'peerage:01934004-0000-7000-8000-000000000001';
const ORDER =
  '[Delegation] → Release notes\nPriority: high\nTask: Draft them.\nDeadline: 2026-11-22 09:00 UTC';
const row = (more: Partial<SeenRow> = {}): SeenRow => ({
  sessionKey: 'agent:main:main',
  remoteId: 'r1',
  role: 'user',
  text: ORDER,
  key: null,
  runId: null,
  at: null,
  senderLabel: 'Ben’s tray',
  channel: null,
  ...more,
});
const nothingOurs = () => false;
const BEN = PeerId.parse('01934001-0000-7000-8000-000000000002');

describe('a row of the own gateway', () => {
  it('is work by its tag, whoever claims to have written it', () => {
    expect(recognise(row(), nothingOurs)).toEqual({
      sender: 'Ben’s tray',
      verified: false,
      seenBy: 'tag',
      topic: 'Release notes',
      priority: 'high',
      deadlineAt: Date.UTC(2026, 10, 22, 9),
    });
  });

  it('is work by a Peerage’s key, but not by one of our own messages', () => {
    const one = row({ key: KEY, text: 'Please look at the build.' });
    expect(recognise(one, nothingOurs)).toMatchObject({
      seenBy: 'peerage',
      topic: 'Please look at the build.',
    });
    expect(recognise(one, () => true)).toBeNull();
  });

  it('is work in an A2A session of the gateway, with its verified sender', () => {
    const one = row({
      sessionKey: 'agent:main:a2a:default:direct:gwb:ctx1',
      text: 'What is the time?',
      channel: { name: 'a2a', sender: 'gwb' },
    });
    expect(recognise(one, nothingOurs)).toMatchObject({
      sender: 'gwb',
      verified: true,
      seenBy: 'a2a',
    });
  });

  it.each([
    ['the person’s own talk', { text: 'Good morning.' }],
    ['an answer', { role: 'assistant' }],
    ['what our reception handed over', { sessionKey: 'agent:main:peerage-in-0123', key: KEY }],
    ['an empty message', { key: KEY, text: ' ' }],
  ] as const)('is no work where it is %s', (_, more) => {
    expect(recognise(row(more), nothingOurs)).toBeNull();
  });

  it('is read as the gateway tells it', () => {
    const message = {
      role: 'user',
      content: [{ type: 'text', text: ORDER }],
      timestamp: 5,
      __openclaw: { id: 'm1', senderId: 'gwb', transport: { channel: 'a2a' } },
    };
    expect(readWatchedRow({ sessionKey: 'agent:main:main', message })).toMatchObject({
      remoteId: 'm1',
      role: 'user',
      text: ORDER,
      at: 5,
      channel: { name: 'a2a', sender: 'gwb' },
    });
    for (const odd of [null, {}, { sessionKey: 1, message }, { sessionKey: 's', message: 'x' }]) {
      expect(readWatchedRow(odd)).toBeNull();
    }
  });
});

describe('work that runs unasked', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'peerage-unasked-'));
  let store: Store;
  let clock: FakeClock;
  let book: UnaskedBook;
  let arrived: UnaskedView[];
  const open = (): void => {
    store = openStore(folder, 0);
    book = createUnaskedBook({
      store,
      clock,
      changed: () => undefined,
      ours: nothingOurs,
      peerOf: (sender) => (sender === 'Ben’s tray' ? BEN : null),
      arrived: (view) => arrived.push(view),
    });
  };
  beforeEach(() => {
    clock = fakeClock();
    arrived = [];
    fs.mkdirSync(folder, { recursive: true });
    open();
  });
  afterEach(async () => {
    await store.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });
  const all = (peerId: PeerId | null = null) =>
    book.board({
      which: 'all',
      search: '',
      peerId,
      priority: null,
      dueBefore: null,
      before: null,
      limit: 9,
    });
  const said = (text: string, more: Partial<SeenRow> = {}) =>
    row({ role: 'assistant', remoteId: 'r2', text, ...more });

  it('is told of once, is running, and is answered by what the agent says next', async () => {
    await book.take([row()]);
    await book.take([row()]);
    expect(arrived).toHaveLength(1);
    expect(book.open()).toMatchObject([
      { state: 'in_progress', agentId: 'main', topic: 'Release notes' },
    ]);
    await book.take([said('Status: in_progress\nReading.')]);
    expect(all()).toMatchObject([{ state: 'in_progress' }]);
    await book.take([said('Here they are.', { remoteId: 'r3' })]);
    expect(all()).toMatchObject([{ state: 'completed', answer: { text: 'Here they are.' } }]);
    expect(book.open()).toEqual([]);
  });

  it('is found by the peer whose name its sender bears, and by nobody else’s', async () => {
    await book.take([row()]);
    await clock.advance(5);
    await book.take([row({ remoteId: 'r9', senderLabel: 'Eve' })]);
    expect(all().map(({ sender, peerId }) => [sender, peerId])).toEqual([
      ['Eve', null],
      ['Ben’s tray', BEN],
    ]);
    expect(all(BEN).map(({ sender }) => sender)).toEqual(['Ben’s tray']);
    expect(all(PeerId.parse('01934001-0000-7000-8000-000000000003'))).toEqual([]);
  });

  it('is not answered by talk that somebody else began after it', async () => {
    await book.take([row(), row({ remoteId: 'r5', text: 'And the weather?' }), said('Rain.')]);
    expect(all()).toMatchObject([{ state: 'in_progress', answer: null }]);
  });

  it('is known again after a restart, when its session is read anew', async () => {
    await book.take([row()]);
    await store.close();
    open();
    expect(book.openSessions()).toEqual(['agent:main:main']);
    await book.take([row(), said('[failed] no disk')]);
    expect(all()).toMatchObject([{ state: 'failed' }]);
    expect(arrived).toHaveLength(1);
  });

  it('is heard of while the own gateway is a peer, is caught up with, and is stopped over there', async () => {
    let event: (name: string, payload: unknown) => void = () => undefined;
    const asked: [string, unknown][] = [];
    const histories: Record<string, unknown> = {
      'agent:main:night': { messages: [message('m9', ORDER, 200)] },
    };
    const admin = {
      serverVersion: '2026.9.6',
      bootId: null,
      ended: new Promise<void>(() => undefined),
      close: async () => undefined,
      request: async (method: string, params: object) => {
        asked.push([method, params]);
        if (method === 'sessions.list') {
          return { sessions: [{ key: 'agent:main:night', updatedAt: 200 }] };
        }
        if (method !== 'chat.history') return {};
        return histories[(params as { sessionKey: string }).sessionKey] ?? { messages: [] };
      },
    };
    let links = 0;
    const state = createAppState(store);
    await state.set('own_sessions_seen', 100);
    const ended: string[] = [];
    const sessions = createOwnSessions({
      clock,
      state,
      book,
      log: () => undefined,
      ended: (id) => ended.push(id),
      door: {
        links: () => Array.from({ length: links }) as never,
        open: async (_scopes, more) => {
          event = more?.onEvent ?? event;
          return admin;
        },
        within: async (_scopes, work) => work(admin),
      },
    });
    sessions.look();
    await clock.advance(100);
    expect(asked).toEqual([]);
    links = 1;
    sessions.look();
    await clock.advance(100);
    expect(asked[0]).toEqual(['sessions.subscribe', {}]);
    expect(book.open()).toMatchObject([{ sessionKey: 'agent:main:night' }]);
    event('session.message', { sessionKey: 'agent:main:main', message: message('m1', ORDER, 300) });
    await clock.advance(100);
    expect(book.open()).toHaveLength(2);
    const context = {
      door: 'window',
      connectionId: 'w',
      signal: new AbortController().signal,
    } as const;
    const delegationId = book.open().find((one) => one.sessionKey === 'agent:main:main')?.id;
    if (!delegationId) throw new Error('it was not seen');
    await sessions.handlers['unasked.stop']({ delegationId }, context);
    expect(asked.at(-1)).toEqual(['chat.abort', { sessionKey: 'agent:main:main' }]);
    expect(book.view(delegationId)?.state).toBe('cancelled');
    expect(ended).toEqual([delegationId]);
    sessions.stop();
  });
});

const message = (id: string, text: string, at: number) => ({
  role: 'user',
  content: text,
  timestamp: at,
  __openclaw: { id },
});
