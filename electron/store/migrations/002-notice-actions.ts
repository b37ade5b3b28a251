import type { Migration } from './migration.ts';

/** What can be done about a notice, as data, and which of it was done. */
export const noticeActions: Migration = {
  version: 2,
  sql: `
ALTER TABLE notices ADD COLUMN actions TEXT NOT NULL DEFAULT '[]';
ALTER TABLE notices ADD COLUMN acted TEXT;
`,
};
