import type { Migration } from './migrations/migration.ts';

/** What a database file of ours holds, and how it came to be so. */
export interface FileSchema {
  /** The file's name in its home folder. */
  readonly name: string;
  /** Numbered from 1, forward only; their count is the version that this build writes. */
  readonly migrations: readonly Migration[];
  /** Marks the file as ours (`PRAGMA application_id`). */
  readonly applicationId: number;
  /** Whether it has the full-text index over messages. */
  readonly searched: boolean;
}
