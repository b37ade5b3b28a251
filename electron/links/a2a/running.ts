/** What one task's news become: events of a run, each told once. */

import { createHash } from 'node:crypto';
import type { Task } from '@a2a-js/sdk';
import { type AppError, appError, type DelegationState } from '../../contract/index.ts';
import type { HistoryMessage, LinkEvent } from '../link.ts';
import { type Content, contentOf, resultOf } from './content.ts';
import { isGoing, type Phase, phaseOf, workOf } from './task-states.ts';

/** A question that a task waits with; the next message of its context answers it. */
export interface Asked {
  readonly taskId: string;
  readonly askId: string;
}

/** One task of ours that goes on over there. */
export interface Running {
  readonly key: string;
  readonly sessionKey: string;
  /** As it was last seen. */
  task: Task;
  readonly stop: AbortController;
  /** The question that our message answered: seen again at first, it is not asked anew. */
  readonly answered: string | null;
  /** How often that old question was seen since. */
  stale: number;
  text: string;
  waiting: boolean;
  /** What was told of it last. */
  stands: DelegationState | null;
}

/** After so many looks an old question counts as asked again. */
const STALE_LOOKS = 10;

/** How a task ended, or that it asks; null while it goes on. */
export interface TaskEnd {
  readonly phase: Exclude<Phase, 'waits' | 'works'>;
  readonly content: Content;
  readonly remoteId: string;
  readonly at: number | null;
}

const timeOf = (task: Task): number | null => {
  const at = Date.parse(task.status?.timestamp ?? '');
  return Number.isFinite(at) ? at : null;
};

/** What tells one question of a task from the next. */
export function askIdOf(task: Task): string {
  const { status } = task;
  if (status?.message?.messageId) return status.message.messageId.slice(0, 200);
  const said = JSON.stringify([status?.timestamp, contentOf(status?.message).text]);
  return createHash('sha256').update(said).digest('hex').slice(0, 32);
}

/** Reads how a task stands. */
export function endOf(task: Task, waitsForPerson: boolean): TaskEnd | null {
  const phase = phaseOf(task.status, waitsForPerson);
  if (isGoing(phase)) return null;
  const asks = phase === 'asks';
  const said = asks ? contentOf(task.status?.message) : resultOf(task);
  const nothing = asks && said.text === '' && said.attachments.length === 0;
  const content = nothing
    ? { ...said, text: 'It needs more from you, and did not say what.' }
    : said;
  const remoteId = asks ? `${task.id}:ask:${askIdOf(task)}` : `${task.id}:end`;
  return { phase, content, remoteId, at: timeOf(task) };
}

/** The error of a task that ended badly; null for one that ended well, asks, or was cancelled. */
export function errorOf(task: Task, phase: TaskEnd['phase']) {
  const said = contentOf(task.status?.message).text.slice(0, 500);
  switch (phase) {
    case 'failed':
      return appError('a2a.failed', said || 'It gave no reason.');
    case 'rejected':
      return appError('a2a.rejected', said || 'They gave no reason.');
    case 'nonsense':
      return appError('a2a.invalid_answer', 'Its task is in a state that A2A does not know.');
    case 'asks':
    case 'completed':
    case 'canceled':
      return null;
  }
}

/** A task's end as a history would have it: for settling after a restart. */
export function asHistory(task: Task, end: TaskEnd, key: string): HistoryMessage {
  const bad = end.phase !== 'completed' && end.phase !== 'asks';
  return {
    remoteId: end.remoteId,
    role: 'assistant',
    // What went wrong stands in the error already.
    text: bad && task.artifacts.length === 0 ? '' : end.content.text,
    key: null,
    runId: key,
    at: end.at,
    senderLabel: null,
    ...(bad ? { ended: end.phase === 'canceled' ? ('aborted' as const) : ('error' as const) } : {}),
    error: errorOf(task, end.phase),
    attachments: end.content.attachments,
    work: workOf(task.status) ?? 'failed',
  };
}

/** The events that a task's newest state means for its run. @returns whether the run is over. */
export function newsOf(
  running: Running,
  waitsForPerson: boolean,
  emit: (event: LinkEvent) => void,
): TaskEnd | null {
  const { key, sessionKey, task } = running;
  const end = endOf(task, waitsForPerson);
  if (!end) {
    goOn(running, phaseOf(task.status, waitsForPerson) === 'waits', emit);
    return null;
  }
  if (end.phase === 'asks' && askIdOf(task) === running.answered && running.stale < STALE_LOOKS) {
    running.stale++;
    return null;
  }
  const message = asHistory(task, end, key);
  const { text } = message;
  const work = message.work ? { work: message.work } : {};
  if (message.ended) {
    const reason = message.ended;
    emit({
      kind: 'run_ended',
      key,
      sessionKey,
      reason,
      text,
      error: message.error ?? null,
      ...work,
    });
    return end;
  }
  const { remoteId, at } = end;
  const files = end.content.attachments.length > 0 ? { attachments: end.content.attachments } : {};
  const asks = end.phase === 'asks' ? { asksBack: true } : {};
  emit({ kind: 'run_final', key, sessionKey, text, remoteId, at, ...files, ...asks, ...work });
  return end;
}

/** What another Peerage tells of why nobody began by itself. */
function whyOf({ status }: Task): AppError | null {
  const reason: unknown = status?.message?.metadata?.reason;
  if (typeof reason !== 'string' || !reason.startsWith('policy.')) return null;
  return appError('a2a.held', contentOf(status?.message).text.slice(0, 500));
}

function goOn(running: Running, waits: boolean, emit: (event: LinkEvent) => void): void {
  const { key, sessionKey } = running;
  const state = workOf(running.task.status);
  if (state !== null && state !== running.stands) {
    running.stands = state;
    emit({ kind: 'run_state', key, sessionKey, state });
  }
  // While a person over there decides, the state says so; words about the protocol are no answer.
  const text = waits ? '' : resultOf(running.task).text;
  if (text !== '' && text !== running.text) {
    const added = text.startsWith(running.text) ? text.slice(running.text.length) : text;
    running.text = text;
    emit({ kind: 'run_delta', key, sessionKey, text, added });
  }
  if (waits !== running.waiting) {
    running.waiting = waits;
    const why = waits ? whyOf(running.task) : null;
    emit({ kind: 'run_waiting', key, sessionKey, waiting: waits, ...(why ? { why } : {}) });
  }
}
