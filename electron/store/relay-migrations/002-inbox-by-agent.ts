import type { Migration } from '../migrations/migration.ts';

/**
 * Inboxes in the order in which they are read, agent by agent: one page is written for a message, where
 * a table by row with an index beside it wants two, and each is waited for.
 */
export const inboxByAgent: Migration = {
  version: 2,
  sql: `
CREATE TABLE inbox_by_agent (
  agent TEXT NOT NULL,
  row INTEGER NOT NULL,
  shared INTEGER REFERENCES shared_bodies (id),
  bytes INTEGER NOT NULL,
  at INTEGER NOT NULL,
  -- Null where it is shared.
  body TEXT,
  PRIMARY KEY (agent, row)
) STRICT, WITHOUT ROWID;
INSERT INTO inbox_by_agent (agent, row, shared, bytes, at, body)
  SELECT agent, row, shared, bytes, at, body FROM inbox ORDER BY agent, row;
DROP TABLE inbox;
ALTER TABLE inbox_by_agent RENAME TO inbox;
CREATE INDEX inbox_shared ON inbox (shared) WHERE shared IS NOT NULL;
`,
};
