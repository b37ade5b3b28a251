/** Work that runs on the own gateway without anybody having been asked: seen, followed, told. */
import { v7 } from 'uuid';
import type { Clock } from '../../clock/clock.ts';
import {
  type ChangeSink,
  codedError,
  DelegationId,
  type DelegationState,
  isOver,
  type MessageId,
  type PeerId,
  readAnswerState,
  type UnaskedView,
} from '../../contract/index.ts';
import type { Store } from '../../store/store.ts';
import type { BoardFilter } from '../delegations/table.ts';
import { agentOf, type Recognised, recognise, type SeenRow } from './recognise.ts';

/** The most UTF-16 units of a text that is kept. */
const KEPT_UNITS = 2_000;
const SNAPSHOT_LIMIT = 200;

interface Row {
  readonly id: DelegationId;
  readonly session_key: string;
  readonly remote_id: string;
  readonly run_key: string | null;
  readonly sender: string;
  readonly verified: number;
  readonly seen_by: UnaskedView['seenBy'];
  readonly topic: string;
  readonly text: string;
  readonly priority: UnaskedView['priority'];
  readonly deadline_at: number | null;
  readonly state: DelegationState;
  readonly answer: string | null;
  readonly answer_at: number | null;
  readonly received_at: number;
  readonly changed_at: number;
}

/** Where it is kept, and how what is seen is told to be somebody's. */
export interface UnaskedBookOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly changed: ChangeSink;
  /** A message that this app sent itself. */
  ours(id: MessageId): boolean;
  /** Whose a sender's name is, as far as the peer book can tell. */
  peerOf(sender: string): PeerId | null;
  /** New work is running; told once for each. */
  arrived(view: UnaskedView): void;
}

/** Such work from the first sight of it to its end, as rows of the board. */
export interface UnaskedBook {
  /** Takes rows of one session in, oldest first. Doing it again is harmless. */
  take(rows: readonly SeenRow[]): Promise<void>;
  view(id: DelegationId): UnaskedView | null;
  /** What is open, newest first, at most 200. */
  open(): UnaskedView[];
  /** Sessions in which something is open. */
  openSessions(): string[];
  board(filter: BoardFilter): UnaskedView[];
  /** The person's word, or that it was stopped. @throws CodedError reception.delegation_not_found */
  end(id: DelegationId, state: 'completed' | 'cancelled'): Promise<void>;
}

const OPEN = `state IN ('proposed', 'asked_back', 'accepted', 'in_progress')`;
const WHERE: Readonly<Record<BoardFilter['which'], string>> = {
  // Nothing of it can wait for a person: it runs.
  waiting: '0 = 1',
  open: OPEN,
  over: `NOT (${OPEN})`,
  all: '1 = 1',
};

const kept = (text: string): string =>
  text.length <= KEPT_UNITS ? text : `${text.slice(0, KEPT_UNITS - 1).toWellFormed()}…`;

/** Opens the book over an open store. */
export function createUnaskedBook(options: UnaskedBookOptions): UnaskedBook {
  const { store, clock, changed } = options;
  const byId = store.prepare<Row, [string]>('SELECT * FROM unasked_work WHERE id = ?');
  const known = store.prepare<Row, [string, string]>(
    'SELECT * FROM unasked_work WHERE session_key = ? AND remote_id = ?',
  );
  const openRows = store.prepare<Row>(
    `SELECT * FROM unasked_work WHERE ${OPEN} ORDER BY id DESC LIMIT ${SNAPSHOT_LIMIT}`,
  );
  const insert = store.prepare<never, (string | number | null)[]>(
    `INSERT INTO unasked_work (id, session_key, remote_id, run_key, sender, verified, seen_by, topic, text,
       priority, deadline_at, state, received_at, changed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const update = store.prepare<never, (string | number | null)[]>(
    'UPDATE unasked_work SET state = ?, answer = ?, answer_at = ?, changed_at = ? WHERE id = ?',
  );
  const page = (which: BoardFilter['which']) =>
    store.prepare<Row, (string | number | null)[]>(
      `SELECT * FROM unasked_work WHERE ${WHERE[which]} AND (?1 IS NULL OR id < ?1)
         AND (?2 IS NULL OR sender IN (SELECT value FROM json_each(?2)))
         AND (?3 IS NULL OR priority = ?3) AND (?4 IS NULL OR (deadline_at < ?4 AND ${OPEN}))
         AND (?5 IS NULL OR text LIKE ?5 ESCAPE '\\' OR sender LIKE ?5 ESCAPE '\\' OR topic LIKE ?5 ESCAPE '\\')
       ORDER BY id DESC LIMIT ?6`,
    );
  const pages = {
    waiting: page('waiting'),
    open: page('open'),
    over: page('over'),
    all: page('all'),
  };
  const senders = store.prepare<{ readonly sender: string }>(
    'SELECT DISTINCT sender FROM unasked_work',
  );
  /** The names under which a peer's work came, as JSON; null = of everybody. */
  const sendersOf = (peerId: string | null): string | null =>
    peerId === null
      ? null
      : JSON.stringify(
          senders
            .all()
            .map(({ sender }) => sender)
            .filter((sender) => options.peerOf(sender) === peerId),
        );
  /** The work that the newest message of a session asked for; null = that was something else. */
  const current = new Map<string, DelegationId | null>();

  const view = (row: Row): UnaskedView => ({
    id: row.id,
    sender: row.sender,
    verified: row.verified === 1,
    peerId: options.peerOf(row.sender),
    seenBy: row.seen_by,
    topic: row.topic,
    text: row.text,
    priority: row.priority,
    deadlineAt: row.deadline_at,
    agentId: agentOf(row.session_key),
    sessionKey: row.session_key,
    state: row.state,
    answer: row.answer === null ? null : { text: row.answer, at: row.answer_at ?? row.changed_at },
    receivedAt: row.received_at,
    changedAt: row.changed_at,
  });

  const add = (row: SeenRow, seen: Recognised): DelegationId => {
    const there = known.get(row.sessionKey, row.remoteId);
    if (there) return there.id;
    const id = DelegationId.parse(v7({ msecs: clock.now() }));
    const at = row.at === null ? clock.now() : Math.min(row.at, clock.now());
    insert.run(
      id,
      row.sessionKey,
      row.remoteId,
      row.key,
      seen.sender,
      seen.verified ? 1 : 0,
      seen.seenBy,
      seen.topic,
      kept(row.text.toWellFormed().replaceAll('\u0000', '')),
      seen.priority,
      seen.deadlineAt,
      'in_progress',
      at,
      clock.now(),
    );
    return id;
  };

  /** An answer, or a part of one: the newest stands until somebody writes again. */
  const answer = (id: DelegationId, row: SeenRow): boolean => {
    const work = byId.get(id);
    if (!work || work.state === 'cancelled') return false;
    const text = kept(row.text.toWellFormed().replaceAll('\u0000', ''));
    const state = stateAfter(row);
    if (work.answer === text && work.state === state) return false;
    update.run(state, text === '' ? work.answer : text, row.at ?? clock.now(), clock.now(), id);
    return true;
  };

  /** Most of what is said on a gateway is nobody's work: it must not cost a write. */
  const matters = (row: SeenRow): boolean =>
    row.role === 'user'
      ? recognise(row, options.ours) !== null
      : row.role === 'assistant' && Boolean(current.get(row.sessionKey));

  const take = async (rows: readonly SeenRow[]): Promise<void> => {
    if (!rows.some(matters)) {
      for (const row of rows) if (row.role === 'user') current.set(row.sessionKey, null);
      return;
    }
    const fresh: DelegationId[] = [];
    const touched = new Set<DelegationId>();
    await store.write(() => {
      for (const row of rows) {
        if (row.role === 'user') {
          const seen = recognise(row, options.ours);
          const before = seen && known.get(row.sessionKey, row.remoteId);
          const id = seen ? add(row, seen) : null;
          current.set(row.sessionKey, id);
          if (id !== null && !before) fresh.push(id);
        } else if (row.role === 'assistant' && (row.text !== '' || row.ended)) {
          const id = current.get(row.sessionKey);
          if (id && answer(id, row)) touched.add(id);
        }
      }
    });
    for (const id of new Set([...fresh, ...touched])) changed({ type: 'unasked', id });
    for (const id of fresh) {
      const row = byId.get(id);
      if (row && !isOver(row.state)) options.arrived(view(row));
    }
  };

  return {
    take,
    view: (id) => {
      const row = byId.get(id);
      return row ? view(row) : null;
    },
    open: () => openRows.all().map(view),
    openSessions: () => [...new Set(openRows.all().map((row) => row.session_key))],
    board: (filter) => {
      const { search } = filter;
      const like = search === '' ? null : `%${search.replace(/[\\%_]/g, '\\$&')}%`;
      return pages[filter.which]
        .all(
          filter.before,
          sendersOf(filter.peerId),
          filter.priority,
          filter.dueBefore,
          like,
          filter.limit,
        )
        .map(view);
    },
    end: async (id, state) => {
      await store.write(() => {
        const row = byId.get(id);
        if (!row) throw codedError('reception.delegation_not_found', 'It is not known here.');
        if (!isOver(row.state)) update.run(state, row.answer, row.answer_at, clock.now(), id);
      });
      changed({ type: 'unasked', id });
    },
  };
}

function stateAfter(row: SeenRow): DelegationState {
  if (row.ended === 'aborted') return 'cancelled';
  if (row.ended === 'error') return 'failed';
  return readAnswerState(row.text) ?? 'completed';
}
