import type { Migration } from './migration.ts';

/** Relays, what we gave to them and owe to them, and the files that passed through us. */
export const relays: Migration = {
  version: 8,
  sql: `
CREATE TABLE relays (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  url TEXT NOT NULL UNIQUE,
  -- token or none; the token itself is in the keychain.
  credential TEXT NOT NULL,
  -- As whom we are there.
  agent_id TEXT NOT NULL,
  agent_name TEXT NOT NULL,
  capabilities TEXT NOT NULL,
  description TEXT NOT NULL,
  join_all INTEGER NOT NULL,
  -- SHA-256 of the certificate that is trusted; null = one that an authority vouches for.
  tls TEXT,
  -- 1 = it knew us once: that it does not any more means that it forgot.
  registered INTEGER NOT NULL DEFAULT 0,
  forgot_at INTEGER,
  -- How often it forgot: versions of files count anew each time.
  epoch INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL
) STRICT;

-- Tasks of ours, written before they leave, so that answers find their question after a restart.
CREATE TABLE relay_sent (
  row INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  relay_id TEXT NOT NULL REFERENCES relays (id) ON DELETE CASCADE,
  link_id TEXT NOT NULL,
  session_key TEXT NOT NULL,
  to_agent TEXT NOT NULL,
  body TEXT NOT NULL,
  taken INTEGER NOT NULL DEFAULT 0,
  answer TEXT,
  begun_at INTEGER NOT NULL,
  answered_at INTEGER
) STRICT;
CREATE INDEX relay_sent_open ON relay_sent (relay_id, row) WHERE answer IS NULL;

CREATE TABLE relay_sent_ids (
  row INTEGER PRIMARY KEY,
  relay_id TEXT NOT NULL,
  message_id TEXT NOT NULL,
  key TEXT NOT NULL REFERENCES relay_sent (key) ON DELETE CASCADE,
  UNIQUE (relay_id, message_id)
) STRICT;
CREATE INDEX relay_sent_ids_of ON relay_sent_ids (key);

-- Whom we owe word about what they asked of us, and what of it they were told.
CREATE TABLE relay_answers (
  delegation_id TEXT PRIMARY KEY,
  relay_id TEXT NOT NULL REFERENCES relays (id) ON DELETE CASCADE,
  to_agent TEXT NOT NULL,
  message_id TEXT NOT NULL,
  -- Of a task that another Peerage sent: its key, by which the answer is signed.
  key TEXT,
  told TEXT NOT NULL DEFAULT '',
  over INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX relay_answers_open ON relay_answers (relay_id) WHERE over = 0;

-- Versions of shared files that passed through us, loaded or saved.
CREATE TABLE relay_files (
  relay_id TEXT NOT NULL REFERENCES relays (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  version INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  type TEXT NOT NULL,
  content TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  editor TEXT NOT NULL,
  ours INTEGER NOT NULL,
  updated_at INTEGER,
  seen_at INTEGER NOT NULL,
  PRIMARY KEY (relay_id, key, epoch, version)
) STRICT;

-- The newest version that the person saw.
CREATE TABLE relay_file_marks (
  relay_id TEXT NOT NULL REFERENCES relays (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (relay_id, key)
) STRICT, WITHOUT ROWID;
`,
};
