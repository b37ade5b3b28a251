/** Carries out what merge-plan.ts plans, inside one transaction. */
import { appError, type MessageId } from '../contract/index.ts';
import type { HistoryMessage, SettleOutcome } from '../links/link.ts';
import { answerEnd, applySettled, endAnswer, newMessageId } from './answers.ts';
import { storable } from './excerpt.ts';
import { isEnded } from './incoming.ts';
import { type MergeStep, planMerge, type ThreadKnowledge } from './merge-plan.ts';
import { isOpen, isRunning } from './outgoing.ts';
import { namesOf, type Parts } from './parts.ts';
import type { ThreadRow } from './rows.ts';
import type { Transaction } from './transaction.ts';

/** A text that only looks like another is not looked for further back than this many messages. */
const TWIN_REACH = 500;

function knowledgeOf(parts: Parts, thread: ThreadRow): ThreadKnowledge {
  const { messages } = parts;
  let twins: Map<string, MessageId> | null = null;
  return {
    question: (id) => {
      const row = messages.outgoing(id);
      if (!row || row.thread_id !== thread.id) return null;
      const answer = messages.answerTo.get(id);
      return {
        open: isOpen(row),
        remoteId: row.remote_id,
        answer: answer
          ? { id: answer.id, remoteId: answer.remote_id, ended: isEnded(answer.state) }
          : null,
      };
    },
    elsewhere: (id) => {
      const row = messages.outgoing(id);
      return row !== undefined && row.thread_id !== thread.id;
    },
    known: (remoteId) => messages.byRemote.get(thread.id, remoteId) !== undefined,
    forgotten: (mark) => messages.forgotten.get(thread.id, mark) !== undefined,
    unclaimed: (text) => {
      if (!twins) {
        twins = new Map();
        const from = thread.next_position - TWIN_REACH;
        for (const row of messages.unclaimed.all(thread.id, from)) twins.set(row.body, row.id);
      }
      return twins.get(storable(text)) ?? null;
    },
    running: () => {
      const open = messages.openOf.all(thread.id).filter((row) => row.direction === 'out');
      return open.find((row) => isRunning(row))?.id ?? null;
    },
  };
}

/** A row whose run may go on. */
export type Held = Extract<MergeStep, { kind: 'hold' }>;

/** What a merge leaves to whoever hears the ends of runs. */
export interface MergeResult {
  /** Rows of runs that may still go on. */
  readonly held: readonly Held[];
}

/**
 * Takes a stretch of history, oldest first, into a thread. Doing it again changes nothing.
 * @param live it was said just now: it is news even where the history was never read.
 */
export function mergeHistory(
  parts: Parts,
  tx: Transaction,
  thread: ThreadRow,
  history: readonly HistoryMessage[],
  settled?: ReadonlyMap<MessageId, SettleOutcome>,
  live = false,
): MergeResult {
  const held: Held[] = [];
  const steps = planMerge(history, knowledgeOf(parts, thread), settled, live);
  for (const step of steps) {
    if (step.kind === 'hold') held.push(step);
    else carryOut(parts, tx, thread, step, live || thread.synced === 1);
  }
  return { held };
}

function carryOut(
  parts: Parts,
  tx: Transaction,
  thread: ThreadRow,
  step: Exclude<MergeStep, { kind: 'hold' }>,
  fresh: boolean,
): void {
  switch (step.kind) {
    case 'seen': {
      const row = parts.messages.outgoing(step.id);
      if (!row) return;
      if (row.state === 'unknown') {
        parts.messages.endAttempt(row.id, parts.clock.now(), 'present', null);
      }
      const moved = tx.move(row, 'seen', { remoteId: step.remoteId, error: null });
      if (!moved) tx.amend(row, { remoteId: step.remoteId });
      return;
    }
    case 'settled':
      applySettled(parts, tx, step.id, step.outcome);
      return;
    case 'late_answer': {
      const row = parts.messages.outgoing(step.id);
      if (row) endAnswer(parts, tx, row, answerEnd(step.message));
      return;
    }
    case 'claim': {
      const row = parts.messages.byId(step.answerId);
      if (row?.direction === 'in') tx.amendIncoming(row, { remoteId: step.remoteId });
      return;
    }
    case 'absorb':
      parts.messages.forget.run(thread.id, step.remoteId);
      return;
    case 'foreign':
      addForeign(parts, tx, thread, step.message, fresh);
  }
}

/** A message that somebody else wrote in the session: their person, another client, their agent. */
function addForeign(
  parts: Parts,
  tx: Transaction,
  thread: ThreadRow,
  message: HistoryMessage,
  fresh: boolean,
): void {
  const names = namesOf(parts, thread.id);
  const id = newMessageId();
  const body = storable(message.text);
  const fallback = message.role === 'assistant' ? (names?.agent ?? '') : 'Someone over there';
  const added = tx.addIncoming({
    id,
    thread_id: thread.id,
    state: 'complete',
    body,
    at: parts.clock.now(),
    sender_at: message.at,
    author: storable(message.senderLabel ?? fallback),
    reply_to: null,
    remote_id: message.remoteId,
    unread: fresh,
    error: null,
  });
  if (added && fresh) tx.delegation(parts.tracker.said(thread, id, body));
  if (!added || !fresh || !names) return;
  tx.attention({
    kind: 'message',
    peerId: thread.peer_id,
    threadId: thread.id,
    messageId: id,
    title: names.peer,
    text: body,
    muted: thread.muted === 1,
  });
}

/** Says in the thread that between what it shows and this history there is more, which was not read. */
export function noteGap(
  parts: Parts,
  tx: Transaction,
  thread: ThreadRow,
  history: readonly HistoryMessage[],
): void {
  const remoteId = `gap:${history[0]?.remoteId}`;
  if (parts.messages.byRemote.get(thread.id, remoteId)) return;
  tx.addIncoming({
    id: newMessageId(),
    thread_id: thread.id,
    state: 'complete',
    body: `More was said here while Peerage was away. Only the newest ${history.length} entries were fetched; older ones stand in the session over there.`,
    at: parts.clock.now(),
    sender_at: null,
    author: 'Peerage',
    reply_to: null,
    remote_id: remoteId,
    unread: false,
    error: null,
  });
}

/** For a link that was pointed at another gateway: what was open there can be settled nowhere. */
export const retargeted = () =>
  appError(
    'message.unknown_outcome',
    'The link was changed to another gateway before this was settled.',
  );
