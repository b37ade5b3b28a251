import type { Migration } from './migration.ts';

/** Delegations that we gave to others, and work that others started here without being let in. Times are ms since the epoch. */
export const outgoingDelegations: Migration = {
  version: 6,
  sql: `
CREATE TABLE outgoing_delegations (
  -- The id of the message that carries it.
  id TEXT PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
  thread_id TEXT NOT NULL REFERENCES threads (id) ON DELETE CASCADE,
  peer_id TEXT NOT NULL,
  topic TEXT NOT NULL,
  task TEXT NOT NULL,
  context TEXT NOT NULL DEFAULT '',
  expected TEXT NOT NULL DEFAULT '',
  priority TEXT NOT NULL,
  deadline_at INTEGER,
  hops INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL,
  -- Who said so: delivery, wire, answer, person.
  state_from TEXT NOT NULL,
  -- The message whose run is its run: the one that carries it, or our newest answer to a question.
  current_message TEXT NOT NULL,
  question TEXT,
  answer_message TEXT,
  answer_at INTEGER,
  error TEXT,
  sent_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;
-- Ids sort by time.
CREATE INDEX outgoing_open ON outgoing_delegations (id)
  WHERE state IN ('proposed', 'asked_back', 'accepted', 'in_progress');
CREATE INDEX outgoing_by_thread ON outgoing_delegations (thread_id, id);
CREATE INDEX outgoing_by_peer ON outgoing_delegations (peer_id, id);
-- Work that came in through write access to the own gateway: it runs, and nobody was asked.
CREATE TABLE unasked_work (
  id TEXT PRIMARY KEY,
  session_key TEXT NOT NULL,
  remote_id TEXT NOT NULL,
  run_key TEXT,
  sender TEXT NOT NULL,
  verified INTEGER NOT NULL,
  -- By what it was recognised: peerage, tag, a2a.
  seen_by TEXT NOT NULL,
  topic TEXT NOT NULL,
  text TEXT NOT NULL,
  priority TEXT NOT NULL,
  deadline_at INTEGER,
  state TEXT NOT NULL,
  answer TEXT,
  answer_at INTEGER,
  received_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX unasked_once ON unasked_work (session_key, remote_id);
CREATE INDEX unasked_open ON unasked_work (id)
  WHERE state IN ('proposed', 'asked_back', 'accepted', 'in_progress');
-- Where a click on a notice leads, and how much it presses.
ALTER TABLE notices ADD COLUMN place TEXT;
ALTER TABLE notices ADD COLUMN urgency TEXT;
CREATE INDEX delegations_open_by_id ON delegations (id)
  WHERE state IN ('proposed', 'asked_back', 'accepted', 'in_progress');
`,
};
