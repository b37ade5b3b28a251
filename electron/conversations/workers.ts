import type { ThreadId } from '../contract/index.ts';

/** The workers of all threads; one is there only while it has something to do. */
export interface Workers {
  /** There may be something to do in this thread. */
  wake(threadId: ThreadId): void;
  /** The thread's history should be read again, before anything else is sent. */
  catchUp(threadId: ThreadId): void;
  /** Takes a lane in which nobody works: `task` is its next step. @returns false where somebody does */
  take(threadId: ThreadId, task: () => Promise<boolean>): boolean;
  /** Resolves when nobody works. */
  idle(): Promise<void>;
}

/** What a worker does. What `step` or `catchUp` throws goes to `failed`. */
export interface WorkerTasks {
  /** Does one step of the lane. @returns whether there may be another one at once. */
  step(threadId: ThreadId): Promise<boolean>;
  catchUp(threadId: ThreadId): Promise<void>;
  failed(threadId: ThreadId, error: unknown): void;
}

/**
 * One worker per thread and never two: steps of a lane and readings of its history exclude each
 * other, so that what a history proves cannot be overtaken by a message that is just being sent.
 */
export function createWorkers(tasks: WorkerTasks): Workers {
  const wanted = new Map<ThreadId, { wake: boolean; catchUp: boolean }>();
  const working = new Map<ThreadId, Promise<void>>();

  const work = async (threadId: ThreadId, first?: () => Promise<boolean>): Promise<void> => {
    if (first) {
      try {
        if (await first()) want(threadId, 'wake');
      } catch (error) {
        tasks.failed(threadId, error);
      }
    }
    for (;;) {
      const want = wanted.get(threadId);
      wanted.delete(threadId);
      if (!want) return;
      try {
        if (want.catchUp) await tasks.catchUp(threadId);
        while (await tasks.step(threadId)) if (wanted.get(threadId)?.catchUp) break;
      } catch (error) {
        tasks.failed(threadId, error);
      }
    }
  };

  const want = (threadId: ThreadId, kind: 'wake' | 'catchUp'): void => {
    const now = wanted.get(threadId) ?? { wake: false, catchUp: false };
    now[kind] = true;
    wanted.set(threadId, now);
    if (!working.has(threadId)) begin(threadId);
  };

  const begin = (threadId: ThreadId, first?: () => Promise<boolean>): void => {
    const done = work(threadId, first).finally(() => {
      working.delete(threadId);
      if (wanted.has(threadId)) want(threadId, 'wake');
    });
    working.set(threadId, done);
  };

  return {
    wake: (threadId) => want(threadId, 'wake'),
    catchUp: (threadId) => want(threadId, 'catchUp'),
    take: (threadId, task) => {
      if (working.has(threadId)) return false;
      begin(threadId, task);
      return true;
    },
    idle: async () => {
      while (working.size > 0) await Promise.all(working.values());
    },
  };
}
