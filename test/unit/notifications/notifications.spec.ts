import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  appError,
  type CallerContext,
  DEFAULT_SETTINGS,
  fail,
  type NoticeAction,
  NoticeView,
  ok,
  type Result,
  type Settings,
  ThreadId,
  type WindowFocus,
} from '../../../electron/contract/index.ts';
import {
  type Candidate,
  createNotifications,
  type Notifications,
} from '../../../electron/notifications/index.ts';
import { noticeText } from '../../../electron/notifications/policy.ts';
import { openStore, type Store } from '../../../electron/store/store.ts';
import { type FakeClock, fakeClock } from '../../fakes/clock.ts';

let folder: string;
let store: Store;
let clock: FakeClock;
let shown: NoticeView[];
let focus: WindowFocus;
let settings: Settings;
let notifications: Notifications;
let deeds: { action: string; text: string | null }[];
let answer: () => Promise<Result<unknown>>;

const threadId = ThreadId.parse('01900000-0000-7000-8000-000000000001');
const otherThread = ThreadId.parse('01900000-0000-7000-8000-000000000002');
const context: CallerContext = {
  door: 'window',
  connectionId: 'w',
  signal: new AbortController().signal,
};

const build = (): Notifications =>
  createNotifications({
    store,
    clock,
    changed: () => {},
    focus: () => focus,
    settings: () => settings,
    present: (notice) => shown.push(notice),
    perform: ({ action, text }) => {
      deeds.push({ action: action.id, text });
      return answer();
    },
    log: (line) => {
      throw new Error(line);
    },
  });

const message = (text: string, more: Partial<Candidate> = {}): Candidate => ({
  kind: 'message',
  subject: `thread:${threadId}`,
  title: 'Ada',
  text,
  peerId: null,
  threadId,
  messageId: null,
  muted: false,
  actions: [],
  ...more,
});

const offer = async (candidate: Candidate): Promise<void> => {
  notifications.offer(candidate);
  await notifications.idle();
};

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'peerage-notices-'));
  store = openStore(folder, 0);
  clock = fakeClock();
  shown = [];
  deeds = [];
  answer = async () => ok({});
  focus = { focused: false, peerId: null, threadId: null };
  settings = DEFAULT_SETTINGS;
  notifications = build();
});

afterEach(async () => {
  await store.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

describe('an incoming message', () => {
  it('is shown, listed and kept over a restart', async () => {
    await offer(message('hello'));
    expect(shown).toMatchObject([{ title: 'Ada', text: 'hello', read: false, threadId }]);
    expect(build().list()).toEqual(shown);
    expect(NoticeView.parse(shown[0])).toEqual(shown[0]);
  });

  it('is quiet where the person looks at its thread', async () => {
    focus = { focused: true, peerId: null, threadId };
    await offer(message('hello'));
    expect(notifications.list()).toEqual([]);
    await offer(message('hello', { threadId: otherThread, subject: `thread:${otherThread}` }));
    expect(notifications.list()).toHaveLength(1);
  });

  it('is not quiet where the thread is open in a window behind others', async () => {
    focus = { focused: false, peerId: null, threadId };
    await offer(message('hello'));
    expect(shown).toHaveLength(1);
  });

  it('of a muted thread is quiet', async () => {
    await offer(message('hello', { muted: true }));
    expect(notifications.list()).toEqual([]);
  });

  it('is listed and not shown where notifications are off', async () => {
    settings = { ...settings, notifications: false };
    await offer(message('hello'));
    expect(shown).toEqual([]);
    expect(notifications.list()).toHaveLength(1);
  });
});

describe('several about the same', () => {
  it('become one, with their number and the newest text', async () => {
    await offer(message('one'));
    await offer(message('other', { subject: `thread:${otherThread}` }));
    await offer(message('two'));
    expect(notifications.list().map((notice) => notice.text)).toEqual(['2 new: two', 'other']);
  });

  it('disturb at most once in five seconds', async () => {
    await offer(message('one'));
    await offer(message('two'));
    await clock.advance(5_000);
    await offer(message('three'));
    expect(shown.map((notice) => notice.text)).toEqual(['one', '3 new: three']);
  });

  it('begin anew once they were read', async () => {
    await offer(message('one'));
    await notifications.handlers['notice.read']({ noticeId: null }, context);
    await offer(message('two'));
    expect(notifications.list().map((n) => [n.text, n.read])).toEqual([
      ['two', false],
      ['one', true],
    ]);
  });

  it('are read when their thread was', async () => {
    await offer(message('one'));
    await offer(message('two', { subject: `thread:${otherThread}` }));
    notifications.settle(`thread:${threadId}`);
    await notifications.idle();
    expect(notifications.list().map((n) => n.read)).toEqual([false, true]);
  });
});

describe('a problem', () => {
  it('that comes again stays one notice with its own text', async () => {
    const problem = { kind: 'problem', subject: 'warning:a', threadId: null } as const;
    await offer(message('the peer is gone', problem));
    await offer(message('the peer is gone', problem));
    expect(notifications.list().map((n) => n.text)).toEqual(['the peer is gone']);
  });

  it('in a muted thread is listed only', async () => {
    await offer(message('failed', { kind: 'problem', muted: true }));
    expect(shown).toEqual([]);
    expect(notifications.list()).toHaveLength(1);
  });
});

describe('an action of a notice', () => {
  const reply: NoticeAction = {
    kind: 'reply',
    id: 'reply',
    label: 'Reply',
    placeholder: 'Write a reply',
    call: 'message.send',
    input: { threadId },
  };
  const act = (text: string | null, actionId = 'reply') => {
    const [notice] = notifications.list();
    if (!notice) throw new Error('there is no notice');
    return notifications.handlers['notice.act']({ noticeId: notice.id, actionId, text }, context);
  };
  const offered = (): Promise<void> => offer(message('hello', { actions: [reply] }));

  it('is offered until it was done, and over a restart', async () => {
    await offered();
    expect(build().list()).toMatchObject([{ actions: [reply], acted: null }]);
    expect(await act('hi')).toEqual(ok({ outcome: 'done' }));
    expect(deeds).toEqual([{ action: 'reply', text: 'hi' }]);
    expect(build().list()).toMatchObject([{ actions: [], acted: 'Reply', read: true }]);
  });

  it('is done once, however often and wherever it is clicked', async () => {
    await offered();
    const answers = await Promise.all([act('one'), act('two'), act('three')]);
    answers.push(await act('four'));
    expect(answers.map((one) => one.ok && one.value.outcome)).toEqual([
      'done',
      'done_before',
      'done_before',
      'done_before',
    ]);
    expect(deeds).toEqual([{ action: 'reply', text: 'one' }]);
  });

  it('that failed may be tried again', async () => {
    await offered();
    answer = async () => fail(appError('message.too_large', ''));
    expect(await act('long')).toMatchObject({ ok: false, error: { code: 'message.too_large' } });
    expect(notifications.list()).toMatchObject([{ actions: [reply], read: false }]);
    answer = async () => ok({});
    expect(await act('short')).toEqual(ok({ outcome: 'done' }));
  });

  it('that is none of it, or whose notice is gone, is refused by name', async () => {
    await offered();
    expect(await act(null, 'accept')).toMatchObject({ error: { code: 'notice.not_found' } });
    const gone = { noticeId: threadId as never, actionId: 'reply', text: 'x' };
    expect(await notifications.handlers['notice.act'](gone, context)).toMatchObject({
      error: { code: 'notice.not_found' },
    });
    expect(deeds).toEqual([]);
  });

  it('of a later version is not offered', async () => {
    await offered();
    const later = JSON.stringify([{ kind: 'swipe', id: 'x' }]);
    await store.write(() => {
      store.prepare<never, [string]>('UPDATE notices SET actions = ?').run(later);
    });
    expect(build().list()).toMatchObject([{ text: 'hello', actions: [] }]);
  });
});

describe('the list', () => {
  it('keeps the newest hundred', async () => {
    for (let n = 0; n < 105; n++) await offer(message(`no ${n}`, { subject: `warning:${n}` }));
    const texts = notifications.list().map((notice) => notice.text);
    expect(texts).toHaveLength(100);
    expect([texts[0], texts.at(-1)]).toEqual(['no 104', 'no 5']);
  });
});

describe('the text of a notice', () => {
  it.each([
    ['**bold** and `code`', 'bold and code'],
    ['# Title\n\n- one\n- two', 'Title one two'],
    ['see [the page](https://example.test/x)', 'see the page'],
    ['```ts\nlet a = 1;\n```', 'let a = 1;'],
    ['2 * 3 * 4 and snake_case', '2 * 3 * 4 and snake_case'],
    ['right\u202eleft\u0007', 'right left'],
  ])('of %j is %j', (markdown, plain) => {
    expect(noticeText(markdown)).toBe(plain);
  });

  it('is one line of at most 200 units, whole characters only, whatever came', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 1_000 }), (text) => {
        const line = noticeText(text);
        expect(line.length).toBeLessThanOrEqual(200);
        expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
        expect(line.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe('what a window shows by itself', () => {
  it('is kept without a call while a window has the focus, and calls with its urgency and place else', async () => {
    const work = { subject: 'delegation:1', threadId: null, quietInFocus: true } as const;
    focus = { focused: true, peerId: null, threadId: null };
    notifications.offer(message('Tidy up', { ...work, to: 'inbox', urgency: 'critical' }));
    await notifications.idle();
    expect(shown).toEqual([]);
    expect(notifications.list()).toMatchObject([{ to: 'inbox', urgency: 'critical', read: false }]);
    focus = { focused: false, peerId: null, threadId: null };
    notifications.offer(message('Again', { ...work, subject: 'delegation:2', to: 'inbox' }));
    await notifications.idle();
    expect(shown).toMatchObject([{ to: 'inbox' }]);
    expect(shown[0]?.urgency).toBeUndefined();
  });
});
