/** How much JavaScript a window needs before it can show anything, and the most that it may need. */
import { gzipSync } from 'node:zlib';

/** What of a build's output matters here: Vite's chunks have it. */
export interface Piece {
  readonly type: 'chunk' | 'asset';
  readonly fileName: string;
  readonly code?: string;
  readonly isEntry?: boolean;
  /** What is loaded together with it; not what is asked for later. */
  readonly imports?: readonly string[];
}

/** Bytes after gzip. */
export const MOST_INITIAL_BYTES = 300_000;

/** The files that an entry needs at once, itself among them. */
function needed(pieces: ReadonlyMap<string, Piece>, from: string, found: Set<string>): Set<string> {
  if (found.has(from)) return found;
  found.add(from);
  for (const file of pieces.get(from)?.imports ?? []) needed(pieces, file, found);
  return found;
}

/** Bytes after gzip of all JavaScript that the page loads at once. Throws where there is no entry. */
export function initialBytes(output: readonly Piece[]): number {
  const pieces = new Map(output.map((piece) => [piece.fileName, piece]));
  const entries = output.filter((piece) => piece.isEntry === true);
  if (entries.length === 0) throw new Error('the window has no entry');
  const files = new Set<string>();
  for (const entry of entries) needed(pieces, entry.fileName, files);
  let bytes = 0;
  for (const file of files) {
    const code = pieces.get(file)?.code;
    if (code === undefined) throw new Error(`the window loads ${file}, which was not built`);
    bytes += gzipSync(code, { level: 9 }).length;
  }
  return bytes;
}

/** The size in words; throws them where it is too much. */
export function checkInitialBytes(output: readonly Piece[]): string {
  const bytes = initialBytes(output);
  const kB = (of: number): string => `${(of / 1000).toFixed(1)} kB`;
  const words = `The window loads ${kB(bytes)} of JavaScript at once (gzip); at most ${kB(MOST_INITIAL_BYTES)}.`;
  if (bytes > MOST_INITIAL_BYTES) throw new Error(`Too much for a window. ${words}`);
  return words;
}
