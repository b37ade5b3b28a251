/** From what a person types to what SQLite understands, and from a body to a snippet. */
import type { SearchHit } from '../contract/index.ts';
import { cut } from './excerpt.ts';

/** UTF-16 units of a snippet before and after the first hit. */
const BEFORE = 60;
const AFTER = 140;
const WORD = /[\p{L}\p{N}\p{M}_]+/gu;

/** The words that are looked for, at most 16 of them. */
export const wordsOf = (text: string): string[] => (text.match(WORD) ?? []).slice(0, 16);

/**
 * An FTS5 query for all of the words, the last one as a beginning. Each is quoted, so that nothing
 * that a person types is syntax. Null where there is no word to look for.
 */
export function ftsQuery(text: string): string | null {
  const words = wordsOf(text);
  if (words.length === 0) return null;
  return `${words.map((word) => `"${word}"`).join(' ')}*`;
}

/** A LIKE pattern (escape character `\`) for a text as it stands. */
export const likePattern = (text: string): string =>
  `%${text.trim().replace(/[\\%_]/gu, (sign) => `\\${sign}`)}%`;

/** Without accents and case, unit for unit, so that places in both are the same. */
function fold(text: string): string {
  let folded = '';
  for (const unit of text) {
    const plain = unit.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
    folded += plain.length === unit.length ? plain : unit;
  }
  return folded;
}

/** Plain text around the first hit, cut into pieces. `body` may be cut far behind the hit. */
export function snippetOf(body: string, words: readonly string[]): SearchHit['snippet'] {
  const flat = body.replace(/[\s\p{Cc}]/gu, ' ').toWellFormed();
  const folded = fold(flat);
  const needles = [...new Set(words.map(fold))].filter((word) => word !== '');
  const first = Math.min(
    ...needles.map((word) => folded.indexOf(word)).map((at) => (at < 0 ? flat.length : at)),
  );
  const start = first >= flat.length ? 0 : Math.max(0, first - BEFORE);
  const end = start + BEFORE + AFTER;
  const pieces: { text: string; hit: boolean }[] = [];
  const push = (text: string, hit: boolean): void => {
    if (text !== '') pieces.push({ text: text.toWellFormed(), hit });
  };
  if (start > 0) push('…', false);
  let at = start;
  while (at < Math.min(end, flat.length)) {
    const next = nearest(folded, needles, at);
    if (!next || next.at >= end) break;
    push(flat.slice(at, next.at), false);
    push(flat.slice(next.at, next.at + next.length), true);
    at = next.at + next.length;
  }
  push(cut(flat.slice(at), Math.max(1, end - at)), false);
  if (flat.length > Math.max(end, at)) push('…', false);
  return pieces;
}

function nearest(
  text: string,
  needles: readonly string[],
  from: number,
): { at: number; length: number } | null {
  let best: { at: number; length: number } | null = null;
  for (const needle of needles) {
    const at = text.indexOf(needle, from);
    if (at < 0) continue;
    if (!best || at < best.at || (at === best.at && needle.length > best.length)) {
      best = { at, length: needle.length };
    }
  }
  return best;
}
