/** Runs that went quiet: an end that a connection lost on the way stands in the peer's history. */
import type { Clock } from '../clock/clock.ts';
import type { ThreadId } from '../contract/index.ts';

/** A run of which nothing was heard for this long, while connected, is looked up. */
const SILENT_MS = 45_000;
const LOOK_EVERY_MS = 30_000;

/** Where runs are, and whom to ask about one that went quiet. */
export interface SilentRunsOptions {
  readonly clock: Clock;
  /** Threads in which a run is under way. */
  running(): Iterable<ThreadId>;
  /** When something of the thread was last heard, by the monotonic clock, ms. */
  heardAt(threadId: ThreadId): number;
  /** Asks for the thread's history. */
  ask(threadId: ThreadId): void;
}

/** Looks for them from time to time. @returns ends it. */
export function watchSilentRuns({ clock, running, heardAt, ask }: SilentRunsOptions): () => void {
  return clock.every(LOOK_EVERY_MS, () => {
    for (const threadId of running())
      if (clock.monotonic() - heardAt(threadId) > SILENT_MS) ask(threadId);
  });
}
