/**
 * Limits of time by the injected clock. Beside `AbortSignal.timeout`, which waits in real time and is
 * kept alive until then, and `AbortSignal.any`, which a signal that lives long gathers: here everything
 * is let go once the work is over.
 */
import type { Clock } from './clock.ts';

/** A limit of time that can begin anew. */
export interface Deadline {
  /** Aborted when the time is up (with the reason given to {@link deadline}), or as an outer signal is. */
  readonly signal: AbortSignal;
  /** Begins anew: `ms` from now. */
  renew(ms: number): void;
  /** To be called when the work is over. Calling it twice is harmless. */
  done(): void;
}

/** What may end the work before its time: signals, where there are any. */
export type Outer = AbortSignal | readonly AbortSignal[] | null;

/** Begins a limit of time. @param ms from now. @param reason what the signal is aborted with then. */
export function deadline(
  clock: Clock,
  ms: number,
  outer: Outer = null,
  reason?: unknown,
): Deadline {
  const own = new AbortController();
  const outers = outer === null ? [] : outer instanceof AbortSignal ? [outer] : outer;
  const follow = (event: Event): void => own.abort((event.target as AbortSignal).reason);
  for (const signal of outers) {
    if (signal.aborted) own.abort(signal.reason);
    else signal.addEventListener('abort', follow);
  }
  const arm = (left: number) => clock.after(left, () => own.abort(reason));
  let cancel = arm(ms);
  return {
    signal: own.signal,
    renew: (left) => {
      cancel();
      cancel = arm(left);
    },
    done: () => {
      cancel();
      for (const signal of outers) signal.removeEventListener('abort', follow);
    },
  };
}

/** Runs a task within a limit of time, ms. The task is to end when its signal is aborted. */
export async function within<T>(
  clock: Clock,
  ms: number,
  outer: Outer,
  task: (signal: AbortSignal) => Promise<T>,
  reason?: unknown,
): Promise<T> {
  const held = deadline(clock, ms, outer, reason);
  try {
    return await task(held.signal);
  } finally {
    held.done();
  }
}
