import { v7 } from 'uuid';
import {
  ATTACHMENT_CHUNK_BYTES,
  type AttachmentId,
  codedError,
  ok,
  type ThreadId,
} from '../contract/index.ts';
import type { AttachmentFiles } from './attachment-files.ts';
import type { AttachmentTable } from './attachment-table.ts';
import { safeName, safeType } from './file-names.ts';
import type { HandlersOf } from './handlers.ts';
import { type Parts, routeOf } from './parts.ts';
import type { AttachmentRow } from './rows.ts';

/** What is taken while no link can say its own limit. */
const UNKNOWN_LIMIT_BYTES = 16 * 1024 * 1024;
/** Handlers of `attachment.*`, and what a start has to clear away. */
export function attachmentCalls(
  parts: Parts,
  table: AttachmentTable,
  files: AttachmentFiles,
): { readonly handlers: HandlersOf<'attachment'>; start(): Promise<void> } {
  const { store } = parts.options;
  /** Bytes that came of what is not whole yet; a stop forgets them, and the files with them. */
  const received = new Map<AttachmentId, number>();

  const unsent = (id: AttachmentId): AttachmentRow => {
    const row = table.byId.get(id);
    if (!row || row.message_id !== null) {
      throw codedError('attachment.not_found', 'It was removed, or sent already.');
    }
    return row;
  };

  const limitFor = (threadId: ThreadId, mimeType: string): number => {
    const thread = parts.threads.byId(threadId);
    if (!thread) throw codedError('thread.not_found', 'No thread has this id.');
    const limits = routeOf(parts, thread)?.link.limits();
    if (!limits) return UNKNOWN_LIMIT_BYTES;
    return mimeType.startsWith('image/') ? limits.imageBytes : limits.attachmentBytes;
  };

  const remove = async (id: AttachmentId): Promise<void> => {
    received.delete(id);
    await store.write(() => table.remove.run(id));
    await files.remove(id);
  };

  const finish = async (row: AttachmentRow): Promise<void> => {
    await files.sync(row.id);
    await store.write(() => table.setReceived.run(row.bytes, row.id));
    received.delete(row.id);
  };

  const handlers: HandlersOf<'attachment'> = {
    'attachment.begin': async ({ threadId, name, mimeType, bytes }) => {
      const type = safeType(mimeType);
      const limit = limitFor(threadId, type);
      if (limit === 0)
        throw codedError('a2a.no_files', 'It says of itself that it takes text only.');
      if (bytes > limit) {
        throw codedError('attachment.too_large', `It has ${bytes} bytes; ${limit} are taken.`);
      }
      const id = v7() as AttachmentId;
      await files.create(id);
      const at = parts.clock.now();
      await store.write(() => table.insert.run(id, threadId, safeName(name), type, bytes, at));
      received.set(id, 0);
      if (bytes === 0) await finish(unsent(id));
      return ok({ attachmentId: id });
    },
    'attachment.append': async ({ attachmentId, offset, data }) => {
      const row = unsent(attachmentId);
      const have = received.get(attachmentId) ?? row.received;
      const piece = Buffer.from(data, 'base64');
      const end = offset + piece.byteLength;
      // The same piece once more, since its answer was lost.
      if (end <= have) return ok({ received: have });
      if (offset !== have || end > row.bytes) {
        throw codedError('attachment.incomplete', `A piece came at ${offset}; ${have} was next.`);
      }
      await files.write(attachmentId, offset, piece);
      received.set(attachmentId, end);
      if (end === row.bytes) await finish(row);
      return ok({ received: end });
    },
    'attachment.discard': async ({ attachmentId }) => {
      await remove(unsent(attachmentId).id);
      return ok({});
    },
    'attachment.read': async ({ attachmentId, offset }) => {
      const row = table.byId.get(attachmentId);
      const data = row && (await files.read(attachmentId, offset, ATTACHMENT_CHUNK_BYTES));
      if (!row || !data) throw codedError('attachment.not_found', 'Its file is gone.');
      const next = offset + data.byteLength;
      return ok({
        data: Buffer.from(data).toString('base64'),
        nextOffset: data.byteLength > 0 && next < row.bytes ? next : null,
      });
    },
  };

  return {
    handlers,
    start: async () => {
      for (const { id } of table.loose.all()) await remove(id);
      await files.sweep();
    },
  };
}
