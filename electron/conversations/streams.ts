/** Answers that are coming: their text lives in memory, and is saved now and then. */
import type { Cancel, Clock } from '../clock/clock.ts';
import { type MessageId, type ThreadId, VIEW_BODY_LIMIT } from '../contract/index.ts';
import { cut } from './excerpt.ts';

/** A coming text is saved at most this often, ms; more seldom the longer it is. */
const SAVE_EVERY_MS = 1_000;
const SAVE_BYTES_PER_STEP = 256 * 1024;

/** An answer as far as it came. `bytes`: of `text`, UTF-8; untrusted. */
export interface Stream {
  readonly answerId: MessageId;
  readonly questionId: MessageId;
  readonly threadId: ThreadId;
  /** The whole text so far, as it came. */
  readonly text: string;
  /** What a view shows of it. */
  readonly head: string;
  readonly bytes: number;
  /** Its end was seen; what comes after it is late. */
  readonly closed: boolean;
}

interface Entry {
  answerId: MessageId;
  questionId: MessageId;
  threadId: ThreadId;
  text: string;
  head: string;
  bytes: number;
  closed: boolean;
  savedAt: number;
  timer: Cancel | null;
}

/** Streams by the message of ours that they answer. */
export interface Streams {
  get(questionId: MessageId): Stream | undefined;
  ofAnswer(answerId: MessageId): Stream | undefined;
  begin(stream: Pick<Stream, 'answerId' | 'questionId' | 'threadId'>): Stream;
  /** The text is now this; `added` is its newest part. */
  grow(questionId: MessageId, text: string, added: string): void;
  close(questionId: MessageId): void;
  drop(questionId: MessageId): void;
  dropThread(threadId: ThreadId): void;
  /** Saves all that is not saved, and stops the timers. */
  stop(): void;
}

/** @param save stores the text so far of an answer that is still coming. */
export function createStreams(clock: Clock, save: (stream: Stream) => void): Streams {
  const byQuestion = new Map<MessageId, Entry>();
  const byAnswer = new Map<MessageId, Entry>();

  const saveNow = (entry: Entry): void => {
    entry.timer?.();
    entry.timer = null;
    entry.savedAt = clock.monotonic();
    if (!entry.closed) save(entry);
  };
  const saveLater = (entry: Entry): void => {
    if (entry.timer) return;
    const every = SAVE_EVERY_MS * (1 + Math.floor(entry.bytes / SAVE_BYTES_PER_STEP));
    const wait = entry.savedAt + every - clock.monotonic();
    if (wait <= 0) saveNow(entry);
    else entry.timer = clock.after(wait, () => saveNow(entry));
  };
  const drop = (entry: Entry | undefined): void => {
    if (!entry) return;
    entry.timer?.();
    byQuestion.delete(entry.questionId);
    byAnswer.delete(entry.answerId);
  };

  return {
    get: (questionId) => byQuestion.get(questionId),
    ofAnswer: (answerId) => byAnswer.get(answerId),
    begin: (start) => {
      const entry: Entry = {
        ...start,
        text: '',
        head: '',
        bytes: 0,
        closed: false,
        savedAt: clock.monotonic(),
        timer: null,
      };
      byQuestion.set(entry.questionId, entry);
      byAnswer.set(entry.answerId, entry);
      return entry;
    },
    grow: (questionId, text, added) => {
      const entry = byQuestion.get(questionId);
      if (!entry || entry.closed) return;
      const appended = text.length === entry.text.length + added.length;
      entry.bytes = appended ? entry.bytes + Buffer.byteLength(added) : Buffer.byteLength(text);
      if (!appended || entry.text.length <= VIEW_BODY_LIMIT)
        entry.head = cut(text, VIEW_BODY_LIMIT);
      entry.text = text;
      saveLater(entry);
    },
    close: (questionId) => {
      const entry = byQuestion.get(questionId);
      if (!entry) return;
      entry.closed = true;
      entry.timer?.();
      entry.timer = null;
    },
    drop: (questionId) => drop(byQuestion.get(questionId)),
    dropThread: (threadId) => {
      for (const entry of [...byQuestion.values()]) if (entry.threadId === threadId) drop(entry);
    },
    stop: () => {
      for (const entry of byQuestion.values()) if (entry.timer) saveNow(entry);
    },
  };
}
