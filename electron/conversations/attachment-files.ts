/** The files behind attachments: 0600, named by id, on the disk before a message counts on them. */
import * as fs from 'node:fs/promises';
import * as path from 'node:path';
import { type AttachmentId, appError, fail, ok, type Result } from '../contract/index.ts';
import type { OutgoingAttachment } from '../links/link.ts';
import type { AttachmentTable } from './attachment-table.ts';
import type { OutgoingRow } from './rows.ts';

/** Files by the attachment's id. Offsets and lengths in bytes; rejects as the disk does. */
export interface AttachmentFiles {
  create(id: AttachmentId): Promise<void>;
  write(id: AttachmentId, offset: number, data: Uint8Array): Promise<void>;
  /** Makes the file and its folder entry survive a power cut. */
  sync(id: AttachmentId): Promise<void>;
  /** At most `length` bytes from `offset`; null where the file is gone. */
  read(id: AttachmentId, offset: number, length: number): Promise<Uint8Array | null>;
  remove(id: AttachmentId): Promise<void>;
  /** The attachments of a message, whole. */
  load(row: OutgoingRow): Promise<Result<readonly OutgoingAttachment[]>>;
  /** Removes files that no row knows. */
  sweep(): Promise<void>;
}

/** @param folder made where it is missing, 0700. */
export function attachmentFiles(folder: string, table: AttachmentTable): AttachmentFiles {
  const place = (id: AttachmentId): string => path.join(folder, id);
  /** Made in this run: their rows may come a moment later. */
  const fresh = new Set<string>();

  const withFile = async <T>(
    id: AttachmentId,
    flags: string,
    task: (handle: fs.FileHandle) => Promise<T>,
  ): Promise<T> => {
    const handle = await fs.open(place(id), flags, 0o600);
    try {
      return await task(handle);
    } finally {
      await handle.close();
    }
  };

  const syncFolder = async (): Promise<void> => {
    // A folder cannot be opened for that on Windows, which writes entries through by itself.
    if (process.platform === 'win32') return;
    const handle = await fs.open(folder, 'r');
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  };

  return {
    create: async (id) => {
      fresh.add(id);
      await fs.mkdir(folder, { recursive: true, mode: 0o700 });
      await withFile(id, 'wx', async () => {});
    },
    write: (id, offset, data) =>
      withFile(id, 'r+', async (handle) => {
        let done = 0;
        while (done < data.byteLength) {
          const { bytesWritten } = await handle.write(
            data,
            done,
            data.byteLength - done,
            offset + done,
          );
          done += bytesWritten;
        }
      }),
    sync: async (id) => {
      await withFile(id, 'r+', (handle) => handle.sync());
      await syncFolder();
    },
    read: async (id, offset, length) => {
      try {
        return await withFile(id, 'r', async (handle) => {
          const { bytesRead, buffer } = await handle.read(Buffer.alloc(length), 0, length, offset);
          return buffer.subarray(0, bytesRead);
        });
      } catch {
        return null;
      }
    },
    remove: async (id) => {
      await fs.rm(place(id), { force: true });
      fresh.delete(id);
    },
    load: async (row) => {
      if (row.attachments === 0) return ok([]);
      const loaded: OutgoingAttachment[] = [];
      for (const { id, name, mime_type: mimeType, bytes } of table.ofMessage.all(row.id)) {
        const data = await fs.readFile(place(id)).catch(() => null);
        if (data?.byteLength !== bytes) {
          return fail(appError('attachment.incomplete', `The file kept for ${name} is not whole.`));
        }
        loaded.push({ name, mimeType, data });
      }
      return ok(loaded);
    },
    sweep: async () => {
      const names = await fs.readdir(folder).catch(() => []);
      for (const name of names) {
        if (!fresh.has(name) && !table.byId.get(name as AttachmentId))
          await fs.rm(path.join(folder, name), { force: true });
      }
    },
  };
}
