import { v7 } from 'uuid';
import {
  appError,
  codedError,
  type MessageId,
  ok,
  type Result,
  type ThreadId,
} from '../contract/index.ts';
import type { AttachmentFiles } from './attachment-files.ts';
import type { AttachmentTable } from './attachment-table.ts';
import { cut, oneLine } from './excerpt.ts';
import { checkFiles, checkSize, checkText } from './guard.ts';
import type { HandlersOf } from './handlers.ts';
import { keyOf } from './keys.ts';
import { isRunning, type OutgoingEvent } from './outgoing.ts';
import { bindRoute, isSendable, linkIdOf, type Parts, routeOf } from './parts.ts';
import type { AttachmentRow, OutgoingRow, ThreadRow } from './rows.ts';
import type { OutgoingPatch, Transaction } from './transaction.ts';

/** One piece of a body that the view cut, UTF-16 units. */
const BODY_PIECE = 256 * 1024;
/** The title that a first message gives its thread, UTF-16 units. */
const TITLE_UNITS = 60;

export interface MessageCallOptions {
  readonly parts: Parts;
  readonly attachments: AttachmentTable;
  readonly files: Pick<AttachmentFiles, 'read'>;
  catchUp(threadId: ThreadId): void;
}

const done = (): Result<Record<string, never>> => ok({});

/** Handlers of `message.*`. */
export function messageCalls(options: MessageCallOptions): HandlersOf<'message'> {
  const { parts, attachments } = options;
  const { ledger, messages, threads, clock } = parts;

  const outgoing = (id: MessageId): OutgoingRow => {
    const row = messages.outgoing(id);
    if (!row || !threads.byId(row.thread_id)) {
      throw codedError('message.not_found', 'No message of ours has this id.');
    }
    return row;
  };

  /** A person's choice about one message; refused where its state does not allow it. */
  const choose = async (
    id: MessageId,
    event: OutgoingEvent,
    patch: OutgoingPatch,
    word: string,
  ): Promise<Result<Record<string, never>>> => {
    await ledger.write((tx) => {
      const row = outgoing(id);
      if (row.state === 'unknown') messages.endAttempt(id, clock.now(), word, null);
      if (!tx.move(row, event, patch)) {
        throw codedError('message.wrong_state', `Its state is ${row.state}.`);
      }
    });
    return done();
  };

  const existing = (id: ThreadId): ThreadRow => {
    const thread = threads.byId(id);
    if (!thread) throw codedError('thread.not_found', 'No thread has this id.');
    return thread;
  };

  const checked = (ids: readonly AttachmentRow['id'][], thread: ThreadRow): AttachmentRow[] =>
    ids.map((id) => {
      const row = attachments.byId.get(id);
      if (!row || row.thread_id !== thread.id || row.message_id !== null) {
        throw codedError('attachment.not_found', 'It was removed, or belongs to another message.');
      }
      if (row.received !== row.bytes) {
        throw codedError('attachment.incomplete', `${row.received} of ${row.bytes} bytes came.`);
      }
      return row;
    });

  const titleFrom = (tx: Transaction, thread: ThreadRow, text: string): void => {
    const title = oneLine(cut(text, 1_000), TITLE_UNITS);
    if (thread.named === 1 || title === '') return;
    threads.setTitle.run(title, thread.id);
    tx.touchThread(thread.id);
  };

  return {
    'message.send': async ({ threadId, text, kind, attachmentIds, anyway }) => {
      const ids = [...new Set(attachmentIds)];
      const before = existing(threadId);
      const bytes = Buffer.byteLength(text);
      const warning = checkSize(bytes, parts.options.settings());
      if (!anyway) {
        checkText(text);
        if (ids.length > 0) await checkFiles(checked(ids, before), options.files);
      }
      const thread = existing(threadId);
      const files = checked(ids, thread);
      if (text.trim() === '' && files.length === 0) {
        throw codedError('message.empty', 'It holds nothing but white space.');
      }
      if (!linkIdOf(parts, thread)) {
        throw codedError('thread.no_link', 'Its peer has no link at all.');
      }
      const id = v7() as MessageId;
      // This runs in the same turn: the thread is still as it was read above.
      await ledger.write((tx) => {
        const at = clock.now();
        const body = { id, thread_id: threadId, kind, body: text, body_bytes: bytes, at };
        if (!tx.addOutgoing({ ...body, attachments: files.length })) {
          throw codedError('thread.not_found', 'It was deleted just now.');
        }
        for (const file of files) {
          if (attachments.give.run(id, file.id) !== 1) {
            throw codedError('attachment.not_found', 'It was removed just now.');
          }
        }
        const route = routeOf(parts, thread);
        if (route) bindRoute(parts, thread, route, tx);
        titleFrom(tx, thread, text);
      });
      return ok({ messageId: id, warning });
    },
    'message.retry': ({ messageId }) =>
      choose(messageId, 'retry', { error: null, queuedAt: clock.now(), delayed: false }, 'retry'),
    'message.cancel': ({ messageId }) => choose(messageId, 'cancel', { error: null }, 'cancel'),
    'message.settle': ({ messageId, choice }) =>
      choose(
        messageId,
        choice,
        choice === 'send_again'
          ? { error: null, queuedAt: clock.now(), delayed: false }
          : { error: null },
        choice,
      ),
    'message.stop': async ({ messageId }, { signal }) => {
      const row = outgoing(messageId);
      const thread = threads.byId(row.thread_id);
      const route = thread && routeOf(parts, thread);
      if (!isRunning(row)) {
        throw codedError('message.wrong_state', 'No run of it goes on.');
      }
      if (!route || !isSendable(route.link)) {
        throw codedError('link.not_connected', 'Stopping it needs a connection.');
      }
      const stop = AbortSignal.any([signal, parts.stopping]);
      const stopped = await route.link.abort(keyOf(row.id), route.sessionKey, stop);
      // Nothing was there to be stopped: it ended meanwhile, and we should know how.
      if (!stopped) options.catchUp(row.thread_id);
      return done();
    },
    'message.body': ({ messageId, offset }) => {
      const row = messages.byId(messageId);
      const text = row && threads.byId(row.thread_id) && messages.body.get(messageId)?.body;
      if (text === undefined) {
        return { ok: false, error: appError('message.not_found', 'No message has this id.') };
      }
      const piece = cut(text.slice(offset), BODY_PIECE);
      const next = offset + piece.length;
      return ok({ text: piece, nextOffset: piece !== '' && next < text.length ? next : null });
    },
  };
}
