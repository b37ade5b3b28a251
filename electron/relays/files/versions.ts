/** The versions of shared files that passed through us, as they stand in the database. */
import type { RelayId } from '../../contract/index.ts';
import type { Store } from '../../store/store.ts';

/**
 * One version with its content. `updatedAt` is the relay's word (ms, null = none), `seenAt` ours;
 * `ours`: we saved it.
 */
export interface KeptVersion {
  readonly version: number;
  readonly type: string;
  readonly content: string;
  readonly bytes: number;
  readonly editor: string;
  readonly ours: boolean;
  readonly updatedAt: number | null;
  readonly seenAt: number;
}

/** So many versions of one file are kept. */
const KEPT_PER_FILE = 30;
/** All of them together, bytes: the oldest go first. */
const KEPT_BYTES = 256 * 1_048_576;

/** Versions count anew where the relay forgot everything: `epoch` tells such times apart. */
export interface FilePlace {
  readonly relayId: RelayId;
  readonly epoch: number;
  readonly key: string;
}

interface Row {
  version: number;
  type: string;
  content: string;
  bytes: number;
  editor: string;
  ours: number;
  updated_at: number | null;
  seen_at: number;
}

const read = (row: Row): KeptVersion => ({
  version: row.version,
  type: row.type,
  content: row.content,
  bytes: row.bytes,
  editor: row.editor,
  ours: row.ours === 1,
  updatedAt: row.updated_at,
  seenAt: row.seen_at,
});

/** The open table of versions, as {@link fileVersions} makes it. */
export type FileVersions = ReturnType<typeof fileVersions>;

/** Statements over an open store. Writing ones belong inside `store.write`. */
export function fileVersions(store: Store) {
  const keep = store.prepare<
    never,
    [string, string, number, number, string, string, number, string, number, number | null, number]
  >(
    `INSERT INTO relay_files (relay_id, key, version, epoch, type, content, bytes, editor, ours,
       updated_at, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (relay_id, key, epoch, version) DO NOTHING`,
  );
  const thin = store.prepare<never, [string, string, string, string, number]>(
    `DELETE FROM relay_files WHERE relay_id = ? AND key = ? AND rowid NOT IN (
       SELECT rowid FROM relay_files WHERE relay_id = ? AND key = ?
       ORDER BY seen_at DESC, version DESC LIMIT ?)`,
  );
  const size = store.prepare<{ bytes: number }>(
    'SELECT coalesce(sum(bytes), 0) AS bytes FROM relay_files',
  );
  const oldest = store.prepare<never>(
    'DELETE FROM relay_files WHERE rowid IN (SELECT rowid FROM relay_files ORDER BY seen_at LIMIT 10)',
  );
  const one = store.prepare<Row, [string, string, number, number]>(
    'SELECT * FROM relay_files WHERE relay_id = ? AND key = ? AND epoch = ? AND version = ?',
  );
  const all = store.prepare<Row, [string, string, number]>(
    'SELECT * FROM relay_files WHERE relay_id = ? AND key = ? AND epoch = ? ORDER BY version DESC',
  );
  const held = store.prepare<{ key: string; version: number }, [string, number]>(
    'SELECT key, max(version) AS version FROM relay_files WHERE relay_id = ? AND epoch = ? GROUP BY key',
  );
  const mark = store.prepare<never, [string, string, number]>(
    `INSERT INTO relay_file_marks (relay_id, key, version) VALUES (?, ?, ?)
     ON CONFLICT (relay_id, key) DO UPDATE SET version = excluded.version`,
  );
  const marks = store.prepare<{ key: string; version: number }, [string]>(
    'SELECT key, version FROM relay_file_marks WHERE relay_id = ?',
  );

  return {
    /** What is kept once is not changed: a relay that shows another content under the same number lies. */
    keep: ({ relayId, epoch, key }: FilePlace, kept: KeptVersion): void => {
      const { version, type, content, bytes, editor, ours, updatedAt, seenAt } = kept;
      const mine = ours ? 1 : 0;
      keep.run(relayId, key, version, epoch, type, content, bytes, editor, mine, updatedAt, seenAt);
      thin.run(relayId, key, relayId, key, KEPT_PER_FILE);
      if ((size.get()?.bytes ?? 0) > KEPT_BYTES) oldest.run();
    },
    one: ({ relayId, epoch, key }: FilePlace, version: number): KeptVersion | null => {
      const row = one.get(relayId, key, epoch, version);
      return row ? read(row) : null;
    },
    /** Newest first. */
    all: ({ relayId, epoch, key }: FilePlace): KeptVersion[] =>
      all.all(relayId, key, epoch).map(read),
    /** The newest version that is held of each file. */
    held: (relayId: RelayId, epoch: number): ReadonlyMap<string, number> =>
      new Map(held.all(relayId, epoch).map(({ key, version }) => [key, version])),
    mark: ({ relayId, key }: FilePlace, version: number): void => {
      mark.run(relayId, key, version);
    },
    marks: (relayId: RelayId): ReadonlyMap<string, number> =>
      new Map(marks.all(relayId).map(({ key, version }) => [key, version])),
  };
}
