import type { DatabaseSync } from 'node:sqlite';
import { type FileSchema, newestVersion } from './file-schema.ts';
import { first } from './migrations/001-first.ts';
import { noticeActions } from './migrations/002-notice-actions.ts';
import { agents } from './migrations/003-agents.ts';
import { reception } from './migrations/004-reception.ts';
import { policy } from './migrations/005-policy.ts';
import { outgoingDelegations } from './migrations/006-outgoing-delegations.ts';
import { broadcasts } from './migrations/007-broadcasts.ts';
import { relays } from './migrations/008-relays.ts';
import { agentRequests } from './migrations/009-agent-requests.ts';
import { fallback } from './migrations/011-fallback.ts';
import { relayRemoval } from './migrations/012-relay-removal.ts';
import { wantedStops } from './migrations/013-wanted-stops.ts';
import { answerFiles } from './migrations/017-answer-files.ts';
import { askedBack } from './migrations/018-asked-back.ts';
import type { Migration } from './migrations/migration.ts';

const migrations: readonly Migration[] = [
  first,
  noticeActions,
  agents,
  reception,
  policy,
  outgoingDelegations,
  broadcasts,
  relays,
  agentRequests,
  fallback,
  relayRemoval,
  wantedStops,
  answerFiles,
  askedBack,
];

/** The schema that this build writes (`PRAGMA user_version`). */
export const SCHEMA_VERSION = newestVersion(migrations);

/** The app's own file in its home folder. */
export const DATABASE_NAME = 'peerage.db';

/** The app's own file. */
export const APP_SCHEMA: FileSchema = {
  name: DATABASE_NAME,
  migrations,
  // The letters PEER.
  applicationId: 0x50454552,
  searched: true,
};

/**
 * Brings a database up to the newest version of its schema, each step in its own transaction, after a
 * copy of the old file was written to `backupPath` (only where there was something to lose).
 * @returns the versions that were applied.
 */
export function migrate(
  database: DatabaseSync,
  backupPath: string,
  { migrations, applicationId }: FileSchema,
): number[] {
  const row = database.prepare('PRAGMA user_version').get() as { user_version: number };
  const from = row.user_version;
  if (from >= newestVersion(migrations)) return [];
  if (from > 0) database.prepare('VACUUM INTO ?').run(backupPath);
  const applied: number[] = [];
  for (const migration of migrations.filter((step) => step.version > from)) {
    database.exec('BEGIN IMMEDIATE');
    try {
      database.exec(migration.sql);
      database.exec(`PRAGMA user_version = ${migration.version}`);
      if (migration.version === 1) database.exec(`PRAGMA application_id = ${applicationId}`);
      database.exec('COMMIT');
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
    applied.push(migration.version);
  }
  // So that the file's header tells its version without the write-ahead log beside it.
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  return applied;
}
