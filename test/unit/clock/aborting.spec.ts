import { describe, expect, it, vi } from 'vitest';
import { onAbort, underAll } from '../../../electron/clock/aborting.ts';

describe('hearing that a signal was aborted', () => {
  it('runs every task once, in order', () => {
    const stop = new AbortController();
    const heard: number[] = [];
    for (const n of [1, 2, 3]) onAbort(stop.signal, () => heard.push(n));
    expect(heard).toEqual([]);
    stop.abort();
    stop.abort();
    expect(heard).toEqual([1, 2, 3]);
  });

  it('runs a task at once where the signal was aborted before', () => {
    const task = vi.fn();
    onAbort(AbortSignal.abort(), task);
    expect(task).toHaveBeenCalledOnce();
  });

  it('leaves out a task that was taken out, and only that one', () => {
    const stop = new AbortController();
    const task = vi.fn();
    const cancel = onAbort(stop.signal, task);
    onAbort(stop.signal, task);
    cancel();
    cancel();
    stop.abort();
    expect(task).toHaveBeenCalledOnce();
  });

  it('has one listener at the signal, however many wait, also after all of them went', () => {
    const stop = new AbortController();
    const add = vi.spyOn(stop.signal, 'addEventListener');
    for (let n = 0; n < 100; n++) onAbort(stop.signal, () => undefined)();
    onAbort(stop.signal, () => undefined);
    expect(add).toHaveBeenCalledOnce();
  });
});

describe('work under several signals', () => {
  const never = (signal: AbortSignal): Promise<string> =>
    new Promise((resolve) => onAbort(signal, () => resolve(String(signal.reason))));

  it('is told of the first that is aborted, and why', async () => {
    const [one, two] = [new AbortController(), new AbortController()];
    const work = underAll([one.signal, two.signal], never);
    two.abort('because');
    one.abort('too late');
    expect(await work).toBe('because');
  });

  it('is told at once of one that was aborted before', async () => {
    expect(await underAll([AbortSignal.abort('before')], never)).toBe('before');
  });

  it('leaves nothing behind at a signal that lives on', async () => {
    const stop = new AbortController();
    const add = vi.spyOn(stop.signal, 'addEventListener');
    const heard = vi.fn();
    for (let n = 0; n < 100; n++) {
      await underAll([stop.signal], async (signal) => {
        signal.addEventListener('abort', heard);
      });
    }
    stop.abort();
    expect(add).toHaveBeenCalledOnce();
    expect(heard).not.toHaveBeenCalled();
  });
});
