import { setTimeout as sleep } from 'node:timers/promises';
import { type StandInApp, standIn } from '../../desktop/parts/stand-in-driver.ts';
import { emptyHome } from '../parts/big-home.ts';
import { MILLION_PEERS, millionHome } from '../parts/million.ts';
import { type Bench, ratioRow, valueRow } from '../report.ts';
import { compare } from '../runs.ts';

const GOAL = 1.5;
const LIMIT_MS = 30_000;
const LOOK_EVERY_MS = 20;
/** A start at login: nobody asked for a window. */
const HIDDEN = '--hidden';

async function trayReady(app: StandInApp): Promise<number> {
  const end = performance.now() + LIMIT_MS;
  for (;;) {
    const took = await app.ask('trayReadyMs');
    if (took !== null) return took;
    if (performance.now() > end) throw new Error(`no tray icon in time:\n${app.output()}`);
    await sleep(LOOK_EVERY_MS);
  }
}

/** From the entry of the main process to an icon with its menu, ms, as the process itself measures. */
async function timeToTray(home: string, peers: number, renderers: number[]): Promise<number> {
  const app = await standIn.start(['--home', home, HIDDEN]);
  try {
    const took = await trayReady(app);
    const { windows, hasBrowser, menu } = await app.look();
    renderers.push(windows.length + (hasBrowser ? 1 : 0));
    const told = menu.some(({ label }) => label.includes('more in the window'));
    if (told !== peers > 0) throw new Error(`the menu does not fit ${peers} peers`);
    await app.clickMenu('Quit Peerage');
    await app.ended;
    return took;
  } finally {
    await app.kill();
  }
}

/** How long the panel is without its icon after a login, with years in the home and with nothing in it. */
export const tray: Bench = {
  name: 'tray',
  what: 'main process to tray ready (stand-in) with 1,000 peers and 1,000,000 messages, against an empty home',
  run: async (note) => {
    const big = await millionHome(note);
    const renderers: number[] = [];
    const value = (): Promise<number> => timeToTray(big, MILLION_PEERS, renderers);
    // Its database is made by the round before the first, so that no run pays for that.
    const empty = emptyHome('tray');
    const baseline = (): Promise<number> => timeToTray(empty, 0, renderers);
    await baseline();
    await value();
    const pairs = await compare({ value, baseline }, note);
    return [
      ratioRow('stand-in: main process to tray ready, ms', pairs, GOAL),
      valueRow(
        'stand-in: windows and renderers before one was asked for',
        [Math.max(...renderers)],
        0,
      ),
    ];
  },
};
