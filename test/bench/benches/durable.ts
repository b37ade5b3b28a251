import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { v7 } from 'uuid';
import { ThreadId } from '../../../electron/contract/index.ts';
import { emptyHome, seed, seededThread } from '../parts/big-home.ts';
import { converse } from '../parts/conversing.ts';
import { type Bench, ratioRow } from '../report.ts';
import { compareTurns } from '../runs.ts';

const TIMES = 400;
const GOAL = 2;
const FULL = 2;
const TEXT = 'Please look at the failing test of the parser and tell me what you find. '.repeat(3);

const COLUMNS = [
  ...['id', 'thread_id', 'position', 'direction', 'kind', 'state', 'open', 'run', 'unread', 'body'],
  ...['body_bytes', 'at', 'sender_at', 'author', 'reply_to', 'remote_id', 'error', 'queued_at'],
  'attachments',
];

function mustBeFull(answer: unknown): void {
  const found = (answer as { synchronous?: number } | undefined)?.synchronous;
  if (found !== FULL) throw new Error(`synchronous is ${found}, not FULL`);
}

/** One table with the columns of `messages` and no index but that of its id. */
function bareTable(home: string): { insert(): void; close(): void } {
  const database = new DatabaseSync(join(home, 'bare.db'));
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  mustBeFull(database.prepare('PRAGMA synchronous').get());
  database.exec(`CREATE TABLE messages (row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
    ${COLUMNS.slice(1).join(', ')})`);
  const marks = COLUMNS.map(() => '?').join(', ');
  const insert = database.prepare(`INSERT INTO messages (${COLUMNS.join(', ')}) VALUES (${marks})`);
  const thread = seededThread(0);
  let position = 0;
  return {
    insert: () => {
      const at = Date.now();
      position += 1;
      const place = [v7(), thread, position, 'out', 'message', 'queued', 1, 'none', 0];
      const rest = [TEXT, TEXT.length, at, null, '', null, null, null, at, 0];
      insert.run(...place, ...rest);
    },
    close: () => database.close(),
  };
}

/** One message after the other, each on the disk before the next begins. */
export const durable: Bench = {
  name: 'durable',
  what: 'a message made durable with its search index, against one bare INSERT of the same columns',
  run: async (note) => {
    const home = emptyHome('durable');
    await seed(home, { peers: 1, longThread: 1, shortThread: 0 });
    const bare = bareTable(emptyHome('bare'));
    const app = await converse(home);
    if (app.store.search !== 'fts5') throw new Error('this SQLite has no FTS5');
    mustBeFull(app.store.prepare('PRAGMA synchronous').get());
    const threadId = ThreadId.parse(seededThread(0));
    const send = app.conversations.handlers['message.send'];
    const input = { threadId, text: TEXT, kind: 'message', attachmentIds: [] } as const;
    const ours = async (): Promise<void> => {
      const sent = await send({ ...input, attachmentIds: [] }, app.context);
      if (!sent.ok) throw new Error(sent.error.detail);
    };
    const plain = async (): Promise<void> => bare.insert();
    try {
      const pairs = await compareTurns({ value: ours, baseline: plain, times: TIMES }, note);
      return [ratioRow('a message made durable, ms', pairs, GOAL)];
    } finally {
      bare.close();
      await app.stop();
    }
  },
};
