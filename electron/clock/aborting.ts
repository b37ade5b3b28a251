/**
 * Hearing that a signal was aborted. An event target looks through all its listeners with each one
 * that comes or goes, so a thousand requests under the one signal of the app would cost a million
 * looks: here a signal has one listener, however many wait for it.
 */
import type { Cancel } from './clock.ts';

const waiting = new WeakMap<AbortSignal, Set<() => void>>();

function gather(signal: AbortSignal): Set<() => void> {
  const tasks = new Set<() => void>();
  waiting.set(signal, tasks);
  signal.addEventListener(
    'abort',
    () => {
      waiting.delete(signal);
      for (const task of tasks) task();
      tasks.clear();
    },
    { once: true },
  );
  return tasks;
}

/**
 * Runs `task` once when the signal is aborted, at once where it was already. `task` must not throw.
 * @returns takes `task` out again.
 */
export function onAbort(signal: AbortSignal, task: () => void): Cancel {
  if (signal.aborted) {
    task();
    return () => undefined;
  }
  const tasks = waiting.get(signal) ?? gather(signal);
  // A task may be given twice: each is its own.
  const entry = (): void => task();
  tasks.add(entry);
  return () => void tasks.delete(entry);
}

/**
 * Runs a task under a signal that is aborted as soon as one of these is. Beside `AbortSignal.any`, of
 * which a signal that lives long keeps every one that was made: here all is let go once the task is over.
 */
export async function underAll<T>(
  signals: readonly AbortSignal[],
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const own = new AbortController();
  const leave = signals.map((signal) => onAbort(signal, () => own.abort(signal.reason)));
  try {
    return await task(own.signal);
  } finally {
    for (const cancel of leave) cancel();
  }
}
