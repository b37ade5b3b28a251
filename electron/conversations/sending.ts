/** Puts messages of ours into the queue: the one way in, for whoever writes them. */
import { v7 } from 'uuid';
import {
  type AttachmentId,
  type CallerContext,
  codedError,
  type MessageId,
  type MessageKind,
  type ThreadId,
} from '../contract/index.ts';
import type { AttachmentFiles } from './attachment-files.ts';
import type { AttachmentTable } from './attachment-table.ts';
import type { Chains } from './chains.ts';
import { cut, oneLine } from './excerpt.ts';
import { checkFiles, checkSize, checkText } from './guard.ts';
import { bindRoute, linkIdOf, type Parts, routeOf } from './parts.ts';
import type { AttachmentRow, ThreadRow } from './rows.ts';
import type { Transaction } from './transaction.ts';

/** The title that a first message gives its thread, UTF-16 units. */
const TITLE_UNITS = 60;

/** A message to be sent, before it has an id. Text: UTF-16, held to limits in UTF-8 bytes. */
export interface Letter {
  readonly threadId: ThreadId;
  readonly text: string;
  readonly kind: MessageKind;
  readonly attachmentIds: readonly AttachmentId[];
  /** A person wants it sent although it looks like a secret. */
  readonly anyway?: boolean | undefined;
  /** Set where a local agent asked for it. */
  readonly asked?: CallerContext['asked'] | undefined;
}

/** `over_soft_limit` = it goes, and the person is told that it is long. */
export type SizeWarning = 'none' | 'over_soft_limit';

/** What checks a letter and makes a row of it. The guard is the same for people and agents. */
export interface Sending {
  /** What can be said before there is a thread. @throws CodedError message.too_large, message.looks_secret */
  check(text: string, anyway: boolean | undefined): SizeWarning;
  /**
   * Resolves once it is durable.
   * @param alongside what else belongs into the same transaction
   * @throws CodedError thread.not_found, thread.no_link, message.*, attachment.*
   */
  queue(
    letter: Letter,
    alongside?: (id: MessageId, at: number) => void,
  ): Promise<{ readonly messageId: MessageId; readonly warning: SizeWarning }>;
}

/** Makes the way in. */
export function createSending(
  parts: Parts,
  attachments: AttachmentTable,
  stored: Pick<AttachmentFiles, 'read'>,
  chains: Pick<Chains, 'next' | 'note'>,
): Sending {
  const { ledger, threads, clock } = parts;

  const checked = (ids: readonly AttachmentId[], thread: ThreadRow): AttachmentRow[] =>
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

  const existing = (id: ThreadId): ThreadRow => {
    const thread = threads.byId(id);
    if (!thread) throw codedError('thread.not_found', 'No thread has this id.');
    return thread;
  };

  const check = (text: string, anyway: boolean | undefined): SizeWarning => {
    const warning = checkSize(Buffer.byteLength(text), parts.options.settings());
    if (!anyway) checkText(text);
    return warning;
  };

  return {
    check,
    queue: async ({ threadId, text, kind, attachmentIds, anyway, asked }, alongside) => {
      const ids = [...new Set(attachmentIds)];
      const before = existing(threadId);
      const warning = check(text, anyway);
      if (!anyway && ids.length > 0) await checkFiles(checked(ids, before), stored);
      const thread = existing(threadId);
      const files = checked(ids, thread);
      if (text.trim() === '' && files.length === 0) {
        throw codedError('message.empty', 'It holds nothing but white space.');
      }
      if (!linkIdOf(parts, thread)) {
        throw codedError('thread.no_link', 'Its peer has no link at all.');
      }
      const chain = asked ? chains.next(threadId, thread.peer_id, asked) : null;
      const id = v7() as MessageId;
      // This runs in the same turn: the thread is still as it was read above.
      await ledger.write((tx) => {
        const at = clock.now();
        const body = { id, thread_id: threadId, kind, body: text, at };
        const bytes = Buffer.byteLength(text);
        if (!tx.addOutgoing({ ...body, body_bytes: bytes, attachments: files.length })) {
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
        if (asked) parts.askers.note.run(id, asked.requestId, asked.agent);
        asked?.stored?.(threadId, id);
        if (chain) chains.note(id, chain);
        alongside?.(id, at);
      });
      return { messageId: id, warning };
    },
  };
}
