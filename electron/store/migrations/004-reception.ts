import type { Migration } from './migration.ts';

/**
 * The reception: who may ask, what was asked, and invites. Tokens and invite codes are kept as SHA-256
 * only. Times are ms since the epoch, sizes are UTF-8 bytes.
 */
export const reception: Migration = {
  version: 4,
  sql: `
-- One token per peer. A revoked one stays until its peer goes, so that its use can be told of.
CREATE TABLE reception_tokens (
  peer_id TEXT PRIMARY KEY REFERENCES peers (id) ON DELETE CASCADE,
  hash TEXT NOT NULL UNIQUE,
  -- The machine that it was given to (its id in the tailnet) and whose it is, where Tailscale told:
  -- only from there it is taken.
  node TEXT,
  owner TEXT,
  issued_at INTEGER NOT NULL,
  last_used_at INTEGER,
  revoked_at INTEGER
) STRICT;

CREATE TABLE delegations (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  peer_id TEXT REFERENCES peers (id) ON DELETE SET NULL,
  caller TEXT NOT NULL,
  proof TEXT NOT NULL,
  context_id TEXT NOT NULL,
  topic TEXT,
  text TEXT NOT NULL,
  text_bytes INTEGER NOT NULL,
  bytes INTEGER NOT NULL,
  parts TEXT NOT NULL DEFAULT '[]',
  priority TEXT NOT NULL,
  deadline_at INTEGER,
  expected TEXT,
  hops INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL,
  -- Of the hand-over: none, begun (it may have been sent), taken (the gateway said so).
  phase TEXT NOT NULL DEFAULT 'none',
  agent_id TEXT,
  session_key TEXT,
  -- What the agent was given instead of the text, where the person edited it.
  edited_text TEXT,
  decision TEXT,
  question TEXT,
  answer TEXT,
  answer_at INTEGER,
  error TEXT,
  received_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  started_at INTEGER,
  snoozed_until INTEGER
) STRICT;
CREATE INDEX delegations_open ON delegations (row)
  WHERE state IN ('proposed', 'asked_back', 'accepted', 'in_progress');
CREATE INDEX delegations_by_peer ON delegations (peer_id, row);

-- Every message of a caller by its id, so that one that comes twice is taken once.
CREATE TABLE delegation_messages (
  row INTEGER PRIMARY KEY,
  delegation_id TEXT NOT NULL REFERENCES delegations (id) ON DELETE CASCADE,
  author TEXT NOT NULL,
  peer_id TEXT,
  message_id TEXT NOT NULL,
  text TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX delegation_messages_once ON delegation_messages (peer_id, message_id)
  WHERE peer_id IS NOT NULL;
CREATE INDEX delegation_messages_of ON delegation_messages (delegation_id);

CREATE TABLE delegation_files (
  delegation_id TEXT NOT NULL REFERENCES delegations (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (delegation_id, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE invites (
  id TEXT PRIMARY KEY,
  direction TEXT NOT NULL,
  purpose TEXT NOT NULL,
  state TEXT NOT NULL,
  peer_name TEXT NOT NULL,
  code_hash TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  -- The first key that redeemed it: no other one may go on.
  bound_identity TEXT,
  -- What was agreed on, as JSON: names, addresses, nonces, words. No secret.
  exchange TEXT NOT NULL,
  peer_id TEXT REFERENCES peers (id) ON DELETE SET NULL,
  error TEXT
) STRICT;
CREATE INDEX invites_by_code ON invites (code_hash);

-- What happened at the door, append-only. Never a secret.
CREATE TABLE audit (
  row INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  what TEXT NOT NULL,
  peer_id TEXT,
  detail TEXT NOT NULL
) STRICT;
`,
};
