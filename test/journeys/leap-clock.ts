/** Real time that can also be skipped: the app runs as it does, and a test need not wait for hours. */
import type { Cancel, Clock } from '../../electron/clock/clock.ts';

export interface LeapClock extends Clock {
  /** Cuts waits short: whatever falls due within `ms` runs now, in order. The wall clock stays. */
  leap(ms: number): Promise<void>;
  /** The lid is closed for `ms`: the wall clock moves, no timer runs, and waking is told. */
  sleep(ms: number): void;
  stop(): void;
}

interface Entry {
  due: number;
  readonly task: () => void;
  readonly periodMs: number | null;
  handle: NodeJS.Timeout | undefined;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A clock for one app. */
export function leapClock(): LeapClock {
  const entries = new Set<Entry>();
  const listeners = new Set<(gapMs: number) => void>();
  let skipped = 0;
  let asleep = 0;
  const monotonic = (): number => performance.now() + skipped;

  const fire = (entry: Entry): void => {
    clearTimeout(entry.handle);
    if (!entries.has(entry)) return;
    if (entry.periodMs === null) entries.delete(entry);
    else {
      entry.due += entry.periodMs;
      arm(entry);
    }
    entry.task();
  };
  const arm = (entry: Entry): void => {
    clearTimeout(entry.handle);
    const wait = Math.min(Math.max(0, entry.due - monotonic()), 2 ** 31 - 1);
    entry.handle = setTimeout(() => fire(entry), wait);
    entry.handle.unref();
  };
  const add = (delayMs: number, task: () => void, periodMs: number | null): Cancel => {
    const due = monotonic() + Math.max(0, delayMs);
    const entry: Entry = { due, task, periodMs, handle: undefined };
    entries.add(entry);
    arm(entry);
    return () => {
      clearTimeout(entry.handle);
      entries.delete(entry);
    };
  };

  return {
    now: () => Date.now() + asleep,
    monotonic,
    after: (delayMs, task) => add(delayMs, task, null),
    every: (periodMs, task) => add(periodMs, task, periodMs),
    onWake: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    sleep: (ms) => {
      asleep += ms;
      for (const listener of [...listeners]) listener(ms);
    },
    leap: async (ms) => {
      const end = monotonic() + ms;
      for (;;) {
        const [next] = [...entries].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due);
        if (!next) break;
        skipped += Math.max(0, next.due - monotonic());
        fire(next);
        await turn();
      }
      skipped += Math.max(0, end - monotonic());
      for (const entry of entries) arm(entry);
    },
    stop: () => {
      for (const { handle } of entries) clearTimeout(handle);
      entries.clear();
    },
  };
}
