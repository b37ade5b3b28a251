/** What the database of a home says about questions and their answers. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { DATABASE_NAME } from '../../../electron/store/migrate.ts';

/** Questions without exactly one whole answer of their own. */
const WRONG = `
SELECT count(*) AS wrong FROM messages q WHERE q.direction = 'out' AND (
  q.state <> 'answered' OR 1 <> (
    SELECT count(*) FROM messages a WHERE a.reply_to = q.id AND a.state = 'complete'
      AND a.body_bytes = 2048 AND substr(a.body, 1, 54) = 'answer to peerage:' || q.id))`;

/** Rows of theirs that answer nothing: an answer that came twice. */
const DOUBLED = `SELECT count(*) AS wrong FROM messages WHERE direction = 'in' AND reply_to IS NULL`;

/** How many rows are missing, wrong or doubled, once that no longer changes for the better. */
export async function wrongRows(home: string, waitMs: number): Promise<number> {
  const database = new DatabaseSync(join(home, DATABASE_NAME), { readOnly: true, timeout: 5000 });
  const read = (sql: string): number => Number(database.prepare(sql).get()?.wrong);
  try {
    const end = Date.now() + waitMs;
    for (;;) {
      const wrong = read(WRONG) + read(DOUBLED);
      if (wrong === 0 || Date.now() > end) return wrong;
      await sleep(250);
    }
  } finally {
    database.close();
  }
}
