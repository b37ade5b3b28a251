import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ThreadId } from '../../../electron/contract/index.ts';
import { Home } from './home.ts';

const THEIRS = 'agent:main:theirs';
let home: Home;
let a: ThreadId;
let b: ThreadId;

/** Two threads that were made before their link could say in which session they live. */
beforeEach(async () => {
  home = new Home({ gateway: { partMs: 10_000 } });
  a = await home.thread();
  b = await home.thread();
  await home.start();
  home.link.picked = THEIRS;
});
afterEach(() => home.remove());

const sent = (): string[] => home.link.sends.map((send) => send.text);

describe('two threads in one session of theirs', () => {
  it('send one after the other, as one lane', async () => {
    const first = await home.send(a, 'one');
    const second = await home.send(b, 'two');
    await home.clock.advance(20_000);
    expect(sent()).toEqual(['one']);
    await home.clock.advance(60_000);
    expect([home.state(first), home.state(second)]).toEqual(['answered', 'answered']);
    expect(sent()).toEqual(['one', 'two']);
  });

  it('go on when the thread that was in the way is deleted', async () => {
    await home.send(a, 'one');
    await home.clock.advance(100);
    const second = await home.send(b, 'two');
    await home.must('thread.delete', { threadId: a });
    await home.clock.advance(60_000);
    expect(home.state(second)).toBe('answered');
  });

  it('show each their own messages and answers only', async () => {
    await home.send(a, 'one');
    await home.send(b, 'two');
    await home.clock.advance(90_000);
    home.link.cut();
    home.link.connect();
    await home.clock.advance(1_000);
    expect(await home.read(a)).toEqual(['> one [answered]', '< echo: one [complete]']);
    expect(await home.read(b)).toEqual(['> two [answered]', '< echo: two [complete]']);
  });
});

describe('a new thread on a session that a thread shows already', () => {
  it('is that thread, taken out of the archive', async () => {
    await home.send(a, 'one');
    await home.clock.advance(60_000);
    await home.must('thread.archive', { threadId: a, archived: true });
    expect(await home.thread()).toBe(a);
    expect(home.conversations.threadView(a)?.archived).toBe(false);
  });

  it('is another one where each thread has a session of its own', async () => {
    home.link.picked = null;
    expect(await home.thread()).not.toBe(await home.thread());
  });
});
