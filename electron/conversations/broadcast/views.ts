/** Broadcasts and their rows as windows see them. */
import * as z from 'zod';
import {
  AppError,
  type BroadcastCounts,
  type BroadcastRow,
  type BroadcastView,
} from '../../contract/index.ts';
import { oneLine } from '../excerpt.ts';
import type { OutgoingRow } from '../rows.ts';
import type { BroadcastTable, BroadcastTableRow, RecipientRow } from './table.ts';

/** One line of an answer, UTF-16 units. */
const ANSWER_UNITS = 200;

const Tags = z.array(z.string()).catch([]);

/** The tags of a stored row. */
export const tagsOf = (text: string): string[] => Tags.parse(JSON.parse(text));

const NONE: BroadcastCounts = {
  queued: 0,
  sending: 0,
  sent: 0,
  delivered: 0,
  answered: 0,
  failed: 0,
  unknown: 0,
  cancelled: 0,
  handed: 0,
  gone: 0,
};

/** A broadcast with how its messages stand now. */
export function broadcastView(table: BroadcastTable, row: BroadcastTableRow): BroadcastView {
  const counts = { ...NONE };
  for (const { state, n } of table.counts.all(row.row)) counts[state ?? 'gone'] = n;
  return view(row, counts);
}

function view(row: BroadcastTableRow, counts: BroadcastCounts): BroadcastView {
  return {
    id: row.id,
    topic: row.topic,
    tags: tagsOf(row.tags),
    text: row.text,
    at: row.at,
    audience: row.audience,
    recipients: row.recipients,
    leftOut: row.left_out,
    counts,
    done: counts.queued + counts.sending + counts.unknown === 0,
  };
}

/** One that was stored just now, with its messages as they were stored. */
export function freshView(row: BroadcastTableRow, messages: readonly OutgoingRow[]): BroadcastView {
  const counts = { ...NONE };
  for (const { state } of messages) counts[state] += 1;
  return view(row, counts);
}

/** Names a row over all broadcasts. */
export const rowId = (broadcastId: string, position: number): string =>
  `${broadcastId}/${position}`;

/** One recipient. */
export function rowView(broadcastId: BroadcastView['id'], row: RecipientRow): BroadcastRow {
  const gone = row.state === null;
  return {
    id: rowId(broadcastId, row.position),
    broadcastId,
    peerId: row.peer_id,
    peerName: row.peer_name,
    messageId: gone ? null : row.message_id,
    threadId: row.thread_id,
    state: row.state,
    attempts: row.attempts ?? 0,
    nextAttemptAt: row.next_attempt_at,
    error: row.error === null ? null : (AppError.safeParse(JSON.parse(row.error)).data ?? null),
    answer: row.answer === null || row.answer === '' ? null : oneLine(row.answer, ANSWER_UNITS),
    leftOut: row.message_id === null ? { reason: row.reason, why: row.why } : null,
  };
}
