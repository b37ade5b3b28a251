/** Two texts that grew from one: put together where they do not contradict each other. Pure. */
import { diffLines } from 'diff';
import { mergeDiff3 } from 'node-diff3';

/** What became of two texts: one text, with or without places that a person must decide. */
export interface Merged {
  readonly text: string;
  /** Nothing contradicts; otherwise both sides stand between marks. */
  readonly clean: boolean;
}

/** The most lines that are compared: beyond, the comparison takes longer than a person waits. */
const MOST_LINES = 20_000;

/** Lines with their ends, so that nothing about line ends is lost. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** Null where they are too long to be compared line by line. */
export function mergeTexts(ours: string, base: string, theirs: string): Merged | null {
  const parts = [ours, base, theirs].map(linesOf);
  if (parts.some(({ length }) => length > MOST_LINES)) return null;
  const [a = [], o = [], b = []] = parts;
  const { conflict, result } = mergeDiff3(a, o, b, {
    excludeFalseConflicts: true,
    label: { a: 'yours', o: 'before', b: 'theirs' },
  });
  // Marks come without a line end, and what stands before one may have none at the end of a file.
  const text = result
    .map((line, at) => (line.endsWith('\n') || at === result.length - 1 ? line : `${line}\n`))
    .join('');
  return { text, clean: !conflict };
}

/** How much one text differs from another, in words; null where they are the same. */
export function changeInWords(before: string, after: string): string | null {
  if (before === after) return null;
  if (linesOf(before).length > MOST_LINES || linesOf(after).length > MOST_LINES) return 'Changed.';
  let added = 0;
  let removed = 0;
  for (const part of diffLines(before, after, { timeout: 500 }) ?? []) {
    if (part.added) added += part.count;
    else if (part.removed) removed += part.count;
  }
  const lines = (count: number): string => (count === 1 ? '1 line' : `${count} lines`);
  if (added > 0 && removed > 0) return `${lines(added)} added, ${lines(removed)} taken out.`;
  return added > 0 ? `${lines(added)} added.` : `${lines(removed)} taken out.`;
}
