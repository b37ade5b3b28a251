/** What a person sees: width, colour where a terminal takes it, and text that steers nothing. */

export interface Terminal {
  readonly out: (text: string) => void;
  /** Resolves when all that was printed left this process. @returns false where nobody reads it any more */
  readonly flushed: () => Promise<boolean>;
  readonly err: (text: string) => void;
  /** Columns; lists are cut to it. */
  readonly width: number;
  readonly colour: boolean;
  /** A person looks at it: JSON is indented. */
  readonly screen: boolean;
  /** A line that is overwritten by the next, on a terminal only. '' takes it away. */
  progress(text: string): void;
}

/** Most texts are such; the classes of Unicode take a millisecond to set up. */
const PRINTABLE = /^[\x20-\x7e]*$/;

/** Names and texts come from others: no control character reaches the terminal but a line end. */
export const plain = (text: string): string =>
  PRINTABLE.test(text) ? text : withoutControls(text);

const withoutControls = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]|[\p{Cf}\u2028\u2029]/gu, (mark) => (mark === '\u200d' ? mark : ' '));

/** The same, in one line. */
export const plainLine = (text: string): string => plain(text).replace(/\s+/g, ' ').trim();

// East Asian Width W and F (Unicode 15), and emoji: two columns. Marks that sit on others: none.
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
const NONE = /\p{Mn}|\p{Me}|\u200d|\ufe0f/u;

const columnsOf = (character: string): number =>
  NONE.test(character) ? 0 : WIDE.test(character) ? 2 : 1;

/** How many columns a line takes. */
export function columns(text: string): number {
  if (PRINTABLE.test(text)) return text.length;
  let sum = 0;
  for (const character of text) sum += columnsOf(character);
  return sum;
}

/** At most so many columns, ending in an ellipsis where something was left out. */
export function cutTo(text: string, width: number): string {
  if (columns(text) <= width) return text;
  let sum = 0;
  let kept = '';
  for (const character of text) {
    sum += columnsOf(character);
    if (sum > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/** A line as lines of at most so many columns, broken at spaces; all but the first begin with `indent`. */
export function wrap(text: string, width: number, indent: string): string[] {
  const lines: string[] = [];
  const [first = '', ...words] = text.split(/(?<=\S) +/u);
  let line = first;
  for (const word of words) {
    if (columns(line) + 1 + columns(word) <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = indent + word;
    }
  }
  return [...lines, line];
}

const pad = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(0, width - columns(text)));

/** Rows as a table that fits: the last column takes what is left, and no line is longer than the width. */
export function table(rows: readonly (readonly string[])[], width: number): string[] {
  const cells = rows.map((row) => row.map(plainLine));
  const count = Math.max(0, ...cells.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, index) =>
    Math.min(
      Math.max(...cells.map((row) => columns(row[index] ?? ''))),
      Math.max(8, Math.floor(width / 3)),
    ),
  );
  return cells.map((row) =>
    cutTo(
      row
        .map((cell, index) =>
          index === row.length - 1
            ? cell
            : pad(cutTo(cell, widths[index] ?? 8), widths[index] ?? 8),
        )
        .join('  '),
      width,
    ).trimEnd(),
  );
}

const CODES = { dim: 2, bold: 1, red: 31, green: 32, yellow: 33 } as const;

/** Text in a colour where the terminal takes one. */
export const painted = (
  terminal: Pick<Terminal, 'colour'>,
  look: keyof typeof CODES,
  text: string,
): string => (terminal.colour ? `\u001b[${CODES[look]}m${text}\u001b[0m` : text);
