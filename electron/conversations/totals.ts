import type { MessageId, PeerId, ThreadId } from '../contract/index.ts';
import { isRunning } from './outgoing.ts';
import type { MessageRow } from './rows.ts';
import type { PeerCounters, ThreadTable } from './thread-table.ts';
import type { Moved } from './touched.ts';

/** What a row of the peer list says of a peer's threads. */
export interface PeerTotals {
  readonly unread: number;
  readonly waiting: number;
  readonly running: boolean;
  readonly lastActivityAt: number | null;
  /** The beginning of the newest message in any of them. */
  readonly preview: string;
}

const NOTHING: PeerTotals = {
  unread: 0,
  waiting: 0,
  running: false,
  lastActivityAt: null,
  preview: '',
};

/** Sums per peer, true from {@link Totals.load} on. */
export interface Totals {
  /** Reads every peer's counters in one statement, and the runs that were going on. */
  load(open: readonly MessageRow[]): void;
  moved(moved: Moved): void;
  peerChanged(peerId: PeerId): void;
  /** A thread of this peer was deleted for good. */
  gone(threadId: ThreadId, peerId: PeerId): void;
  of(peerId: PeerId): PeerTotals;
  all(): ReadonlyMap<PeerId, PeerTotals>;
  running(threadId: ThreadId): boolean;
  /** Threads with a run over there. */
  runningThreads(): readonly ThreadId[];
}

/** Sums per peer, kept from the counters in the threads' rows; no message is ever counted. */
export function createTotals(threads: ThreadTable): Totals {
  const counters = new Map<PeerId, PeerCounters>();
  /** Their counters changed since they were read; they are read again when somebody asks. */
  const stale = new Set<PeerId>();
  /** In how many of a peer's threads a run goes on. */
  const busy = new Map<PeerId, number>();
  const runs = new Map<ThreadId, { peerId: PeerId; ids: Set<MessageId> }>();

  const started = (threadId: ThreadId, id: MessageId): void => {
    const entry = runs.get(threadId);
    if (entry) entry.ids.add(id);
    else {
      const peerId = threads.peerOf(threadId);
      if (!peerId) return;
      runs.set(threadId, { peerId, ids: new Set([id]) });
      busy.set(peerId, (busy.get(peerId) ?? 0) + 1);
    }
  };
  const ended = (threadId: ThreadId, id: MessageId): void => {
    const entry = runs.get(threadId);
    if (entry?.ids.delete(id) && entry.ids.size === 0) drop(threadId);
  };
  const drop = (threadId: ThreadId): void => {
    const peerId = runs.get(threadId)?.peerId;
    runs.delete(threadId);
    if (peerId === undefined) return;
    const left = (busy.get(peerId) ?? 1) - 1;
    if (left > 0) busy.set(peerId, left);
    else busy.delete(peerId);
  };
  const refresh = (peerId: PeerId): void => {
    stale.delete(peerId);
    const now = threads.countersOf.get(peerId);
    if (now) counters.set(peerId, now);
    else counters.delete(peerId);
  };
  const of = (peerId: PeerId): PeerTotals => {
    if (stale.has(peerId)) refresh(peerId);
    const row = counters.get(peerId);
    if (!row) return NOTHING;
    return {
      unread: row.unread,
      waiting: row.waiting,
      running: busy.has(peerId),
      lastActivityAt: row.last_activity_at,
      preview: row.preview,
    };
  };

  return {
    load: (open) => {
      counters.clear();
      stale.clear();
      for (const row of threads.counters.all()) counters.set(row.peer_id, row);
      for (const row of open) {
        if (row.direction === 'out' && isRunning(row)) started(row.thread_id, row.id);
      }
    },
    moved: ({ after }) => {
      if (isRunning(after)) started(after.thread_id, after.id);
      else ended(after.thread_id, after.id);
    },
    peerChanged: (peerId) => {
      stale.add(peerId);
    },
    gone: (threadId, peerId) => {
      drop(threadId);
      stale.add(peerId);
    },
    of,
    all: () => {
      for (const peerId of stale) refresh(peerId);
      return new Map([...counters.keys()].map((peerId) => [peerId, of(peerId)]));
    },
    running: (threadId) => runs.has(threadId),
    runningThreads: () => [...runs.keys()],
  };
}
