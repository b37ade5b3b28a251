import type { Migration } from './migration.ts';

/**
 * What a peer may do here without the person, and what of a day's budget it used. Times are ms since
 * the epoch; `day` is a local date, `2026-11-21`.
 */
export const policy: Migration = {
  version: 5,
  sql: `
-- One policy per peer, as JSON; a peer without one is asked about.
CREATE TABLE peer_policies (
  peer_id TEXT PRIMARY KEY REFERENCES peers (id) ON DELETE CASCADE,
  policy TEXT NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;

-- What was let through without the person: how many tasks, and how long agents worked on them.
CREATE TABLE policy_use (
  peer_id TEXT NOT NULL REFERENCES peers (id) ON DELETE CASCADE,
  day TEXT NOT NULL,
  tasks INTEGER NOT NULL DEFAULT 0,
  busy_ms INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (peer_id, day)
) STRICT, WITHOUT ROWID;

-- Why a delegation waits for the person although its peer needs not ask: an error, as JSON.
ALTER TABLE delegations ADD COLUMN held TEXT;
-- How many messages in a row no person wrote, the caller says.
ALTER TABLE delegations ADD COLUMN turns INTEGER NOT NULL DEFAULT 0;
CREATE INDEX delegations_by_context ON delegations (peer_id, context_id, row);

-- Messages of ours that an agent wrote while it worked for a peer: how far the chain is.
CREATE TABLE message_chains (
  message_id TEXT PRIMARY KEY,
  hops INTEGER NOT NULL,
  turns INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
};
