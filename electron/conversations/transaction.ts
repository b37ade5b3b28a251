import type { AppError, DelegationId, MessageId, ThreadId } from '../contract/index.ts';
import { oneLine } from './excerpt.ts';
import { type IncomingEvent, isComing, reduceIncoming } from './incoming.ts';
import { Many } from './many.ts';
import type { MessageTable } from './message-table.ts';
import type { ThreadAttention } from './options.ts';
import {
  isOpen,
  isRunning,
  isWaiting,
  type Outgoing,
  type OutgoingEvent,
  reduceOutgoing,
} from './outgoing.ts';
import type { IncomingRow, MessageRow, OutgoingRow } from './rows.ts';
import type { ThreadTable } from './thread-table.ts';
import { PREVIEW_UNITS, type Touched } from './touched.ts';

/** What changes with a move beside the state; absent = it stays. Times in ms since the epoch. */
export interface OutgoingPatch {
  readonly error?: AppError | null;
  readonly nextAttemptAt?: number | null;
  readonly queuedAt?: number;
  readonly delayed?: boolean;
  readonly remoteId?: string;
  /** Added to the number of attempts. */
  readonly attempts?: number;
}

/** A message of ours to add; it begins as queued, at the end of its thread. */
export type NewOutgoing = Pick<
  OutgoingRow,
  'id' | 'thread_id' | 'kind' | 'body_bytes' | 'at' | 'attachments'
> & { readonly body: string };

/** A message of theirs to add. `body`: untrusted; `sender_at`: their clock, ms. */
export type NewIncoming = Pick<
  IncomingRow,
  'id' | 'thread_id' | 'state' | 'at' | 'sender_at' | 'author' | 'reply_to' | 'remote_id'
> & { readonly body: string; readonly unread: boolean; readonly error: AppError | null };

/** What changes of a message of theirs; absent = it stays. A body is replaced whole. */
export interface IncomingPatch {
  readonly body?: string;
  readonly senderAt?: number | null;
  readonly remoteId?: string | null;
  readonly error?: AppError | null;
  readonly unread?: boolean;
}

const json = (error: AppError | null): string | null => (error ? JSON.stringify(error) : null);
const flag = (value: boolean): number => (value ? 1 : 0);

/** A message that came in, with all of its text. */
export interface WholeMessage {
  readonly id: MessageId;
  readonly threadId: ThreadId;
  readonly author: string;
  readonly body: string;
  readonly at: number;
}

/** What a task may do inside one transaction. Every method is synchronous. */
export class Transaction {
  readonly #messages: MessageTable;
  readonly #threads: ThreadTable;
  readonly #touched: Touched;
  readonly #whole: (message: WholeMessage) => void;
  #many: Many | null = null;

  constructor(
    messages: MessageTable,
    threads: ThreadTable,
    touched: Touched,
    whole: (message: WholeMessage) => void,
  ) {
    this.#whole = whole;
    this.#messages = messages;
    this.#threads = threads;
    this.#touched = touched;
  }

  /** The same for many messages at once. */
  get many(): Many {
    this.#many ??= new Many(this.#messages, this.#threads, this.#touched);
    return this.#many;
  }

  /** Windows are told of this message, although its row may be the same. */
  touch(id: MessageId, threadId: ThreadId): void {
    this.#touched.messages.set(id, threadId);
  }

  touchThread(threadId: ThreadId): void {
    this.#touched.threads.add(threadId);
  }

  touchUnread(): void {
    this.#touched.unread = true;
  }

  /** Windows are told of this delegation of ours; null = none changed. */
  delegation(id: DelegationId | null): void {
    if (id !== null) this.#touched.delegations.add(id);
  }

  attention(item: ThreadAttention): void {
    this.#touched.attention.push(item);
  }

  /** Puts a message of ours at the end of its thread, queued. @returns false where the thread is gone. */
  addOutgoing(message: NewOutgoing): boolean {
    const { body, ...letter } = message;
    const after = this.#queued(letter, oneLine(body, PREVIEW_UNITS));
    if (!after) return false;
    this.#messages.insert({ ...after, body }, after.position);
    this.#added(after);
    return true;
  }

  /** Takes a place in the thread for it. */
  #queued(letter: Omit<NewOutgoing, 'body'>, line: string): OutgoingRow | null {
    const place = this.#threads.append.get(1, 0, letter.at, line, letter.thread_id);
    if (!place) return null;
    return {
      ...letter,
      position: place.position,
      direction: 'out',
      state: 'queued',
      open: 1,
      run: 'none',
      unread: 0,
      sender_at: null,
      author: '',
      reply_to: null,
      remote_id: null,
      error: null,
      attempts: 0,
      next_attempt_at: null,
      queued_at: letter.at,
      delayed: 0,
    };
  }

  #added(after: OutgoingRow): void {
    this.#tell(after.id, after.thread_id);
    this.#touched.moved.push({ before: null, after });
  }

  /** Puts a message of theirs at the end of its thread. @returns false where the thread is gone. */
  addIncoming(message: NewIncoming): boolean {
    const place = this.#threads.append.get(
      0,
      flag(message.unread),
      message.at,
      oneLine(message.body, PREVIEW_UNITS),
      message.thread_id,
    );
    if (!place) return false;
    this.#messages.insert(
      {
        ...message,
        direction: 'in',
        kind: 'message',
        open: flag(isComing(message.state)),
        run: 'none',
        unread: flag(message.unread),
        body_bytes: Buffer.byteLength(message.body),
        error: json(message.error),
        attempts: 0,
        next_attempt_at: null,
        queued_at: null,
        delayed: 0,
        attachments: 0,
      },
      place.position,
    );
    if (message.unread) this.touchUnread();
    this.#tell(message.id, message.thread_id);
    if (message.state === 'complete') this.#hear({ ...message, body: message.body });
    return true;
  }

  /** Applies an event to an outgoing message. @returns the new row, or null where nothing changed. */
  move(row: OutgoingRow, event: OutgoingEvent, patch: OutgoingPatch = {}): OutgoingRow | null {
    const next = reduceOutgoing(row, event);
    return next ? this.#save(row, next, patch) : null;
  }

  /** Changes what is around the state. */
  amend(row: OutgoingRow, patch: OutgoingPatch): OutgoingRow {
    return this.#save(row, row, patch);
  }

  /** Applies an event to an incoming message. @returns the new row, or null where nothing changed. */
  moveIncoming(
    row: IncomingRow,
    event: IncomingEvent,
    patch: IncomingPatch = {},
  ): IncomingRow | null {
    const state = reduceIncoming(row.state, event);
    return state ? this.#saveIncoming(row, { ...row, state }, patch) : null;
  }

  amendIncoming(row: IncomingRow, patch: IncomingPatch): IncomingRow {
    return this.#saveIncoming(row, row, patch);
  }

  #save(row: OutgoingRow, next: Outgoing, patch: OutgoingPatch): OutgoingRow {
    const after: OutgoingRow = {
      ...row,
      state: next.state,
      run: next.run,
      open: flag(isOpen(next)),
      error: patch.error === undefined ? row.error : json(patch.error),
      attempts: row.attempts + (patch.attempts ?? 0),
      next_attempt_at:
        patch.nextAttemptAt ?? (next.state === row.state ? row.next_attempt_at : null),
      queued_at: patch.queuedAt ?? row.queued_at,
      delayed: patch.delayed === undefined ? row.delayed : flag(patch.delayed),
      remote_id: row.remote_id ?? this.#freeRemote(row, patch.remoteId),
    };
    this.#messages.updateOutgoing(row.id, after);
    const waiting = flag(isWaiting(after.state)) - flag(isWaiting(row.state));
    if (waiting !== 0) this.#threads.count.run(waiting, 0, row.thread_id);
    if (waiting !== 0 || isRunning(after) !== isRunning(row)) this.touchThread(row.thread_id);
    this.touch(row.id, row.thread_id);
    this.#touched.moved.push({ before: { state: row.state, run: row.run }, after });
    return after;
  }

  #saveIncoming(row: IncomingRow, next: IncomingRow, patch: IncomingPatch): IncomingRow {
    const unread = patch.unread === undefined ? row.unread : flag(patch.unread);
    const after: IncomingRow = {
      ...next,
      open: flag(isComing(next.state)),
      unread,
      error: patch.error === undefined ? row.error : json(patch.error),
      sender_at: patch.senderAt ?? row.sender_at,
      remote_id: row.remote_id ?? this.#freeRemote(row, patch.remoteId),
    };
    this.#messages.updateIncoming(after);
    if (unread !== row.unread) {
      this.#threads.count.run(0, unread - row.unread, row.thread_id);
      this.touchUnread();
      this.touchThread(row.thread_id);
    }
    if (patch.body !== undefined) {
      if (next.state === 'complete') this.#hear({ ...row, body: patch.body });
      this.#messages.setBody(row.id, patch.body, Buffer.byteLength(patch.body));
      const thread = this.#threads.any(row.thread_id);
      if (thread?.next_position === row.position + 1) {
        const line = oneLine(patch.body, PREVIEW_UNITS);
        this.#threads.setPreview.run(line, thread.last_message_at ?? row.at, row.thread_id);
      }
      this.touchThread(row.thread_id);
    }
    this.touch(row.id, row.thread_id);
    return after;
  }

  /** A remote id stands for one row of a thread; one that is taken already is not given twice. */
  #freeRemote(row: MessageRow, remoteId: string | null | undefined): string | null {
    if (!remoteId) return null;
    return this.#messages.byRemote.get(row.thread_id, remoteId) ? null : remoteId;
  }

  #hear(message: Pick<IncomingRow, 'id' | 'thread_id' | 'author' | 'at'> & { body: string }): void {
    const { id, thread_id: threadId, author, body, at } = message;
    this.#whole({ id, threadId, author, body, at });
  }

  #tell(id: MessageId, threadId: ThreadId): void {
    this.touch(id, threadId);
    this.touchThread(threadId);
  }
}
