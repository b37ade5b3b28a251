import { parseJsonForm } from './json-forms.ts';
import type { Parsed } from './parsed.ts';
import { parsePeerConfig } from './peer-config.ts';
import { decodeText } from './text.ts';

/** The most bytes that a file of these forms may have. */
export const MOST_BYTES = 1024 * 1024;

/** Tells which form a file has, by its content and not by its name; null where it has none. */
export function parseImported(bytes: Uint8Array): Parsed | null {
  if (bytes.byteLength > MOST_BYTES) return null;
  const text = decodeText(bytes);
  return /^\s*[{[]/.test(text.replace(/^\uFEFF/, '')) ? parseJsonForm(text) : parsePeerConfig(text);
}
