/** What is known of each lane beside its messages: what failed there, and until when it rests. */
import type { Cancel, Clock } from '../clock/clock.ts';
import type { MessageId, ThreadId } from '../contract/index.ts';

/** What is remembered of a lane until its outbox is empty; lost, harmlessly, with the app. */
export interface Lane {
  /** Attempts that came to nothing, one after the other. */
  failures: number;
  /** Nothing is tried before this, monotonic ms. */
  notBefore: number;
  timer: Cancel | null;
  /** The wire said that it cannot tell; asked again only after a new connection. */
  asked: MessageId | null;
}

/** The lanes of all threads, in memory. */
export interface Lanes {
  of(threadId: ThreadId): Lane;
  /** It waits until a certain time. */
  isResting(threadId: ThreadId): boolean;
  /** Nothing is tried for `ms`; then it is woken. */
  pause(threadId: ThreadId, ms: number): void;
  forget(threadId: ThreadId): void;
  stop(): void;
}

/** Makes them; a lane of which nothing is known is free. */
export function createLanes(clock: Clock, wake: (threadId: ThreadId) => void): Lanes {
  const lanes = new Map<ThreadId, Lane>();

  const of = (threadId: ThreadId): Lane => {
    let lane = lanes.get(threadId);
    if (!lane) {
      lane = { failures: 0, notBefore: Number.NEGATIVE_INFINITY, timer: null, asked: null };
      lanes.set(threadId, lane);
    }
    return lane;
  };
  const forget = (threadId: ThreadId): void => {
    lanes.get(threadId)?.timer?.();
    lanes.delete(threadId);
  };

  return {
    of,
    isResting: (threadId) => (lanes.get(threadId)?.notBefore ?? 0) > clock.monotonic(),
    pause: (threadId, ms) => {
      const lane = of(threadId);
      lane.timer?.();
      lane.notBefore = clock.monotonic() + ms;
      lane.timer = clock.after(ms, () => wake(threadId));
    },
    forget,
    stop: () => {
      for (const threadId of [...lanes.keys()]) forget(threadId);
    },
  };
}
