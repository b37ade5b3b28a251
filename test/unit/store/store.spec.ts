import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CodedError } from '../../../electron/contract/index.ts';
import { SCHEMA_VERSION } from '../../../electron/store/migrate.ts';
import { openStore, type Store } from '../../../electron/store/store.ts';

let home: string;
let open: Store[];

beforeEach(() => {
  home = fs.mkdtempSync(path.join(os.tmpdir(), 'peerage-store-'));
  open = [];
});

afterEach(async () => {
  for (const store of open) await store.close();
  fs.rmSync(home, { recursive: true, force: true });
});

const start = (folder = home): Store => {
  const store = openStore(folder, Date.UTC(2026, 0, 2, 3, 4, 5));
  open.push(store);
  return store;
};

const codeOf = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    if (error instanceof CodedError) return error.error.code;
    throw error;
  }
  return 'nothing thrown';
};

const setting = (store: Store, name: string): string | undefined =>
  store.prepare<{ value: string }, [string]>('SELECT value FROM settings WHERE name = ?').get(name)
    ?.value;
const put = (store: Store) =>
  store.prepare<never, [string, string]>('INSERT INTO settings (name, value) VALUES (?, ?)');

describe('opening', () => {
  it('makes the folder for its owner alone, and the files too', async () => {
    const folder = path.join(home, 'new');
    const store = start(folder);
    await store.write(() => put(store).run('a', '1'));
    expect(fs.statSync(folder).mode & 0o777).toBe(0o700);
    for (const name of fs.readdirSync(folder))
      expect(fs.statSync(path.join(folder, name)).mode & 0o077, name).toBe(0);
  });

  it('commits with synchronous=FULL in a write-ahead log', () => {
    const store = start();
    expect(store.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    expect(store.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  });

  it('refuses a file of a newer version and leaves it as it was, to the byte', async () => {
    const store = start();
    await store.close();
    const file = path.join(home, 'peerage.db');
    const database = new DatabaseSync(file);
    database.exec(`PRAGMA user_version = ${SCHEMA_VERSION + 1}`);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
    const before = fs.readFileSync(file);
    expect(codeOf(() => start())).toBe('store.newer_version');
    expect(fs.readFileSync(file).equals(before)).toBe(true);
  });

  it.each([
    [
      'is not a database',
      (file: string) => fs.writeFileSync(file, 'not a database at all'.repeat(99)),
    ],
    [
      'has a damaged page',
      (file: string) => {
        const bytes = fs.readFileSync(file);
        bytes.fill(0xff, 4096, 12_288);
        fs.writeFileSync(file, bytes);
      },
    ],
  ])('sets a file aside that %s, says so, and starts empty', async (_, damage) => {
    const store = start();
    await store.write(() => put(store).run('a', '1'));
    await store.close();
    const file = path.join(home, 'peerage.db');
    damage(file);
    const damaged = fs.readFileSync(file);

    const again = start();
    expect(again.openNotice?.code).toBe('store.corrupt_set_aside');
    expect(setting(again, 'a')).toBeUndefined();
    const kept = path.join(home, 'peerage.db.damaged-2026-01-02T03-04-05Z');
    expect(again.openNotice?.detail).toContain(kept);
    expect(fs.readFileSync(kept).equals(damaged)).toBe(true);
  });

  it('keeps a copy from before a migration for 30 days, and not what a person deleted for ever', () => {
    const copy = path.join(home, 'peerage.db.before-7');
    fs.writeFileSync(copy, 'the old file');
    const aged = (days: number): boolean => {
      const at = new Date(Date.UTC(2026, 0, 2, 3, 4, 5) - days * 24 * 3_600_000);
      fs.utimesSync(copy, at, at);
      start();
      return fs.existsSync(copy);
    };
    expect([aged(29), aged(31)]).toEqual([true, false]);
  });

  it('starts although such a copy cannot be removed', () => {
    const copy = path.join(home, 'peerage.db.before-7');
    fs.mkdirSync(copy);
    fs.utimesSync(copy, 0, 0);
    expect(setting(start(), 'a')).toBeUndefined();
  });

  it('says that the folder cannot be used where a file stands in its place', () => {
    const blocked = path.join(home, 'file');
    fs.writeFileSync(blocked, '');
    expect(() => start(path.join(blocked, 'home'))).toThrow();
  });
});

describe('writing', () => {
  it('resolves only when another connection can read it', async () => {
    const store = start();
    const other = new DatabaseSync(path.join(home, 'peerage.db'), { readOnly: true });
    const pending = store.write(() => put(store).run('a', '1'));
    const seen = () => other.prepare('SELECT count(*) AS n FROM settings').get();
    expect(seen()).toEqual({ n: 0 });
    await pending;
    expect(seen()).toEqual({ n: 1 });
    other.close();
  });

  it('undoes only the task that threw, and keeps its neighbours of the same turn', async () => {
    const store = start();
    const statement = put(store);
    const results = await Promise.allSettled([
      store.write(() => statement.run('a', '1')),
      store.write(() => {
        statement.run('b', '1');
        throw new Error('changed my mind');
      }),
      store.write(() => statement.run('c', '1')),
    ]);
    expect(results.map((result) => result.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect([setting(store, 'a'), setting(store, 'b'), setting(store, 'c')]).toEqual([
      '1',
      undefined,
      '1',
    ]);
  });

  it('turns a full disk into store.disk_full, loses nothing that was there, and recovers', async () => {
    const store = start();
    const statement = put(store);
    await store.write(() => statement.run('kept', 'yes'));
    const told: (string | null)[] = [];
    store.onTrouble((error) => told.push(error?.code ?? null));
    store.prepare('PRAGMA max_page_count = 1').get();
    const big = 'x'.repeat(4_000_000);
    const failed = await store.write(() => statement.run('big', big)).catch((error) => error);
    expect(failed).toBeInstanceOf(CodedError);
    expect((failed as CodedError).error.code).toBe('store.disk_full');
    store.prepare('PRAGMA max_page_count = 1073741823').get();
    await store.write(() => statement.run('after', 'yes'));
    expect(told[0]).toBe('store.disk_full');
    expect(told.at(-1)).toBeNull();
    expect([setting(store, 'kept'), setting(store, 'big'), setting(store, 'after')]).toEqual([
      'yes',
      undefined,
      'yes',
    ]);
  });

  it('empties its log at a word, after what was open is committed, and writes on', async () => {
    const store = start();
    const log = path.join(home, 'peerage.db-wal');
    const pending = store.write(() => put(store).run('a', '1'));
    await store.scrub();
    await pending;
    expect(fs.statSync(log).size).toBe(0);
    expect(setting(store, 'a')).toBe('1');
    await store.write(() => put(store).run('b', '1'));
    expect(fs.statSync(log).size).toBeGreaterThan(0);
    await store.close();
    await store.scrub();
    expect(setting(start(), 'b')).toBe('1');
  });

  it('commits what is open when it is closed', async () => {
    const store = start();
    const pending = store.write(() => put(store).run('last', 'word'));
    await store.close();
    await pending;
    expect(setting(start(), 'last')).toBe('word');
  });
});

describe('the search index', () => {
  it('follows the messages table', async () => {
    const store = start();
    expect(store.search).toBe('fts5');
    await store.write(() => {
      store
        .prepare("INSERT INTO peers (id, name, name_key, created_at) VALUES ('p', 'P', 'p', 0)")
        .run();
      store
        .prepare("INSERT INTO threads (id, peer_id, title, created_at) VALUES ('t', 'p', '', 0)")
        .run();
      store
        .prepare(
          `INSERT INTO messages (id, thread_id, position, direction, kind, state, body, body_bytes, at)
           VALUES ('m', 't', 1, 'out', 'message', 'queued', 'Überraschung im Garten', 1, 0)`,
        )
        .run();
    });
    const find = store.prepare<{ rowid: number }, [string]>(
      'SELECT rowid FROM message_search WHERE message_search MATCH ?',
    );
    expect(find.all('uberraschung')).toHaveLength(1);
    await store.write(() => store.prepare("UPDATE messages SET body = 'nothing'").run());
    expect(find.all('uberraschung')).toHaveLength(0);
    await store.write(() => store.prepare('DELETE FROM messages').run());
    expect(find.all('nothing')).toHaveLength(0);
  });
});
