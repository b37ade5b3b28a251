/** What a bench says, and how it is printed. */

/** One line of the report, and one object of `--json`. */
export interface Row {
  readonly name: string;
  /** What Peerage takes. The unit stands at the end of the name. */
  readonly value: number;
  /** What the bare way takes, in the same run; null where the goal is absolute. */
  readonly baseline: number | null;
  readonly ratio: number | null;
  /** The most that is allowed: of the ratio where there is one, else of the value. Null = only told. */
  readonly goal: number | null;
  readonly ok: boolean;
}

/** One bench: measures five times, gives its rows. */
export interface Bench {
  readonly name: string;
  readonly what: string;
  run(note: (line: string) => void): Promise<Row[]>;
}

const tidy = (value: number): number => Number(value.toPrecision(4));

/** A row judged by its ratio; without a goal it only tells. */
export function ratioRow(name: string, pairs: readonly Pair[], goal: number | null): Row {
  const ratio = median(pairs.map((pair) => pair.value / pair.baseline));
  return {
    name,
    value: tidy(median(pairs.map((pair) => pair.value))),
    baseline: tidy(median(pairs.map((pair) => pair.baseline))),
    ratio: tidy(ratio),
    goal,
    ok: goal === null || ratio <= goal,
  };
}

/** A row judged by its value; without a goal it only tells. */
export function valueRow(name: string, values: readonly number[], goal: number | null): Row {
  const value = median(values);
  const ok = goal === null || value <= goal;
  return { name, value: tidy(value), baseline: null, ratio: null, goal, ok };
}

/** Both sides of one run. */
export interface Pair {
  readonly value: number;
  readonly baseline: number;
}

/** The middle one; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  const high = sorted[Math.ceil((sorted.length - 1) / 2)] ?? Number.NaN;
  return (low + high) / 2;
}

const HEAD = ['bench', 'value', 'baseline', 'ratio', 'goal', ''];

/** The rows as a table for a terminal. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map((row) => [
    row.name,
    String(row.value),
    row.baseline === null ? '' : String(row.baseline),
    row.ratio === null ? '' : row.ratio.toFixed(2),
    row.goal === null ? '' : `≤ ${row.goal}`,
    row.goal === null ? '' : row.ok ? 'met' : 'MISSED',
  ]);
  const all = [HEAD, ...cells];
  const widths = HEAD.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return column === 0 || column === 5 ? cell.padEnd(width) : cell.padStart(width);
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
