/**
 * Keeps delegations of ours as their messages, their links and the answers say. Everything here runs
 * inside the transaction in which the message itself changes, so that the two can never disagree.
 */
import {
  type AppError,
  AppError as AppErrorSchema,
  type DelegationId,
  type DelegationState,
  isOver,
  type MessageId,
  readAnswerState,
  type ThreadId,
} from '../../contract/index.ts';
import type { OutgoingWork } from '../../links/link.ts';
import type { AnswerEnd } from '../answer-end.ts';
import { cut } from '../excerpt.ts';
import type { OutgoingRow, ThreadRow } from '../rows.ts';
import type { Moved, Touched } from '../touched.ts';
import { type LifeEvent, reduceLife } from './life.ts';
import type { OutgoingDelegationRow, OutgoingTable } from './table.ts';

/** The most UTF-16 units that are kept of a question. */
const QUESTION_UNITS = 2_000;

/** Hears what happens to messages and moves the delegations that they carry. */
export interface Tracker {
  /** Reads what is open; call it once at the start. */
  load(): void;
  /** A delegation was put into this thread just now. */
  added(threadId: ThreadId): void;
  /** What one transaction did to messages; run before its commit. */
  follow(touched: Touched): void;
  /** The run of a message of ours ended. `answerId` null = it left no row. */
  ended(
    question: OutgoingRow,
    end: AnswerEnd,
    answerId: MessageId | null,
    text: string,
  ): DelegationId | null;
  /** The wire says how the work of a message stands. @returns the delegation that changed. */
  stands(id: MessageId, threadId: ThreadId, state: DelegationState): DelegationId | null;
  /** Somebody over there wrote in the thread by themselves. */
  said(thread: ThreadRow, messageId: MessageId, text: string): DelegationId | null;
  /** The person's own word. @returns null where it is over already. */
  mark(id: DelegationId, state: 'completed' | 'failed' | 'cancelled'): DelegationId | null;
  /** What goes beside the text, where a message carries a delegation. */
  workOf(id: MessageId): OutgoingWork | null;
}

/** What it needs to know that no message says. `now`: ms since the epoch. */
export interface TrackerOptions {
  readonly table: OutgoingTable;
  now(): number;
  /** True for links that hand a message to the agent without asking a person. */
  worksAtOnce(threadId: ThreadId): boolean;
}

type Patch = Partial<
  Pick<
    OutgoingDelegationRow,
    'current_message' | 'question' | 'answer_message' | 'answer_at' | 'error'
  >
>;

/** Makes a tracker; nothing is known before {@link Tracker.load}. */
export function createTracker({ table, now, worksAtOnce }: TrackerOptions): Tracker {
  /** Threads in which something is open: all others cost nothing. */
  const threads = new Set<ThreadId>();

  const save = (d: OutgoingDelegationRow, patch: Patch): DelegationId => {
    table.update({ ...d, ...patch, changed_at: now() });
    return d.id;
  };

  const apply = (
    d: OutgoingDelegationRow,
    event: LifeEvent,
    patch: Patch = {},
  ): DelegationId | null => {
    const next = reduceLife({ state: d.state, from: d.state_from }, event);
    if (!next) return null;
    if (!isOver(next.state)) threads.add(d.thread_id);
    const question = next.state === 'asked_back' ? d.question : null;
    return save({ ...d, question, state: next.state, state_from: next.from }, patch);
  };

  const ofMessage = (threadId: ThreadId, id: MessageId): OutgoingDelegationRow | undefined =>
    threads.has(threadId) ? table.ofMessage.get(threadId, id) : undefined;

  const moved = ({ before, after }: Moved): DelegationId | null => {
    const { thread_id: threadId } = after;
    const d =
      ofMessage(threadId, after.id) ??
      (after.kind === 'delegation' ? table.byId.get(after.id) : undefined);
    if (!d) return before === null ? continued(after) : null;
    if (d.current_message !== after.id) return null;
    const error = after.error;
    switch (after.state) {
      case 'queued':
      case 'sending':
      case 'unknown':
        return apply(d, { kind: 'queued_again' }, { error: null });
      case 'failed':
        return apply(d, { kind: 'undelivered' }, { error });
      case 'cancelled':
        // An answer to a question that was taken back leaves the question open.
        return d.id === (after.id as string) ? apply(d, { kind: 'taken_back' }) : null;
      case 'sent':
      case 'delivered':
        if (after.run === 'ended' && before?.run === 'going' && error !== null) {
          return apply(d, { kind: 'lost' }, { error });
        }
        return apply(
          d,
          { kind: 'acknowledged', worksAtOnce: worksAtOnce(threadId) },
          { error: null },
        );
      case 'answered':
      case 'handed':
        return null;
    }
  };

  /** Another message of ours in the thread of an open one belongs to it. */
  const continued = (after: OutgoingRow): DelegationId | null => {
    if (!threads.has(after.thread_id) || after.kind === 'broadcast') return null;
    const d = table.ofThread.get(after.thread_id);
    if (!d || d.id === (after.id as string)) return null;
    const current = { current_message: after.id };
    return apply(d, { kind: 'continued' }, current) ?? save(d, current);
  };

  const told = (
    d: OutgoingDelegationRow,
    said: { readonly state: DelegationState; readonly by: 'wire' | 'answer' },
    text: string,
    answerId: MessageId | null,
    error: AppError | null,
  ): DelegationId | null => {
    const asks = said.state === 'asked_back';
    const answer = !asks && answerId !== null ? { answer_message: answerId, answer_at: now() } : {};
    return apply(
      asks ? { ...d, question: cut(text, QUESTION_UNITS) } : d,
      { kind: 'told', ...said },
      { ...answer, error: error === null ? null : JSON.stringify(error) },
    );
  };

  return {
    load: () => {
      threads.clear();
      for (const { thread_id } of table.open.all()) threads.add(thread_id);
    },
    added: (threadId) => {
      threads.add(threadId);
    },
    follow: (touched) => {
      for (const one of touched.moved) note(touched, moved(one));
      for (const threadId of touched.threads) {
        if (!threads.has(threadId)) continue;
        // A run that began or ended, or a thread that went, changes what their cards show.
        for (const { id } of table.idsOfThread.all(threadId)) note(touched, id);
      }
    },
    ended: (question, end, answerId, text) => {
      const d = ofMessage(question.thread_id, question.id);
      if (!d) return null;
      if (end.work) {
        return told(d, { state: end.work, by: 'wire' }, text, answerId, end.error);
      }
      switch (end.kind) {
        case 'final': {
          const state = readAnswerState(text) ?? 'completed';
          return told(d, { state, by: 'answer' }, text, answerId, null);
        }
        case 'stopped':
          return told(d, { state: 'cancelled', by: 'wire' }, text, answerId, null);
        case 'failed':
          return told(d, { state: 'failed', by: 'wire' }, text, answerId, end.error);
      }
    },
    stands: (id, threadId, state) => {
      const d = ofMessage(threadId, id);
      return d ? apply(d, { kind: 'told', state, by: 'wire' }, { error: null }) : null;
    },
    said: (thread, messageId, text) => {
      const d = threads.has(thread.id) ? table.ofThread.get(thread.id) : undefined;
      const state = d && readAnswerState(text);
      return d && state ? told(d, { state, by: 'answer' }, text, messageId, null) : null;
    },
    mark: (id, state) => {
      const d = table.byId.get(id);
      return d ? apply(d, { kind: 'marked', state }, { error: null }) : null;
    },
    workOf: (id) => {
      const d = table.byId.get(id);
      if (!d) return null;
      return {
        topic: d.topic,
        task: d.task,
        context: d.context,
        expected: d.expected,
        priority: d.priority,
        deadlineAt: d.deadline_at,
        hops: d.hops,
      };
    },
  };
}

const note = (touched: Touched, id: DelegationId | null): void => {
  if (id !== null) touched.delegations.add(id);
};

/** Reads an error as a row keeps it. */
export const errorOf = (text: string | null): AppError | null =>
  text === null ? null : (AppErrorSchema.safeParse(JSON.parse(text)).data ?? null);
