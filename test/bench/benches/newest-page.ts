import * as path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ThreadId } from '../../../electron/contract/index.ts';
import { DATABASE_NAME } from '../../../electron/store/migrate.ts';
import { seededThread } from '../parts/big-home.ts';
import { converse } from '../parts/conversing.ts';
import { MILLION, millionHome } from '../parts/million.ts';
import { type Bench, ratioRow } from '../report.ts';
import { compareTurns } from '../runs.ts';

const TIMES = 2000;
const GOAL = 2;
const PAGE = 100;

/** The same rows and columns, and the one more that tells whether there is an older page. */
const BARE = `SELECT row, id, thread_id, position, direction, kind, state, open, run, unread, body_bytes, at,
  sender_at, author, reply_to, remote_id, error, attempts, next_attempt_at, queued_at, delayed, attachments, body
  FROM messages WHERE thread_id = ? AND position < ? ORDER BY position DESC LIMIT ?`;

/** The page that a thread opens with. */
export const newestPage: Bench = {
  name: 'page',
  what: 'newest page of a thread of a million messages, against the bare prepared SELECT',
  run: async (note) => {
    const home = await millionHome(note);
    const app = await converse(home);
    const database = new DatabaseSync(path.join(home, DATABASE_NAME), { readOnly: true });
    const select = database.prepare(BARE);
    const thread = seededThread(0);
    const threadId = ThreadId.parse(thread);
    const open = app.conversations.handlers['thread.open'];
    const ours = async (): Promise<void> => {
      const opened = await open({ threadId, around: null }, app.context);
      if (!opened.ok || opened.value.page.messages.length !== PAGE) throw new Error('no page');
    };
    const plain = async (): Promise<void> => {
      const rows = select.all(thread, MILLION + 1, PAGE + 1);
      if (rows.length !== PAGE + 1) throw new Error('no page');
    };
    try {
      const pairs = await compareTurns({ value: ours, baseline: plain, times: TIMES }, note);
      return [ratioRow('newest page of 1,000,000 messages, ms', pairs, GOAL)];
    } finally {
      database.close();
      await app.stop();
    }
  },
};
