import { ok, type PeerId, type SearchHit } from '../contract/index.ts';
import type { HandlersOf } from './handlers.ts';
import type { Parts } from './parts.ts';
import type { MessageRow } from './rows.ts';
import { ftsQuery, likePattern, snippetOf, wordsOf } from './search-query.ts';

/** Hits of one page. */
const PAGE = 50;
/** Of a long body, a snippet is looked for in this much of its beginning. */
const SNIPPET_UNITS = 200_000;
/** Where nothing matches for this many rows, LIKE stops and hands its place on. */
const LIKE_ROWS = 50_000;

interface HitRow extends Pick<MessageRow, 'id' | 'thread_id' | 'at' | 'direction'> {
  readonly row: number;
  readonly peer_id: PeerId;
  readonly title: string;
  readonly body: string;
}

const COLUMNS = `m.row, m.id, m.thread_id, m.at, m.direction, t.peer_id, t.title,
  substr(m.body, 1, ${SNIPPET_UNITS}) AS body`;

/** Handlers of `search.*`: newest first, by the number under which a message came to this machine. */
export function searchCalls(parts: Parts): HandlersOf<'search'> {
  const { store, directory } = parts.options;
  const fts =
    store.search === 'fts5'
      ? store.prepare<HitRow, [string, number, number]>(
          `SELECT ${COLUMNS} FROM message_search s
           JOIN messages m ON m.row = s.rowid JOIN threads t ON t.id = m.thread_id
           WHERE s.message_search MATCH ? AND s.rowid < ? AND t.deleted_at IS NULL
           ORDER BY s.rowid DESC LIMIT ?`,
        )
      : null;
  const like = store.prepare<HitRow, [number, number, string, number]>(
    `SELECT ${COLUMNS} FROM messages m JOIN threads t ON t.id = m.thread_id
     WHERE m.row < ? AND m.row >= ? AND m.body LIKE ? ESCAPE '\\' AND t.deleted_at IS NULL
     ORDER BY m.row DESC LIMIT ?`,
  );
  const highest = store.prepare<{ row: number | null }>('SELECT max(row) AS row FROM messages');

  const view = (hit: HitRow, words: readonly string[]): SearchHit => ({
    messageId: hit.id,
    threadId: hit.thread_id,
    peerId: hit.peer_id,
    peerName: directory.peerName(hit.peer_id) ?? '',
    threadTitle: hit.title,
    at: hit.at,
    direction: hit.direction,
    snippet: snippetOf(hit.body, words),
  });

  const byWords = (text: string, before: number) => {
    const query = ftsQuery(text);
    const rows = query && fts ? fts.all(query, before, PAGE + 1) : [];
    return { rows, next: rows.length > PAGE ? (rows[PAGE - 1]?.row ?? null) : null };
  };

  const byLike = (text: string, before: number) => {
    const top = Math.min(before, (highest.get()?.row ?? 0) + 1);
    const from = Math.max(0, top - LIKE_ROWS);
    const rows = like.all(top, from, likePattern(text), PAGE + 1);
    if (rows.length > PAGE) return { rows, next: rows[PAGE - 1]?.row ?? null };
    return { rows, next: from > 0 ? from : null };
  };

  return {
    'search.messages': ({ text, cursor }) => {
      const before = cursor && /^\d{1,15}$/u.test(cursor) ? Number(cursor) : 2 ** 52;
      const found = fts ? byWords(text, before) : byLike(text, before);
      const words = fts ? wordsOf(text) : [text.trim()];
      return ok({
        hits: found.rows.slice(0, PAGE).map((hit) => view(hit, words)),
        nextCursor: found.next === null ? null : String(found.next),
      });
    },
  };
}
