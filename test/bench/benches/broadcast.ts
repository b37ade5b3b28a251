import { startChild } from '../parts/child.ts';
import { type Bench, median, type Row, ratioRow, valueRow } from '../report.ts';
import { compare } from '../runs.ts';

const GATEWAYS = 1_000;
const GOAL = 1.5;
/** Of the heap before the first measured broadcast, after the last. */
const HEAP_GOAL = 1.1;

/** One text to a thousand gateways, all of them connected before, until every one acknowledged it. */
export const broadcast: Bench = {
  name: 'broadcast',
  what: 'one text to 1,000 gateways, against 1,000 rows in one commit and a bare ws loop to all',
  run: async (note): Promise<Row[]> => {
    const gateways = startChild('many-gateways.ts');
    const app = startChild('broadcast-entry.ts', ['--expose-gc']);
    try {
      await gateways.next();
      const { urls } = (await gateways.ask({ count: GATEWAYS })) as { urls: string[] };
      await app.ask({ connect: urls });
      const settled = async (): Promise<number> => {
        const answer = gateways.ask('answer');
        await answer;
        return ((await app.ask('settle')) as { heap: number }).heap;
      };
      const measured = async (order: 'ours' | 'bare'): Promise<number> => {
        const { took, cpu } = (await app.ask(order)) as { took: number; cpu: number };
        processor[order].push(cpu);
        return took;
      };
      const ours = async (): Promise<number> => {
        const took = await measured('ours');
        heaps.push(await settled());
        return took;
      };
      const bare = (): Promise<number> => measured('bare');
      const heaps: number[] = [];
      const processor = { ours: [] as number[], bare: [] as number[] };
      // The first one makes the threads, and loads what all of them share.
      await ours();
      await bare();
      const [before = Number.NaN] = heaps;
      const pairs = await compare({ value: ours, baseline: bare }, note);
      const after = heaps.at(-1) ?? Number.NaN;
      const busy = processor.ours.slice(1).map((value, n) => {
        return { value, baseline: processor.bare[n + 1] ?? Number.NaN };
      });
      note(`  heap ${heaps.map((one) => (one / 1e6).toFixed(1)).join(', ')} MB`);
      return [
        ratioRow('a broadcast to 1,000 acknowledged, ms', pairs, GOAL),
        ratioRow('the same in processor time of the sending process, ms', busy, null),
        valueRow(
          'heap after five broadcasts, against before',
          [median([after / before])],
          HEAP_GOAL,
        ),
      ];
    } finally {
      await app.stop();
      await gateways.stop();
    }
  },
};
