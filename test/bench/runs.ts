/** Five runs, both sides in each of them. */
import { median, type Pair } from './report.ts';

/** How often everything is measured. */
export const RUNS = 5;

type Note = (line: string) => void;

function told(value: number, baseline: number, note: Note): Pair {
  const ratio = (value / baseline).toFixed(2);
  note(`  ${Number(value.toPrecision(4))} against ${Number(baseline.toPrecision(4))} (${ratio})`);
  return { value, baseline };
}

/** Measures both sides {@link RUNS} times, the order turned round every time. */
export async function compare(
  sides: { value(): Promise<number>; baseline(): Promise<number> },
  note: Note,
): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (let run = 0; run < RUNS; run++) {
    let value = 0;
    if (run % 2 === 0) value = await sides.value();
    const baseline = await sides.baseline();
    if (run % 2 === 1) value = await sides.value();
    pairs.push(told(value, baseline, note));
  }
  return pairs;
}

/** Two ways to do one thing, both short. */
export interface Turns {
  readonly value: () => Promise<void>;
  readonly baseline: () => Promise<void>;
  /** Turns of each side in one run. */
  readonly times: number;
}

/** Turns of one side before it is the other's turn: what else the machine does then hits both. */
const BLOCK = 20;

/** Times single turns of both sides, ms: the median of a run, {@link RUNS} runs, after one to warm up. */
export async function compareTurns(turns: Turns, note: Note): Promise<Pair[]> {
  await oneRun(turns);
  const pairs: Pair[] = [];
  for (let run = 0; run < RUNS; run++) {
    const { value, baseline } = await oneRun(turns);
    pairs.push(told(value, baseline, note));
  }
  return pairs;
}

async function oneRun({ value, baseline, times }: Turns): Promise<Pair> {
  const took = { value: [] as number[], baseline: [] as number[] };
  for (let done = 0; done < times; done += BLOCK) {
    await block(value, took.value);
    await block(baseline, took.baseline);
  }
  return { value: median(took.value), baseline: median(took.baseline) };
}

async function block(task: () => Promise<void>, took: number[]): Promise<void> {
  for (let i = 0; i < BLOCK; i++) {
    const from = performance.now();
    await task();
    took.push(performance.now() - from);
  }
}
