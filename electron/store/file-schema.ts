import type { Migration } from './migrations/migration.ts';

/** The version that a build writes (`PRAGMA user_version`): its newest migration's. */
export const newestVersion = (migrations: readonly Migration[]): number =>
  Math.max(...migrations.map((step) => step.version));

/** What a database file of ours holds, and how it came to be so. */
export interface FileSchema {
  /** The file's name in its home folder. */
  readonly name: string;
  /** Numbered, forward only. */
  readonly migrations: readonly Migration[];
  /** Marks the file as ours (`PRAGMA application_id`). */
  readonly applicationId: number;
  /** Whether it has the full-text index over messages. */
  readonly searched: boolean;
}
