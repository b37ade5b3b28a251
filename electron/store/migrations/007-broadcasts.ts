import type { Migration } from './migration.ts';

/**
 * Broadcasts and the groups that they go to. The messages of a broadcast are rows of `messages` like
 * all others; what stands here is which they are, and who was left out. Times are ms since the epoch.
 */
export const broadcasts: Migration = {
  version: 7,
  sql: `
CREATE TABLE peer_groups (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  deleted_at INTEGER
) STRICT;
CREATE UNIQUE INDEX peer_groups_by_name ON peer_groups (name_key) WHERE deleted_at IS NULL;

CREATE TABLE peer_group_members (
  group_id TEXT NOT NULL REFERENCES peer_groups (id) ON DELETE CASCADE,
  peer_id TEXT NOT NULL REFERENCES peers (id) ON DELETE CASCADE,
  PRIMARY KEY (group_id, peer_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX peer_group_members_by_peer ON peer_group_members (peer_id);

CREATE TABLE broadcasts (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  topic TEXT,
  tags TEXT NOT NULL,
  text TEXT NOT NULL,
  at INTEGER NOT NULL,
  -- To whom, in words.
  audience TEXT NOT NULL,
  recipients INTEGER NOT NULL,
  left_out INTEGER NOT NULL
) STRICT;

CREATE TABLE broadcast_rows (
  broadcast INTEGER NOT NULL REFERENCES broadcasts (row) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  peer_id TEXT NOT NULL,
  peer_name TEXT NOT NULL,
  -- Null for a peer that was left out; then the reason and its words say why.
  message_id TEXT,
  reason TEXT NOT NULL,
  why TEXT NOT NULL,
  PRIMARY KEY (broadcast, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX broadcast_rows_by_message ON broadcast_rows (message_id) WHERE message_id IS NOT NULL;

-- The thread of each link in which broadcasts go, so that no other conversation is disturbed.
CREATE TABLE broadcast_threads (
  link_id TEXT PRIMARY KEY REFERENCES links (id) ON DELETE CASCADE,
  thread_id TEXT NOT NULL REFERENCES threads (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX broadcast_threads_by_thread ON broadcast_threads (thread_id);

-- Broadcasts that came in, so that they are found by topic and tag. The text is a copy: what it came
-- as may be deleted.
CREATE TABLE heard_broadcasts (
  row INTEGER PRIMARY KEY,
  -- What it came as, so that the same is taken once: message:<id>, delegation:<id>, relay:<link>:<id>.
  source TEXT NOT NULL UNIQUE,
  peer_id TEXT REFERENCES peers (id) ON DELETE SET NULL,
  author TEXT NOT NULL,
  topic TEXT,
  tags TEXT NOT NULL,
  text TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE INDEX heard_broadcasts_by_time ON heard_broadcasts (at);
`,
};
