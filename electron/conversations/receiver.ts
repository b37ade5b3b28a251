/** What comes in over the links: streams, ends of runs, rows of sessions. */
import {
  appError,
  type DelegationState,
  type LinkId,
  type MessageId,
  type ThreadId,
} from '../contract/index.ts';
import type { HistoryMessage, LinkEvent } from '../links/link.ts';
import type { AnswerEnd } from './answer-end.ts';
import { beginAnswer, endAnswer, newMessageId } from './answers.ts';
import type { GroupedWrites } from './grouped-writes.ts';
import { isEnded } from './incoming.ts';
import { messageOfKey } from './keys.ts';
import { type Held, mergeHistory } from './merge.ts';
import { isRunning } from './outgoing.ts';
import type { Parts } from './parts.ts';
import type { OutgoingRow, ThreadRow } from './rows.ts';

/** An event of a session or of a run in it. */
export type SessionEvent = Exclude<LinkEvent, { kind: 'state' | 'ready' | 'skills' }>;

/** After the row of an answer, its run's end follows at once; if not, we ask. */
const END_AFTER_ROW_MS = 5_000;

/** Hears the links. Texts show at once, and reach the disk in groups. */
export interface Receiver {
  event(linkId: LinkId, event: SessionEvent): void;
  /** Holds the events of a session back, until `release`, while its history is read. */
  hold(linkId: LinkId, sessionKey: string): void;
  release(linkId: LinkId, sessionKey: string): void;
  /** When something of a thread was last heard, monotonic ms. */
  heardAt(threadId: ThreadId): number;
  /** Resolves when all that came in is on the disk. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

/** @param ask looks a thread's open runs up over there, for when an end was missed. */
export function createReceiver(
  parts: Parts,
  group: GroupedWrites,
  ask: (threadId: ThreadId) => void,
): Receiver {
  const { clock, messages, threads, streams } = parts;
  const held = new Map<string, SessionEvent[]>();
  /** Answers whose files are being written. */
  const saving = new Set<Promise<void>>();
  const heard = new Map<ThreadId, number>();
  /** Rows of answers whose run has not ended yet, as far as we know. */
  const rows = new Map<MessageId, { message: HistoryMessage; doubt: boolean }>();

  /** The message of ours that a key names, where it went over this link. */
  const questionOf = (linkId: LinkId, key: string | null): OutgoingRow | null => {
    const id = messageOfKey(key);
    const row = id && messages.outgoing(id);
    if (!row) return null;
    const thread = threads.byId(row.thread_id);
    if (thread?.link_id !== linkId) return null;
    heard.set(thread.id, clock.monotonic());
    return row;
  };

  const begin = (question: OutgoingRow): void => {
    const there = messages.answerTo.get(question.id);
    const answerId = there?.id ?? newMessageId();
    streams.begin({ answerId, questionId: question.id, threadId: question.thread_id });
    group.add((tx) => {
      const now = messages.outgoing(question.id);
      if (!now) return;
      const row = beginAnswer(parts, tx, now, answerId);
      if (row) tx.moveIncoming(row, 'delta');
      tx.move(now, 'run_going', { error: null });
    });
  };

  const delta = (linkId: LinkId, event: Extract<SessionEvent, { kind: 'run_delta' }>): void => {
    const id = messageOfKey(event.key);
    let stream = id ? streams.get(id) : undefined;
    if (!stream) {
      const question = questionOf(linkId, event.key);
      if (!question || question.state === 'answered') return;
      const answer = messages.answerTo.get(question.id);
      if (answer && isEnded(answer.state)) return;
      begin(question);
      stream = streams.get(question.id);
    }
    if (!stream || stream.closed) return;
    heard.set(stream.threadId, clock.monotonic());
    streams.grow(stream.questionId, event.text, event.added);
    if (messages.byId(stream.answerId)) {
      parts.options.changed({ type: 'message', id: stream.answerId, threadId: stream.threadId });
    }
  };

  const end = (linkId: LinkId, key: string, how: AnswerEnd): void => {
    const question = questionOf(linkId, key);
    if (!question) return;
    const { id } = question;
    const text = how.kind === 'final' ? how.text : how.text || (streams.get(id)?.text ?? '');
    streams.close(id);
    group.add((tx) => {
      const now = messages.outgoing(id);
      const held = rows.get(id);
      rows.delete(id);
      // A row that does not name its run may be somebody else's: then the history is asked.
      const fits = held !== undefined && (!held.doubt || held.message.text === text);
      if (held && !fits && now) ask(now.thread_id);
      const remoteId = how.remoteId ?? (fits ? held.message.remoteId : null);
      if (now) endAnswer(parts, tx, now, { ...how, text, remoteId });
      streams.drop(id);
    });
  };

  const waits = (linkId: LinkId, event: Extract<SessionEvent, { kind: 'run_waiting' }>): void => {
    const question = event.key
      ? questionOf(linkId, event.key)
      : runningIn(linkId, event.sessionKey);
    if (!question) return;
    if (event.waiting && !streams.get(question.id)) {
      const answer = messages.answerTo.get(question.id);
      if (answer && isEnded(answer.state)) return;
      begin(question);
    }
    group.add((tx) => {
      const row = messages.answerTo.get(question.id);
      if (row) tx.moveIncoming(row, event.waiting ? 'waits' : 'goes_on');
      const now = messages.outgoing(question.id);
      const error = event.why ?? null;
      if (now && (error !== null || now.error !== null)) tx.amend(now, { error });
    });
  };

  const stands = (linkId: LinkId, event: Extract<SessionEvent, { kind: 'run_state' }>): void => {
    const question = questionOf(linkId, event.key);
    if (!question) return;
    group.add((tx) =>
      tx.delegation(parts.tracker.stands(question.id, question.thread_id, event.state)),
    );
  };

  const runningIn = (linkId: LinkId, sessionKey: string): OutgoingRow | null => {
    const thread = threads.ofSession.get(linkId, sessionKey);
    const open = thread ? messages.openOf.all(thread.id) : [];
    return open.filter((row) => row.direction === 'out').find((row) => isRunning(row)) ?? null;
  };

  const row = (linkId: LinkId, sessionKey: string, message: HistoryMessage): void => {
    const thread = threadOfRow(linkId, sessionKey, message);
    if (!thread) return;
    heard.set(thread.id, clock.monotonic());
    group.add((tx) => {
      const now = threads.byId(thread.id);
      if (!now) return;
      const merged = mergeHistory(parts, tx, now, [message], undefined, true);
      for (const one of merged.held) keep(now.id, one);
    });
  };

  const threadOfRow = (
    linkId: LinkId,
    sessionKey: string,
    message: HistoryMessage,
  ): ThreadRow | undefined => {
    const ours = questionOf(linkId, message.key) ?? questionOf(linkId, message.runId);
    if (ours) return threads.byId(ours.thread_id);
    return threads.ofSession.get(linkId, sessionKey);
  };

  const keep = (threadId: ThreadId, { id, message, sure }: Held): void => {
    const before = rows.get(id);
    if (before?.message.remoteId === message.remoteId) return;
    // An earlier row of the same run is a part of the answer, and not a message by itself.
    if (before && !before.doubt) messages.forget.run(threadId, before.message.remoteId);
    const entry = { message, doubt: !sure || before?.doubt === true };
    rows.set(id, entry);
    clock.after(END_AFTER_ROW_MS, () => {
      if (rows.get(id) !== entry || parts.stopping.aborted) return;
      rows.delete(id);
      const question = messages.outgoing(id);
      if (question && isRunning(question)) ask(question.thread_id);
    });
  };

  const final = (linkId: LinkId, event: Extract<SessionEvent, { kind: 'run_final' }>): void => {
    const { key, text, remoteId, at, attachments = [] } = event;
    const how = { kind: 'final', text, remoteId, at, error: null, ...workOf(event) } as const;
    if (attachments.length === 0) {
      end(linkId, key, how);
      return;
    }
    const saved = parts.answerFiles
      .keep(attachments)
      .then((files) => end(linkId, key, { ...how, files }))
      .finally(() => saving.delete(saved));
    saving.add(saved);
  };

  const ended = (linkId: LinkId, event: Extract<SessionEvent, { kind: 'run_ended' }>): void => {
    const rest = { text: event.text, remoteId: null, at: null, ...workOf(event) };
    if (event.reason === 'aborted') {
      end(linkId, event.key, { kind: 'stopped', ...rest, error: null });
      return;
    }
    const error = event.error ?? appError('message.run_failed', 'No reason was given.');
    end(linkId, event.key, { kind: 'failed', ...rest, error });
  };

  const take = (linkId: LinkId, event: SessionEvent): void => {
    switch (event.kind) {
      case 'run_delta':
        delta(linkId, event);
        break;
      case 'run_final':
        final(linkId, event);
        break;
      case 'run_ended':
        ended(linkId, event);
        break;
      case 'run_waiting':
        waits(linkId, event);
        break;
      case 'run_state':
        stands(linkId, event);
        break;
      case 'session_message':
        row(linkId, event.sessionKey, event.message);
    }
  };

  const nameOf = (linkId: LinkId, sessionKey: string): string => `${linkId} ${sessionKey}`;

  return {
    event: (linkId, event) => {
      const queue = held.get(nameOf(linkId, event.sessionKey));
      if (!queue) {
        take(linkId, event);
        return;
      }
      const last = queue.at(-1);
      // Of a text that grows, only the newest is worth keeping.
      if (event.kind === 'run_delta' && last?.kind === 'run_delta' && last.key === event.key) {
        queue[queue.length - 1] = { ...event, added: last.added + event.added };
      } else queue.push(event);
    },
    hold: (linkId, sessionKey) => {
      const name = nameOf(linkId, sessionKey);
      if (!held.has(name)) held.set(name, []);
    },
    release: (linkId, sessionKey) => {
      const name = nameOf(linkId, sessionKey);
      const queue = held.get(name) ?? [];
      held.delete(name);
      for (const event of queue) take(linkId, event);
    },
    heardAt: (threadId) => heard.get(threadId) ?? Number.NEGATIVE_INFINITY,
    flush: async () => {
      await Promise.all(saving);
      await group.flush();
    },
    stop: async () => {
      await Promise.all(saving);
      streams.stop();
      await group.flush();
    },
  };
}

const workOf = ({
  work,
}: {
  readonly work?: DelegationState;
}): { readonly work?: DelegationState } => (work === undefined ? {} : { work });
