/** Marks within a line: code, emphasis, strikethrough. */
const INLINE = /`+|\*\*|~~/gu;
/** What begins a line; anywhere else only headings below the first are surely no words. */
const LEADING = /^\s*(?:(?:#{1,6}|>|[-*+])\s+)+|(?<=\s)#{2,6}(?=\s)/gu;
/** The rule under a table's head, and its bars. */
const TABLE = /\|(?:\s*:?-+:?\s*(?:\||$))+|\|/gu;

/** Markdown that was put on one line, as one would read it aloud. For rows that are too small for more. */
export const plainLine = (text: string): string =>
  text.replace(LEADING, '').replace(INLINE, '').replace(TABLE, ' ').replace(/\s+/gu, ' ').trim();
