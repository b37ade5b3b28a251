/** Files that come with an answer: on the disk before the row that names them. */
import { v7 } from 'uuid';
import type { Clock } from '../clock/clock.ts';
import type { AttachmentId } from '../contract/index.ts';
import type { HistoryMessage, IncomingAttachment, SettleOutcome } from '../links/link.ts';
import type { AttachmentFiles } from './attachment-files.ts';
import type { AttachmentTable } from './attachment-table.ts';
import { safeName, safeType } from './file-names.ts';
import type { IncomingRow } from './rows.ts';

/** A file that lies on the disk and is in no row yet. */
export interface KeptFile {
  readonly id: AttachmentId;
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: number;
}

/** An answer whose files are kept; null where they could not be. */
export type KeptAnswer = HistoryMessage & { readonly kept?: readonly KeptFile[] | null };

/** Keeps files in two steps: their bytes first, later the rows, with the message they belong to. */
export interface AnswerFiles {
  /** Writes files down. @returns null where the disk did not take them */
  keep(files: readonly IncomingAttachment[]): Promise<readonly KeptFile[] | null>;
  /** The same for the answer that a settling found, where it found one. */
  keepOf(outcome: SettleOutcome): Promise<SettleOutcome>;
  /** Gives kept files to a message of theirs. Inside `store.write`. */
  give(message: IncomingRow, files: readonly KeptFile[]): void;
}

/** Builds it over the folder and the tables. */
export function createAnswerFiles(
  files: AttachmentFiles,
  table: AttachmentTable,
  clock: Clock,
  setCount: (id: IncomingRow['id'], count: number) => void,
  log: (line: string) => void,
): AnswerFiles {
  const keepOne = async ({ name, mimeType, data }: IncomingAttachment): Promise<KeptFile> => {
    const id = v7() as AttachmentId;
    await files.create(id);
    await files.write(id, 0, data);
    await files.sync(id);
    return { id, name: safeName(name), mimeType: safeType(mimeType), bytes: data.byteLength };
  };

  const keep = async (list: readonly IncomingAttachment[]) => {
    const kept: KeptFile[] = [];
    try {
      for (const file of list) kept.push(await keepOne(file));
      return kept;
    } catch (error) {
      log(`files of an answer were not kept: ${String(error)}`);
      for (const { id } of kept) await files.remove(id).catch(() => undefined);
      return null;
    }
  };

  return {
    keep,
    keepOf: async (outcome) => {
      if (outcome.kind !== 'present' || !outcome.answer?.attachments?.length) return outcome;
      const answer: KeptAnswer = {
        ...outcome.answer,
        kept: await keep(outcome.answer.attachments),
      };
      return { ...outcome, answer };
    },
    give: (message, list) => {
      for (const { id, name, mimeType, bytes } of list) {
        table.insert.run(id, message.thread_id, name, mimeType, bytes, clock.now());
        table.setReceived.run(bytes, id);
        table.give.run(message.id, id);
      }
      setCount(message.id, list.length);
    },
  };
}
