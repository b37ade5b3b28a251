import { type Child, startChild } from '../parts/child.ts';
import type { DayReading, Place } from '../parts/day-entry.ts';
import { type Bench, type Row, valueRow } from '../report.ts';

const PEERS = 50;
const HOURS = 24;
const CYCLE_MINUTES = 10;
const CYCLES = (HOURS * 60) / CYCLE_MINUTES;
const MINUTE_MS = 60_000;
/** Code is compiled and caches are filled in the first cycles; they are no growth. */
const WARM_UP = 24;
const GOAL_BYTES = 1000;
/**
 * The heap is to hold what the app holds: V8 goes on compiling what runs often for hours, and puts its
 * machine code and what it learned of types on the same heap. So it interprets, learns from the first
 * call on, and forgets nothing that it parsed.
 */
const V8_FLAGS = [
  '--expose-gc',
  '--no-flush-bytecode',
  '--no-lazy-feedback-allocation',
  '--no-sparkplug',
  '--no-maglev',
  '--no-opt',
];

/** Theil and Sen's slope: the median over all pairs, so that a single odd reading does not count. */
export function slope(values: readonly number[]): number {
  const slopes: number[] = [];
  for (const [i, from] of values.entries()) {
    for (const [j, to] of values.entries()) if (j > i) slopes.push((to - from) / (j - i));
  }
  slopes.sort((a, b) => a - b);
  return slopes[Math.floor(slopes.length / 2)] ?? Number.NaN;
}

const sumOf = (handles: DayReading['handles']): number =>
  Object.values(handles).reduce((all, count) => all + count, 0);

async function aDay(gateway: Child, app: Child, note: (line: string) => void): Promise<Row[]> {
  const place = (await gateway.next()) as Place;
  await app.ask({ begin: { ...place, peers: PEERS } });
  const readings: DayReading[] = [];
  for (let n = 0; n < WARM_UP + CYCLES; n++) {
    await gateway.ask('cut');
    readings.push((await app.ask({ cycle: CYCLE_MINUTES * MINUTE_MS })) as DayReading);
    if (n % WARM_UP === 0) note(`  cycle ${n}: ${readings.at(-1)?.heap} bytes`);
  }
  const day = readings.slice(WARM_UP);
  const [first, last] = [day[0]?.handles ?? {}, day.at(-1)?.handles ?? {}];
  note(`  handles at the start ${JSON.stringify(first)}, at the end ${JSON.stringify(last)}`);
  const heaps = day.map((reading) => reading.heap);
  return [
    valueRow(
      'a day of 50 peers: heap growth per cycle of churn, bytes',
      [slope(heaps)],
      GOAL_BYTES,
    ),
    valueRow('a day of 50 peers: handles more than at its start', [sumOf(last) - sumOf(first)], 0),
  ];
}

/** Nothing gathers in a process that runs for days. */
export const day: Bench = {
  name: 'day',
  what: 'heap after GC and active handles over 24 simulated hours with 50 peers, each cut off every ten minutes',
  run: async (note) => {
    const gateway = startChild('day-gateway.ts');
    const app = startChild('day-entry.ts', V8_FLAGS);
    try {
      return await aDay(gateway, app, note);
    } finally {
      await app.stop();
      await gateway.stop();
    }
  },
};
