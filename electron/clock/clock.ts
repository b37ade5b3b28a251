/**
 * Time as a dependency. Services take a {@link Clock} instead of calling timers, so that a test can
 * move time by hand, and so that waking from sleep is an event that they can hear.
 */

/** Cancels what it was returned for. Calling it twice is harmless. */
export type Cancel = () => void;

/** The time, timers, and waking from sleep. Real ones in the app, moved by hand in tests. */
export interface Clock {
  /** Wall clock, ms since the Unix epoch. For showing and for comparing with other machines. */
  now(): number;
  /** Never goes back, ms. For durations. */
  monotonic(): number;
  /** Runs `task` once, after at least `delayMs`. Does not keep the process alive. */
  after(delayMs: number, task: () => void): Cancel;
  /** Runs `task` every `periodMs`. Does not keep the process alive. */
  every(periodMs: number, task: () => void): Cancel;
  /** Called after the machine slept or time jumped, with the gap in ms. */
  onWake(listener: (gapMs: number) => void): Cancel;
}

/** A gap between two ticks of this many ms more than expected counts as sleep. */
const WAKE_GAP_MS = 15_000;
const TICK_MS = 5_000;
/** Node's timers overflow beyond this (2^31 - 1 ms): longer waits are cut into pieces. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** The real clock: Node's timers, and sleep noticed by a tick that came far too late. */
export function systemClock(): Clock & { stop(): void; wake(gapMs: number): void } {
  const listeners = new Set<(gapMs: number) => void>();
  let last = Date.now();
  const wake = (gapMs: number): void => {
    for (const listener of [...listeners]) listener(gapMs);
  };
  const tick = setInterval(() => {
    const now = Date.now();
    const gap = now - last - TICK_MS;
    last = now;
    if (gap > WAKE_GAP_MS) wake(gap);
  }, TICK_MS);
  tick.unref();

  const after = (delayMs: number, task: () => void): Cancel => {
    let handle: NodeJS.Timeout;
    const arm = (left: number): void => {
      const step = Math.min(Math.max(left, 0), LONGEST_TIMER_MS);
      handle = setTimeout(() => (left > step ? arm(left - step) : task()), step);
      handle.unref();
    };
    arm(delayMs);
    return () => clearTimeout(handle);
  };

  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    after,
    every: (periodMs, task) => {
      const handle = setInterval(task, periodMs);
      handle.unref();
      return () => clearInterval(handle);
    },
    onWake: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    wake,
    stop: () => clearInterval(tick),
  };
}
