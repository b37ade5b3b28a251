import type { Cancel, Clock } from '../../electron/clock/clock.ts';

interface Entry {
  at: number;
  order: number;
  task: () => void;
  periodMs?: number;
}

/** A clock moved by hand. `advance` runs what falls due, in order, letting promises settle between. */
export interface FakeClock extends Clock {
  advance(ms: number): Promise<void>;
  /** Moves the wall clock only, as a wrong or corrected system clock does. */
  jump(ms: number): void;
  sleep(ms: number): Promise<void>;
  pending(): number;
}

/** @param startMs the wall clock's first reading, ms since the epoch. */
export function fakeClock(startMs = 1_800_000_000_000): FakeClock {
  let elapsed = 0;
  let wallOffset = startMs;
  let order = 0;
  const entries = new Set<Entry>();
  const listeners = new Set<(gapMs: number) => void>();

  const settle = async (): Promise<void> => {
    for (let i = 0; i < 5; i++) await new Promise<void>((resolve) => setImmediate(resolve));
  };
  const add = (entry: Entry): Cancel => {
    entries.add(entry);
    return () => entries.delete(entry);
  };
  const next = (limit: number): Entry | undefined =>
    [...entries].filter((e) => e.at <= limit).sort((a, b) => a.at - b.at || a.order - b.order)[0];

  const advance = async (ms: number): Promise<void> => {
    const end = elapsed + ms;
    await settle();
    for (let due = next(end); due; due = next(end)) {
      elapsed = Math.max(elapsed, due.at);
      if (due.periodMs === undefined) entries.delete(due);
      else due.at += Math.max(due.periodMs, 1);
      due.task();
      await settle();
    }
    elapsed = end;
  };

  return {
    // Whole ms, as Date.now tells them: waiting times may have fractions.
    now: () => Math.floor(wallOffset + elapsed),
    monotonic: () => elapsed,
    after: (delayMs, task) => add({ at: elapsed + Math.max(delayMs, 0), order: order++, task }),
    every: (periodMs, task) => add({ at: elapsed + periodMs, order: order++, task, periodMs }),
    onWake: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    advance,
    jump: (ms) => {
      wallOffset += ms;
    },
    sleep: async (ms) => {
      elapsed += ms;
      for (const listener of [...listeners]) listener(ms);
      await advance(0);
    },
    pending: () => entries.size,
  };
}
