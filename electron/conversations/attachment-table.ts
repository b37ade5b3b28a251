import type { AttachmentId, MessageId, ThreadId } from '../contract/index.ts';
import type { Store } from '../store/store.ts';
import type { AttachmentRow } from './rows.ts';

/** Prepared statements, as {@link attachmentTable} makes them; writing needs a transaction. */
export type AttachmentTable = ReturnType<typeof attachmentTable>;

/** Every statement over `attachments`. */
export function attachmentTable(store: Store) {
  return {
    byId: store.prepare<AttachmentRow, [AttachmentId]>('SELECT * FROM attachments WHERE id = ?'),
    ofMessage: store.prepare<AttachmentRow, [MessageId]>(
      'SELECT * FROM attachments WHERE message_id = ? ORDER BY id',
    ),
    ofThread: store.prepare<{ id: AttachmentId }, [ThreadId]>(
      'SELECT id FROM attachments WHERE thread_id = ?',
    ),
    /** Begun and never sent. */
    loose: store.prepare<{ id: AttachmentId }>(
      'SELECT id FROM attachments WHERE message_id IS NULL',
    ),
    insert: store.prepare<never, [AttachmentId, ThreadId, string, string, number, number]>(
      `INSERT INTO attachments (id, thread_id, name, mime_type, bytes, created_at)
       VALUES (?, ?, ?, ?, ?, ?)`,
    ),
    setReceived: store.prepare<never, [number, AttachmentId]>(
      'UPDATE attachments SET received = ? WHERE id = ?',
    ),
    give: store.prepare<never, [MessageId, AttachmentId]>(
      'UPDATE attachments SET message_id = ? WHERE id = ? AND message_id IS NULL',
    ),
    remove: store.prepare<never, [AttachmentId]>('DELETE FROM attachments WHERE id = ?'),
  };
}
