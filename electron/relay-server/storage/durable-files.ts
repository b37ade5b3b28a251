/** Shared files in `relay.db`: contents by their hash, so that what was saved twice is kept once. */
import type { Store } from '../../store/store.ts';
import type { FileStorage, FileVersion } from './storage.ts';

interface FileRow {
  readonly file_key: string;
  readonly version: number;
  readonly hash: string;
  readonly bytes: number;
  readonly file_type: string;
  readonly editor: string;
  readonly at: number;
}

const versionOf = (row: FileRow): FileVersion => ({
  fileKey: row.file_key,
  version: row.version,
  hash: row.hash,
  bytes: row.bytes,
  fileType: row.file_type,
  editor: row.editor,
  at: row.at,
});

const CURRENT = `SELECT file_versions.* FROM files JOIN file_versions
  ON file_versions.file_key = files.file_key AND file_versions.version = files.version`;

/** The file part of the durable storage. A store whose schema is up to date is needed. */
export function durableFiles(store: Store): FileStorage {
  const all = store.prepare<FileRow>(`${CURRENT} ORDER BY files.row`);
  const one = store.prepare<FileRow, [string]>(`${CURRENT} WHERE files.file_key = ?`);
  const history = store.prepare<FileRow, [string]>(
    'SELECT * FROM file_versions WHERE file_key = ? ORDER BY version DESC',
  );
  const read = store.prepare<{ data: Uint8Array }, [string]>(
    'SELECT data FROM contents WHERE hash = ?',
  );
  const keepContent = store.prepare<never, [string, Buffer]>(
    'INSERT INTO contents (hash, data) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING',
  );
  const keepFile = store.prepare<never, [string, number]>(
    `INSERT INTO files (file_key, version) VALUES (?, ?)
     ON CONFLICT (file_key) DO UPDATE SET version = excluded.version`,
  );
  const keepVersion = store.prepare<
    never,
    [string, number, string, number, string, string, number]
  >(
    `INSERT INTO file_versions (file_key, version, hash, bytes, file_type, editor, at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  );
  const forget = store.prepare<{ hash: string }, [string, number]>(
    'DELETE FROM file_versions WHERE file_key = ? AND version <= ? RETURNING hash',
  );
  const dropContent = store.prepare<never, [string, string]>(
    'DELETE FROM contents WHERE hash = ? AND NOT EXISTS (SELECT 1 FROM file_versions WHERE hash = ?)',
  );
  const count = store.prepare<{ files: number; bytes: number }>(
    `SELECT (SELECT count(*) FROM files) AS files,
       (SELECT coalesce(sum(length(data)), 0) FROM contents) AS bytes`,
  );
  const current = (fileKey: string): FileVersion | null => {
    const row = one.get(fileKey);
    return row ? versionOf(row) : null;
  };
  return {
    list: async () => all.all().map(versionOf),
    current: async (fileKey) => current(fileKey),
    versions: async (fileKey) => history.all(fileKey).map(versionOf),
    content: async (hash) => {
      const row = read.get(hash);
      return row ? Buffer.from(row.data.buffer, row.data.byteOffset, row.data.byteLength) : null;
    },
    put: ({ fileKey, content, hash, fileType, editor, at, base, keep }) =>
      store.write(() => {
        const before = current(fileKey);
        const last = before?.version ?? 0;
        if (base !== null && base !== last) return { kind: 'conflict', current: before };
        const version = last + 1;
        keepContent.run(hash, content);
        keepVersion.run(fileKey, version, hash, content.byteLength, fileType, editor, at);
        keepFile.run(fileKey, version);
        for (const { hash: old } of forget.all(fileKey, version - keep)) dropContent.run(old, old);
        const bytes = content.byteLength;
        return { kind: 'saved', file: { fileKey, version, hash, bytes, fileType, editor, at } };
      }),
    size: async () => count.get() ?? { files: 0, bytes: 0 },
  };
}
