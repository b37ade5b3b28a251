/** What the shell does with the system's notifications, beside showing them. */
import type { EventEmitter } from 'node:events';
import { beforeEach, expect, test, vi } from 'vitest';
import type { NoticeView } from '../../../electron/contract/index.ts';
import { uuid } from './fake-app.ts';

const system = vi.hoisted(() => ({ up: [] as unknown[] }));
vi.mock('electron', async () => {
  const { EventEmitter: Events } = await import('node:events');
  class Notification extends Events {
    static isSupported = () => true;
    readonly options: object;
    constructor(options: object) {
      super();
      this.options = options;
    }
    show(): void {
      system.up.push(this);
    }
    close(): void {
      system.up = system.up.filter((one) => one !== this);
    }
  }
  return { Notification };
});
const { Toasts } = await import('../../../electron/shell/desktop/toasts.ts');

const notice = (n: number): NoticeView => ({
  ...{ id: uuid(n) as NoticeView['id'], kind: 'message', title: `Notice ${n}`, text: 'hello' },
  ...{
    at: 0,
    read: false,
    peerId: null,
    threadId: null,
    messageId: null,
    actions: [],
    acted: null,
  },
});

function house() {
  const told: string[] = [];
  const toasts = new Toasts(
    {
      read: (key) => ({ type: 'notice', id: key, value: { ...notice(1), read: true } }) as never,
      handlers: {} as never,
      log: (line) => void told.push(line),
    },
    { open: (one) => void told.push(`open ${one.title}`), tell: () => {} },
  );
  return { toasts, told };
}
const up = (): EventEmitter[] => system.up as EventEmitter[];

beforeEach(() => {
  system.up = [];
});

test('a click that the system tells twice leads to the place once', () => {
  const { toasts, told } = house();
  toasts.present(notice(1));
  const [shown] = up();
  shown?.emit('click');
  shown?.emit('click');
  expect([told, up()]).toEqual([['open Notice 1'], []]);
});

test('what the system could not show is told to the log', () => {
  const { toasts, told } = house();
  toasts.present(notice(1));
  up()[0]?.emit('failed', {}, 'not allowed');
  expect(told).toEqual(['a notification was not shown: not allowed']);
});

test('many are not kept up at once: the oldest makes room', () => {
  const { toasts } = house();
  for (let n = 1; n <= 21; n++) toasts.present(notice(n));
  const titles = up().map((one) => (one as unknown as { options: NoticeView }).options.title);
  expect([titles.length, titles[0], titles.at(-1)]).toEqual([20, 'Notice 2', 'Notice 21']);
});

test('what was handled elsewhere is taken down', () => {
  const { toasts } = house();
  toasts.present(notice(1));
  toasts.changed({ type: 'notice', id: notice(1).id });
  expect(up()).toEqual([]);
});

test('the shell’s own words replace each other, and go with the app', () => {
  const { toasts } = house();
  toasts.say('One', 'first');
  toasts.say('Two', 'second');
  expect(up().map((one) => (one as unknown as { options: NoticeView }).options.title)).toEqual([
    'Two',
  ]);
  toasts.present(notice(1));
  toasts.closeAll();
  expect(up()).toEqual([]);
});
