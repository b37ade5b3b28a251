import type { Migration } from './migration.ts';

/** Files that went with an agent's answer to incoming work. */
export const answerFiles: Migration = {
  version: 17,
  sql: `
-- What goes with the answer, as JSON like parts: names, types, sizes.
ALTER TABLE delegations ADD COLUMN answer_parts TEXT NOT NULL DEFAULT '[]';
-- 1 = the caller said that it takes JSON as data.
ALTER TABLE delegations ADD COLUMN takes_data INTEGER NOT NULL DEFAULT 0;

CREATE TABLE delegation_answer_files (
  delegation_id TEXT NOT NULL REFERENCES delegations (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  data BLOB NOT NULL,
  PRIMARY KEY (delegation_id, position)
) STRICT, WITHOUT ROWID;
`,
};
