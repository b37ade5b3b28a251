import { counted } from './count.ts';

const encoder = new TextEncoder();

/** The length of a text as UTF-8. */
export function utf8Bytes(text: string): number {
  // A UTF-16 unit is at most three bytes: short texts need no encoding to be known as short.
  return text.length === 0 ? 0 : encoder.encode(text).length;
}

/** The bytes of a message being typed: exact near the limits, a lower bound far beyond them. */
export function messageBytes(text: string, soft: number, hard: number): number {
  // A unit takes one to three bytes: with these lengths the verdict stands without encoding.
  if (text.length > hard * 4 || text.length * 3 < soft * 0.8) return text.length;
  return utf8Bytes(text);
}

/** *812 B*, *4.1 kB*, *2.3 MB*. */
export function byteSize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** The same in a sentence: *192 bytes*, *4.1 kB*. */
export const sizeWords = (bytes: number): string =>
  bytes < 1_000 ? counted(bytes, 'byte') : byteSize(bytes);

/** The size of a text where nothing beside it says what it is the size of: *text, 192 bytes*. */
export const textSize = (bytes: number): string => `text, ${sizeWords(bytes)}`;

/**
 * How a message's length stands to its two limits; `over_soft` can still be sent, `over_hard`
 * cannot.
 */
export type SizeVerdict = 'fine' | 'near' | 'over_soft' | 'over_hard';

/** How a message of this length stands to the two limits. `near` from four fifths of the softer. */
export function sizeVerdict(bytes: number, soft: number, hard: number): SizeVerdict {
  if (bytes > hard) return 'over_hard';
  if (bytes > soft) return 'over_soft';
  return bytes >= soft * 0.8 ? 'near' : 'fine';
}
