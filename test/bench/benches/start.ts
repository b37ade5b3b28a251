import { startApp } from '../../ui/parts/app-process.ts';
import { emptyHome } from '../parts/big-home.ts';
import { MILLION_PEERS, millionHome } from '../parts/million.ts';
import { openWindow } from '../parts/window.ts';
import { type Bench, ratioRow } from '../report.ts';
import { compare } from '../runs.ts';

const GOAL = 1.5;

/** From the start of the process to the moment at which a window has read its first snapshot, ms. */
async function timeToSnapshot(home: string, peers: number): Promise<number> {
  const from = performance.now();
  const app = startApp(home);
  try {
    const window = await openWindow(await app.url);
    const took = performance.now() - from;
    window.close();
    const found = window.snapshot.peers.length;
    if (found !== peers) throw new Error(`the snapshot has ${found} peers, not ${peers}`);
    return took;
  } finally {
    await app.stop();
  }
}

/** How long a person waits, with years in the home and with nothing in it. */
export const start: Bench = {
  name: 'start',
  what: 'process start to first snapshot with 1,000 peers and 1,000,000 messages, against an empty home',
  run: async (note) => {
    const big = await millionHome(note);
    const value = (): Promise<number> => timeToSnapshot(big, MILLION_PEERS);
    const baseline = (): Promise<number> => timeToSnapshot(emptyHome('start'), 0);
    await baseline();
    await value();
    const pairs = await compare({ value, baseline }, note);
    return [ratioRow('process start to first snapshot, ms', pairs, GOAL)];
  },
};
