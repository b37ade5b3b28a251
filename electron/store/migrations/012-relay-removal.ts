import type { Migration } from './migration.ts';

/** Removing a relay can be undone for a short while: until then its row stays. */
export const relayRemoval: Migration = {
  version: 12,
  sql: `
-- When the person removed it, ms since the epoch; null = it is in use.
ALTER TABLE relays ADD COLUMN removed_at INTEGER;
`,
};
