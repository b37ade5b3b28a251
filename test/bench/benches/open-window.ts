import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, chromium } from 'playwright-core';
import { type StandInApp, standIn } from '../../desktop/parts/stand-in-driver.ts';
import { emptyHome, seed } from '../parts/big-home.ts';
import { type Bench, median, ratioRow } from '../report.ts';
import { compare } from '../runs.ts';

const MANY = 1000;
const FEW = 10;
const GOAL = 1.5;
const LIMIT_MS = 30_000;
const LOOK_EVERY_MS = 20;
/** Windows in one run; the run is their median. */
const WINDOWS = 5;

declare global {
  interface Window {
    /** When rows were painted and the filter could take a key: ms since the Unix epoch. */
    benchUsableAt?: number;
  }
}

/** Runs in a page before its own scripts: notes when a person can read the list and type into it. */
function noteUsable(): void {
  const look = (): void => {
    const filter = document.querySelector<HTMLInputElement>('input[placeholder="Filter peers"]');
    const row = document.querySelector('[role="option"]');
    if (!row || !filter || filter.disabled) {
      requestAnimationFrame(look);
      return;
    }
    filter.focus();
    // What comes after the next paint.
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        if (document.activeElement !== filter) throw new Error('the filter takes no focus');
        window.benchUsableAt = performance.timeOrigin + performance.now();
      };
      channel.port2.postMessage(null);
    });
  };
  if (location.protocol !== 'about:') requestAnimationFrame(look);
}

interface Shown {
  readonly app: StandInApp;
  readonly browser: Browser;
  close(): Promise<void>;
}

/** An app whose Chromium runs already: what is measured is the window, not a browser's start. */
async function start(peers: number): Promise<Shown> {
  const home = emptyHome(`open-${peers}`);
  await seed(home, { peers, longThread: 1, shortThread: 0, links: false });
  const app = await standIn.start(['--home', home]);
  await app.page();
  const { port } = await app.look();
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
  await browser.contexts()[0]?.addInitScript(noteUsable);
  const close = async (): Promise<void> => {
    await browser.close();
    await app.kill();
  };
  return { app, browser, close };
}

/** From the click on the tray's icon to a list that can be read and a filter that takes keys, ms. */
async function timeToUsable({ app, browser }: Shown): Promise<number> {
  await app.ask('destroyWindow');
  while ((await app.look()).windows.length > 0) await sleep(LOOK_EVERY_MS);
  const from = performance.timeOrigin + performance.now();
  await app.ask('clickTray');
  const end = performance.now() + LIMIT_MS;
  for (;;) {
    await sleep(LOOK_EVERY_MS);
    for (const page of browser.contexts().flatMap((context) => context.pages())) {
      const at = await page.evaluate(() => window.benchUsableAt ?? null).catch(() => null);
      if (at !== null && at > from) return at - from;
    }
    if (performance.now() > end) throw new Error(`no usable window in time:\n${app.output()}`);
  }
}

async function oneRun(shown: Shown): Promise<number> {
  const took: number[] = [];
  for (let n = 0; n < WINDOWS; n++) took.push(await timeToUsable(shown));
  return median(took);
}

/** A window of many peers opens as one of few does. */
export const openWindow: Bench = {
  name: 'open',
  what: 'window open to usable (stand-in) with 1,000 peers, against 10',
  run: async (note) => {
    const many = await start(MANY);
    const few = await start(FEW);
    try {
      await oneRun(many);
      await oneRun(few);
      const sides = { value: () => oneRun(many), baseline: () => oneRun(few) };
      const pairs = await compare(sides, note);
      return [ratioRow('stand-in: window open to usable with 1,000 peers, ms', pairs, GOAL)];
    } finally {
      await many.close();
      await few.close();
    }
  },
};
