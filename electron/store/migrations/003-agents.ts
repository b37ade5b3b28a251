import type { Migration } from './migration.ts';

/** What A2A links keep: the card of the agent, and the task that an attempt became over there. */
export const agents: Migration = {
  version: 3,
  sql: `
ALTER TABLE links ADD COLUMN card TEXT;
ALTER TABLE attempts ADD COLUMN run_id TEXT;
`,
};
