import type { Cancel, Clock } from '../clock/clock.ts';
import type { Ledger } from './ledger.ts';
import type { Transaction } from './transaction.ts';

/** At most one commit in this time for what comes in, ms. */
const GROUP_MS = 20;

/** Writes that nobody waits for one by one. */
export interface GroupedWrites {
  /** Runs `task` with others of the next {@link GROUP_MS}: in order, in one commit, each for itself. */
  add(task: (tx: Transaction) => void): void;
  /** Runs what waits, now. Resolves when it is on the disk. */
  flush(): Promise<void>;
}

/**
 * Writes of what comes in, gathered: the first goes at once, and while they keep coming they share
 * commits, so that a thousand events a second cost fifty, not a thousand.
 */
export function groupedWrites(
  ledger: Ledger,
  clock: Clock,
  log: (line: string) => void,
): GroupedWrites {
  let waiting: ((tx: Transaction) => void)[] = [];
  let timer: Cancel | null = null;
  let lastAt = Number.NEGATIVE_INFINITY;

  const flush = async (): Promise<void> => {
    timer?.();
    timer = null;
    lastAt = clock.monotonic();
    const tasks = waiting;
    waiting = [];
    const results = await Promise.allSettled(tasks.map((task) => ledger.write(task)));
    for (const result of results) {
      if (result.status === 'rejected') log(`an incoming change was not stored: ${result.reason}`);
    }
  };

  return {
    add: (task) => {
      waiting.push(task);
      if (timer) return;
      const since = clock.monotonic() - lastAt;
      if (since >= GROUP_MS && waiting.length === 1) void flush();
      else timer = clock.after(Math.max(0, GROUP_MS - since), () => void flush());
    },
    flush,
  };
}
