/** Every statement over broadcasts, their rows, and the groups that they go to. */
import type {
  BroadcastId,
  GroupId,
  LinkId,
  MessageId,
  OutgoingState,
  PeerId,
  RecipientReason,
  ThreadId,
} from '../../contract/index.ts';
import type { Store } from '../../store/store.ts';
import type { Place } from '../parts.ts';
import type { ThreadRow } from '../rows.ts';

/** A broadcast of ours. `tags` is JSON; `row` is the key of the table; `at` in ms. */
export interface BroadcastTableRow {
  readonly row: number;
  readonly id: BroadcastId;
  readonly topic: string | null;
  readonly tags: string;
  readonly text: string;
  readonly at: number;
  readonly audience: string;
  readonly recipients: number;
  readonly left_out: number;
}

/** A recipient with its message as it stands now; null where that is gone, or never was. */
export interface RecipientRow {
  readonly position: number;
  readonly peer_id: PeerId;
  readonly peer_name: string;
  readonly message_id: MessageId | null;
  readonly reason: RecipientReason;
  readonly why: string;
  readonly thread_id: ThreadId | null;
  readonly state: OutgoingState | null;
  readonly attempts: number | null;
  readonly next_attempt_at: number | null;
  readonly error: string | null;
  readonly answer: string | null;
}

/** A group; `name_key` is its name for comparing. `deleted_at` in ms, null = it is there. */
export interface GroupRow {
  readonly id: GroupId;
  readonly name: string;
  readonly name_key: string;
  readonly deleted_at: number | null;
}

/** A thread in which broadcasts go over the link `via`. */
export type BroadcastThread = Place &
  Pick<ThreadRow, 'title' | 'waiting'> & { readonly via: LinkId };

/** What a list needs of the text: its beginning. */
const HEAD =
  'row, id, topic, tags, substr(text, 1, 16384) AS text, at, audience, recipients, left_out';

const RECIPIENT = `SELECT r.position, r.peer_id, r.peer_name, r.message_id, r.reason, r.why,
    m.thread_id, m.state, m.attempts, m.next_attempt_at, m.error,
    (SELECT substr(a.body, 1, 800) FROM messages a WHERE a.reply_to = m.id) AS answer
  FROM broadcast_rows r LEFT JOIN messages m ON m.id = r.message_id`;

/** Prepared statements, as {@link broadcastTable} makes them. */
export type BroadcastTable = ReturnType<typeof broadcastTable>;

/** Prepares the statements. Changes run in a transaction of the ledger or the store. */
export function broadcastTable(store: Store) {
  return {
    insert: store.prepare<
      { row: number },
      [BroadcastId, string | null, string, string, number, string, number, number]
    >(
      `INSERT INTO broadcasts (id, topic, tags, text, at, audience, recipients, left_out)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING row`,
    ),
    /** All recipients of a broadcast, as JSON: `[peer, name, message or null, reason, why]` each. */
    insertRows: store.prepare<never, [number, string]>(
      `INSERT INTO broadcast_rows (broadcast, position, peer_id, peer_name, message_id, reason, why)
       SELECT ?, key, value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?)`,
    ),
    byId: store.prepare<BroadcastTableRow, [BroadcastId]>(
      `SELECT ${HEAD} FROM broadcasts WHERE id = ?`,
    ),
    before: store.prepare<BroadcastTableRow, [number, number]>(
      `SELECT ${HEAD} FROM broadcasts WHERE row < ? ORDER BY row DESC LIMIT ?`,
    ),
    rows: store.prepare<RecipientRow, [number]>(
      `${RECIPIENT} WHERE r.broadcast = ? ORDER BY r.position`,
    ),
    rowAt: store.prepare<RecipientRow, [number, number]>(
      `${RECIPIENT} WHERE r.broadcast = ? AND r.position = ?`,
    ),
    counts: store.prepare<{ state: OutgoingState | null; n: number }, [number]>(
      `SELECT m.state, count(*) AS n FROM broadcast_rows r LEFT JOIN messages m ON m.id = r.message_id
       WHERE r.broadcast = ? AND r.message_id IS NOT NULL GROUP BY m.state`,
    ),
    /** The messages of a broadcast that stand in this state. */
    inState: store.prepare<{ id: MessageId }, [number, OutgoingState]>(
      `SELECT m.id FROM broadcast_rows r JOIN messages m ON m.id = r.message_id
       WHERE r.broadcast = ? AND m.state = ? ORDER BY r.position`,
    ),
    placeOf: store.prepare<{ id: BroadcastId; position: number }, [MessageId]>(
      `SELECT b.id, r.position FROM broadcast_rows r JOIN broadcasts b ON b.row = r.broadcast
       WHERE r.message_id = ?`,
    ),
    forgetBefore: store.prepare<never, [number]>('DELETE FROM broadcasts WHERE at < ?'),

    /** The threads of broadcasts on these links, given as JSON. */
    threadsOn: store.prepare<BroadcastThread, [string]>(
      `SELECT b.link_id AS via, t.id, t.peer_id, t.link_id, t.agent_id, t.session_key, t.title, t.waiting
       FROM json_each(?) j JOIN broadcast_threads b ON b.link_id = j.value JOIN threads t ON t.id = b.thread_id
       WHERE t.deleted_at IS NULL`,
    ),
    setThread: store.prepare<never, [LinkId, ThreadId]>(
      `INSERT INTO broadcast_threads (link_id, thread_id) VALUES (?, ?)
       ON CONFLICT (link_id) DO UPDATE SET thread_id = excluded.thread_id`,
    ),

    groups: store.prepare<GroupRow>(
      'SELECT id, name, name_key, deleted_at FROM peer_groups WHERE deleted_at IS NULL ORDER BY name_key',
    ),
    group: store.prepare<GroupRow, [GroupId]>(
      'SELECT id, name, name_key, deleted_at FROM peer_groups WHERE id = ?',
    ),
    groupNamed: store.prepare<GroupRow, [string]>(
      'SELECT id, name, name_key, deleted_at FROM peer_groups WHERE name_key = ? AND deleted_at IS NULL',
    ),
    members: store.prepare<{ peer_id: PeerId }, [GroupId]>(
      `SELECT m.peer_id FROM peer_group_members m JOIN peers p ON p.id = m.peer_id
       WHERE m.group_id = ? AND p.removed_at IS NULL ORDER BY p.name_key`,
    ),
    insertGroup: store.prepare<never, [GroupId, string, string, number]>(
      'INSERT INTO peer_groups (id, name, name_key, created_at) VALUES (?, ?, ?, ?)',
    ),
    renameGroup: store.prepare<never, [string, string, GroupId]>(
      'UPDATE peer_groups SET name = ?, name_key = ? WHERE id = ?',
    ),
    setGroupDeleted: store.prepare<never, [number | null, GroupId]>(
      'UPDATE peer_groups SET deleted_at = ? WHERE id = ?',
    ),
    removeGroup: store.prepare<never, [GroupId]>('DELETE FROM peer_groups WHERE id = ?'),
    deletedGroups: store.prepare<{ n: number }>(
      'SELECT count(*) AS n FROM peer_groups WHERE deleted_at IS NOT NULL',
    ),
    removeDeletedGroups: store.prepare<never>(
      'DELETE FROM peer_groups WHERE deleted_at IS NOT NULL',
    ),
    clearMembers: store.prepare<never, [GroupId]>(
      'DELETE FROM peer_group_members WHERE group_id = ?',
    ),
    /** A peer that is gone is no member. */
    addMember: store.prepare<never, [GroupId, PeerId]>(
      `INSERT OR IGNORE INTO peer_group_members (group_id, peer_id)
       SELECT ?, id FROM peers WHERE id = ?`,
    ),
  };
}
