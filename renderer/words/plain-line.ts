/** Marks within a line: code, emphasis, strikethrough. */
const INLINE = /`+|\*\*|~~/gu;
/** What begins a line; anywhere else only headings below the first are surely no words. */
const LEADING = /^\s*(?:(?:#{1,6}|>|[-*+])\s+)+|(?<=\s)#{2,6}(?=\s)/gu;
/** The rule under a table's head, and its bars. */
const TABLE = /\|(?:\s*:?-+:?\s*(?:\||$))+|\|/gu;

/** A piece of markdown without the marks within its lines; spaces stay as they are. */
export const withoutMarks = (piece: string): string =>
  piece.replace(INLINE, '').replace(TABLE, ' ');

/** Markdown that was put on one line, as one would read it aloud. For rows that are too small for more. */
export const plainLine = (text: string): string =>
  withoutMarks(text.replace(LEADING, '')).replace(/\s+/gu, ' ').trim();
