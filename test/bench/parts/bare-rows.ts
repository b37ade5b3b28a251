/** The least that keeps a text for good: one table, one INSERT, one FULL commit. */
import { DatabaseSync } from 'node:sqlite';

const FULL = 2;

/** Opens a new file. */
export function bareRows(file: string): { insert(id: string, text: string): void; close(): void } {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  const found = database.prepare('PRAGMA synchronous').get() as { synchronous: number };
  if (found.synchronous !== FULL) throw new Error('synchronous is not FULL');
  database.exec(
    'CREATE TABLE work (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, body TEXT, at INTEGER)',
  );
  const insert = database.prepare('INSERT INTO work (id, body, at) VALUES (?, ?, ?)');
  return {
    insert: (id, text) => void insert.run(id, text, Date.now()),
    close: () => database.close(),
  };
}
