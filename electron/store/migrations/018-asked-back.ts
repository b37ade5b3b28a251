import type { Migration } from './migration.ts';

/** Messages of ours about which the other side asked something, instead of answering them. */
export const askedBack: Migration = {
  version: 18,
  sql: `
CREATE TABLE asked_back (
  message_id TEXT PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO asked_back (message_id)
  SELECT m.id FROM outgoing_delegations d JOIN messages m ON m.id = d.current_message
  WHERE d.state = 'asked_back' AND m.state = 'answered';
`,
};
