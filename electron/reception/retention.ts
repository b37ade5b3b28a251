/**
 * Lets go of work that is over: after the time that the person set for messages, and beyond what one
 * peer may fill of the disk. What is still open is never touched. In small pieces, so that nothing waits.
 */
import type { Cancel, Clock } from '../clock/clock.ts';
import type { Settings } from '../contract/index.ts';
import type { Store } from '../store/store.ts';

/** Of one peer: the newest tasks that ended, and their bytes (texts, files and answers) together. */
export const KEPT_OF_PEER = { tasks: 2_000, bytes: 64 * 1_048_576 } as const;

const DAY_MS = 86_400_000;
const EVERY_MS = 6 * 3_600_000;
const FIRST_MS = 30_000;
/** After something ended; a peer that sends and takes back all the time is cut once in this time. */
const SOON_MS = 5_000;
const AT_ONCE = 50;

/** What is over, with what it fills: text, files, talk and answer. Deleting a row takes its parts along. */
const OVER = `SELECT row, peer_id, changed_at,
    bytes + coalesce(length(CAST(answer AS BLOB)), 0) + coalesce((
      SELECT sum(length(CAST(m.text AS BLOB))) FROM delegation_messages m WHERE m.delegation_id = d.id
    ), 0) + coalesce((
      SELECT sum(length(f.data)) FROM delegation_answer_files f WHERE f.delegation_id = d.id
    ), 0) AS size
  FROM delegations d
  WHERE state NOT IN ('proposed', 'asked_back', 'accepted', 'in_progress')`;

/** Clears up between `start` and `stop`, a while after it was told that there may be something. */
export interface Retention {
  start(): void;
  stop(): void;
  /** Something may have ended. */
  note(): void;
  /** Lets go now. @returns how many went */
  apply(): Promise<number>;
}

/** What it needs; the time that is kept is read anew at each clearing up. */
export interface RetentionOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly settings: () => Pick<Settings, 'retentionDays'>;
  readonly log: (line: string) => void;
}

/** Makes it; it does nothing by itself before it is started. */
export function createRetention({ store, clock, settings, log }: RetentionOptions): Retention {
  const old = store.prepare<{ row: number }, [number, number]>(
    `SELECT row FROM (${OVER}) WHERE changed_at < ? ORDER BY row LIMIT ?`,
  );
  const beyond = store.prepare<{ row: number }, [number, number, number]>(
    `SELECT row FROM (
       SELECT row, sum(size) OVER newest AS total, row_number() OVER newest AS place FROM (${OVER})
       WINDOW newest AS (PARTITION BY peer_id ORDER BY row DESC)
     ) WHERE total > ? OR place > ? ORDER BY row LIMIT ?`,
  );
  const drop = store.prepare<never, [number]>('DELETE FROM delegations WHERE row = ?');
  let going: Promise<number> | null = null;
  let soon: Cancel | null = null;
  let stopEvery: Cancel = () => undefined;
  let stopFirst: Cancel = () => undefined;
  let stopped = false;

  const due = (): { row: number }[] => {
    const { retentionDays } = settings();
    const before = retentionDays === 0 ? 0 : clock.now() - retentionDays * DAY_MS;
    const found = old.all(before, AT_ONCE);
    return found.length > 0 ? found : beyond.all(KEPT_OF_PEER.bytes, KEPT_OF_PEER.tasks, AT_ONCE);
  };

  const run = async (): Promise<number> => {
    let gone = 0;
    for (let rows = due(); rows.length > 0 && !stopped; rows = due()) {
      await store.write(() => {
        for (const { row } of rows) drop.run(row);
      });
      gone += rows.length;
    }
    return gone;
  };

  const apply = (): Promise<number> => {
    going ??= run().finally(() => {
      going = null;
    });
    return going;
  };

  const quietly = (): void => {
    apply().catch((error: unknown) => log(`work that is over was not let go: ${String(error)}`));
  };

  return {
    apply,
    note: () => {
      soon ??= clock.after(SOON_MS, () => {
        soon = null;
        if (!stopped) quietly();
      });
    },
    start: () => {
      stopEvery = clock.every(EVERY_MS, quietly);
      stopFirst = clock.after(FIRST_MS, quietly);
    },
    stop: () => {
      stopped = true;
      stopEvery();
      stopFirst();
      soon?.();
    },
  };
}
