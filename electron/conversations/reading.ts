/** Reading across threads: what came in since a place, and what was said with one peer. */
import type { MessageId, MessageView, PeerId, RequestId } from '../contract/index.ts';
import type { Store } from '../store/store.ts';
import type { AskedMessage, Askers } from './askers.ts';
import type { MessageTable } from './message-table.ts';
import type { MessageRowWithBody } from './rows.ts';
import type { Views } from './views.ts';

/** A message and its place among all messages of this home. */
export interface Placed {
  readonly place: number;
  readonly message: MessageView;
}

/** For local agents: nothing is marked as read by it. */
export interface Reading {
  /** What came in after a place, oldest first. */
  incomingAfter(place: number, limit: number): Placed[];
  /** The newest that came in, oldest first. */
  newestIncoming(limit: number): Placed[];
  /** Messages of one peer over all its threads, newest first. @param before null = from the end */
  ofPeer(peerId: PeerId, before: MessageId | null, limit: number): MessageView[];
  /** What was stored for a request of a local agent. */
  askedFor(id: RequestId): AskedMessage[];
  /** The answer to a message of ours, as far as it came. */
  answerTo(id: MessageId): MessageView | null;
}

interface Found {
  readonly row: number;
  readonly id: MessageId;
}

const LIVE = 'JOIN threads t ON t.id = m.thread_id AND t.deleted_at IS NULL';

/** Prepares the statements. */
export function createReading(
  store: Store,
  messages: MessageTable,
  views: Views,
  askers: Pick<Askers, 'ofRequest'>,
): Reading {
  const after = store.prepare<Found, [number, number]>(
    `SELECT m.row, m.id FROM messages m ${LIVE}
     WHERE m.row > ? AND m.direction = 'in' ORDER BY m.row LIMIT ?`,
  );
  const newest = store.prepare<Found, [number]>(
    `SELECT m.row, m.id FROM messages m ${LIVE}
     WHERE m.direction = 'in' ORDER BY m.row DESC LIMIT ?`,
  );
  const rowOf = store.prepare<{ row: number }, [MessageId]>(
    'SELECT row FROM messages WHERE id = ?',
  );
  const ofPeer = store.prepare<Found, [PeerId, number, number]>(
    `SELECT m.row, m.id FROM messages m
     WHERE m.thread_id IN (SELECT id FROM threads WHERE peer_id = ? AND deleted_at IS NULL)
       AND m.row < ? ORDER BY m.row DESC LIMIT ?`,
  );
  const shown = (id: MessageId): MessageRowWithBody[] => {
    const row = messages.withBody.get(id);
    return row ? [row] : [];
  };
  const placed = (found: readonly Found[]): Placed[] =>
    found.flatMap(({ row, id }) =>
      shown(id).map((message) => ({ place: row, message: views.message(message) })),
    );
  return {
    incomingAfter: (place, limit) => placed(after.all(place, limit)),
    newestIncoming: (limit) => placed(newest.all(limit).reverse()),
    ofPeer: (peerId, before, limit) => {
      const from = before === null ? Number.MAX_SAFE_INTEGER : (rowOf.get(before)?.row ?? 0);
      return placed(ofPeer.all(peerId, from, limit)).map((one) => one.message);
    },
    askedFor: askers.ofRequest,
    answerTo: (id) => {
      const answer = messages.answerTo.get(id);
      const row = answer && messages.withBody.get(answer.id);
      return row ? views.message(row) : null;
    },
  };
}
