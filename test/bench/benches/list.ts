import type { Page } from 'playwright-core';
import { type AppProcess, startApp } from '../../ui/parts/app-process.ts';
import { emptyHome, seed } from '../parts/big-home.ts';
import { launch, openPage } from '../parts/chromium.ts';
import { type Bench, median, ratioRow, valueRow } from '../report.ts';
import { compare } from '../runs.ts';

const MANY = 10_000;
const FEW = 100;
const MOST_ROWS = 60;
const GOAL = 1.5;
/** Each leaves some of the peers in the list. */
const TYPED = ['oslo', 'team', 'peer 000', 'turin', 'berlin'];

declare global {
  interface Window {
    /** From a key to the paint after it, ms. */
    benchTyped: number[];
  }
}

/** Runs in the page: every key is timed from its event to what comes after the next paint. */
function timeKeys(): void {
  window.benchTyped = [];
  const onKey = (event: KeyboardEvent): void => {
    requestAnimationFrame(() => {
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        window.benchTyped.push(performance.now() - event.timeStamp);
      };
      channel.port2.postMessage(null);
    });
  };
  document.addEventListener('keydown', onKey, true);
}

interface Shown {
  readonly app: AppProcess;
  readonly page: Page;
  close(): Promise<void>;
}

async function show(peers: number): Promise<Shown> {
  const home = emptyHome(`list-${peers}`);
  await seed(home, { peers, longThread: 1, shortThread: 0, links: false });
  const app = startApp(home);
  const browser = await launch();
  const page = await openPage(browser, await app.url, timeKeys);
  await page.getByRole('option').first().waitFor();
  const close = async (): Promise<void> => {
    await browser.close();
    await app.stop();
  };
  return { app, page, close };
}

/** Types each text, letter by letter, and clears it again. */
async function typing(page: Page): Promise<number> {
  const field = page.getByLabel('Filter peers');
  await page.evaluate(() => {
    window.benchTyped = [];
  });
  for (const text of TYPED) {
    await field.focus();
    await field.pressSequentially(text, { delay: 40 });
    const first = await page.getByRole('option').first().textContent();
    if (!first?.toLowerCase().includes(text)) throw new Error(`"${text}" shows ${first}`);
    await page.keyboard.press('Escape');
  }
  return median(await page.evaluate(() => window.benchTyped));
}

/** The most rows in the page, from top to bottom of the list. */
async function rowsMounted(page: Page): Promise<number> {
  const rows: number[] = [];
  const list = page.getByRole('listbox', { name: 'Peers' });
  await list.focus();
  for (const key of ['Home', 'PageDown', 'PageDown', 'End', 'PageUp', 'Home']) {
    await page.keyboard.press(key);
    await page.waitForTimeout(60);
    rows.push(await page.getByRole('option').count());
  }
  return Math.max(...rows);
}

/** A long list costs what a short one costs. */
export const list: Bench = {
  name: 'list',
  what: '10,000 peers in the list: rows in the page; typing in the filter to paint, against 100 peers',
  run: async (note) => {
    const many = await show(MANY);
    const few = await show(FEW);
    try {
      const rows = await rowsMounted(many.page);
      await typing(many.page);
      await typing(few.page);
      const sides = { value: () => typing(many.page), baseline: () => typing(few.page) };
      const pairs = await compare(sides, note);
      return [
        valueRow('rows mounted of 10,000 peers', [rows], MOST_ROWS),
        ratioRow('filter key to paint with 10,000 peers, ms', pairs, GOAL),
      ];
    } finally {
      await many.close();
      await few.close();
    }
  },
};
