import * as fs from 'node:fs';
import * as path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type AppError, appError, codedError } from '../contract/index.ts';
import { type FileSchema, newestVersion } from './file-schema.ts';
import { migrate } from './migrate.ts';
import { openSearchIndex, type SearchMode } from './search-index.ts';
import { asStoreError, isDamage } from './sqlite-error.ts';

/** Below this size the whole file is checked at start; above it, damage shows when it is read. */
const QUICK_CHECK_BYTES = 32 * 1024 * 1024;

/**
 * Pages of the log (16 MB) after which a commit copies them into the file, and waits for that. With
 * SQLite's own 1,000 nearly every broadcast to many would pay for it.
 */
const LOG_PAGES = 4_000;

/** How long the copy from before a migration is kept, ms: it holds what has been deleted since. */
const COPY_KEPT_MS = 30 * 24 * 3_600_000;

/** A database that is open, and what is to be said about it. */
export interface OpenedFile {
  readonly database: DatabaseSync;
  readonly search: SearchMode;
  /** `store.corrupt_set_aside` where the old file was damaged. */
  readonly notice: AppError | null;
}

/**
 * `user_version` from the file's header (sqlite.org/fileformat2.html, offset 60), without opening
 * the database, so that a newer file stays untouched to the byte.
 */
function headerVersion(file: string): number {
  const header = Buffer.alloc(64);
  const handle = fs.openSync(file, 'r');
  try {
    const read = fs.readSync(handle, header, 0, 64, 0);
    if (read < 64 || header.toString('latin1', 0, 15) !== 'SQLite format 3') return 0;
    return header.readUInt32BE(60);
  } finally {
    fs.closeSync(handle);
  }
}

function setAside(file: string, now: number): string {
  const stamp = new Date(now).toISOString().replaceAll(':', '-').replace(/\.\d+/, '');
  let target = `${file}.damaged-${stamp}`;
  for (let i = 2; fs.existsSync(target); i++) target = `${file}.damaged-${stamp}-${i}`;
  for (const suffix of ['', '-wal', '-shm']) {
    if (fs.existsSync(file + suffix)) fs.renameSync(file + suffix, target + suffix);
  }
  return target;
}

/** Removes copies from before a migration that nobody will go back to. */
function forgetCopies(home: string, now: number, name: string): void {
  const copies = fs.readdirSync(home).filter((entry) => entry.startsWith(`${name}.before-`));
  for (const copy of copies.map((entry) => path.join(home, entry))) {
    try {
      if (now - fs.statSync(copy).mtimeMs > COPY_KEPT_MS) fs.rmSync(copy);
    } catch {
      // Held by another program, or another's: no reason not to start, and the next start tries again.
    }
  }
}

function open(file: string, schema: FileSchema): { database: DatabaseSync; search: SearchMode } {
  const database = new DatabaseSync(file, { enableForeignKeyConstraints: true });
  try {
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = FULL');
    database.exec(`PRAGMA wal_autocheckpoint = ${LOG_PAGES}`);
    database.exec('PRAGMA busy_timeout = 2000');
    database.exec('PRAGMA secure_delete = ON');
    if (fs.statSync(file).size <= QUICK_CHECK_BYTES) {
      const check = database.prepare('PRAGMA quick_check(1)').get() as { quick_check: string };
      if (check.quick_check !== 'ok')
        throw Object.assign(new Error(check.quick_check), { errcode: 11 });
    }
    migrate(database, `${file}.before-${newestVersion(schema.migrations)}`, schema);
    return { database, search: schema.searched ? openSearchIndex(database) : 'like' };
  } catch (error) {
    database.close();
    throw error;
  }
}

/**
 * Opens (or makes) the database in `home`: folder 0700, files 0600. A damaged file is set aside
 * under a dated name and a fresh one is begun; a file of a newer version is refused untouched.
 * @param now ms since the epoch.
 * @throws CodedError store.newer_version, store.not_writable, store.disk_full
 */
export function openFile(home: string, now: number, schema: FileSchema): OpenedFile {
  const newest = newestVersion(schema.migrations);
  const file = path.join(home, schema.name);
  try {
    fs.mkdirSync(home, { recursive: true, mode: 0o700 });
    fs.chmodSync(home, 0o700);
    if (fs.existsSync(file)) {
      const version = headerVersion(file);
      if (version > newest)
        throw codedError(
          'store.newer_version',
          `${file} has format ${version}; this Peerage knows formats up to ${newest}.`,
        );
    } else {
      fs.closeSync(fs.openSync(file, 'a', 0o600));
    }
    fs.chmodSync(file, 0o600);
    forgetCopies(home, now, schema.name);
    try {
      return { ...open(file, schema), notice: null };
    } catch (error) {
      if (!isDamage(error)) throw error;
      const kept = setAside(file, now);
      fs.closeSync(fs.openSync(file, 'a', 0o600));
      return { ...open(file, schema), notice: damageNotice(kept) };
    }
  } catch (error) {
    throw asStoreError(error);
  }
}

const damageNotice = (kept: string): AppError =>
  appError('store.corrupt_set_aside', `The damaged file is kept as ${kept}.`, {
    remedy: { actions: [{ kind: 'copy', label: 'Copy the path', text: kept }] },
  });
