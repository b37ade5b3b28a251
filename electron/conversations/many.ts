/** What a transaction does to many messages at once: one statement for each table. */
import type { LinkId, MessageId, MessageKind, ThreadId } from '../contract/index.ts';
import { oneLine } from './excerpt.ts';
import type { MessageTable } from './message-table.ts';
import type { OutgoingRow } from './rows.ts';
import type { ThreadTable } from './thread-table.ts';
import { PREVIEW_UNITS, type Touched } from './touched.ts';

/** One text to many. */
export interface Circular {
  readonly kind: MessageKind;
  readonly body: string;
  readonly at: number;
}

/** One of those to whom it goes. */
export interface Copy {
  readonly id: MessageId;
  readonly threadId: ThreadId;
  /** Where its attempt begins with this same commit; null = it is queued. */
  readonly attempt: { readonly linkId: LinkId; readonly sessionKey: string } | null;
}

/** A message that the other side took; `runId` is what it calls the run. */
export interface Acknowledged {
  /** As it was when it was sent. */
  readonly row: OutgoingRow;
  readonly runId: string;
}

/** The half of a transaction for broadcasts; used inside it only. */
export class Many {
  readonly #messages: MessageTable;
  readonly #threads: ThreadTable;
  readonly #touched: Touched;

  constructor(messages: MessageTable, threads: ThreadTable, touched: Touched) {
    this.#messages = messages;
    this.#threads = threads;
    this.#touched = touched;
  }

  /**
   * Puts one text at the end of many threads, each of them once. Where a thread is gone its copy is left
   * out. @returns the rows that were added
   */
  add(circular: Circular, copies: readonly Copy[]): OutgoingRow[] {
    const { kind, body, at } = circular;
    const bytes = Buffer.byteLength(body);
    const line = oneLine(body, PREVIEW_UNITS);
    const ids = copies.map((copy) => copy.threadId);
    const places = new Map<ThreadId, number>();
    for (const { id, position } of this.#threads.appendAll.all(at, line, JSON.stringify(ids))) {
      places.set(id, position);
    }
    const rows: OutgoingRow[] = [];
    const begun: [MessageId, LinkId, string][] = [];
    for (const { id, threadId, attempt } of copies) {
      const position = places.get(threadId);
      if (position === undefined) continue;
      rows.push({
        id,
        thread_id: threadId,
        position,
        direction: 'out',
        kind,
        state: attempt ? 'sending' : 'queued',
        open: 1,
        run: 'none',
        unread: 0,
        body_bytes: bytes,
        at,
        sender_at: null,
        author: '',
        reply_to: null,
        remote_id: null,
        error: null,
        attempts: attempt ? 1 : 0,
        next_attempt_at: null,
        queued_at: at,
        delayed: 0,
        attachments: 0,
      });
      if (attempt) begun.push([id, attempt.linkId, attempt.sessionKey]);
    }
    this.#messages.insertCopies(rows, { kind, body, bytes, at });
    this.#messages.beginAttempts(begun, at);
    for (const after of rows) {
      this.#touched.messages.set(after.id, after.thread_id);
      this.#touched.threads.add(after.thread_id);
      this.#touched.moved.push({ before: null, after });
    }
    return rows;
  }

  /**
   * Acknowledges messages that stand as they did when they were sent, each in a thread of its own.
   * @returns the rest, left as they are, and in which of the threads something else waits
   */
  acknowledge(
    acknowledged: readonly Acknowledged[],
    at: number,
  ): { readonly rest: Acknowledged[]; readonly waitingIn: ThreadId[] } {
    const rest: Acknowledged[] = [];
    const moved: Acknowledged[] = [];
    const ids = acknowledged.map(({ row }) => row.id);
    const sent = new Set<MessageId>();
    for (const { id } of this.#messages.acknowledgeAll.all(JSON.stringify(ids))) sent.add(id);
    for (const one of acknowledged) (sent.has(one.row.id) ? moved : rest).push(one);
    const ends = moved.map(({ row, runId }) => [row.id, runId]);
    this.#messages.endAttempts.run(at, JSON.stringify(ends));
    for (const { row } of moved) {
      const after: OutgoingRow = {
        ...row,
        state: 'sent',
        run: 'going',
        error: null,
        next_attempt_at: null,
      };
      this.#touched.messages.set(row.id, row.thread_id);
      this.#touched.threads.add(row.thread_id);
      this.#touched.moved.push({ before: { state: row.state, run: row.run }, after });
    }
    const threads = JSON.stringify(moved.map(({ row }) => row.thread_id));
    const waitingIn: ThreadId[] = [];
    for (const { id, waiting } of this.#threads.arrivedAll.all(threads)) {
      if (waiting > 0) waitingIn.push(id);
    }
    return { rest, waitingIn };
  }
}
