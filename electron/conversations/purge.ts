/** What is deleted for good: threads after their undo, and what retention lets go. In small pieces. */
import type { Cancel } from '../clock/clock.ts';
import type { AttachmentId, MessageId, PeerId, ThreadId } from '../contract/index.ts';
import type { AttachmentFiles } from './attachment-files.ts';
import type { AttachmentTable } from './attachment-table.ts';
import type { Parts } from './parts.ts';

/** How long a deleted thread can be brought back, ms. */
const UNDO_MS = 10_000;
/** Rows of one piece, so that no piece holds the main loop for long. */
const PIECE = 200;
const RETENTION_EVERY_MS = 6 * 3_600_000;
const RETENTION_FIRST_MS = 60_000;
const DAY_MS = 24 * 3_600_000;

interface OldRow {
  readonly row: number;
  readonly id: MessageId;
  readonly thread_id: ThreadId;
  readonly direction: 'in' | 'out';
  readonly remote_id: string | null;
  readonly unread: number;
  readonly attachments: number;
  readonly at: number;
  readonly open: number;
}

/** Deletions in pieces, so that nothing else waits for them; each goes on after a restart. */
export interface Purge {
  /** Hides a thread at once. @returns for how long it can be brought back, ms. */
  hide(threadId: ThreadId): Promise<number>;
  /** @returns false where it is too late. */
  restore(threadId: ThreadId): Promise<boolean>;
  /**
   * Deletes every thread of a peer, with messages and files.
   * @throws Error where a stop came first: the next start begins it again.
   */
  peer(peerId: PeerId): Promise<void>;
  /** Applies the retention setting now. @returns how many messages went. */
  retain(): Promise<number>;
  /** Finishes what a stop interrupted, and applies retention from time to time. */
  start(): void;
  stop(): Promise<void>;
}

/** What goes with the rows: files, and what memory holds. `before`: ms since the epoch. */
export interface PurgeOptions {
  readonly parts: Parts;
  readonly attachments: AttachmentTable;
  readonly files: AttachmentFiles;
  /** Everything in memory about a thread is let go. */
  gone(threadId: ThreadId, peerId: PeerId): void;
  /** What else is older than retention keeps. */
  old(before: number): Promise<void>;
}

/** What a stop left over goes on only with {@link Purge.start}. */
export function createPurge({
  parts,
  attachments,
  files,
  gone,
  old: oldRest,
}: PurgeOptions): Purge {
  const { clock, ledger, threads, messages, stopping } = parts;
  const { store, changed } = parts.options;
  const timers = new Map<ThreadId, Cancel>();
  const running = new Set<Promise<unknown>>();
  const cancels: Cancel[] = [];

  const piece = store.prepare<never, [ThreadId, number]>(
    `DELETE FROM messages WHERE row IN (SELECT row FROM messages WHERE thread_id = ? LIMIT ?)`,
  );
  const old = store.prepare<OldRow, [number, number]>(
    `SELECT row, id, thread_id, direction, remote_id, unread, attachments, at, open
     FROM messages WHERE row > ? ORDER BY row LIMIT ?`,
  );
  const drop = store.prepare<never, [MessageId]>('DELETE FROM messages WHERE id = ?');

  /** Remembers a piece of work, so that a stop waits for it. */
  const track = <T>(work: Promise<T>): Promise<T> => {
    running.add(work);
    const end = (): void => {
      running.delete(work);
    };
    work.then(end, (error) => {
      end();
      parts.options.log(`deleting stopped: ${String(error)}`);
    });
    return work;
  };

  /** Lets everything else go first. */
  const breathe = (): Promise<void> => new Promise((resolve) => void clock.after(1, resolve));

  const removeFiles = async (ids: readonly AttachmentId[]): Promise<void> => {
    for (const id of ids) await files.remove(id);
  };

  const removeMessages = async (threadId: ThreadId): Promise<void> => {
    for (;;) {
      const count = await store.write(() => piece.run(threadId, PIECE));
      if (count < PIECE || stopping.aborted) return;
      await breathe();
    }
  };

  /**
   * Deletes threads so that nothing of them stays in the index, in the log of the database or among the
   * files. A thread itself goes last: one that is still there is begun again at the next start.
   */
  const eraseThreads = async (ids: readonly ThreadId[]): Promise<void> => {
    const found = ids.flatMap((id) => {
      const peerId = threads.any(id)?.peer_id;
      return peerId ? [{ id, peerId }] : [];
    });
    if (found.length === 0) return;
    const fileIds = found.flatMap(({ id }) => attachments.ofThread.all(id).map((file) => file.id));
    for (const { id, peerId } of found) {
      gone(id, peerId);
      await removeMessages(id);
    }
    await store.forgetWords(stopping);
    if (stopping.aborted) return;
    for (const { id, peerId } of found) {
      await store.write(() => threads.remove(id));
      gone(id, peerId);
    }
    await removeFiles(fileIds);
    await store.scrub();
  };

  const hide = async (threadId: ThreadId): Promise<number> => {
    await ledger.write((tx) => {
      threads.setDeleted.run(clock.now(), threadId);
      tx.touchThread(threadId);
      tx.touchUnread();
    });
    const remove = (): void => {
      timers.delete(threadId);
      track(eraseThreads([threadId])).catch(() => {});
    };
    timers.get(threadId)?.();
    timers.set(threadId, clock.after(UNDO_MS, remove));
    return UNDO_MS;
  };

  const forgetOld = (row: OldRow, files: AttachmentId[]): void => {
    messages.forget.run(row.thread_id, row.id);
    if (row.remote_id) messages.forget.run(row.thread_id, row.remote_id);
    if (row.unread) threads.count.run(0, -1, row.thread_id);
    if (row.attachments > 0) files.push(...attachments.ofMessage.all(row.id).map(({ id }) => id));
    drop.run(row.id);
  };

  const retain = async (): Promise<number> => {
    const { retentionDays } = parts.options.settings();
    if (retentionDays === 0) return 0;
    const before = clock.now() - retentionDays * DAY_MS;
    await oldRest(before);
    let from = 0;
    let total = 0;
    for (;;) {
      const rows = old.all(from, PIECE);
      const last = rows.at(-1);
      const due = rows.filter((row) => row.at < before && row.open === 0);
      // Rows are numbered as they came: where a whole piece is young, so is the rest.
      if (!last || !rows.some((row) => row.at < before) || stopping.aborted) break;
      from = last.row;
      if (due.length === 0) continue;
      const loose: AttachmentId[] = [];
      await ledger.write((tx) => {
        for (const row of due) forgetOld(row, loose);
        for (const row of due) {
          tx.touchThread(row.thread_id);
          tx.touch(row.id, row.thread_id);
        }
        if (due.some((row) => row.unread)) tx.touchUnread();
      });
      await removeFiles(loose);
      total += due.length;
      await breathe();
    }
    if (total > 0) await store.forgetWords(stopping);
    await store.scrub();
    return total;
  };

  return {
    hide,
    restore: async (threadId) => {
      const timer = timers.get(threadId);
      if (!timer) return false;
      timer();
      timers.delete(threadId);
      await ledger.write((tx) => {
        threads.setDeleted.run(null, threadId);
        tx.touchThread(threadId);
        tx.touchUnread();
      });
      return true;
    },
    peer: async (peerId) => {
      const ids = threads.idsOfPeer.all(peerId).map(({ id }) => id);
      for (const id of ids) {
        timers.get(id)?.();
        timers.delete(id);
      }
      await track(eraseThreads(ids));
      if (stopping.aborted) throw new Error('stopped before the threads of a peer were deleted');
      for (const id of ids) changed({ type: 'thread', id, peerId });
    },
    retain: () => track(retain()),
    start: () => {
      track(eraseThreads(threads.deleted.all().map(({ id }) => id))).catch(() => {});
      const pass = (): void => {
        track(retain()).catch(() => {});
      };
      cancels.push(clock.after(RETENTION_FIRST_MS, pass), clock.every(RETENTION_EVERY_MS, pass));
    },
    stop: async () => {
      for (const cancel of cancels) cancel();
      for (const cancel of timers.values()) cancel();
      timers.clear();
      await Promise.allSettled(running);
    },
  };
}
