import type { LinkId, PeerId, ThreadId } from '../contract/index.ts';
import type { Store } from '../store/store.ts';
import type { ThreadRow } from './rows.ts';

/** What a change of a message does to its thread's counters and newest line. */
export interface ThreadEffect {
  readonly waiting: number;
  readonly unread: number;
}

/** What one peer's threads add up to, from stored counters. */
export interface PeerCounters {
  readonly peer_id: PeerId;
  readonly unread: number;
  readonly waiting: number;
  readonly last_activity_at: number | null;
  readonly preview: string;
}

/** How much of a preview a row of the peer list holds, characters: a window may hold 10,000 rows. */
const ROW_PREVIEW = 80;

// Beside one max(), SQLite takes the bare columns from the row that has it: the newest thread's preview
// (sqlite.org/lang_select.html, "bare columns in an aggregate query").
const COUNTERS = `SELECT peer_id, sum(unread) AS unread, sum(waiting) AS waiting,
  max(last_message_at) AS last_activity_at, substr(preview, 1, ${ROW_PREVIEW}) AS preview FROM threads WHERE deleted_at IS NULL`;

/** Of this many threads it is remembered whose they are. */
const PEERS_REMEMBERED = 4_096;

/** Prepared statements, as {@link threadTable} makes them, and whose a thread is. */
export type ThreadTable = ReturnType<typeof threadTable>;

/** Every statement over `threads`. Changes run in the ledger only. */
export function threadTable(store: Store) {
  const byId = store.prepare<ThreadRow, [ThreadId]>('SELECT * FROM threads WHERE id = ?');
  const peer = store.prepare<{ peer_id: PeerId }, [ThreadId]>(
    'SELECT peer_id FROM threads WHERE id = ?',
  );
  /** A thread never goes to another peer. */
  const peers = new Map<ThreadId, PeerId>();
  const peerOf = (id: ThreadId): PeerId | undefined => {
    const known = peers.get(id);
    if (known !== undefined) return known;
    const found = peer.get(id)?.peer_id;
    if (found === undefined) return undefined;
    if (peers.size >= PEERS_REMEMBERED) peers.clear();
    peers.set(id, found);
    return found;
  };
  const remove = store.prepare<never, [ThreadId]>('DELETE FROM threads WHERE id = ?');
  return {
    /** Whose thread it is, deleted ones included; asked after every change. */
    peerOf,
    /** A thread, deleted ones included. */
    any: (id: ThreadId): ThreadRow | undefined => byId.get(id),
    /** A thread that is not deleted. */
    byId: (id: ThreadId): ThreadRow | undefined => {
      const row = byId.get(id);
      return row && row.deleted_at === null ? row : undefined;
    },
    ofPeer: store.prepare<ThreadRow, [PeerId]>(
      `SELECT * FROM threads WHERE peer_id = ? AND deleted_at IS NULL
       ORDER BY coalesce(last_message_at, created_at) DESC, id DESC`,
    ),
    idsOfPeer: store.prepare<{ id: ThreadId }, [PeerId]>(
      'SELECT id FROM threads WHERE peer_id = ?',
    ),
    /** The most recently active threads of a link. */
    recent: store.prepare<ThreadRow, [LinkId, number]>(
      `SELECT * FROM threads WHERE link_id = ? AND deleted_at IS NULL AND archived = 0
       ORDER BY last_message_at DESC LIMIT ?`,
    ),
    ofSession: store.prepare<ThreadRow, [LinkId, string]>(
      `SELECT * FROM threads WHERE link_id = ? AND session_key = ? AND deleted_at IS NULL
       ORDER BY id LIMIT 1`,
    ),
    /** Threads that owe their peer something. */
    waiting: store.prepare<ThreadRow>(
      `SELECT * FROM threads WHERE id IN (SELECT thread_id FROM messages WHERE open = 1)
         AND waiting > 0 AND deleted_at IS NULL`,
    ),
    deleted: store.prepare<{ id: ThreadId }>('SELECT id FROM threads WHERE deleted_at IS NOT NULL'),
    insert: store.prepare<
      never,
      [ThreadId, PeerId, LinkId | null, string, number, string | null, number]
    >(
      `INSERT INTO threads (id, peer_id, link_id, title, named, agent_id, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
    ),
    /** Takes the next position for a new message, and says so in the thread's row. */
    append: store.prepare<{ position: number }, [number, number, number, string, ThreadId]>(
      `UPDATE threads SET next_position = next_position + 1, waiting = waiting + ?, unread = unread + ?,
         last_message_at = ?, preview = ? WHERE id = ? RETURNING next_position - 1 AS position`,
    ),
    /** The same for a message of ours in each of these threads. */
    appendAll: store.prepare<{ id: ThreadId; position: number }, [number, string, string]>(
      `UPDATE threads SET next_position = next_position + 1, waiting = waiting + 1, last_message_at = ?, preview = ?
       WHERE id IN (SELECT value FROM json_each(?)) RETURNING id, next_position - 1 AS position`,
    ),
    /** One message less waits in each of these threads. */
    arrivedAll: store.prepare<{ id: ThreadId; waiting: number }, [string]>(
      `UPDATE threads SET waiting = max(0, waiting - 1) WHERE id IN (SELECT value FROM json_each(?))
       RETURNING id, waiting`,
    ),
    count: store.prepare<never, [number, number, ThreadId]>(
      'UPDATE threads SET waiting = max(0, waiting + ?), unread = max(0, unread + ?) WHERE id = ?',
    ),
    setPreview: store.prepare<never, [string, number, ThreadId]>(
      'UPDATE threads SET preview = ?, last_message_at = ? WHERE id = ?',
    ),
    bind: store.prepare<never, [LinkId, string, number, ThreadId]>(
      'UPDATE threads SET link_id = ?, session_key = ?, synced = ? WHERE id = ?',
    ),
    setTitle: store.prepare<never, [string, ThreadId]>(
      'UPDATE threads SET title = ?, named = 1 WHERE id = ?',
    ),
    setMuted: store.prepare<never, [number, ThreadId]>('UPDATE threads SET muted = ? WHERE id = ?'),
    setArchived: store.prepare<never, [number, ThreadId]>(
      'UPDATE threads SET archived = ? WHERE id = ?',
    ),
    setDeleted: store.prepare<never, [number | null, ThreadId]>(
      'UPDATE threads SET deleted_at = ? WHERE id = ?',
    ),
    setSynced: store.prepare<never, [ThreadId]>('UPDATE threads SET synced = 1 WHERE id = ?'),
    setDraft: store.prepare<never, [string, number, ThreadId]>(
      'UPDATE threads SET draft_text = ?, draft_revision = ? WHERE id = ?',
    ),
    remove: (id: ThreadId): void => {
      peers.delete(id);
      remove.run(id);
    },
    counters: store.prepare<PeerCounters>(`${COUNTERS} GROUP BY peer_id`),
    countersOf: store.prepare<PeerCounters, [PeerId]>(
      `${COUNTERS} AND peer_id = ? GROUP BY peer_id`,
    ),
  };
}
