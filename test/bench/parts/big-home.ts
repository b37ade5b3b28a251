/** A home folder that was used for years: made by plain SQL once, kept in `.cache/bench`. */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { DATABASE_NAME } from '../../../electron/store/migrate.ts';
import { openStore } from '../../../electron/store/store.ts';

export const CACHE = path.resolve(import.meta.dirname, '../../../.cache/bench');

/** How the home is filled. */
export interface HomeShape {
  readonly peers: number;
  /** Messages of the first peer's thread. */
  readonly longThread: number;
  /** Messages of each other peer's thread. */
  readonly shortThread: number;
  /** Each peer has a link, to a port where nobody listens. Default: yes. */
  readonly links?: boolean;
}

const uuid = (kind: number, n: number): string =>
  `01900000-0000-7000-8${String(kind).padStart(3, '0')}-${String(n).padStart(12, '0')}`;
export const seededPeer = (n: number): string => uuid(1, n);
export const seededLink = (n: number): string => uuid(2, n);
export const seededThread = (n: number): string => uuid(3, n);

const BEGAN = 1_760_000_000_000;
const WORDS =
  'the parser fails on nested quotes so please look at the last test of it and tell what you find ' +
  'then open a branch with the smallest change that makes it pass and leave the rest as it is';

/** Text that differs from row to row, some hundred characters of it. */
const BODY = `substr(?1, 1 + (n * 7) % 60, 60 + (n * 13) % 80) || ' ' || n`;

const SEED_PEERS = `
WITH RECURSIVE c (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n + 1 < ?1)
INSERT INTO peers (id, name, name_key, nickname, group_name, favourite, created_at)
SELECT printf('01900000-0000-7000-8001-%012d', n), printf('Peer %05d of the %s team', n,
    CASE n % 5 WHEN 0 THEN 'Berlin' WHEN 1 THEN 'Lisbon' WHEN 2 THEN 'Oslo' WHEN 3 THEN 'Porto' ELSE 'Turin' END),
  printf('peer %05d of the %s team', n,
    CASE n % 5 WHEN 0 THEN 'berlin' WHEN 1 THEN 'lisbon' WHEN 2 THEN 'oslo' WHEN 3 THEN 'porto' ELSE 'turin' END),
  NULL, NULL, n % 50 = 0, ${BEGAN} + n FROM c`;

const SEED_LINKS = `
INSERT INTO links (id, peer_id, kind, url, credential, created_at)
SELECT replace(id, '-8001-', '-8002-'), id, 'gateway', 'ws://127.0.0.1:9', 'token', created_at FROM peers`;

const SEED_THREADS = `
INSERT INTO threads (id, peer_id, link_id, title, named, agent_id, session_key, synced, created_at)
SELECT replace(id, '-8001-', '-8003-'), id, (SELECT links.id FROM links WHERE peer_id = peers.id), name, 1, 'main',
  'agent:main:peerage-0123456789ab-' || replace(id, '-8001-', '-8003-'), 1, created_at FROM peers`;

/** Questions and answers in turn, all of them settled. ?2 = thread, ?3 = how many, ?4 = first number of an id. */
const SEED_MESSAGES = `
WITH RECURSIVE c (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n + 1 < ?3)
INSERT INTO messages (id, thread_id, position, direction, kind, state, run, body, body_bytes, at, sender_at,
  author, reply_to, remote_id, attempts, queued_at)
SELECT printf('01900000-0000-7000-8004-%012d', ?4 + n), ?2, n + 1,
  CASE n % 2 WHEN 0 THEN 'out' ELSE 'in' END, 'message',
  CASE n % 2 WHEN 0 THEN 'answered' ELSE 'complete' END,
  CASE n % 2 WHEN 0 THEN 'ended' ELSE 'none' END,
  ${BODY}, length(${BODY}), ${BEGAN} + n * 1000,
  CASE n % 2 WHEN 0 THEN NULL ELSE ${BEGAN} + n * 1000 END,
  CASE n % 2 WHEN 0 THEN '' ELSE 'Agent' END,
  CASE n % 2 WHEN 0 THEN NULL ELSE printf('01900000-0000-7000-8004-%012d', ?4 + n - 1) END,
  CASE n % 2 WHEN 0 THEN NULL ELSE 'remote-' || (?4 + n) END,
  1 - n % 2, CASE n % 2 WHEN 0 THEN ${BEGAN} + n * 1000 ELSE NULL END FROM c`;

const COUNT_THREADS = `
UPDATE threads SET next_position = n + 1, last_message_at = at, preview = 'the last line of it'
FROM (SELECT thread_id AS t, count(*) AS n, max(at) AS at FROM messages GROUP BY thread_id) WHERE id = t`;

/** Gives the folder of a home of this shape; makes it where it is missing. */
export async function bigHome(shape: HomeShape, note: (line: string) => void): Promise<string> {
  const sources = [SEED_PEERS, SEED_LINKS, SEED_THREADS, SEED_MESSAGES, COUNT_THREADS, WORDS];
  const recipe = JSON.stringify([shape, schemaOf(), ...sources]);
  const name = createHash('sha256').update(recipe).digest('hex').slice(0, 12);
  const home = path.join(CACHE, `home-${shape.peers}-${shape.longThread}-${name}`);
  if (fs.existsSync(path.join(home, '.whole'))) return home;
  removeOlder(shape);
  note(`  filling a home: ${shape.peers} peers, ${shape.longThread} messages in one thread`);
  await seed(home, shape);
  fs.writeFileSync(path.join(home, '.whole'), '');
  return home;
}

/** Homes of an older schema, and one that was never finished, only take room. */
function removeOlder({ peers, longThread }: HomeShape): void {
  for (const name of fs.existsSync(CACHE) ? fs.readdirSync(CACHE) : []) {
    if (!name.startsWith(`home-${peers}-${longThread}-`)) continue;
    fs.rmSync(path.join(CACHE, name), { recursive: true, force: true });
  }
}

/** Fills a home that has no database yet. */
export async function seed(home: string, shape: HomeShape): Promise<void> {
  await openStore(home, BEGAN).close();
  fill(path.join(home, DATABASE_NAME), shape);
}

/** An empty home, made anew. */
export function emptyHome(name: string): string {
  const home = path.join(CACHE, `empty-${name}`);
  fs.rmSync(home, { recursive: true, force: true });
  fs.mkdirSync(home, { recursive: true, mode: 0o700 });
  return home;
}

/** The schema that this build makes: a home of another one is made anew. */
function schemaOf(): string {
  const home = emptyHome('schema');
  const store = openStore(home, BEGAN);
  const rows = store.prepare<{ sql: string | null }>('SELECT sql FROM sqlite_schema').all();
  void store.close();
  return JSON.stringify(rows);
}

function fill(file: string, { peers, longThread, shortThread, links = true }: HomeShape): void {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA synchronous = OFF; PRAGMA cache_size = -200000');
  const triggers = database
    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'messages'")
    .all() as { name: string; sql: string }[];
  database.exec('BEGIN');
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
  database.prepare(SEED_PEERS).run(peers);
  if (links) database.exec(SEED_LINKS);
  database.exec(SEED_THREADS);
  const messages = database.prepare(SEED_MESSAGES);
  messages.run(WORDS, seededThread(0), longThread, 0);
  for (let n = 1; n < peers && shortThread > 0; n++) {
    messages.run(WORDS, seededThread(n), shortThread, longThread + n * shortThread);
  }
  database.exec(COUNT_THREADS);
  database.exec("INSERT INTO message_search (message_search) VALUES ('rebuild')");
  for (const { sql } of triggers) database.exec(sql);
  database.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
}
