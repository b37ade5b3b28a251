/**
 * What a stretch of a session's history means for a thread, as a pure function: which of our messages
 * it proves, which answers it ends, what others said. Planning the same stretch again, after the plan
 * was carried out, plans nothing new.
 *
 * An answer does not always name its question: a gateway that was killed repeats a run under an id of
 * its own. Such a row belongs to the question that it follows, unless another row names that question.
 */
import type { MessageId } from '../contract/index.ts';
import type { HistoryMessage, SettleOutcome } from '../links/link.ts';
import { messageOfKey } from './keys.ts';

/** What the thread knows of a message of ours. */
export interface KnownQuestion {
  /** Its run may still go on, so that what the history shows need not be the end. */
  readonly open: boolean;
  readonly remoteId: string | null;
  readonly answer: {
    readonly id: MessageId;
    readonly remoteId: string | null;
    readonly ended: boolean;
  } | null;
}

/** What planning asks of the thread; read from the store, and changed by nothing here. */
export interface ThreadKnowledge {
  question(id: MessageId): KnownQuestion | null;
  /** A message of ours that another thread shows: both live in one session of theirs. */
  elsewhere(id: MessageId): boolean;
  /** A row of this thread has this remote id. */
  known(remoteId: string): boolean;
  /** Retention deleted it here, or it was taken into another row: a remote id, or an id of ours. */
  forgotten(mark: string): boolean;
  /** An ended answer without remote id that has exactly this text, newest first. */
  unclaimed(text: string): MessageId | null;
  /** The question whose run goes on, as far as we know. */
  running(): MessageId | null;
}

/** One thing to do; carried out in the order of the plan. Its texts are untrusted. */
export type MergeStep =
  | { readonly kind: 'seen'; readonly id: MessageId; readonly remoteId: string }
  | { readonly kind: 'settled'; readonly id: MessageId; readonly outcome: SettleOutcome }
  /** A row of a run that may go on: kept in mind until the run ends. `sure` = the row names the run. */
  | {
      readonly kind: 'hold';
      readonly id: MessageId;
      readonly message: HistoryMessage;
      readonly sure: boolean;
    }
  | { readonly kind: 'late_answer'; readonly id: MessageId; readonly message: HistoryMessage }
  | { readonly kind: 'claim'; readonly answerId: MessageId; readonly remoteId: string }
  /** A part of an answer that stands in one row here: it is not shown by itself. */
  | { readonly kind: 'absorb'; readonly remoteId: string }
  | { readonly kind: 'foreign'; readonly message: HistoryMessage };

interface Read {
  readonly message: HistoryMessage;
  /** The message of ours that this row is. */
  readonly asked: MessageId | null;
  /** The message of ours that this row answers. */
  readonly answers: MessageId | null;
  readonly sure: boolean;
  /** It is, or answers, a message of ours that another thread shows. */
  readonly elsewhere: boolean;
}

/** Tells for each row whose question it is or answers. */
function attribute(
  history: readonly HistoryMessage[],
  knowledge: ThreadKnowledge,
  live: boolean,
): Read[] {
  const ours = (id: MessageId | null): MessageId | null =>
    id && knowledge.question(id) ? id : null;
  const named = new Set(history.map(runOf));
  let before: MessageId | null = live ? knowledge.running() : null;
  const isElsewhere = (id: MessageId | null): boolean => id !== null && knowledge.elsewhere(id);
  return history.map((message) => {
    const run = runOf(message);
    const none = { message, asked: null, answers: null, sure: false, elsewhere: false };
    if (message.role === 'user') {
      before = messageOfKey(message.key);
      return { ...none, asked: ours(before), sure: true, elsewhere: isElsewhere(before) };
    }
    if (message.role !== 'assistant') return none;
    if (run) return { ...none, answers: ours(run), sure: true, elsewhere: isElsewhere(run) };
    const follows = before && !named.has(before) ? before : null;
    return { ...none, answers: ours(follows), elsewhere: isElsewhere(follows) };
  });
}

/** The question that an assistant's row names. */
function runOf(message: HistoryMessage): MessageId | null {
  if (message.role !== 'assistant') return null;
  return messageOfKey(message.runId) ?? messageOfKey(message.key);
}

/**
 * @param history oldest first.
 * @param settled what the wire said of each open question, asked just before the history was read.
 * @param live the row came by itself just now, not with the rows around it.
 */
export function planMerge(
  history: readonly HistoryMessage[],
  knowledge: ThreadKnowledge,
  settled: ReadonlyMap<MessageId, SettleOutcome> = new Map(),
  live = false,
): MergeStep[] {
  const steps: MergeStep[] = [];
  const left = new Map(settled);
  const done = new Set<string>();
  const claimed = new Set<MessageId>();
  const rows = attribute(history, knowledge, live);
  const spoken = (id: MessageId): HistoryMessage[] =>
    rows.filter((row) => row.answers === id && isSpoken(row.message)).map((row) => row.message);

  /** @returns false where the row is none of this question's, after all. */
  const answer = (id: MessageId, { message, sure }: Read): boolean => {
    const known = knowledge.question(id);
    if (!known) return false;
    const { remoteId } = message;
    const all = spoken(id);
    const outcome = settled.get(id);
    if (outcome?.kind === 'present') {
      if (outcome.answer?.remoteId === remoteId) {
        if (left.delete(id)) steps.push({ kind: 'settled', id, outcome });
      } else if (outcome.answer && !outcome.running) steps.push({ kind: 'absorb', remoteId });
    } else if (known.open) {
      if (all.at(-1) === message) steps.push({ kind: 'hold', id, message, sure });
    } else if (!known.answer?.ended) {
      if (all.at(-1) !== message) steps.push({ kind: 'absorb', remoteId });
      else steps.push({ kind: 'late_answer', id, message: joined(all) });
    } else if (known.answer.remoteId === null && all.at(-1) === message) {
      if (!claimed.has(known.answer.id)) {
        claimed.add(known.answer.id);
        steps.push({ kind: 'claim', answerId: known.answer.id, remoteId });
      }
    } else if (sure || known.answer.remoteId === null) steps.push({ kind: 'absorb', remoteId });
    else return false;
    return true;
  };

  for (const row of rows) {
    const { message } = row;
    const { remoteId } = message;
    if (done.has(remoteId)) continue;
    done.add(remoteId);
    const about = row.asked ?? row.answers ?? messageOfKey(message.key) ?? runOf(message);
    if (row.elsewhere) continue;
    if (knowledge.forgotten(remoteId) || (about && knowledge.forgotten(about))) continue;
    if (row.asked) {
      const question = knowledge.question(row.asked);
      if (question?.remoteId === null) steps.push({ kind: 'seen', id: row.asked, remoteId });
      continue;
    }
    const isKnown = knowledge.known(remoteId);
    if (row.answers && (!isKnown || left.has(row.answers)) && isSpoken(message)) {
      if (answer(row.answers, row) || isKnown) continue;
    }
    if (isKnown || message.role === 'other' || !isSpoken(message)) continue;
    const twin = message.role === 'assistant' ? knowledge.unclaimed(message.text) : null;
    if (twin && !claimed.has(twin)) {
      claimed.add(twin);
      steps.push({ kind: 'claim', answerId: twin, remoteId });
    } else steps.push({ kind: 'foreign', message });
  }
  for (const [id, outcome] of left) steps.push({ kind: 'settled', id, outcome });
  return steps;
}

const isSpoken = (message: HistoryMessage): boolean => message.text.trim() !== '';

/** Several rows of one run as the one answer that they are. */
function joined(rows: readonly HistoryMessage[]): HistoryMessage {
  const last = rows.at(-1);
  if (!last) throw new Error('an answer of no rows');
  return rows.length === 1 ? last : { ...last, text: rows.map((row) => row.text).join('\n\n') };
}
