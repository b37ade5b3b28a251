import {
  type AppError,
  type LinkId,
  type MessageId,
  type ThreadId,
  VIEW_BODY_LIMIT,
} from '../contract/index.ts';
import type { Store } from '../store/store.ts';
import {
  type AttemptRow,
  type IncomingRow,
  MESSAGE_COLUMNS,
  type MessageRow,
  type MessageRowWithBody,
  type OutgoingRow,
} from './rows.ts';

/** One code point more than a view holds, so that the view knows whether there is more. */
const BODY_HEAD = `substr(body, 1, ${VIEW_BODY_LIMIT + 1}) AS body`;
const WITH_BODY = `${MESSAGE_COLUMNS}, ${BODY_HEAD}`;

/** The columns that an outgoing message's life changes. */
export type OutgoingUpdate = Pick<
  OutgoingRow,
  | 'state'
  | 'run'
  | 'open'
  | 'error'
  | 'attempts'
  | 'next_attempt_at'
  | 'queued_at'
  | 'delayed'
  | 'remote_id'
>;

/** A row to insert; its position is given beside it. `body`: all of the text. */
export type NewMessage = Omit<MessageRow, 'position'> & { readonly body: string };

/** Prepared statements, as {@link messageTable} makes them; only the ledger's tasks write. */
export type MessageTable = ReturnType<typeof messageTable>;

/** Every statement over `messages`, `attempts`, `streams` and `forgotten`. Changes run in the ledger only. */
export function messageTable(store: Store) {
  const insert = store.prepare<never, (string | number | null)[]>(
    `INSERT INTO messages (id, thread_id, position, direction, kind, state, open, run, unread, body, body_bytes, at,
       sender_at, author, reply_to, remote_id, error, queued_at, attachments)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  // The values that are the same for all of them are bound once, or are the columns' defaults.
  const insertCopies = store.prepare<never, [string, string, number, number, number, string]>(
    `INSERT INTO messages (id, thread_id, position, direction, kind, state, open, body, body_bytes, at, queued_at, attempts)
     SELECT value ->> 0, value ->> 1, value ->> 2, 'out', ?, iif(value ->> 3, 'sending', 'queued'), 1, ?, ?, ?, ?, value ->> 3
     FROM json_each(?)`,
  );
  const updateOutgoing = store.prepare<never, (string | number | null)[]>(
    `UPDATE messages SET state = ?, run = ?, open = ?, error = ?, attempts = ?, next_attempt_at = ?,
       queued_at = ?, delayed = ?, remote_id = ? WHERE id = ?`,
  );
  const updateIncoming = store.prepare<never, (string | number | null)[]>(
    'UPDATE messages SET state = ?, open = ?, unread = ?, error = ?, sender_at = ?, remote_id = ? WHERE id = ?',
  );
  const setBody = store.prepare<never, [string, number, MessageId]>(
    'UPDATE messages SET body = ?, body_bytes = ? WHERE id = ?',
  );
  const setAttachments = store.prepare<never, [number, MessageId]>(
    'UPDATE messages SET attachments = ? WHERE id = ?',
  );
  const begun = store.prepare<never, [MessageId, string, string, number]>(
    'INSERT INTO attempts (message_id, link_id, session_key, started_at) VALUES (?, ?, ?, ?)',
  );
  const begunAll = store.prepare<never, [number, string]>(
    `INSERT INTO attempts (message_id, link_id, session_key, started_at)
     SELECT value ->> 0, value ->> 1, value ->> 2, ? FROM json_each(?)`,
  );
  const ended = store.prepare<
    never,
    [number, string, string | null, string | null, string | null, MessageId]
  >(
    `UPDATE attempts SET ended_at = ?, outcome = ?, code = ?, detail = ?, run_id = ?
     WHERE id = (SELECT max(id) FROM attempts WHERE message_id = ?) AND outcome IS NULL`,
  );

  const byId = store.prepare<MessageRow, [MessageId]>(
    `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE id = ?`,
  );
  const outgoing = (id: MessageId): OutgoingRow | undefined => {
    const row = byId.get(id);
    return row?.direction === 'out' ? row : undefined;
  };

  return {
    byId: (id: MessageId) => byId.get(id),
    outgoing,
    withBody: store.prepare<MessageRowWithBody, [MessageId]>(
      `SELECT ${WITH_BODY} FROM messages WHERE id = ?`,
    ),
    body: store.prepare<{ body: string }, [MessageId]>('SELECT body FROM messages WHERE id = ?'),
    byRemote: store.prepare<MessageRow, [ThreadId, string]>(
      `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE thread_id = ? AND remote_id = ?`,
    ),
    /** The answer to a message of ours. */
    answerTo: store.prepare<IncomingRow, [MessageId]>(
      `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE reply_to = ?`,
    ),
    /** The next one that a lane owes: queued, sending or unknown. */
    head: store.prepare<OutgoingRow, [ThreadId]>(
      `SELECT ${MESSAGE_COLUMNS} FROM messages
       WHERE thread_id = ? AND open = 1 AND state IN ('queued', 'sending', 'unknown')
       ORDER BY position LIMIT 1`,
    ),
    /** A message of another thread that is under way, or runs, in a session that both live in. */
    busySession: store.prepare<{ id: MessageId }, [ThreadId, LinkId, string]>(
      `SELECT m.id FROM messages m JOIN threads t ON t.id = m.thread_id
       WHERE m.open = 1 AND m.direction = 'out' AND m.state <> 'queued' AND m.thread_id <> ?
         AND t.link_id = ? AND t.session_key = ? LIMIT 1`,
    ),
    /** Everything that is not settled yet, over all threads; the only thing read at start. */
    open: store.prepare<MessageRow>(
      `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE open = 1 ORDER BY thread_id, position`,
    ),
    // Named, or SQLite would walk through all messages for their order.
    queued: store.prepare<Pick<OutgoingRow, 'id' | 'thread_id' | 'delayed'>>(
      `SELECT id, thread_id, delayed FROM messages INDEXED BY messages_open
       WHERE open = 1 AND state = 'queued' ORDER BY row`,
    ),
    openOf: store.prepare<MessageRow, [ThreadId]>(
      `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE thread_id = ? AND open = 1 ORDER BY position`,
    ),
    /** Newest answers whose remote id nobody told us yet, with their whole text. */
    unclaimed: store.prepare<{ id: MessageId; body: string }, [ThreadId, number]>(
      `SELECT id, body FROM messages
       WHERE thread_id = ? AND position > ? AND direction = 'in' AND remote_id IS NULL
         AND reply_to IS NOT NULL AND open = 0 AND body_bytes < 100000
       ORDER BY position DESC LIMIT 50`,
    ),
    older: store.prepare<MessageRowWithBody, [ThreadId, number, number]>(
      `SELECT ${WITH_BODY} FROM messages WHERE thread_id = ? AND position < ?
       ORDER BY position DESC LIMIT ?`,
    ),
    newer: store.prepare<MessageRowWithBody, [ThreadId, number, number]>(
      `SELECT ${WITH_BODY} FROM messages WHERE thread_id = ? AND position > ?
       ORDER BY position LIMIT ?`,
    ),
    markRead: store.prepare<{ id: MessageId }, [ThreadId]>(
      'UPDATE messages SET unread = 0 WHERE thread_id = ? AND unread = 1 RETURNING id',
    ),
    lastAttempt: store.prepare<AttemptRow, [MessageId]>(
      'SELECT id, link_id, session_key, run_id FROM attempts WHERE message_id = ? ORDER BY id DESC LIMIT 1',
    ),
    /** The run of the newest acknowledged message of a thread in a session. */
    lastRun: store.prepare<{ run_id: string }, [ThreadId, string, string]>(
      `SELECT a.run_id FROM messages m JOIN attempts a ON a.message_id = m.id
       WHERE m.thread_id = ? AND m.direction = 'out' AND a.link_id = ? AND a.session_key = ?
         AND a.run_id IS NOT NULL ORDER BY m.position DESC, a.id DESC LIMIT 1`,
    ),
    /** Whether anything else of this thread is known to have stood in a session; retention may have deleted it here. */
    usedSession: store.prepare<{ used: number }, [ThreadId, MessageId, string, string]>(
      `SELECT EXISTS (SELECT 1 FROM forgotten WHERE thread_id = ?1)
         OR EXISTS (SELECT 1 FROM messages m WHERE m.thread_id = ?1 AND m.id <> ?2
           AND ((m.direction = 'in' AND m.remote_id IS NOT NULL)
             OR (m.state IN ('sent', 'delivered', 'answered') AND EXISTS (SELECT 1 FROM attempts a
               WHERE a.message_id = m.id AND a.link_id = ?3 AND a.session_key = ?4)))) AS used`,
    ),
    /** The other side asked something about it, in place of an answer. Noting it again is harmless. */
    noteAskedBack: store.prepare<never, [MessageId]>(
      'INSERT OR IGNORE INTO asked_back (message_id) VALUES (?)',
    ),
    askedBack: store.prepare<{ message_id: MessageId }, [MessageId]>(
      'SELECT message_id FROM asked_back WHERE message_id = ?',
    ),
    /** After this the last attempt can be settled nowhere. */
    detachAttempt: store.prepare<never, [MessageId]>(
      "UPDATE attempts SET link_id = '' WHERE id = (SELECT max(id) FROM attempts WHERE message_id = ?)",
    ),
    savePartial: store.prepare<never, [MessageId, string]>(
      'INSERT INTO streams (message_id, text) VALUES (?, ?) ON CONFLICT (message_id) DO UPDATE SET text = excluded.text',
    ),
    partial: store.prepare<{ text: string }, [MessageId]>(
      'SELECT text FROM streams WHERE message_id = ?',
    ),
    dropPartial: store.prepare<never, [MessageId]>('DELETE FROM streams WHERE message_id = ?'),
    forget: store.prepare<never, [ThreadId, string]>(
      'INSERT OR IGNORE INTO forgotten (thread_id, mark) VALUES (?, ?)',
    ),
    forgotten: store.prepare<{ mark: string }, [ThreadId, string]>(
      'SELECT mark FROM forgotten WHERE thread_id = ? AND mark = ?',
    ),

    insert: (m: NewMessage, position: number): void => {
      insert.run(
        m.id,
        m.thread_id,
        position,
        m.direction,
        m.kind,
        m.state,
        m.open,
        m.run,
        m.unread,
        m.body,
        m.body_bytes,
        m.at,
        m.sender_at,
        m.author,
        m.reply_to,
        m.remote_id,
        m.error,
        m.queued_at,
        m.attachments,
      );
    },
    /** Many new messages of one text, each queued or at its first attempt. */
    insertCopies: (
      rows: readonly OutgoingRow[],
      same: {
        readonly kind: string;
        readonly body: string;
        readonly bytes: number;
        readonly at: number;
      },
    ): void => {
      const places = rows.map((m) => [m.id, m.thread_id, m.position, m.attempts]);
      insertCopies.run(same.kind, same.body, same.bytes, same.at, same.at, JSON.stringify(places));
    },
    beginAttempts: (begun: readonly (readonly string[])[], at: number): void => {
      if (begun.length > 0) begunAll.run(at, JSON.stringify(begun));
    },
    /** Those of these messages that are still at the attempt of which they were acknowledged. */
    acknowledgeAll: store.prepare<{ id: MessageId }, [string]>(
      `UPDATE messages SET state = 'sent', run = 'going', next_attempt_at = NULL
       WHERE id IN (SELECT value FROM json_each(?)) AND state = 'sending' AND run = 'none' AND delayed = 0
         AND error IS NULL AND remote_id IS NULL RETURNING id`,
    ),
    /** Closes the newest attempt of each of these `[message, run]`, where it is still open. */
    endAttempts: store.prepare<never, [number, string]>(
      `UPDATE attempts SET ended_at = ?, outcome = 'acknowledged', run_id = j.value ->> 1
       FROM json_each(?) j WHERE attempts.id =
         (SELECT max(a.id) FROM attempts a WHERE a.message_id = j.value ->> 0) AND outcome IS NULL`,
    ),
    updateOutgoing: (id: MessageId, u: OutgoingUpdate): void => {
      updateOutgoing.run(
        u.state,
        u.run,
        u.open,
        u.error,
        u.attempts,
        u.next_attempt_at,
        u.queued_at,
        u.delayed,
        u.remote_id,
        id,
      );
    },
    updateIncoming: (m: IncomingRow): void => {
      updateIncoming.run(m.state, m.open, m.unread, m.error, m.sender_at, m.remote_id, m.id);
    },
    setAttachments: (id: MessageId, count: number): void => {
      setAttachments.run(count, id);
    },
    setBody: (id: MessageId, body: string, bytes: number): void => {
      setBody.run(body, bytes, id);
    },
    beginAttempt: (id: MessageId, linkId: string, sessionKey: string, at: number): void => {
      begun.run(id, linkId, sessionKey, at);
    },
    /** Closes the newest attempt of a message, where it is still open. */
    endAttempt: (
      id: MessageId,
      at: number,
      outcome: string,
      error: AppError | null,
      runId: string | null = null,
    ): void => {
      ended.run(at, outcome, error?.code ?? null, error?.detail ?? null, runId, id);
    },
  };
}
