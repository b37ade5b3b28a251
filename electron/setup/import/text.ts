/** Texts of unknown make: decoded, cleaned, and told from placeholders. Nothing here throws. */

/**
 * Decodes a file by its byte order mark: UTF-8 unless it begins with one of UTF-16. Bytes that are
 * no text become U+FFFD.
 */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const label =
    first === 0xff && second === 0xfe
      ? 'utf-16le'
      : first === 0xfe && second === 0xff
        ? 'utf-16be'
        : 'utf-8';
  return new TextDecoder(label).decode(bytes);
}

/** Parses JSON; undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An object of a JSON document: neither null nor an array. */
export const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What examples put where a value belongs: `<token>`, `[your ip]`, `100.x.x.x`, `TODO`. */
const PLACEHOLDER =
  /^(?:<[^<>]*>|\[[^[\]]*\]|\{[^{}]*\}|\$\{?[A-Z_]+\}?|[\d.]*x(?:\.x)+|x{3,}|\.{3}|…|-+|todo|tbd|none|null|n\/a|unset|your[-_ ].*)$/i;

/** The value, without what surrounds it; null where there is none or only a placeholder. */
export function realValue(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const text = unquote(value.trim());
  return text === '' || PLACEHOLDER.test(text) ? null : text;
}

function unquote(text: string): string {
  const pair = /^(["'`])(.*)\1$/s.exec(text);
  if (pair) return (pair[2] ?? '').trim();
  const link = /^<([a-z]+:\/\/[^<>\s]+)>$/i.exec(text);
  return link?.[1] ?? text;
}

const UNSEEN = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\uFFFD]+/gu;

/** A single clean line of at most so many UTF-16 units; null where nothing is left. */
export function cleanLine(value: unknown, most: number): string | null {
  const text = realValue(value)?.toWellFormed().replace(UNSEEN, ' ').replace(/\s+/g, ' ').trim();
  if (!text) return null;
  return text.slice(0, most).toWellFormed().replaceAll('\uFFFD', '').trim() || null;
}

/** The longest secret that a link takes (contract: CredentialInput). */
const LONGEST_TOKEN = 2048;

/** A token as it may be sent; null where there is none that could be. */
export function tokenIn(value: unknown): string | null {
  const text = realValue(value);
  if (text === null || text.length > LONGEST_TOKEN) return null;
  return /^[\x21-\x7e]+$/.test(text) ? text : null;
}
