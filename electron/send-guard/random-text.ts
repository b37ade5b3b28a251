/**
 * Tells a value that a machine made up (a key, a token) from one that a person or a program named:
 * words, identifiers, UUIDs, git hashes, dates and versions are none.
 */

const UUID = /^[{(]?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}[)}]?$/i;
const HEX = /^[0-9a-f]+$/i;
/** Lengths in hex digits at which keys are made; 40 is left out: that is a git hash. */
const HEX_KEY_LENGTHS: ReadonlySet<number> = new Set([32, 48, 56, 64, 96, 128]);

/** Bits per character, from how often each occurs in the text itself (Shannon). */
export function entropy(text: string): number {
  const counts = new Map<string, number>();
  for (const one of text) counts.set(one, (counts.get(one) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values())
    bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** How much of it is words: runs of letters, as identifiers and prose have them; 0 to 1. */
export function wordiness(text: string): number {
  let letters = 0;
  for (const run of text.match(/[A-Z][a-z]{3,}|[a-z]{4,}|[A-Z]{5,}/g) ?? []) letters += run.length;
  return text.length === 0 ? 1 : letters / text.length;
}

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0;

/** True for a value that looks drawn by lot: long enough, mixed, and without words in it. */
export function looksRandom(value: string): boolean {
  const text = value.replace(/[=.]+$/, '');
  if (text.length < 16 || UUID.test(text)) return false;
  if (HEX.test(text)) {
    return HEX_KEY_LENGTHS.has(text.length) && entropy(text) > 2.8 && count(text, /[a-f]/gi) > 2;
  }
  const letters = count(text, /[A-Za-z]/g);
  const digits = count(text, /[0-9]/g);
  // Dates and numbers hold few letters, names few digits; both are worth a look only where they mix.
  if (letters < text.length / 4 || digits < 1) return false;
  if (wordiness(text) > 0.5) return false;
  return entropy(text) >= 3.2;
}
