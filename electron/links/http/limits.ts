/** How long the parts of talking to an agent may take, ms, and how to hold them to it. */
import type { Clock } from '../../clock/clock.ts';
import { type Deadline, deadline, within as withinDeadline } from '../../clock/deadline.ts';
import { TIME_IS_UP } from './http-failure.ts';

/** A card, a question about a task, a wish to cancel. */
export const ASK_MS = 15_000;
/** An agent that ignores `returnImmediately` answers when its work is done. */
export const SEND_MS = 5 * 60_000;
/** A stream in which nothing happens is let go, and the task is asked for instead. */
export const IDLE_MS = 2 * 60_000;

/** Begins a limit of time, which ends with {@link TIME_IS_UP}. */
export const limit = (clock: Clock, ms: number, outer: AbortSignal): Deadline =>
  deadline(clock, ms, outer, TIME_IS_UP);

/** Runs a task within a limit of time, which ends with {@link TIME_IS_UP}. */
export const within = <T>(
  clock: Clock,
  ms: number,
  outer: AbortSignal,
  task: (signal: AbortSignal) => Promise<T>,
): Promise<T> => withinDeadline(clock, ms, outer, task, TIME_IS_UP);
