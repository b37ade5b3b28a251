/** Delegations as they stand in the database. */
import type {
  DelegationId,
  DelegationState,
  DelegationTurn,
  PeerId,
} from '../../contract/index.ts';
import type { Store } from '../../store/store.ts';
import type { RunFile } from '../options.ts';
import { type Delegation, json, type Row, read } from './rows.ts';

/** States in which something is still to come. */
const OPEN = `('proposed', 'asked_back', 'accepted', 'in_progress')`;

/** More than any reply budget. */
const MOST_TURNS = 101;

const isByPolicy = (decision: string | null): boolean =>
  decision !== null && (JSON.parse(decision) as { by?: unknown }).by === 'policy';

/** A run that goes on over a restart is of one of so many. */
const NEWEST = 1_000;

/** What {@link DelegationTable.page} looks for. */
export interface PageFilter {
  readonly which: 'waiting' | 'open' | 'over' | 'all';
  readonly search: string;
  readonly peerId: string | null;
  /** Rows before this one; null = from the newest. */
  readonly before: number | null;
  readonly limit: number;
}

/** What a page of the board asks of incoming work; null = any. */
export interface BoardFilter {
  readonly which: PageFilter['which'];
  readonly search: string;
  readonly peerId: string | null;
  readonly priority: string | null;
  /** Only what should have been done before this, ms since the epoch. */
  readonly dueBefore: number | null;
  /** Older than this one. */
  readonly before: DelegationId | null;
  readonly limit: number;
}

/** What {@link delegationTable} gives: prepared reads, and writes for inside a commit. */
export type DelegationTable = ReturnType<typeof delegationTable>;

/** Statements over an open store. Writing ones belong inside `store.write`. */
export function delegationTable(store: Store) {
  type Text = string | null;
  type Whole = number | null;
  const insert = store.prepare<
    never,
    [
      string,
      Text,
      string,
      string,
      string,
      Text,
      string,
      number,
      number,
      string,
      string,
      Whole,
      Text,
      number,
      number,
      string,
      number,
      number,
      number,
    ]
  >(
    `INSERT INTO delegations (id, peer_id, caller, proof, context_id, topic, text, text_bytes, bytes,
       parts, priority, deadline_at, expected, hops, turns, state, received_at, changed_at, takes_data)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = store.prepare<
    never,
    [
      string,
      number,
      number,
      string,
      string,
      Text,
      Text,
      Text,
      Text,
      Text,
      Text,
      Whole,
      Text,
      Text,
      number,
      Whole,
      Whole,
      string,
      string,
    ]
  >(
    `UPDATE delegations SET text = ?, text_bytes = ?, bytes = ?, state = ?, phase = ?, agent_id = ?,
       session_key = ?, edited_text = ?, decision = ?, question = ?, answer = ?, answer_at = ?,
       error = ?, held = ?, changed_at = ?, started_at = ?, snoozed_until = ?,
       answer_parts = ? WHERE id = ?`,
  );
  const byId = store.prepare<Row, [string]>('SELECT * FROM delegations WHERE id = ?');
  const open = store.prepare<Row>(`SELECT * FROM delegations WHERE state IN ${OPEN} ORDER BY row`);
  const openOf = store.prepare<Row, [string]>(
    `SELECT * FROM delegations WHERE peer_id = ? AND state IN ${OPEN} ORDER BY row`,
  );
  const counts = store.prepare<{ state: DelegationState; n: number }>(
    `SELECT state, count(*) AS n FROM delegations WHERE state IN ${OPEN} GROUP BY state`,
  );
  const newestOf = store.prepare<Row, [string, string, string, number, number]>(
    `SELECT * FROM delegations WHERE peer_id = ? AND (? = '' OR context_id = ?) AND row < ?
     ORDER BY row DESC LIMIT ?`,
  );
  const totalOf = store.prepare<{ n: number }, [string, string, string]>(
    "SELECT count(*) AS n FROM delegations WHERE peer_id = ? AND (? = '' OR context_id = ?)",
  );
  const decisionsOf = store.prepare<{ decision: Text }, [string, string]>(
    `SELECT decision FROM delegations WHERE peer_id = ? AND context_id = ?
     ORDER BY row DESC LIMIT ${MOST_TURNS}`,
  );
  const running = store.prepare<Row, [string]>(
    "SELECT * FROM delegations WHERE peer_id = ? AND state = 'in_progress'",
  );
  const pages = {
    waiting: pageOf(store, `state IN ('proposed')`),
    open: pageOf(store, `state IN ${OPEN}`),
    over: pageOf(store, `state NOT IN ${OPEN}`),
    all: pageOf(store, '1 = 1'),
  };
  const boards = {
    waiting: boardOf(store, `state IN ('proposed')`),
    open: boardOf(store, `state IN ${OPEN}`),
    over: boardOf(store, `state NOT IN ${OPEN}`),
    all: boardOf(store, '1 = 1'),
  };
  const message = store.prepare<never, [string, string, Text, string, string, number]>(
    `INSERT INTO delegation_messages (delegation_id, author, peer_id, message_id, text, at)
     VALUES (?, ?, ?, ?, ?, ?)`,
  );
  const messageOf = store.prepare<{ delegation_id: DelegationId }, [string, string]>(
    'SELECT delegation_id FROM delegation_messages WHERE peer_id = ? AND message_id = ?',
  );
  const turns = store.prepare<
    { author: DelegationTurn['from']; message_id: string; text: string; at: number },
    [string]
  >(
    'SELECT author, message_id, text, at FROM delegation_messages WHERE delegation_id = ? ORDER BY row',
  );
  const leftByHand = store.prepare<Row>(
    `SELECT * FROM delegations WHERE row > (SELECT max(row) FROM delegations) - ${NEWEST}
     AND state = 'completed' AND phase <> 'none' AND decision LIKE '{"what":"answered"%' ORDER BY row`,
  );
  const lastWord = store.prepare<{ text: string }, [string]>(
    "SELECT text FROM delegation_messages WHERE delegation_id = ? AND author = 'caller' ORDER BY row DESC LIMIT 1",
  );
  const file = store.prepare<never, [string, number, string, string, Uint8Array]>(
    'INSERT INTO delegation_files (delegation_id, position, name, media_type, data) VALUES (?, ?, ?, ?, ?)',
  );
  const files = store.prepare<{ name: string; media_type: string; data: Uint8Array }, [string]>(
    'SELECT name, media_type, data FROM delegation_files WHERE delegation_id = ? ORDER BY position',
  );

  return {
    insert: (d: Omit<Delegation, 'row'>): void => {
      insert.run(
        d.id,
        d.peerId,
        d.caller,
        JSON.stringify(d.proof),
        d.contextId,
        d.topic,
        d.text,
        d.textBytes,
        d.bytes,
        JSON.stringify(d.parts),
        d.priority,
        d.deadlineAt,
        d.expected,
        d.hops,
        d.turns,
        d.state,
        d.receivedAt,
        d.changedAt,
        Number(d.takesData),
      );
    },
    update: (d: Delegation): void => {
      update.run(
        d.text,
        d.textBytes,
        d.bytes,
        d.state,
        d.phase,
        d.agentId,
        d.sessionKey,
        d.editedText,
        json(d.decision),
        d.question,
        d.answer,
        d.answerAt,
        json(d.error),
        json(d.held),
        d.changedAt,
        d.startedAt,
        d.snoozedUntil,
        JSON.stringify(d.answerParts),
        d.id,
      );
    },
    byId: (id: string): Delegation | null => {
      const row = byId.get(id);
      return row ? read(row) : null;
    },
    /** Oldest first. */
    open: (): Delegation[] => open.all().map(read),
    openOf: (peerId: string): Delegation[] => openOf.all(peerId).map(read),
    counts: (): ReadonlyMap<DelegationState, number> =>
      new Map(counts.all().map(({ state, n }) => [state, n])),
    /** A caller's own, newest first. */
    newestOf: (peerId: string, contextId: string, before: number, limit: number): Delegation[] =>
      newestOf.all(peerId, contextId, contextId, before, limit).map(read),
    totalOf: (peerId: string, contextId: string): number =>
      totalOf.get(peerId, contextId, contextId)?.n ?? 0,
    /** How many of a conversation's newest were let through by policy, with no person in between. */
    policyTurns: (peerId: string, contextId: string): number => {
      const found = decisionsOf.all(peerId, contextId);
      const byPerson = found.findIndex(({ decision }) => !isByPolicy(decision));
      return byPerson < 0 ? found.length : byPerson;
    },
    /** What an agent works on for a peer now. */
    runningOf: (peerId: string): Delegation[] => running.all(peerId).map(read),
    /** Answered by hand while an agent had it, among the newest; nobody saw its run stop. */
    leftByHand: (): Delegation[] => leftByHand.all().map(read),
    page: (filter: PageFilter): Delegation[] => {
      const like = `%${filter.search.replace(/[\\%_]/g, '\\$&')}%`;
      const { peerId, before, limit, search } = filter;
      const bound = before ?? Number.MAX_SAFE_INTEGER;
      return pages[filter.which]
        .all(bound, peerId, peerId, search, like, like, like, limit)
        .map(read);
    },
    /** Newest first, by id: ids sort by time, over both directions of the board. */
    board: (filter: BoardFilter): Delegation[] => {
      const { search } = filter;
      const like = search === '' ? null : `%${search.replace(/[\\%_]/g, '\\$&')}%`;
      return boards[filter.which]
        .all(filter.before, filter.peerId, filter.priority, filter.dueBefore, like, filter.limit)
        .map(read);
    },
    addMessage: (
      id: DelegationId,
      from: DelegationTurn['from'],
      peerId: PeerId | null,
      messageId: string,
      text: string,
      at: number,
    ): void => {
      message.run(id, from, peerId, messageId, text, at);
    },
    delegationOfMessage: (peerId: string, messageId: string): DelegationId | null =>
      messageOf.get(peerId, messageId)?.delegation_id ?? null,
    turns: (id: string) => turns.all(id),
    /** What the caller wrote last. */
    lastWord: (id: string): string | null => lastWord.get(id)?.text ?? null,
    addFile: (id: DelegationId, position: number, one: RunFile): void => {
      file.run(id, position, one.name, one.mediaType, one.data);
    },
    files: (id: string): RunFile[] =>
      files.all(id).map(({ name, media_type, data }) => ({ name, mediaType: media_type, data })),
  };
}

const pageOf = (store: Store, where: string) =>
  store.prepare<
    Row,
    [number, string | null, string | null, string, string, string, string, number]
  >(
    `SELECT * FROM delegations WHERE row < ? AND (? IS NULL OR peer_id = ?) AND ${where}
       AND (? = '' OR text LIKE ? ESCAPE '\\' OR caller LIKE ? ESCAPE '\\' OR topic LIKE ? ESCAPE '\\')
     ORDER BY row DESC LIMIT ?`,
  );

const boardOf = (store: Store, where: string) =>
  store.prepare<Row, (string | number | null)[]>(
    `SELECT * FROM delegations WHERE ${where} AND (?1 IS NULL OR id < ?1) AND (?2 IS NULL OR peer_id = ?2)
       AND (?3 IS NULL OR priority = ?3) AND (?4 IS NULL OR (deadline_at < ?4 AND state IN ${OPEN}))
       AND (?5 IS NULL OR text LIKE ?5 ESCAPE '\\' OR caller LIKE ?5 ESCAPE '\\' OR topic LIKE ?5 ESCAPE '\\')
     ORDER BY id DESC LIMIT ?6`,
  );
