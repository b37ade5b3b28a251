import type { DatabaseSync } from 'node:sqlite';

/** `fts5` where SQLite was built with it; `like` otherwise, slower and said so in the window. */
export type SearchMode = 'fts5' | 'like';

/**
 * The full-text index over message bodies: an FTS5 table with external content, kept in step by
 * triggers, so it commits with the message itself. Made here and not in a migration, because whether
 * FTS5 exists is a property of the runtime and not of the file (SQLite docs, FTS5 section 4.4.3).
 * Hits are ordered by time and never ranked, so the sizes of columns are not kept (section 4.5).
 */
export function openSearchIndex(database: DatabaseSync): SearchMode {
  const available = database
    .prepare("SELECT 1 AS yes FROM pragma_compile_options WHERE compile_options = 'ENABLE_FTS5'")
    .get();
  const exists = database
    .prepare("SELECT 1 AS yes FROM sqlite_schema WHERE name = 'message_search'")
    .get();
  if (!available) {
    // Triggers that name a missing module would make every insert fail.
    if (exists) {
      for (const name of ['insert', 'delete', 'update'])
        database.exec(`DROP TRIGGER IF EXISTS message_search_${name}`);
    }
    return 'like';
  }
  const triggers = database
    .prepare(
      "SELECT count(*) AS n FROM sqlite_schema WHERE name LIKE 'message\\_search\\_%' ESCAPE '\\' AND type = 'trigger'",
    )
    .get() as { n: number };
  if (exists && triggers.n === 3) return 'fts5';
  database.exec(`
BEGIN IMMEDIATE;
CREATE VIRTUAL TABLE IF NOT EXISTS message_search USING fts5(
  body, content='messages', content_rowid='row', columnsize=0,
  tokenize='unicode61 remove_diacritics 2');
CREATE TRIGGER IF NOT EXISTS message_search_insert AFTER INSERT ON messages BEGIN
  INSERT INTO message_search (rowid, body) VALUES (new.row, new.body);
END;
CREATE TRIGGER IF NOT EXISTS message_search_delete AFTER DELETE ON messages BEGIN
  INSERT INTO message_search (message_search, rowid, body) VALUES ('delete', old.row, old.body);
END;
CREATE TRIGGER IF NOT EXISTS message_search_update AFTER UPDATE OF body ON messages
WHEN old.body IS NOT new.body BEGIN
  INSERT INTO message_search (message_search, rowid, body) VALUES ('delete', old.row, old.body);
  INSERT INTO message_search (rowid, body) VALUES (new.row, new.body);
END;
INSERT INTO message_search (message_search) VALUES ('rebuild');
COMMIT;`);
  return 'fts5';
}

/** Pages of the index (4 KB each) that one step copies: some 4 ms. */
const STEP_PAGES = 64;

/**
 * Takes the words of deleted messages out of the index, in steps. FTS5 only marks them as deleted, and
 * keeps them until it happens to merge the segment that they lie in; so all segments are merged into one
 * (SQLite docs, FTS5 section 6.8: a first call with a negative number begins, it is done where a call
 * changes fewer than two rows). Its `secure-delete` option would take them out with the message, but needs
 * a millisecond or more for each: 100 times what a deletion costs now.
 * @returns runs one step inside the caller's transaction; true while there is more to do.
 */
export function wordsForgetter(database: DatabaseSync): (begin: boolean) => boolean {
  const merges = database.prepare(
    "INSERT INTO message_search (message_search, rank) VALUES ('merge', ?)",
  );
  const changes = database.prepare('SELECT total_changes() AS n');
  const changed = (): number => (changes.get() as { n: number }).n;
  return (begin) => {
    const before = changed();
    merges.run(begin ? -STEP_PAGES : STEP_PAGES);
    return changed() - before >= 2;
  };
}
