/**
 * Acknowledgements on their way to the disk. Those that come close together share one commit, and one
 * statement a table: a broadcast is acknowledged a thousand times within moments.
 */
import type { Cancel } from '../clock/clock.ts';
import type { ThreadId } from '../contract/index.ts';
import type { Acknowledged } from './many.ts';
import type { Parts } from './parts.ts';
import type { OutgoingRow } from './rows.ts';
import type { Transaction } from './transaction.ts';

/** While others are under way, an acknowledgement waits for theirs at the most this long, ms. */
const TOGETHER_MS = 20;

/** Where the outbox writes acknowledgements down, so that close ones share a commit. */
export interface Acknowledgements {
  /** One more message is under way. */
  sent(): void;
  /** One came back, whatever its outcome was. */
  back(): void;
  /**
   * Writes one down; to be called before {@link Acknowledgements.back}.
   * @returns once it is on the disk, whether something else of its thread waits
   */
  add(row: OutgoingRow, runId: string): Promise<boolean>;
  /** From now on nothing waits for others. */
  stop(): void;
}

interface Waiting extends Acknowledged {
  resolve(more: boolean): void;
  reject(error: unknown): void;
}

/** Makes them for the outbox. */
export function createAcknowledgements({ clock, ledger, messages }: Parts): Acknowledgements {
  let underWay = 0;
  let waiting: Waiting[] = [];
  let timer: Cancel | null = null;
  let stopped = false;

  /** By itself, where its row is not as it was when it was sent. */
  const single = (tx: Transaction, { row, runId }: Acknowledged): void => {
    const now = messages.outgoing(row.id);
    if (!now) return;
    messages.endAttempt(row.id, clock.now(), 'acknowledged', null, runId);
    tx.move(now, 'acknowledged', { error: null });
  };

  const write = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const busy = await ledger.write((tx): ReadonlySet<ThreadId> => {
        const { rest, waitingIn } = tx.many.acknowledge(batch, clock.now());
        for (const one of rest) single(tx, one);
        const others = new Set(waitingIn);
        for (const { row } of rest) others.add(row.thread_id);
        return others;
      });
      for (const one of batch) one.resolve(busy.has(one.row.thread_id));
    } catch (error) {
      for (const one of batch) one.reject(error);
    }
  };

  const flush = (): void => {
    timer?.();
    timer = null;
    const batch = waiting;
    waiting = [];
    if (batch.length > 0) void write(batch);
  };

  return {
    sent: () => {
      underWay += 1;
    },
    back: () => {
      underWay -= 1;
      if (underWay === 0) flush();
    },
    add: (row, runId) =>
      new Promise((resolve, reject) => {
        waiting.push({ row, runId, resolve, reject });
        if (stopped) flush();
        else timer ??= clock.after(TOGETHER_MS, flush);
      }),
    stop: () => {
      stopped = true;
      flush();
    },
  };
}
