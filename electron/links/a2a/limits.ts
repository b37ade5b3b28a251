/** How long the parts of talking to an agent may take, ms, and how to hold them to it. */
import type { Clock } from '../../clock/clock.ts';
import { TIME_IS_UP } from './http-failure.ts';

/** A card, a question about a task, a wish to cancel. */
export const ASK_MS = 15_000;
/** An agent that ignores `returnImmediately` answers when its work is done. */
export const SEND_MS = 5 * 60_000;
/** A stream in which nothing happens is let go, and the task is asked for instead. */
export const IDLE_MS = 2 * 60_000;

/** A limit of time that can begin anew. */
export interface Limit {
  /** Aborted with {@link TIME_IS_UP}, or as the outer signal is. */
  readonly signal: AbortSignal;
  renew(ms: number): void;
  done(): void;
}

/** Begins a limit of time by the injected clock. */
export function limit(clock: Clock, ms: number, outer: AbortSignal): Limit {
  const own = new AbortController();
  const arm = (left: number) => clock.after(left, () => own.abort(TIME_IS_UP));
  let cancel = arm(ms);
  return {
    signal: AbortSignal.any([own.signal, outer]),
    renew: (left) => {
      cancel();
      cancel = arm(left);
    },
    done: () => cancel(),
  };
}

/** Runs a task within a limit of time. */
export async function within<T>(
  clock: Clock,
  ms: number,
  outer: AbortSignal,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const held = limit(clock, ms, outer);
  try {
    return await task(held.signal);
  } finally {
    held.done();
  }
}
