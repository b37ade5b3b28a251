import type { Migration } from '../migrations/migration.ts';

/** The relay: who is registered, what waits for whom, and the shared files. Times are ms since the epoch. */
export const firstRelay: Migration = {
  version: 1,
  sql: `
CREATE TABLE agents (
  row INTEGER PRIMARY KEY,
  agent_id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  -- A JSON list of texts.
  capabilities TEXT NOT NULL,
  machine TEXT NOT NULL,
  description TEXT NOT NULL,
  registered_at INTEGER NOT NULL,
  last_heartbeat INTEGER NOT NULL,
  -- Where it registered from: an agent without a secret is bound to it.
  address TEXT NOT NULL,
  -- SHA-256 of the agent's own secret; null for clients that know of none.
  secret_hash TEXT
) STRICT;

-- What many get is kept once.
CREATE TABLE shared_bodies (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  body TEXT NOT NULL,
  at INTEGER NOT NULL,
  -- 1 = a broadcast, which also counts in the log.
  logged INTEGER NOT NULL
) STRICT;

-- Numbers up to here were given out, or may have been before a crash.
CREATE TABLE reserved (
  name TEXT PRIMARY KEY,
  up_to INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The rows are never numbered twice: they are how a client tells one delivery from another. Their
-- numbers come from "reserved" in blocks, because AUTOINCREMENT writes one more page with each row.
CREATE TABLE inbox (
  row INTEGER PRIMARY KEY,
  agent TEXT NOT NULL,
  body TEXT,
  shared INTEGER REFERENCES shared_bodies (id),
  bytes INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX inbox_of ON inbox (agent, row);
CREATE INDEX inbox_shared ON inbox (shared) WHERE shared IS NOT NULL;

-- Contents by their SHA-256, each kept once.
CREATE TABLE contents (
  hash TEXT PRIMARY KEY,
  data BLOB NOT NULL
) STRICT;

CREATE TABLE files (
  row INTEGER PRIMARY KEY,
  file_key TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL
) STRICT;

CREATE TABLE file_versions (
  file_key TEXT NOT NULL,
  version INTEGER NOT NULL,
  hash TEXT NOT NULL REFERENCES contents (hash),
  bytes INTEGER NOT NULL,
  file_type TEXT NOT NULL,
  editor TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (file_key, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX file_versions_of_content ON file_versions (hash);
`,
};
