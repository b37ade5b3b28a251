import * as fs from 'node:fs';
import * as path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Browser, Page } from 'playwright-core';
import { DATABASE_NAME } from '../../../electron/store/migrate.ts';
import { startApp } from '../../ui/parts/app-process.ts';
import { emptyHome, seed, seededPeer, seededThread } from '../parts/big-home.ts';
import { launch, openPage } from '../parts/chromium.ts';
import { type Bench, median, ratioRow } from '../report.ts';
import { compare } from '../runs.ts';

const MANY = 10_000;
const FEW = 100;
const GOAL = 1.5;
/** Openings in one run; the run is their median. */
const OPENINGS = 7;

const BEGAN = 1_770_000_000_000;

/** Half of them asked of us, half by us; one in fifty is open. */
const INCOMING = `
WITH RECURSIVE c (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n + 1 < ?1)
INSERT INTO delegations (id, peer_id, caller, proof, context_id, topic, text, text_bytes, bytes, priority,
  state, received_at, changed_at)
SELECT printf('019c0000-%04x-7000-8001-%012d', n / 65536, n), ?2, 'Peer', '{"kind":"local"}', 'c' || n, 'Topic ' || n,
  'Please look at number ' || n || ' and tell what you find.', 60, 60,
  CASE n % 4 WHEN 0 THEN 'low' WHEN 1 THEN 'high' ELSE 'normal' END,
  CASE WHEN n % 50 = 0 THEN 'in_progress' ELSE 'completed' END, ${BEGAN} + n * 1000, ${BEGAN} + n * 1000 FROM c`;
const MESSAGES = `
WITH RECURSIVE c (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n + 1 < ?1)
INSERT INTO messages (id, thread_id, position, direction, kind, state, run, body, body_bytes, at, queued_at)
SELECT printf('019c0000-%04x-7000-8002-%012d', n / 65536, n), ?2, 100 + n, 'out', 'delegation', 'answered', 'ended',
  '[Delegation] → Topic ' || n, 24, ${BEGAN} + n * 1000, ${BEGAN} + n * 1000 FROM c`;
const OUTGOING = `
INSERT INTO outgoing_delegations (id, thread_id, peer_id, topic, task, priority, state, state_from, current_message,
  sent_at, changed_at)
SELECT id, thread_id, ?1, substr(body, 16), 'Please do it.', 'normal',
  CASE WHEN position % 50 = 0 THEN 'in_progress' ELSE 'completed' END, 'answer', id, at, at
FROM messages WHERE kind = 'delegation'`;

async function homeWith(delegations: number): Promise<string> {
  const home = emptyHome(`board-${delegations}`);
  await seed(home, { peers: 1, longThread: 2, shortThread: 0, links: false });
  const database = new DatabaseSync(path.join(home, DATABASE_NAME));
  database.exec('PRAGMA synchronous = OFF; BEGIN');
  database.prepare(INCOMING).run(delegations / 2, seededPeer(0));
  database.prepare(MESSAGES).run(delegations / 2, seededThread(0));
  database.prepare(OUTGOING).run(seededPeer(0));
  database.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
  return home;
}

interface Shown {
  readonly page: Page;
  close(): Promise<void>;
}

async function start(browser: Browser, delegations: number): Promise<Shown> {
  const home = await homeWith(delegations);
  const app = startApp(home);
  const page = await openPage(browser, await app.url, () => undefined);
  await page.getByRole('button', { name: 'Inbox' }).waitFor();
  const close = async (): Promise<void> => {
    await page.context().close();
    await app.stop();
    fs.rmSync(home, { recursive: true, force: true });
  };
  return { page, close };
}

/** From the click on *Over* to the first card after its paint, ms by the page's own clock. */
async function timeToOpen({ page }: Shown): Promise<number> {
  await page.getByRole('button', { name: 'Inbox' }).click();
  await page.getByRole('radio', { name: 'Over', exact: true }).waitFor();
  const took = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const over = [...document.querySelectorAll<HTMLElement>('[role="radio"]')].find(
          (one) => one.textContent === 'Over',
        );
        const from = performance.now();
        over?.click();
        const look = (): void => {
          if (!document.querySelector('article.delegation')) requestAnimationFrame(look);
          else requestAnimationFrame(() => resolve(performance.now() - from));
        };
        requestAnimationFrame(look);
      }),
  );
  await page.getByRole('button', { name: 'Close the inbox' }).click();
  return took;
}

async function oneRun(shown: Shown): Promise<number> {
  const took: number[] = [];
  for (let n = 0; n < OPENINGS; n++) took.push(await timeToOpen(shown));
  return median(took);
}

/** A board of many opens as one of few does. */
export const board: Bench = {
  name: 'board',
  what: 'the board opens with 10,000 delegations, against 100',
  run: async (note) => {
    const browser = await launch();
    const many = await start(browser, MANY);
    const few = await start(browser, FEW);
    try {
      await oneRun(many);
      await oneRun(few);
      const sides = { value: () => oneRun(many), baseline: () => oneRun(few) };
      const pairs = await compare(sides, note);
      return [ratioRow('board opens with 10,000 delegations, ms', pairs, GOAL)];
    } finally {
      await many.close();
      await few.close();
      await browser.close();
    }
  },
};
