/** Relays, and what is on its way over them, as they stand in the database. */
import * as z from 'zod';
import type { LinkId, PeerId, RelayId } from '../contract/index.ts';
import type { RelayTask, SentAnswer, SentTask } from '../links/relay/index.ts';
import type { Store } from '../store/store.ts';

/** A relay as stored. `tls`: SHA-256 of the accepted certificate, null = none; times: epoch ms. */
export interface RelayRecord {
  readonly id: RelayId;
  readonly name: string;
  readonly url: string;
  readonly credential: 'token' | 'none';
  readonly agentId: string;
  readonly agentName: string;
  readonly capabilities: readonly string[];
  readonly description: string;
  readonly joinAll: boolean;
  readonly tls: string | null;
  readonly registered: boolean;
  readonly forgotAt: number | null;
  readonly epoch: number;
  readonly createdAt: number;
}

interface RelayRow {
  id: RelayId;
  name: string;
  url: string;
  credential: 'token' | 'none';
  agent_id: string;
  agent_name: string;
  capabilities: string;
  description: string;
  join_all: number;
  tls: string | null;
  registered: number;
  forgot_at: number | null;
  epoch: number;
  created_at: number;
  removed_at: number | null;
}

interface SentRow {
  key: string;
  link_id: LinkId;
  session_key: string;
  to_agent: string;
  body: string;
  taken: number;
  answer: string | null;
}

/** Whom we owe word about a delegation. */
export interface AnswerRow {
  /** Or, until it is known what came of a message, the message: see {@link pendingOf}. */
  readonly delegation_id: string;
  readonly relay_id: RelayId;
  readonly to_agent: string;
  readonly message_id: string;
  readonly key: string | null;
  readonly told: string;
}

const PENDING = 'pending ';

/** Stands for a delegation until the inbox has taken the message: a crash between the two loses no debt. */
export const pendingOf = (peerId: PeerId, messageId: string): string =>
  `${PENDING}${peerId} ${messageId}`;

/** The message for which it stands; null where it is a delegation. */
export function readPending(id: string): { peerId: PeerId; messageId: string } | null {
  if (!id.startsWith(PENDING)) return null;
  const [peerId = '', ...rest] = id.slice(PENDING.length).split(' ');
  return { peerId: peerId as PeerId, messageId: rest.join(' ') };
}

const Tags = z.array(z.string());

const recordOf = (row: RelayRow): RelayRecord => ({
  id: row.id,
  name: row.name,
  url: row.url,
  credential: row.credential,
  agentId: row.agent_id,
  agentName: row.agent_name,
  capabilities: Tags.parse(JSON.parse(row.capabilities)),
  description: row.description,
  joinAll: row.join_all === 1,
  tls: row.tls,
  registered: row.registered === 1,
  forgotAt: row.forgot_at,
  epoch: row.epoch,
  createdAt: row.created_at,
});

const SENT = 'SELECT s.key, s.link_id, s.session_key, s.to_agent, s.body, s.taken, s.answer';
const ACKNOWLEDGED = 'EXISTS (SELECT 1 FROM relay_sent_ids i WHERE i.key = s.key)';

/** The statements of {@link relayTable}, for whoever is handed them. */
export type RelayTable = ReturnType<typeof relayTable>;
/** Statements over an open store. Writing ones belong inside `store.write`. */
export function relayTable(store: Store) {
  const all = store.prepare<RelayRow>(
    'SELECT * FROM relays WHERE removed_at IS NULL ORDER BY created_at',
  );
  const removed = store.prepare<RelayRow & { removed_at: number }>(
    'SELECT * FROM relays WHERE removed_at IS NOT NULL',
  );
  const has = store.prepare<{ id: string }, [string]>('SELECT id FROM relays WHERE id = ?');
  const setRemoved = store.prepare<never, [number | null, string]>(
    'UPDATE relays SET removed_at = ? WHERE id = ?',
  );
  const put = store.prepare<
    never,
    [
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      string,
      number,
      string | null,
      number,
      number | null,
      number,
      number,
    ]
  >(
    `INSERT INTO relays (id, name, url, credential, agent_id, agent_name, capabilities, description,
       join_all, tls, registered, forgot_at, epoch, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, credential = excluded.credential,
       agent_name = excluded.agent_name, capabilities = excluded.capabilities,
       description = excluded.description, join_all = excluded.join_all, tls = excluded.tls,
       registered = excluded.registered, forgot_at = excluded.forgot_at, epoch = excluded.epoch`,
  );
  const remove = store.prepare<never, [string]>('DELETE FROM relays WHERE id = ?');
  const begin = store.prepare<never, [string, string, string, string, string, string, number]>(
    `INSERT INTO relay_sent (key, relay_id, link_id, session_key, to_agent, body, begun_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (key) DO UPDATE SET relay_id = excluded.relay_id, link_id = excluded.link_id,
       session_key = excluded.session_key, to_agent = excluded.to_agent, body = excluded.body`,
  );
  const addId = store.prepare<never, [string, string, string]>(
    'INSERT OR IGNORE INTO relay_sent_ids (relay_id, message_id, key) VALUES (?, ?, ?)',
  );
  const withdraw = store.prepare<never, [string]>(
    `DELETE FROM relay_sent WHERE key = ? AND answer IS NULL
       AND NOT EXISTS (SELECT 1 FROM relay_sent_ids i WHERE i.key = relay_sent.key)`,
  );
  const taken = store.prepare<never, [string]>('UPDATE relay_sent SET taken = 1 WHERE key = ?');
  const answered = store.prepare<never, [string, number, string]>(
    'UPDATE relay_sent SET answer = ?, answered_at = ? WHERE key = ?',
  );
  const byKey = store.prepare<SentRow, [string]>(`${SENT} FROM relay_sent s WHERE s.key = ?`);
  const byMessage = store.prepare<SentRow, [string, string]>(
    `${SENT} FROM relay_sent_ids i JOIN relay_sent s ON s.key = i.key
     WHERE i.relay_id = ? AND i.message_id = ?`,
  );
  const unacknowledged = store.prepare<SentRow, [string, string]>(
    `${SENT} FROM relay_sent s WHERE s.relay_id = ? AND s.to_agent = ? AND s.answer IS NULL
       AND NOT ${ACKNOWLEDGED} ORDER BY s.row`,
  );
  const unanswered = store.prepare<SentRow, [string]>(
    `${SENT} FROM relay_sent s WHERE s.relay_id = ? AND s.answer IS NULL AND s.taken = 0
       AND ${ACKNOWLEDGED} ORDER BY s.row`,
  );
  const ids = store.prepare<{ message_id: string }, [string]>(
    'SELECT message_id FROM relay_sent_ids WHERE key = ? ORDER BY row',
  );
  const prune = store.prepare<never, [number]>('DELETE FROM relay_sent WHERE answered_at < ?');
  const owe = store.prepare<never, [string, string, string, string, string | null]>(
    `INSERT INTO relay_answers (delegation_id, relay_id, to_agent, message_id, key)
     VALUES (?, ?, ?, ?, ?)
     ON CONFLICT (delegation_id) DO UPDATE SET message_id = excluded.message_id, told = '', over = 0`,
  );
  const placed = store.prepare<never, [string, string]>(
    'UPDATE OR IGNORE relay_answers SET delegation_id = ? WHERE delegation_id = ?',
  );
  const again = store.prepare<never, [string, string]>(
    `UPDATE relay_answers SET told = '', over = 0,
       message_id = coalesce((SELECT message_id FROM relay_answers WHERE delegation_id = ?), message_id)
     WHERE delegation_id = ?`,
  );
  const drop = store.prepare<never, [string]>('DELETE FROM relay_answers WHERE delegation_id = ?');
  const about = store.prepare<{ delegation_id: string }>(
    'SELECT delegation_id FROM relay_answers ORDER BY rowid',
  );
  const owed = store.prepare<AnswerRow, [string]>(
    'SELECT * FROM relay_answers WHERE relay_id = ? AND over = 0',
  );
  const owedOf = store.prepare<AnswerRow, [string]>(
    'SELECT * FROM relay_answers WHERE delegation_id = ? AND over = 0',
  );
  const told = store.prepare<never, [string, number, string, string]>(
    'UPDATE relay_answers SET told = ?, over = ? WHERE delegation_id = ? AND message_id = ?',
  );

  const sentOf = (row: SentRow): SentTask => ({
    key: row.key,
    linkId: row.link_id,
    sessionKey: row.session_key,
    to: row.to_agent,
    body: JSON.parse(row.body) as RelayTask,
    messageIds: ids.all(row.key).map(({ message_id }) => message_id),
    answer: row.answer === null ? null : (JSON.parse(row.answer) as SentAnswer),
    taken: row.taken === 1,
  });

  return {
    relays: (): RelayRecord[] => all.all().map(recordOf),
    has: (id: RelayId): boolean => has.get(id) !== undefined,
    /** Those that the person removed, as long as that can be undone or is not finished. */
    removed: (): { readonly record: RelayRecord; readonly removedAt: number }[] =>
      removed.all().map((row) => ({ record: recordOf(row), removedAt: row.removed_at })),
    setRemoved: (id: RelayId, at: number | null): void => {
      setRemoved.run(at, id);
    },
    put: (relay: RelayRecord): void => {
      put.run(
        relay.id,
        relay.name,
        relay.url,
        relay.credential,
        relay.agentId,
        relay.agentName,
        JSON.stringify(relay.capabilities),
        relay.description,
        relay.joinAll ? 1 : 0,
        relay.tls,
        relay.registered ? 1 : 0,
        relay.forgotAt,
        relay.epoch,
        relay.createdAt,
      );
    },
    remove: (id: RelayId): void => {
      remove.run(id);
    },
    begin: (
      relayId: RelayId,
      task: Pick<SentTask, 'key' | 'linkId' | 'sessionKey' | 'to' | 'body'>,
      at: number,
    ): void => {
      const { key, linkId, sessionKey, to, body } = task;
      begin.run(key, relayId, linkId, sessionKey, to, JSON.stringify(body), at);
    },
    acknowledged: (relayId: RelayId, key: string, messageId: string): void => {
      addId.run(relayId, messageId, key);
    },
    withdraw: (key: string): void => {
      withdraw.run(key);
    },
    taken: (key: string): void => {
      taken.run(key);
    },
    answered: (key: string, answer: SentAnswer, at: number): void => {
      answered.run(JSON.stringify(answer), at, key);
    },
    byKey: (key: string): SentTask | null => {
      const row = byKey.get(key);
      return row ? sentOf(row) : null;
    },
    byMessage: (relayId: RelayId, messageId: string): SentTask | null => {
      const row = byMessage.get(relayId, messageId);
      return row ? sentOf(row) : null;
    },
    unacknowledged: (relayId: RelayId, to: string): SentTask[] =>
      unacknowledged.all(relayId, to).map(sentOf),
    unanswered: (relayId: RelayId): SentTask[] => unanswered.all(relayId).map(sentOf),
    /** What was answered before this time is of no more use. */
    prune: (before: number): void => {
      prune.run(before);
    },
    owe: (answer: Omit<AnswerRow, 'told'>): void => {
      const { delegation_id, relay_id, to_agent, message_id, key } = answer;
      owe.run(delegation_id, relay_id, to_agent, message_id, key);
    },
    /** What was owed to a message is owed about the delegation that came of it, perhaps once more. */
    place: (pending: string, delegationId: string): void => {
      if (placed.run(delegationId, pending) > 0) return;
      again.run(pending, delegationId);
      drop.run(pending);
    },
    /** Nothing came of it, or it is no more. */
    dropOwed: (pending: string): void => {
      drop.run(pending);
    },
    /** What word is or was owed about, the oldest first. */
    owedAbout: (): string[] => about.all().map(({ delegation_id }) => delegation_id),
    owed: (relayId: RelayId): AnswerRow[] => owed.all(relayId),
    owedOf: (delegationId: string): AnswerRow | null => owedOf.get(delegationId) ?? null,
    told: (answer: AnswerRow, what: string, over: boolean): void => {
      told.run(what, over ? 1 : 0, answer.delegation_id, answer.message_id);
    },
  };
}
