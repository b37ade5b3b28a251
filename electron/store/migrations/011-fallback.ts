import type { Migration } from './migration.ts';

/**
 * The fallback hook: a command of the person's own that takes a message which no link could carry, and
 * what came of each run. Times are ms since the epoch.
 */
export const fallback: Migration = {
  version: 11,
  sql: `
CREATE TABLE hooks (
  -- The peer, or the empty text for the one that all peers have who have none of their own.
  peer_id TEXT PRIMARY KEY,
  program TEXT NOT NULL,
  -- Fixed arguments, as JSON.
  arguments TEXT NOT NULL,
  timeout_seconds INTEGER NOT NULL,
  mode TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE hook_runs (
  id INTEGER PRIMARY KEY,
  message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  program TEXT NOT NULL,
  by_itself INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  -- Null = it runs, or nobody saw how it ended.
  ended_at INTEGER,
  outcome TEXT,
  exit_code INTEGER,
  output TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX hook_runs_by_message ON hook_runs (message_id);
`,
};
