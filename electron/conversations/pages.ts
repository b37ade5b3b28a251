import { codedError, type MessageId, type MessagePage } from '../contract/index.ts';
import type { MessageTable } from './message-table.ts';
import type { MessageRowWithBody, ThreadRow } from './rows.ts';
import type { Views } from './views.ts';

/** Messages of one page. */
const PAGE = 100;
/** Of a page around a message, what comes before it. */
const BEFORE = 50;

/** Parts of a thread for a window; positions are those of `MessageRow.position`. */
export interface Pages {
  newest(thread: ThreadRow): MessagePage;
  /** The page before this position. */
  older(thread: ThreadRow, before: number): MessagePage;
  /** The page after this position. */
  newer(thread: ThreadRow, after: number): MessagePage;
  /** @throws CodedError message.not_found */
  around(thread: ThreadRow, id: MessageId): MessagePage;
}

/** Pages of a thread, oldest first; each costs the rows that it shows and one more. */
export function createPages(messages: MessageTable, views: Views): Pages {
  const shown = (
    rows: readonly MessageRowWithBody[],
    hasOlder: boolean,
    hasNewer: boolean,
  ): MessagePage => ({ messages: rows.map((row) => views.message(row)), hasOlder, hasNewer });

  /** @param rows newest first, one more than wanted where there is more. */
  const backwards = (rows: MessageRowWithBody[], size: number, hasNewer: boolean): MessagePage => {
    const hasOlder = rows.length > size;
    return shown(rows.slice(0, size).reverse(), hasOlder, hasNewer);
  };

  return {
    newest: (thread) =>
      backwards(messages.older.all(thread.id, thread.next_position, PAGE + 1), PAGE, false),
    older: (thread, before) => {
      const hasNewer = messages.newer.all(thread.id, before - 1, 1).length > 0;
      return backwards(messages.older.all(thread.id, before, PAGE + 1), PAGE, hasNewer);
    },
    newer: (thread, after) => {
      const rows = messages.newer.all(thread.id, after, PAGE + 1);
      const hasOlder = messages.older.all(thread.id, after + 1, 1).length > 0;
      return shown(rows.slice(0, PAGE), hasOlder, rows.length > PAGE);
    },
    around: (thread, id) => {
      const at = messages.byId(id);
      if (at?.thread_id !== thread.id) {
        throw codedError('message.not_found', 'The thread does not hold it any more.');
      }
      const before = messages.older.all(thread.id, at.position, BEFORE + 1);
      const after = messages.newer.all(thread.id, at.position - 1, PAGE - BEFORE + 1);
      return shown(
        [...before.slice(0, BEFORE).reverse(), ...after.slice(0, PAGE - BEFORE)],
        before.length > BEFORE,
        after.length > PAGE - BEFORE,
      );
    },
  };
}
