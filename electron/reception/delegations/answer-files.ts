/** The files of answers, as they stand in the database. */
import type { DelegationPart } from '../../contract/index.ts';
import type { Store } from '../../store/store.ts';
import type { RunFile } from '../options.ts';

/** What {@link answerFileTable} gives. */
export type AnswerFiles = ReturnType<typeof answerFileTable>;

/** Statements over an open store. `put` belongs inside `store.write`. */
export function answerFileTable(store: Store) {
  const put = store.prepare<never, [string, number, string, string, Uint8Array]>(
    `INSERT OR REPLACE INTO delegation_answer_files (delegation_id, position, name, media_type, data)
     VALUES (?, ?, ?, ?, ?)`,
  );
  const all = store.prepare<{ name: string; media_type: string; data: Uint8Array }, [string]>(
    `SELECT name, media_type, data FROM delegation_answer_files WHERE delegation_id = ?
     ORDER BY position`,
  );
  return {
    /** @returns how the delegation names them */
    put: (id: string, files: readonly RunFile[]): DelegationPart[] =>
      files.map(({ name, mediaType, data }, position) => {
        put.run(id, position, name, mediaType, data);
        return { kind: 'file', name, mediaType, bytes: data.byteLength, url: null };
      }),
    of: (id: string): RunFile[] =>
      all.all(id).map(({ name, media_type, data }) => ({ name, mediaType: media_type, data })),
  };
}
