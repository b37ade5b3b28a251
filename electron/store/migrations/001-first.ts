import type { Migration } from './migration.ts';

/**
 * The first tables. State tables plus append-only `attempts`; unread counters are stored,
 * so that a window opens without counting. Times are ms since the epoch, sizes are UTF-8 bytes.
 */
export const first: Migration = {
  version: 1,
  sql: `
CREATE TABLE settings (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

-- What the app remembers about itself: the home's id, the device's id, the practice peer's threads.
CREATE TABLE app_state (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;

CREATE TABLE peers (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  nickname TEXT,
  nickname_key TEXT,
  group_name TEXT,
  favourite INTEGER NOT NULL DEFAULT 0,
  practice INTEGER NOT NULL DEFAULT 0,
  own INTEGER NOT NULL DEFAULT 0,
  provision_key TEXT UNIQUE,
  notes TEXT NOT NULL DEFAULT '',
  capabilities TEXT NOT NULL DEFAULT '[]',
  first_use_acknowledged INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  removed_at INTEGER
) STRICT;
CREATE UNIQUE INDEX peers_by_name ON peers (name_key) WHERE removed_at IS NULL;
CREATE UNIQUE INDEX peers_by_nickname ON peers (nickname_key) WHERE removed_at IS NULL;
CREATE INDEX peers_removed ON peers (removed_at) WHERE removed_at IS NOT NULL;

CREATE TABLE links (
  id TEXT PRIMARY KEY,
  peer_id TEXT NOT NULL REFERENCES peers (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  url TEXT NOT NULL,
  credential TEXT NOT NULL,
  secret_ref TEXT,
  provision_key TEXT,
  policy TEXT NOT NULL DEFAULT 'ask',
  agent_id TEXT,
  session_key TEXT,
  pinned_identity TEXT,
  pinned_tls TEXT,
  last_good_at INTEGER,
  last_error TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX links_by_peer ON links (peer_id);

CREATE TABLE secrets_to_forget (
  link_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  PRIMARY KEY (link_id, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE threads (
  id TEXT PRIMARY KEY,
  peer_id TEXT NOT NULL REFERENCES peers (id) ON DELETE CASCADE,
  link_id TEXT REFERENCES links (id) ON DELETE SET NULL,
  title TEXT NOT NULL,
  -- 0 = the title is a default, and the first message may give a better one.
  named INTEGER NOT NULL DEFAULT 0,
  agent_id TEXT,
  -- Where the thread lives on its link; fixed with the first message.
  session_key TEXT,
  -- 0 = the session's history was never read: what it holds from before counts as read.
  synced INTEGER NOT NULL DEFAULT 0,
  muted INTEGER NOT NULL DEFAULT 0,
  archived INTEGER NOT NULL DEFAULT 0,
  unread INTEGER NOT NULL DEFAULT 0,
  waiting INTEGER NOT NULL DEFAULT 0,
  next_position INTEGER NOT NULL DEFAULT 1,
  last_message_at INTEGER,
  preview TEXT NOT NULL DEFAULT '',
  draft_text TEXT NOT NULL DEFAULT '',
  draft_revision INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  deleted_at INTEGER
) STRICT;
CREATE INDEX threads_by_peer ON threads (peer_id);
-- Columns that change with every message are in no index: each would cost a page of every commit.
CREATE INDEX threads_by_link ON threads (link_id);
CREATE INDEX threads_deleted ON threads (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE messages (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  thread_id TEXT NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  direction TEXT NOT NULL,
  kind TEXT NOT NULL,
  state TEXT NOT NULL,
  -- 1 = something is still to come: to be sent, to be settled, to be answered, to end.
  open INTEGER NOT NULL DEFAULT 0,
  -- Of an outgoing one: none, going, ended. What its state cannot say.
  run TEXT NOT NULL DEFAULT 'none',
  unread INTEGER NOT NULL DEFAULT 0,
  body TEXT NOT NULL,
  body_bytes INTEGER NOT NULL,
  at INTEGER NOT NULL,
  sender_at INTEGER,
  author TEXT NOT NULL DEFAULT '',
  reply_to TEXT,
  remote_id TEXT,
  error TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER,
  -- When it entered the queue, or entered it again by a person's choice: giving up counts from here.
  queued_at INTEGER,
  delayed INTEGER NOT NULL DEFAULT 0,
  attachments INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX messages_in_order ON messages (thread_id, position);
CREATE UNIQUE INDEX messages_by_remote ON messages (thread_id, remote_id) WHERE remote_id IS NOT NULL;
CREATE INDEX messages_answering ON messages (reply_to) WHERE reply_to IS NOT NULL;
CREATE INDEX messages_open ON messages (thread_id, position) WHERE open = 1;
CREATE INDEX messages_unread ON messages (thread_id) WHERE unread = 1;

-- The text of an answer that is still coming, so that only its end is indexed for search.
CREATE TABLE streams (
  message_id TEXT PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
  text TEXT NOT NULL
) STRICT;

-- What retention deleted: remote ids and our own ids, so that a history does not bring it back.
CREATE TABLE forgotten (
  thread_id TEXT NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
  mark TEXT NOT NULL,
  PRIMARY KEY (thread_id, mark)
) STRICT, WITHOUT ROWID;

CREATE TABLE attempts (
  id INTEGER PRIMARY KEY,
  message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
  -- Over which link, and into which session: an open end can only be settled there.
  link_id TEXT NOT NULL,
  session_key TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  outcome TEXT,
  code TEXT,
  detail TEXT
) STRICT;
CREATE INDEX attempts_by_message ON attempts (message_id);

CREATE TABLE attachments (
  id TEXT PRIMARY KEY,
  thread_id TEXT NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
  message_id TEXT REFERENCES messages (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  mime_type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  received INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX attachments_by_message ON attachments (message_id);
CREATE INDEX attachments_by_thread ON attachments (thread_id);

CREATE TABLE notices (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  -- What it is about: thread:<id>, warning:<id>. Unread ones about the same are one.
  subject TEXT NOT NULL,
  count INTEGER NOT NULL DEFAULT 1,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  at INTEGER NOT NULL,
  read INTEGER NOT NULL DEFAULT 0,
  peer_id TEXT,
  thread_id TEXT,
  message_id TEXT
) STRICT;
`,
};
