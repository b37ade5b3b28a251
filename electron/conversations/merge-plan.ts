/**
 * What a stretch of a session's history means for a thread, as a pure function: which of our messages
 * it proves, which answers it ends, what others said. Planning the same stretch again, after the plan
 * was carried out, plans nothing new.
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

export interface ThreadKnowledge {
  question(id: MessageId): KnownQuestion | null;
  /** A row of this thread has this remote id. */
  known(remoteId: string): boolean;
  /** Retention deleted it here: a remote id, or an id of ours. */
  forgotten(mark: string): boolean;
  /** An ended answer without remote id that has exactly this text, newest first. */
  unclaimed(text: string): MessageId | null;
}

export type MergeStep =
  | { readonly kind: 'seen'; readonly id: MessageId; readonly remoteId: string }
  | { readonly kind: 'settled'; readonly id: MessageId; readonly outcome: SettleOutcome }
  /** A row of a run that may go on: kept in mind until the run ends. */
  | { readonly kind: 'hold'; readonly id: MessageId; readonly message: HistoryMessage }
  | { readonly kind: 'late_answer'; readonly id: MessageId; readonly message: HistoryMessage }
  | { readonly kind: 'claim'; readonly answerId: MessageId; readonly remoteId: string }
  | { readonly kind: 'foreign'; readonly message: HistoryMessage };

/**
 * @param history oldest first.
 * @param settled what the wire said of each open question, asked just before the history was read.
 */
export function planMerge(
  history: readonly HistoryMessage[],
  knowledge: ThreadKnowledge,
  settled: ReadonlyMap<MessageId, SettleOutcome> = new Map(),
): MergeStep[] {
  const steps: MergeStep[] = [];
  const left = new Map(settled);
  const seenIds = new Set<string>();
  const claimed = new Set<MessageId>();
  const lastOfRun = new Map<MessageId, HistoryMessage>();
  for (const message of history) {
    const run = runOf(message);
    if (run) lastOfRun.set(run, message);
  }

  const answerStep = (id: MessageId, known: KnownQuestion, message: HistoryMessage): void => {
    const outcome = left.get(id);
    if (outcome) {
      if (outcome.kind !== 'present' || outcome.answer?.remoteId !== message.remoteId) return;
      left.delete(id);
      steps.push({ kind: 'settled', id, outcome });
    } else if (settled.has(id) || lastOfRun.get(id) !== message) {
      return;
    } else if (known.open) {
      steps.push({ kind: 'hold', id, message });
    } else if (!known.answer?.ended) {
      steps.push({ kind: 'late_answer', id, message });
    } else if (known.answer.remoteId === null && !claimed.has(known.answer.id)) {
      claimed.add(known.answer.id);
      steps.push({ kind: 'claim', answerId: known.answer.id, remoteId: message.remoteId });
    }
  };

  for (const message of history) {
    if (seenIds.has(message.remoteId)) continue;
    seenIds.add(message.remoteId);
    const asked = message.role === 'user' ? messageOfKey(message.key) : null;
    const run = runOf(message);
    if (knowledge.forgotten(message.remoteId)) continue;
    if ((asked && knowledge.forgotten(asked)) || (run && knowledge.forgotten(run))) continue;
    const question = asked && knowledge.question(asked);
    if (asked && question) {
      if (question.remoteId === null) {
        steps.push({ kind: 'seen', id: asked, remoteId: message.remoteId });
      }
      continue;
    }
    const ours = run && knowledge.question(run);
    if (knowledge.known(message.remoteId)) {
      // Settled all the same: an answer that is known may still have an open question.
      if (run && ours && left.has(run)) answerStep(run, ours, message);
      continue;
    }
    if (run && ours) {
      answerStep(run, ours, message);
      continue;
    }
    if (message.role === 'other' || message.text.trim() === '') continue;
    const twin = message.role === 'assistant' ? knowledge.unclaimed(message.text) : null;
    if (twin && !claimed.has(twin)) {
      claimed.add(twin);
      steps.push({ kind: 'claim', answerId: twin, remoteId: message.remoteId });
    } else steps.push({ kind: 'foreign', message });
  }
  for (const [id, outcome] of left) steps.push({ kind: 'settled', id, outcome });
  return steps;
}

/** The question of ours whose run wrote it. */
function runOf(message: HistoryMessage): MessageId | null {
  if (message.role !== 'assistant') return null;
  return messageOfKey(message.runId) ?? messageOfKey(message.key);
}
