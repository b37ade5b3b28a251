/** Texts that come from outside, made fit to be shown. */

const CONTROLS = /[\p{Cc}\p{Bidi_Control}]/gu;
/** Tailscale keys, should one ever stand in an output. Shape: https://tailscale.com/kb/1277/key-prefixes */
const KEYS = /\b(?:tskey|hskey)-[A-Za-z0-9_-]+/g;
const OUTPUT_LIMIT = 4_000;

/** One line of at most `max` units, without control and direction-changing characters. */
export const plainLine = (text: string, max = 255): string =>
  text.replace(CONTROLS, ' ').trim().slice(0, max);

/** What a program said, as it said it, without keys and not endless. */
export const plainOutput = (...texts: readonly string[]): string =>
  texts
    .map((text) => text.trim())
    .filter((text) => text !== '')
    .join('\n')
    .replace(KEYS, '•••')
    .slice(0, OUTPUT_LIMIT);

/** The first line of it that says something. */
export const firstLine = (text: string): string =>
  plainLine(text.split('\n').find((line) => line.trim() !== '') ?? '', 300);
