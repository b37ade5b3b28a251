/** Every statement over the tables of agents' requests. Changes run inside `store.write` only. */
import {
  type AgentPolicy,
  AppError,
  MAX_REQUEST_RECIPIENTS,
  type MessageKind,
  type PeerId,
  REQUEST_TEXT_UNITS,
  type RequestId,
  type RequestRecipient,
  type RequestState,
  type RequestVerb,
  type RequestView,
} from '../contract/index.ts';
import type { Store } from '../store/store.ts';

type DecidedBy = NonNullable<RequestView['decision']>['by'];

/** A row of `agent_requests`. */
export interface RequestRow {
  readonly row: number;
  readonly id: RequestId;
  readonly agent: string;
  readonly verb: RequestVerb;
  readonly text: string;
  readonly text_bytes: number;
  readonly kind: MessageKind;
  readonly topic: string | null;
  readonly facts: string;
  readonly state: RequestState;
  readonly at: number;
  readonly decided_by: DecidedBy | null;
  readonly decided_at: number | null;
  readonly reason: string;
  readonly error: string | null;
  readonly recipients: number;
}

interface RecipientRow {
  readonly peer_id: PeerId;
  readonly name: string;
  readonly thread_id: RequestRecipient['threadId'];
  readonly message_id: RequestRecipient['messageId'];
  readonly error: string | null;
}

type Value = string | number | null;

/** The columns of a view; the text only as far as a view holds it. */
const COLUMNS = `r.row, r.id, r.agent, r.verb, substr(r.text, 1, ${REQUEST_TEXT_UNITS}) AS text,
  r.text_bytes, r.kind, r.topic, r.facts, r.state, r.at, r.decided_by, r.decided_at, r.reason, r.error,
  (SELECT count(*) FROM agent_request_recipients WHERE request_id = r.id) AS recipients`;

/** A recipient that takes of the day's budget. */
const COUNTS = `(p.message_id IS NOT NULL OR (r.state IN ('sending', 'done') AND p.error IS NULL))`;

const errorOf = (text: string | null): AppError | null =>
  text === null ? null : (AppError.safeParse(JSON.parse(text)).data ?? null);

/** The prepared statements about requests. */
export type RequestTable = ReturnType<typeof requestTable>;

/** Prepares the statements. */
export function requestTable(store: Store) {
  const recipients = store.prepare<RecipientRow, [RequestId, number]>(
    `SELECT peer_id, name, thread_id, message_id, error FROM agent_request_recipients
     WHERE request_id = ? ORDER BY position LIMIT ?`,
  );
  const recipientsOf = (id: RequestId, limit: number): RequestRecipient[] =>
    recipients.all(id, limit).map((row) => ({
      peerId: row.peer_id,
      name: row.name,
      threadId: row.thread_id,
      messageId: row.message_id,
      error: errorOf(row.error),
    }));
  return {
    insert: store.prepare<never, Value[]>(
      `INSERT INTO agent_requests (id, agent, verb, ask, text, text_bytes, kind, topic, facts, state, at,
         decided_by, decided_at, error)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ),
    addRecipient: store.prepare<never, Value[]>(
      `INSERT INTO agent_request_recipients (request_id, position, peer_id, name, error)
       VALUES (?, ?, ?, ?, ?)`,
    ),
    /** The message that was stored for a recipient, or why none was. */
    settleRecipient: store.prepare<never, Value[]>(
      `UPDATE agent_request_recipients SET thread_id = ?, message_id = ?, error = ?
       WHERE request_id = ? AND peer_id = ?`,
    ),
    byId: store.prepare<RequestRow, [RequestId]>(
      `SELECT ${COLUMNS} FROM agent_requests r WHERE r.id = ?`,
    ),
    /** The text and the rest of what was asked for. */
    whole: store.prepare<{ text: string; ask: string }, [RequestId]>(
      'SELECT text, ask FROM agent_requests WHERE id = ?',
    ),
    open: store.prepare<RequestRow>(
      `SELECT ${COLUMNS} FROM agent_requests r WHERE r.state IN ('waiting', 'sending') ORDER BY r.row`,
    ),
    waiting: store.prepare<{ count: number }>(
      `SELECT count(*) AS count FROM agent_requests
       WHERE state IN ('waiting', 'sending') AND state = 'waiting'`,
    ),
    page: store.prepare<RequestRow, [number, number]>(
      `SELECT ${COLUMNS} FROM agent_requests r WHERE r.row < ? ORDER BY r.row DESC LIMIT ?`,
    ),
    pageOfPeer: store.prepare<RequestRow, [number, string, number]>(
      `SELECT ${COLUMNS} FROM agent_requests r WHERE r.row < ? AND EXISTS (
         SELECT 1 FROM agent_request_recipients WHERE request_id = r.id AND peer_id = ?)
       ORDER BY r.row DESC LIMIT ?`,
    ),
    /** Leaves `waiting`, once. @returns 0 where it was decided before. */
    decide: store.prepare<never, Value[]>(
      `UPDATE agent_requests SET state = ?, decided_by = ?, decided_at = ?, reason = ?, error = ?
       WHERE id = ? AND state = 'waiting'`,
    ),
    end: store.prepare<never, Value[]>(
      "UPDATE agent_requests SET state = ?, error = ? WHERE id = ? AND state = 'sending'",
    ),
    expired: store.prepare<{ id: RequestId }, [number]>(
      `SELECT id FROM agent_requests WHERE state IN ('waiting', 'sending') AND state = 'waiting' AND at < ?`,
    ),
    /** What went out for agents since then: messages, and shared files, which are none. */
    used: store.prepare<{ count: number }, [number]>(
      `SELECT count(*) AS count FROM agent_requests r JOIN agent_request_recipients p ON p.request_id = r.id
       WHERE r.at >= ? AND ${COUNTS}`,
    ),
    agentsSince: store.prepare<{ agent: string }, [number]>(
      'SELECT agent FROM agent_requests WHERE at >= ? GROUP BY agent ORDER BY max(row) DESC LIMIT 50',
    ),
    /** The thread that an agent used last with a peer. */
    lastThreads: store.prepare<
      { thread_id: NonNullable<RequestRecipient['threadId']> },
      [string, string]
    >(
      `SELECT p.thread_id FROM agent_request_recipients p JOIN agent_requests r ON r.id = p.request_id
       WHERE p.peer_id = ? AND r.agent = ? AND r.verb = 'send' AND p.thread_id IS NOT NULL
       GROUP BY p.thread_id ORDER BY MAX(r.row) DESC LIMIT 20`,
    ),
    /** What still counts in the budget stays: else whoever asks often enough would begin a new one. */
    trim: store.prepare<never, [number, number]>(
      `DELETE FROM agent_requests AS r WHERE state NOT IN ('waiting', 'sending') AND row <= (
         SELECT row FROM agent_requests ORDER BY row DESC LIMIT 1 OFFSET ?)
       AND NOT (r.at >= ? AND EXISTS (
         SELECT 1 FROM agent_request_recipients p WHERE p.request_id = r.id AND ${COUNTS}))`,
    ),
    rules: store.prepare<{ kind: 'peer' | 'agent'; subject: string; policy: AgentPolicy }>(
      'SELECT kind, subject, policy FROM agent_rules ORDER BY kind, subject',
    ),
    rule: store.prepare<{ policy: AgentPolicy }, [string, string]>(
      'SELECT policy FROM agent_rules WHERE kind = ? AND subject = ?',
    ),
    setRule: store.prepare<never, [string, string, string]>(
      `INSERT INTO agent_rules (kind, subject, policy) VALUES (?, ?, ?)
       ON CONFLICT (kind, subject) DO UPDATE SET policy = excluded.policy`,
    ),
    dropRule: store.prepare<never, [string, string]>(
      'DELETE FROM agent_rules WHERE kind = ? AND subject = ?',
    ),
    mark: store.prepare<{ mark: string }, [string]>('SELECT mark FROM agent_marks WHERE agent = ?'),
    setMark: store.prepare<never, [string, string, number]>(
      `INSERT INTO agent_marks (agent, mark, at) VALUES (?, ?, ?)
       ON CONFLICT (agent) DO UPDATE SET mark = excluded.mark, at = excluded.at`,
    ),
    trimMarks: store.prepare<never, [number]>(
      'DELETE FROM agent_marks WHERE at <= (SELECT at FROM agent_marks ORDER BY at DESC LIMIT 1 OFFSET ?)',
    ),
    recipientsOf,
    view: (row: RequestRow): RequestView => ({
      id: row.id,
      agent: row.agent,
      verb: row.verb,
      text: row.text.toWellFormed(),
      textBytes: row.text_bytes,
      kind: row.kind,
      topic: row.topic,
      recipients: recipientsOf(row.id, MAX_REQUEST_RECIPIENTS),
      recipientCount: row.recipients,
      facts: JSON.parse(row.facts) as RequestView['facts'],
      state: row.state,
      at: row.at,
      decision:
        row.decided_by === null
          ? null
          : { by: row.decided_by, at: row.decided_at ?? row.at, reason: row.reason },
      error: errorOf(row.error),
    }),
  };
}
