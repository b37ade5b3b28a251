/**
 * Entry of a process with `--expose-gc --no-flush-bytecode`: holds idle connections and says what each costs. Asked once
 * `{url, kind, count}`, answers `{heap, rss}` in bytes per connection.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { connectedClient } from './bare-client.ts';
import { benchDevice, connectedLink } from './links.ts';

interface Order {
  readonly url: string;
  readonly kind: 'link' | 'client';
  readonly count: number;
}

type Held = Awaited<ReturnType<typeof connectedLink>> | Awaited<ReturnType<typeof connectedClient>>;

async function settledHeap(): Promise<{ heap: number; rss: number }> {
  for (let i = 0; i < 6; i++) {
    await sleep(50);
    globalThis.gc?.();
  }
  const { heapUsed, rss } = process.memoryUsage();
  return { heap: heapUsed, rss };
}

async function measure({ url, kind, count }: Order): Promise<{ heap: number; rss: number }> {
  const device = benchDevice();
  const connect = async (): Promise<Held[]> => {
    const held: Held[] = [];
    for (let i = 0; i < count; i++) {
      const one = kind === 'link' ? connectedLink(url, device) : connectedClient(url, device);
      held.push(await one);
    }
    return held;
  };
  // A first round loads and compiles what all connections share; it is none of their own cost.
  for (const one of await connect()) await one.stop();
  const before = await settledHeap();
  const held = await connect();
  const after = await settledHeap();
  if (held.length !== count) throw new Error('a connection is missing');
  return { heap: (after.heap - before.heap) / count, rss: (after.rss - before.rss) / count };
}

process.once('message', (order) => {
  void measure(order as Order).then((cost) => process.send?.(cost, () => process.exit()));
});
