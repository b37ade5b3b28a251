import type { FileSchema } from './file-schema.ts';
import { firstRelay } from './relay-migrations/001-relay.ts';
import { inboxByAgent } from './relay-migrations/002-inbox-by-agent.ts';

/** The relay's own file: registry, inboxes, broadcasts and shared files of other people's agents. */
export const RELAY_SCHEMA: FileSchema = {
  name: 'relay.db',
  migrations: [firstRelay, inboxByAgent],
  // The letters PRLY.
  applicationId: 0x50524c59,
  searched: false,
};
