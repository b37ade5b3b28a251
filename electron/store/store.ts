/**
 * The one database. Reads are immediate; writes of one turn of the event loop share one commit with
 * synchronous=FULL, and a write's promise resolves only when that commit is on the disk.
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { type AppError, CodedError } from '../contract/index.ts';
import { APP_SCHEMA } from './migrate.ts';
import { type OpenedFile, openFile } from './open-file.ts';
import { RELAY_SCHEMA } from './relay-schema.ts';
import { type SearchMode, wordsForgetter } from './search-index.ts';
import { asStoreError } from './sqlite-error.ts';

export type { SearchMode } from './search-index.ts';

type Parameters = readonly SQLInputValue[];

/** A prepared statement whose rows have the shape `Row`: the one place that trusts the schema. */
export interface Statement<Row, P extends Parameters> {
  get(...parameters: P): Row | undefined;
  all(...parameters: P): Row[];
  /** @returns how many rows changed. */
  run(...parameters: P): number;
}

/** One open database: reads at once, writes of a turn in one commit. */
export interface Store {
  readonly search: SearchMode;
  /** `store.corrupt_set_aside` where the start found a damaged file. */
  readonly openNotice: AppError | null;
  prepare<Row, P extends Parameters = []>(sql: string): Statement<Row, P>;
  /**
   * Runs `task` in the transaction of this turn. If it throws, only its own changes are undone.
   * @throws CodedError store.disk_full, store.not_writable; and whatever `task` throws.
   */
  write<T>(task: () => T): Promise<T>;
  /**
   * The same for a task whose last statement is the only one that must not stay half done: SQLite undoes
   * a statement that fails by itself, and the savepoint of {@link Store.write} is saved.
   */
  writeOne<T>(task: () => T): Promise<T>;
  /**
   * Takes the words of messages that were deleted out of the full-text index, which keeps them until
   * then. In short steps, each a write of its own; ends early once `stop` is aborted.
   * @throws CodedError store.disk_full, store.not_writable
   */
  forgetWords(stop: AbortSignal): Promise<void>;
  /**
   * Commits what is open, copies the log into the file and empties it: until then both hold what was
   * deleted. Where another program reads the file just then, that is left to the next copy.
   * @throws CodedError store.disk_full, store.not_writable
   */
  scrub(): Promise<void>;
  /** Called when a commit failed (an error), and when one works again (null). */
  onTrouble(listener: (error: AppError | null) => void): () => void;
  /** Commits what is open and closes the file. Calling it twice is harmless. */
  close(): Promise<void>;
}

interface Waiter {
  resolve(): void;
  reject(error: unknown): void;
}

class SqliteStore implements Store {
  readonly search: SearchMode;
  readonly openNotice: AppError | null;
  readonly #database: DatabaseSync;
  // Run for every write: prepared once.
  readonly #begins: StatementSync;
  readonly #marks: StatementSync;
  readonly #releases: StatementSync;
  readonly #commits: StatementSync;
  readonly #listeners = new Set<(error: AppError | null) => void>();
  #waiters: Waiter[] | null = null;
  #closed = false;
  #troubled = false;

  /** While each turn brings more writes, the commit waits for so many turns more. */
  readonly #patience: number;

  constructor({ database, search, notice }: OpenedFile, patience = 0) {
    this.#patience = patience;
    this.#database = database;
    this.#begins = database.prepare('BEGIN IMMEDIATE');
    this.#marks = database.prepare('SAVEPOINT task');
    this.#releases = database.prepare('RELEASE task');
    this.#commits = database.prepare('COMMIT');
    this.search = search;
    this.openNotice = notice;
  }

  prepare<Row, P extends Parameters = []>(sql: string): Statement<Row, P> {
    const statement: StatementSync = this.#database.prepare(sql);
    return {
      get: (...parameters) => statement.get(...parameters) as Row | undefined,
      all: (...parameters) => statement.all(...parameters) as Row[],
      run: (...parameters) => Number(statement.run(...parameters).changes),
    };
  }

  async write<T>(task: () => T): Promise<T> {
    if (this.#closed) throw new Error('the store is closed');
    const waiters = this.#begin();
    this.#marks.run();
    let value: T;
    try {
      value = task();
      this.#releases.run();
    } catch (error) {
      const told = asStoreError(error);
      this.#undo(told);
      throw told;
    }
    await new Promise<void>((resolve, reject) => waiters.push({ resolve, reject }));
    return value;
  }

  async writeOne<T>(task: () => T): Promise<T> {
    if (this.#closed) throw new Error('the store is closed');
    const waiters = this.#begin();
    let value: T;
    try {
      value = task();
    } catch (error) {
      const told = this.#tell(asStoreError(error));
      if (!this.#database.isTransaction) this.#lose(told);
      throw told;
    }
    await new Promise<void>((resolve, reject) => waiters.push({ resolve, reject }));
    return value;
  }

  async forgetWords(stop: AbortSignal): Promise<void> {
    if (this.search !== 'fts5') return;
    const step = wordsForgetter(this.#database);
    for (let more = true, begin = true; more && !stop.aborted && !this.#closed; begin = false)
      more = await this.write(() => step(begin));
  }

  async scrub(): Promise<void> {
    if (this.#closed) return;
    this.#commit();
    try {
      this.#database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch (error) {
      throw this.#tell(asStoreError(error));
    }
  }

  onTrouble(listener: (error: AppError | null) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#commit();
    this.#closed = true;
    this.#database.close();
  }

  #begin(): Waiter[] {
    if (this.#waiters) return this.#waiters;
    try {
      this.#begins.run();
    } catch (error) {
      throw this.#tell(asStoreError(error));
    }
    this.#waiters = [];
    this.#commitSoon(this.#waiters, this.#patience);
    return this.#waiters;
  }

  #commitSoon(waiters: readonly Waiter[], turns: number, before = 0): void {
    setImmediate(() => {
      const alone = waiters.length <= 1;
      if (turns === 0 || alone || waiters.length === before) this.#commit();
      else this.#commitSoon(waiters, turns - 1, waiters.length);
    });
  }

  /**
   * Undoes one task. A full disk may have made SQLite roll the whole transaction back already; then
   * every other write of this turn is lost too, and is told so.
   */
  #undo(cause: unknown): void {
    this.#tell(cause);
    if (this.#database.isTransaction) {
      this.#database.exec('ROLLBACK TO task; RELEASE task');
      return;
    }
    this.#lose(cause);
  }

  /** SQLite rolled the whole turn back. */
  #lose(cause: unknown): void {
    const waiters = this.#waiters ?? [];
    this.#waiters = null;
    for (const waiter of waiters) waiter.reject(cause);
  }

  #commit(): void {
    const waiters = this.#waiters;
    if (!waiters) return;
    this.#waiters = null;
    try {
      this.#commits.run();
    } catch (error) {
      try {
        this.#database.exec('ROLLBACK');
      } catch {
        // Already rolled back by SQLite itself.
      }
      const told = this.#tell(asStoreError(error));
      for (const waiter of waiters) waiter.reject(told);
      return;
    }
    if (this.#troubled) {
      this.#troubled = false;
      for (const listener of this.#listeners) listener(null);
    }
    for (const waiter of waiters) waiter.resolve();
  }

  #tell(error: unknown): unknown {
    if (error instanceof CodedError && error.error.code.startsWith('store.')) {
      this.#troubled = true;
      for (const listener of this.#listeners) listener(error.error);
    }
    return error;
  }
}

/**
 * Opens the store in `home` (made with mode 0700 where it is missing).
 * @param now ms since the epoch, for the dated name of a damaged file.
 * @throws CodedError store.newer_version, store.not_writable, store.disk_full
 */
export function openStore(home: string, now: number): Store {
  return new SqliteStore(openFile(home, now, APP_SCHEMA));
}

/** Of a relay's many callers those that come close together share a commit. */
const RELAY_PATIENCE = 4;

/** The same for the relay's own file, `relay.db`: it may stand in another folder, or be thrown away. */
export function openRelayStore(home: string, now: number): Store {
  return new SqliteStore(openFile(home, now, RELAY_SCHEMA), RELAY_PATIENCE);
}
