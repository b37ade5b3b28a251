/** How an answer of theirs becomes a row of ours: begun once, ended once, never doubled. */
import { v7 } from 'uuid';
import { type AppError, appError, type MessageId, readAnswerState } from '../contract/index.ts';
import type { SettleOutcome } from '../links/link.ts';
import type { AnswerEnd } from './answer-end.ts';
import type { KeptAnswer } from './answer-files.ts';
import { storable } from './excerpt.ts';
import { isComing } from './incoming.ts';
import { isRunning } from './outgoing.ts';
import { namesOf, type Parts } from './parts.ts';
import type { IncomingRow, OutgoingRow } from './rows.ts';
import type { Transaction } from './transaction.ts';

/** How a run ended whose answer stands in a history. */
export function answerEnd(answer: KeptAnswer): AnswerEnd {
  const { text, remoteId, at, ended, kept } = answer;
  const rest = {
    text,
    remoteId,
    at,
    ...(kept === undefined ? {} : { files: kept }),
    ...(answer.work === undefined ? {} : { work: answer.work }),
  };
  if (ended === 'aborted') return { ...rest, kind: 'stopped', error: null };
  if (ended === undefined) return { ...rest, kind: 'final', error: null };
  const error =
    answer.error ?? appError('message.run_failed', 'The history over there says no more.');
  return { ...rest, kind: 'failed', error };
}

/** A new id for a message that came in. */
export const newMessageId = (): MessageId => v7() as MessageId;

/** Makes the row in which an answer streams, or takes the one that is there. */
export function beginAnswer(
  parts: Parts,
  tx: Transaction,
  question: OutgoingRow,
  answerId: MessageId,
): IncomingRow | undefined {
  const there = parts.messages.answerTo.get(question.id);
  if (there) return there;
  tx.addIncoming({
    id: answerId,
    thread_id: question.thread_id,
    state: 'streaming',
    body: '',
    at: parts.clock.now(),
    sender_at: null,
    author: namesOf(parts, question.thread_id)?.agent ?? '',
    reply_to: question.id,
    remote_id: null,
    unread: false,
    error: null,
  });
  return parts.messages.answerTo.get(question.id);
}

/** Ends the answer to a question, and takes the question up its ladder. Doing it again is harmless. */
export function endAnswer(
  parts: Parts,
  tx: Transaction,
  question: OutgoingRow,
  end: AnswerEnd,
): void {
  const { messages } = parts;
  const there = messages.answerTo.get(question.id);
  const text = storable(end.files === null ? withoutFiles(end.text) : end.text);
  const files = end.files ?? [];
  const worthARow = there !== undefined || text !== '' || end.kind === 'failed' || files.length > 0;
  const row = worthARow ? beginAnswer(parts, tx, question, newMessageId()) : undefined;
  const ended = row && tx.moveIncoming(row, end.kind, endPatch(parts, row, end, text));
  if (ended) {
    messages.dropPartial.run(ended.id);
    if (files.length > 0) parts.answerFiles.give(ended, files);
  } else if (row && row.remote_id === null && end.remoteId) {
    tx.amendIncoming(row, { remoteId: end.remoteId });
  }
  tx.delegation(parts.tracker.ended(question, end, row?.id ?? null, text));
  if (asksBack(question, end, text)) messages.noteAskedBack.run(question.id);
  const now = messages.outgoing(question.id);
  if (now) tx.move(now, end.kind === 'final' ? 'answered' : 'run_ended', { error: null });
  if (ended && end.kind !== 'stopped') tell(parts, tx, ended, text, end);
}

/** True where it is no answer but a question about what was asked. */
function asksBack({ kind }: OutgoingRow, end: AnswerEnd, text: string): boolean {
  if (end.work) return end.work === 'asked_back';
  // A link without a word for it: then the text of an answer to a piece of work says so.
  return end.kind === 'final' && kind === 'delegation' && readAnswerState(text) === 'asked_back';
}

/** The words for an answer whose files this disk did not take. */
const withoutFiles = (text: string): string =>
  `${text}\n\n(Files came with it, and could not be stored on this machine.)`.trim();

function endPatch(parts: Parts, row: IncomingRow, end: AnswerEnd, text: string) {
  const partial = text === '' ? textSoFar(parts, row) : undefined;
  return {
    body: end.kind === 'final' ? text : text || partial || '',
    senderAt: end.at,
    remoteId: end.remoteId,
    error: end.error,
    unread: end.kind !== 'stopped',
  };
}

/** What came of an answer whose end was not seen: from memory, or what an earlier run saved. */
function textSoFar(parts: Parts, row: IncomingRow): string | undefined {
  const coming = parts.streams.ofAnswer(row.id);
  return coming ? storable(coming.text) : parts.messages.partial.get(row.id)?.text;
}

function tell(parts: Parts, tx: Transaction, row: IncomingRow, text: string, end: AnswerEnd): void {
  const names = namesOf(parts, row.thread_id);
  if (!names) return;
  tx.attention({
    kind: end.kind === 'failed' ? 'problem' : 'message',
    peerId: names.thread.peer_id,
    threadId: row.thread_id,
    messageId: row.id,
    title: names.peer,
    text: end.kind === 'failed' ? (end.error?.title ?? text) : text,
    muted: names.thread.muted === 1,
  });
}

/** Its run is over, and its answer never came whole: what there is of it is kept and marked. */
export function loseAnswer(
  parts: Parts,
  tx: Transaction,
  question: OutgoingRow,
  why: AppError,
  event: 'run_ended' | 'run_lost' = 'run_ended',
): void {
  const row = parts.messages.answerTo.get(question.id);
  if (row && isComing(row.state)) interrupt(parts, tx, row);
  const now = parts.messages.outgoing(question.id);
  if (now) tx.move(now, event, { error: why });
}

/** Marks a coming answer as broken off, and keeps what came of it. */
export function interrupt(parts: Parts, tx: Transaction, row: IncomingRow): void {
  const partial = textSoFar(parts, row);
  if (row.reply_to) parts.streams.drop(row.reply_to);
  tx.moveIncoming(row, 'lost', partial === undefined ? {} : { body: partial });
  parts.messages.dropPartial.run(row.id);
}

/** What is said of a question that was taken and whose run left no answer. */
export const noAnswer = (): AppError =>
  appError(
    'message.no_answer',
    'It is in their history, no run of it goes on, and no answer is there.',
  );

/** Applies what the wire told about an attempt or a run whose end nobody saw. */
export function applySettled(
  parts: Parts,
  tx: Transaction,
  id: MessageId,
  outcome: SettleOutcome,
): void {
  const row = parts.messages.outgoing(id);
  if (!row || row.open === 0) return;
  const note = (word: string, error: AppError | null): void => {
    if (row.state === 'unknown') parts.messages.endAttempt(id, parts.clock.now(), word, error);
  };
  switch (outcome.kind) {
    case 'absent':
      note('absent', null);
      if (row.state === 'unknown') tx.move(row, 'absent', { error: null });
      else loseConfirmed(parts, tx, row);
      return;
    case 'present': {
      note('present', null);
      const seen = tx.move(row, 'seen', { error: null }) ?? row;
      if (outcome.answer) endAnswer(parts, tx, seen, answerEnd(outcome.answer));
      else if (!outcome.running) loseAnswer(parts, tx, seen, noAnswer());
      return;
    }
    case 'cannot_tell':
      if (row.state === 'unknown') askPerson(parts, tx, row, outcome.error);
      else if (isRunning(row)) {
        // Nothing will ever tell more of its run: what comes after it must not wait for ever.
        loseAnswer(parts, tx, row, outcome.error, 'run_lost');
        tellProblem(parts, tx, row, outcome.error);
      }
      return;
    case 'not_now':
      return;
  }
}

/** The person is told once; telling again would be nagging. */
function askPerson(parts: Parts, tx: Transaction, row: OutgoingRow, error: AppError): void {
  if (row.error === JSON.stringify(error)) return;
  tx.amend(row, { error });
  tellProblem(parts, tx, row, error);
}

function loseConfirmed(parts: Parts, tx: Transaction, row: OutgoingRow): void {
  const error = appError(
    'message.no_answer',
    'The other side had acknowledged it, and does not have it any more: it was most likely restarted in between.',
    {
      title: 'It was taken over there, and then lost',
      remedy: { text: 'Send it again if you still need it.' },
    },
  );
  const answer = parts.messages.answerTo.get(row.id);
  if (answer && isComing(answer.state)) interrupt(parts, tx, answer);
  const after = tx.move(row, 'absent', { error });
  if (after?.state === 'failed') tellProblem(parts, tx, after, error);
}

/** Says that a message of ours needs its person. */
export function tellProblem(
  parts: Parts,
  tx: Transaction,
  row: OutgoingRow,
  error: AppError,
): void {
  const names = namesOf(parts, row.thread_id);
  if (!names) return;
  tx.attention({
    kind: 'problem',
    peerId: names.thread.peer_id,
    threadId: row.thread_id,
    messageId: row.id,
    title: names.peer,
    text: error.title,
    muted: names.thread.muted === 1,
  });
}
