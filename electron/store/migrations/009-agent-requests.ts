import type { Migration } from './migration.ts';

/** What local agents asked for, the rules for them, and how far each has read. Times are ms since the epoch. */
export const agentRequests: Migration = {
  version: 9,
  sql: `
CREATE TABLE agent_requests (
  row INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  -- What the asker calls itself.
  agent TEXT NOT NULL,
  verb TEXT NOT NULL,
  -- The whole of what was asked for, without its text.
  ask TEXT NOT NULL,
  text TEXT NOT NULL,
  text_bytes INTEGER NOT NULL,
  kind TEXT NOT NULL,
  topic TEXT,
  facts TEXT NOT NULL DEFAULT '[]',
  state TEXT NOT NULL,
  at INTEGER NOT NULL,
  decided_by TEXT,
  decided_at INTEGER,
  reason TEXT NOT NULL DEFAULT '',
  error TEXT
) STRICT;
CREATE INDEX agent_requests_open ON agent_requests (row) WHERE state IN ('waiting', 'sending');
CREATE INDEX agent_requests_by_time ON agent_requests (at);

CREATE TABLE agent_request_recipients (
  request_id TEXT NOT NULL REFERENCES agent_requests (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  peer_id TEXT NOT NULL,
  name TEXT NOT NULL,
  thread_id TEXT,
  message_id TEXT,
  error TEXT,
  PRIMARY KEY (request_id, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX agent_request_recipients_by_peer ON agent_request_recipients (peer_id);

CREATE TABLE agent_rules (
  -- peer or agent; the subject is a peer's id, or what an agent calls itself.
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  policy TEXT NOT NULL,
  PRIMARY KEY (kind, subject)
) STRICT, WITHOUT ROWID;

-- How far an agent has been told of what came in.
CREATE TABLE agent_marks (
  agent TEXT PRIMARY KEY,
  mark TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Which messages of ours a local agent asked for.
CREATE TABLE message_askers (
  message_id TEXT PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
  request_id TEXT NOT NULL,
  agent TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX message_askers_by_request ON message_askers (request_id);
`,
};
