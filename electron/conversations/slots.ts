/** Lets at most `limit` tasks of one name run at a time; the others wait their turn. */
export function createSlots(
  limit: number,
): <T>(name: string, task: () => Promise<T>) => Promise<T> {
  const running = new Map<string, number>();
  const waiting = new Map<string, (() => void)[]>();
  return async (name, task) => {
    const count = running.get(name) ?? 0;
    if (count < limit) running.set(name, count + 1);
    else {
      const queue = waiting.get(name) ?? [];
      waiting.set(name, queue);
      await new Promise<void>((resolve) => queue.push(resolve));
    }
    try {
      return await task();
    } finally {
      const next = waiting.get(name)?.shift();
      // The place is handed on, so the count stays.
      if (next) next();
      else running.set(name, (running.get(name) ?? 1) - 1);
    }
  };
}
