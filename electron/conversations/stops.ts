/** Stops that a person asked for: carried out now, or kept until the link can carry them. */
import type { Cancel } from '../clock/clock.ts';
import {
  AppError,
  CodedError,
  type MessageId,
  type StopWish,
  type ThreadId,
} from '../contract/index.ts';
import type { Store } from '../store/store.ts';
import { isSendable, type Parts, routeOf } from './parts.ts';

/** Where the link is up and yet does not carry it, it is tried again after this time. */
const AGAIN_MS = 30_000;

/** What is to be stopped: the run of a message, or all of a delegation. */
export interface Wish {
  readonly id: string;
  /** 1 = all of the delegation. */
  readonly whole: 0 | 1;
  readonly thread_id: ThreadId;
  /** The message at which windows show it. */
  readonly message_id: MessageId;
}

interface WishRow extends Wish {
  readonly asked_at: number;
  readonly error: string | null;
}

/** `not_yet` = nobody knows whether it arrived; it can be stopped once that is settled. */
export type Stopped = 'done' | 'not_yet';

/** Stops by thread. One that could not be carried yet outlives the app. */
export interface Stops {
  /** Reads what waits; call it once at the start. */
  load(): void;
  /** Threads in which something is to be stopped. */
  threads(): readonly ThreadId[];
  wanted(threadId: ThreadId): boolean;
  /** What windows are told of it, beside a message or on the card of a delegation. */
  ofMessage(threadId: ThreadId, id: MessageId): StopWish | null;
  ofWork(threadId: ThreadId, id: string): StopWish | null;
  /** Stops it, or keeps that for later. @throws CodedError where the peer does not let it be stopped */
  ask(wish: Wish, signal: AbortSignal): Promise<void>;
  /** Carries out what waits in a thread; after its history was read. Never throws for a wire that fails. */
  run(threadId: ThreadId): Promise<void>;
  stop(): void;
}

/** `perform` asks the link; `again` has a thread looked at once more. */
export interface StopsOptions {
  readonly parts: Parts;
  readonly store: Store;
  /** @throws CodedError what is in the way */
  perform(wish: Wish, signal: AbortSignal): Promise<Stopped>;
  again(threadId: ThreadId): void;
}

/** True where it is only the connection that is in the way, and that comes back. */
const passes = (error: unknown): boolean =>
  error instanceof CodedError &&
  ((error.error.code.startsWith('link.') && error.error.code !== 'link.request_failed') ||
    error.error.code === 'a2a.not_now');

const viewOf = (row: WishRow | undefined): StopWish | null =>
  row
    ? {
        askedAt: row.asked_at,
        error: row.error === null ? null : (AppError.safeParse(JSON.parse(row.error)).data ?? null),
      }
    : null;

/** Makes it; nothing is known before {@link Stops.load}. */
export function createStops({ parts, store, perform, again }: StopsOptions): Stops {
  const { ledger, clock } = parts;
  const all = store.prepare<{ thread_id: ThreadId }>('SELECT DISTINCT thread_id FROM wanted_stops');
  const ofThread = store.prepare<WishRow, [ThreadId]>(
    'SELECT * FROM wanted_stops WHERE thread_id = ? ORDER BY id',
  );
  const keep = store.prepare<never, [string, number, ThreadId, MessageId, number]>(
    `INSERT INTO wanted_stops (id, whole, thread_id, message_id, asked_at) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (id, whole) DO UPDATE SET error = NULL, message_id = excluded.message_id`,
  );
  const refuse = store.prepare<never, [string, string, number]>(
    'UPDATE wanted_stops SET error = ? WHERE id = ? AND whole = ?',
  );
  const drop = store.prepare<never, [string, number]>(
    'DELETE FROM wanted_stops WHERE id = ? AND whole = ?',
  );
  /** Threads in which something waits: all others cost nothing. */
  const threads = new Set<ThreadId>();
  const timers = new Map<ThreadId, Cancel>();

  const change = (wish: Wish, statement: () => void): Promise<void> =>
    ledger.write((tx) => {
      if (!parts.messages.byId(wish.message_id)) return;
      statement();
      tx.touch(wish.message_id, wish.thread_id);
      tx.touchThread(wish.thread_id);
    });

  const end = async (wish: Wish): Promise<void> => {
    if (!threads.has(wish.thread_id)) return;
    await change(wish, () => drop.run(wish.id, wish.whole));
    if (ofThread.all(wish.thread_id).length === 0) threads.delete(wish.thread_id);
  };

  const later = (threadId: ThreadId): void => {
    const thread = parts.threads.byId(threadId);
    const route = thread && routeOf(parts, thread);
    if (!route || !isSendable(route.link) || timers.has(threadId)) return;
    timers.set(
      threadId,
      clock.after(AGAIN_MS, () => {
        timers.delete(threadId);
        again(threadId);
      }),
    );
  };

  const carryOut = async (wish: Wish): Promise<void> => {
    try {
      if ((await perform(wish, parts.stopping)) === 'done') await end(wish);
      else later(wish.thread_id);
    } catch (error) {
      if (parts.stopping.aborted) return;
      if (!(error instanceof CodedError)) throw error;
      if (passes(error)) return later(wish.thread_id);
      const said = JSON.stringify(error.error);
      await change(wish, () => refuse.run(said, wish.id, wish.whole));
    }
  };

  const find = (threadId: ThreadId, is: (row: WishRow) => boolean): WishRow | undefined =>
    threads.has(threadId) ? ofThread.all(threadId).find(is) : undefined;

  return {
    load: () => {
      threads.clear();
      for (const { thread_id } of all.all()) threads.add(thread_id);
    },
    threads: () => [...threads],
    wanted: (threadId) => threads.has(threadId),
    ofMessage: (threadId, id) => viewOf(find(threadId, (row) => row.message_id === id)),
    ofWork: (threadId, id) =>
      viewOf(find(threadId, (row) => row.id === id || row.message_id === id)),
    ask: async (wish, signal) => {
      try {
        if ((await perform(wish, signal)) === 'done') return await end(wish);
      } catch (error) {
        if (!passes(error)) throw error;
      }
      threads.add(wish.thread_id);
      const { id, whole, thread_id, message_id } = wish;
      await change(wish, () => keep.run(id, whole, thread_id, message_id, clock.now()));
      // How it stands over there is looked up, and with it this is tried again.
      again(wish.thread_id);
    },
    run: async (threadId) => {
      if (!threads.has(threadId)) return;
      const rows = ofThread.all(threadId);
      if (rows.length === 0) threads.delete(threadId);
      for (const row of rows) {
        if (row.error === null && !parts.stopping.aborted) await carryOut(row);
      }
    },
    stop: () => {
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
  };
}
