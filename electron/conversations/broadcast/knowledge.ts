/** The broadcasts of all links, those that came and those that went, as one list to look things up in. */
import {
  type KnowledgeItem,
  ok,
  type PeerId,
  readBroadcast,
  VIEW_BODY_LIMIT,
} from '../../contract/index.ts';
import { cut } from '../excerpt.ts';
import type { HandlersOf } from '../handlers.ts';
import type { Parts } from '../parts.ts';
import { tagsOf } from './views.ts';

/** Items of one page. */
const PAGE = 50;
/** The most topics, and tags, that are offered to choose from. */
const CHOICES = 100;
/** What is kept of a text that came in, UTF-16 units. */
const KEPT_UNITS = 256 * 1024;

/** Sources of what we told all of a relay begin so: it went, and did not come. */
export const RELAY_SENT = 'relay-sent:';

/**
 * A broadcast that came in, from wherever; everything of it is the sender's word. Or, with a source of
 * {@link RELAY_SENT}, one of ours that is no message here; its author is then whom it was told.
 */
export interface Heard {
  /**
   * What it came as, stable, so that the same is taken once: `message:<id>`, `delegation:<id>`,
   * `relay:<relay>:<agent>:<id>`, `relay-sent:<relay>:<id>`.
   */
  readonly source: string;
  readonly peerId: PeerId | null;
  readonly author: string;
  readonly topic: string | null;
  readonly tags: readonly string[];
  readonly text: string;
  readonly at: number;
}

/** What was told, found by topic, tag and words; kept as long as retention says. */
export interface Knowledge {
  readonly handlers: HandlersOf<'knowledge'>;
  /** Keeps a broadcast that came in; the same source again changes nothing. */
  hear(heard: Heard): Promise<void>;
  /** Whether this source is kept. */
  isKnown(source: string): boolean;
  /** Grows with each that came in. */
  count(): number;
  forgetBefore(at: number): void;
}

interface Row {
  readonly source: string;
  readonly direction: 'in' | 'out';
  readonly peer_id: PeerId | null;
  readonly author: string;
  readonly topic: string | null;
  readonly tags: string;
  readonly text: string;
  readonly at: number;
}

const ALL = `SELECT 'broadcast:' || id AS source, 'out' AS direction, NULL AS peer_id, audience AS author,
    topic, tags, text, at FROM broadcasts
  UNION ALL SELECT source, iif(source GLOB '${RELAY_SENT}*', 'out', 'in'), peer_id, author, topic, tags, text, at FROM heard_broadcasts`;
/** Each filter is off where its parameter is null. */
const WANTED = `(?1 IS NULL OR topic = ?1) AND (?2 IS NULL OR EXISTS (SELECT 1 FROM json_each(tags) WHERE value = ?2))
  AND (?3 IS NULL OR direction = ?3)
  AND (?4 IS NULL OR text LIKE ?4 ESCAPE '\\' OR topic LIKE ?4 ESCAPE '\\' OR author LIKE ?4 ESCAPE '\\' OR tags LIKE ?4 ESCAPE '\\')`;

/** Reads the store at each question; also listens for broadcasts that come as messages. */
export function createKnowledge(parts: Parts): Knowledge {
  const { ledger, threads } = parts;
  const { store, directory, changed } = parts.options;
  const insert = store.prepare<
    never,
    [string, PeerId | null, string, string | null, string, string, number]
  >(
    `INSERT INTO heard_broadcasts (source, peer_id, author, topic, tags, text, at)
     VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source) DO NOTHING`,
  );
  const known = store.prepare<{ n: number }, [string]>(
    'SELECT count(*) AS n FROM heard_broadcasts WHERE source = ?',
  );
  const forget = store.prepare<never, [number]>('DELETE FROM heard_broadcasts WHERE at < ?');
  const find = store.prepare<
    Row,
    [string | null, string | null, 'in' | 'out' | null, string | null, number, string, number]
  >(
    `SELECT * FROM (${ALL}) WHERE ${WANTED} AND (at, source) < (?5, ?6)
     ORDER BY at DESC, source DESC LIMIT ?7`,
  );
  const topics = store.prepare<{ name: string; n: number }, [number]>(
    `SELECT topic AS name, count(*) AS n FROM (${ALL}) WHERE topic IS NOT NULL
     GROUP BY topic ORDER BY n DESC, name LIMIT ?`,
  );
  const tags = store.prepare<{ name: string; n: number }, [number]>(
    `SELECT t.value AS name, count(*) AS n FROM (${ALL}) a, json_each(a.tags) t
     GROUP BY t.value ORDER BY n DESC, name LIMIT ?`,
  );

  const put = (heard: Heard): number =>
    insert.run(
      heard.source,
      heard.peerId,
      cut(heard.author, 200),
      heard.topic === null ? null : cut(heard.topic, 200),
      JSON.stringify(heard.tags.slice(0, 32).map((tag) => cut(tag, 100))),
      cut(heard.text, KEPT_UNITS),
      heard.at,
    );
  let count = 0;
  const tell = (): void => {
    count += 1;
    changed({ type: 'knowledge' });
  };

  // A message that a peer's agent or person wrote in that form is one, over whichever link it came.
  ledger.onIncoming((message) => {
    const content = readBroadcast(message.body);
    const thread = content && threads.any(message.threadId);
    if (!content || !thread) return;
    const author = message.author || (directory.peerName(thread.peer_id) ?? '');
    const { at, id } = message;
    if (put({ source: `message:${id}`, peerId: thread.peer_id, author, at, ...content }) > 0)
      tell();
  });

  const shown = (row: Row): KnowledgeItem => {
    const text = cut(row.text, VIEW_BODY_LIMIT);
    const peer = row.peer_id && directory.peerName(row.peer_id);
    return {
      id: row.source,
      direction: row.direction,
      peerId: row.peer_id,
      who: peer || row.author,
      topic: row.topic,
      tags: tagsOf(row.tags),
      text,
      truncated: text.length < row.text.length,
      at: row.at,
    };
  };

  return {
    hear: async (heard) => {
      if ((await store.write(() => put(heard))) > 0) tell();
    },
    isKnown: (source) => (known.get(source)?.n ?? 0) > 0,
    count: () => count,
    forgetBefore: (at) => {
      forget.run(at);
    },
    handlers: {
      'knowledge.list': ({ text, topic, tag, direction, cursor }) => {
        const like = text === '' ? null : `%${text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
        const [at, ...source] = (cursor ?? '').split(' ');
        const rows = find.all(
          topic,
          tag,
          direction === 'all' ? null : direction,
          like,
          cursor === null ? Number.MAX_SAFE_INTEGER : Number(at) || 0,
          source.join(' '),
          PAGE + 1,
        );
        const items = rows.slice(0, PAGE);
        const last = items.at(-1);
        const choices = (all: readonly { name: string; n: number }[]) =>
          all.map(({ name, n }) => ({ name, count: n }));
        return ok({
          items: items.map(shown),
          topics: choices(topics.all(CHOICES)),
          tags: choices(tags.all(CHOICES)),
          nextCursor: rows.length > PAGE && last ? `${last.at} ${last.source}` : null,
        });
      },
    },
  };
}
