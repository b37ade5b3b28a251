/** Delegations of ours as they stand in the database. Writing statements run in the ledger only. */
import type {
  DelegationId,
  DelegationPriority,
  DelegationState,
  LinkId,
  MessageId,
  OutgoingState,
  PeerId,
  StateSource,
  ThreadId,
} from '../../contract/index.ts';
import type { Store } from '../../store/store.ts';
import type { RunState } from '../outgoing.ts';

/** Columns of the schema; times in ms since the epoch. `question` is theirs, other texts ours. */
export interface OutgoingDelegationRow {
  readonly id: DelegationId;
  readonly thread_id: ThreadId;
  readonly peer_id: PeerId;
  readonly topic: string;
  readonly task: string;
  readonly context: string;
  readonly expected: string;
  readonly priority: DelegationPriority;
  readonly deadline_at: number | null;
  readonly hops: number;
  readonly state: DelegationState;
  readonly state_from: StateSource;
  readonly current_message: MessageId;
  readonly question: string | null;
  readonly answer_message: MessageId | null;
  readonly answer_at: number | null;
  /** JSON of an AppError. */
  readonly error: string | null;
  readonly sent_at: number;
  readonly changed_at: number;
}

/** A row with what its message, its answer and its thread say. */
export interface WholeRow extends OutgoingDelegationRow {
  readonly delivery: OutgoingState;
  readonly run: RunState;
  readonly message_error: string | null;
  readonly attachments: number;
  readonly link_id: LinkId | null;
  readonly answer: string | null;
  readonly answer_bytes: number | null;
  readonly answer_files: number | null;
}

/** What {@link OutgoingTable.page} looks for; null = any. */
export interface OutgoingFilter {
  readonly which: 'waiting' | 'open' | 'over' | 'all';
  readonly search: string;
  readonly peerId: PeerId | null;
  readonly priority: DelegationPriority | null;
  /** Only what should have been done before this, ms since the epoch. */
  readonly dueBefore: number | null;
  /** Older than this one. */
  readonly before: DelegationId | null;
  readonly limit: number;
}

/** States in which something is still to come. */
const OPEN = `d.state IN ('proposed', 'asked_back', 'accepted', 'in_progress')`;
/** One code point more than a card holds, so that it is known whether there is more. */
const WHOLE = `SELECT d.*, m.state AS delivery, m.run, m.error AS message_error, c.attachments, t.link_id,
    substr(a.body, 1, 2001) AS answer, a.body_bytes AS answer_bytes,
    a.attachments AS answer_files
  FROM outgoing_delegations d JOIN messages m ON m.id = d.current_message
    JOIN messages c ON c.id = d.id JOIN threads t ON t.id = d.thread_id
    LEFT JOIN messages a ON a.id = d.answer_message
  WHERE t.deleted_at IS NULL`;

const WHERE: Readonly<Record<OutgoingFilter['which'], string>> = {
  waiting: `${OPEN} AND d.state = 'asked_back'`,
  open: OPEN,
  over: `NOT (${OPEN})`,
  all: '1 = 1',
};

/** Prepared statements, as {@link outgoingTable} makes them. */
export type OutgoingTable = ReturnType<typeof outgoingTable>;

/** Statements over an open store. */
export function outgoingTable(store: Store) {
  const page = (which: OutgoingFilter['which']) =>
    store.prepare<WholeRow, (string | number | null)[]>(
      `${WHOLE} AND ${WHERE[which]} AND (?1 IS NULL OR d.id < ?1) AND (?2 IS NULL OR d.peer_id = ?2)
        AND (?3 IS NULL OR d.priority = ?3) AND (?4 IS NULL OR (d.deadline_at < ?4 AND ${OPEN}))
        AND (?5 IS NULL OR d.topic LIKE ?5 ESCAPE '\\' OR d.task LIKE ?5 ESCAPE '\\'
          OR d.peer_id IN (SELECT id FROM peers WHERE name LIKE ?5 ESCAPE '\\'))
       ORDER BY d.id DESC LIMIT ?6`,
    );
  const pages = {
    waiting: page('waiting'),
    open: page('open'),
    over: page('over'),
    all: page('all'),
  };
  const insert = store.prepare<never, (string | number | null)[]>(
    `INSERT INTO outgoing_delegations (id, thread_id, peer_id, topic, task, context, expected, priority,
       deadline_at, hops, state, state_from, current_message, sent_at, changed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = store.prepare<never, (string | number | null)[]>(
    `UPDATE outgoing_delegations SET state = ?, state_from = ?, current_message = ?, question = ?,
       answer_message = ?, answer_at = ?, error = ?, changed_at = ? WHERE id = ?`,
  );
  return {
    byId: store.prepare<OutgoingDelegationRow, [string]>(
      'SELECT * FROM outgoing_delegations WHERE id = ?',
    ),
    whole: store.prepare<WholeRow, [string]>(`${WHOLE} AND d.id = ?`),
    /** The newest of a thread that is open, or that failed on its way. */
    ofThread: store.prepare<OutgoingDelegationRow, [ThreadId]>(
      `SELECT * FROM outgoing_delegations d WHERE thread_id = ? AND ${OPEN} ORDER BY id DESC LIMIT 1`,
    ),
    ofMessage: store.prepare<OutgoingDelegationRow, [ThreadId, MessageId]>(
      'SELECT * FROM outgoing_delegations WHERE thread_id = ? AND current_message = ?',
    ),
    open: store.prepare<Pick<OutgoingDelegationRow, 'id' | 'thread_id'>>(
      `SELECT d.id, d.thread_id FROM outgoing_delegations d WHERE ${OPEN}`,
    ),
    idsOfThread: store.prepare<{ id: DelegationId }, [ThreadId]>(
      'SELECT id FROM outgoing_delegations WHERE thread_id = ?',
    ),
    page: (filter: OutgoingFilter): readonly WholeRow[] => {
      const { search } = filter;
      const like = search === '' ? null : `%${search.replace(/[\\%_]/g, '\\$&')}%`;
      return pages[filter.which].all(
        filter.before,
        filter.peerId,
        filter.priority,
        filter.dueBefore,
        like,
        filter.limit,
      );
    },
    insert: (d: OutgoingDelegationRow): void => {
      insert.run(
        d.id,
        d.thread_id,
        d.peer_id,
        d.topic,
        d.task,
        d.context,
        d.expected,
        d.priority,
        d.deadline_at,
        d.hops,
        d.state,
        d.state_from,
        d.current_message,
        d.sent_at,
        d.changed_at,
      );
    },
    update: (d: OutgoingDelegationRow): void => {
      update.run(
        d.state,
        d.state_from,
        d.current_message,
        d.question,
        d.answer_message,
        d.answer_at,
        d.error,
        d.changed_at,
        d.id,
      );
    },
  };
}
