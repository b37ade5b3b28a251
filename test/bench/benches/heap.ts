import { startChild } from '../parts/child.ts';
import { type Bench, ratioRow, valueRow } from '../report.ts';
import { compare } from '../runs.ts';

const LINKS = 100;
const GOAL = 1.3;

interface Cost {
  readonly heap: number;
  readonly rss: number;
}

/** Each measurement has a process of its own, so that none inherits the other's heap. */
async function costOf(url: string, kind: 'link' | 'client'): Promise<Cost> {
  const child = startChild('heap-entry.ts', ['--expose-gc', '--no-flush-bytecode']);
  try {
    return (await child.ask({ url, kind, count: LINKS })) as Cost;
  } finally {
    await child.stop();
  }
}

/** What one more idle, connected link costs. */
export const heap: Bench = {
  name: 'heap',
  what: 'heap after GC per idle gateway link, against GatewayClient alone, at 100 of them',
  run: async (note) => {
    const gateway = startChild('plain-gateway.ts');
    try {
      const { url } = (await gateway.next()) as { url: string };
      const rss: number[] = [];
      const pairs = await compare(
        {
          value: async () => {
            const cost = await costOf(url, 'link');
            rss.push(cost.rss);
            return cost.heap;
          },
          baseline: async () => (await costOf(url, 'client')).heap,
        },
        note,
      );
      return [
        ratioRow('heap per idle link, bytes', pairs, GOAL),
        valueRow('resident memory per idle link, bytes', rss, null),
      ];
    } finally {
      await gateway.stop();
    }
  },
};
