import { describe, expect, it } from 'vitest';
import {
  appendText,
  dropMessage,
  joinPage,
  putMessage,
  windowOf,
} from '../../../renderer/store/message-window.ts';
import { message } from './samples.ts';

const page = (orders: number[], hasOlder = false, hasNewer = false) => ({
  messages: orders.map((order) => message(order)),
  hasOlder,
  hasNewer,
});
const orders = (window: { messages: readonly { order: number }[] }) =>
  window.messages.map((one) => one.order);

describe('a message window', () => {
  it('sorts by order, whatever the clocks say', () => {
    expect(orders(windowOf(page([3, 1, 2])))).toEqual([1, 2, 3]);
  });

  it('joins older and newer pages, and takes overlap once', () => {
    const middle = windowOf(page([5, 6], true, true));
    const older = joinPage(middle, page([3, 4, 5]), 'older');
    expect(orders(older)).toEqual([3, 4, 5, 6]);
    expect(older.hasOlder).toBe(false);
    expect(older.hasNewer).toBe(true);
    const both = joinPage(older, page([7], false, false), 'newer');
    expect(orders(both)).toEqual([3, 4, 5, 6, 7]);
    expect(both.hasNewer).toBe(false);
  });

  it('adds a new message at the end, and replaces a known one in its place', () => {
    const window = windowOf(page([1, 2]));
    expect(orders(putMessage(window, message(3)))).toEqual([1, 2, 3]);
    const changed = putMessage(window, message(1, 'changed'));
    expect(changed.messages[0]?.body).toBe('changed');
    expect(changed.messages[1]).toBe(window.messages[1]);
  });

  it('leaves out what lies beyond the loaded run, so that it stays unbroken', () => {
    const window = windowOf(page([10, 11], true, true));
    expect(putMessage(window, message(20))).toBe(window);
    expect(putMessage(window, message(2))).toBe(window);
  });

  it('puts a late one between', () => {
    expect(orders(putMessage(windowOf(page([1, 3])), message(2)))).toEqual([1, 2, 3]);
  });

  it('drops a message, and stays the same object where there is none', () => {
    const window = windowOf(page([1, 2]));
    expect(orders(dropMessage(window, message(1).id))).toEqual([2]);
    expect(dropMessage(window, 'nobody')).toBe(window);
  });

  it('appends exactly once: repeats are known, holes are a gap', () => {
    const window = windowOf({ ...page([]), messages: [message(1, 'abc')] });
    const { id } = message(1);
    const applied = appendText(window, id, 3, 'def');
    expect(applied.kind === 'applied' && applied.window.messages[0]?.body).toBe('abcdef');
    expect(appendText(window, id, 0, 'abc').kind).toBe('known');
    expect(appendText(window, id, 7, 'x').kind).toBe('gap');
    expect(appendText(window, id, 2, 'cd').kind).toBe('gap');
    expect(appendText(window, 'nobody', 0, 'x').kind).toBe('gap');
  });
});
