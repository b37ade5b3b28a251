import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import type { PeerId } from '../../../electron/contract/index.ts';
import { wrongRows } from '../parts/answers.ts';
import { emptyHome } from '../parts/big-home.ts';
import { type Child, startChild } from '../parts/child.ts';
import { launch, openPage } from '../parts/chromium.ts';
import { type PageWatch, watchPage } from '../parts/page-watch.ts';
import { type Lateness, startWatched, type WatchedApp } from '../parts/watched.ts';
import { openWindow, type Window } from '../parts/window.ts';
import { type Bench, valueRow } from '../report.ts';

const PER_SECOND = 1000;
const SECONDS = 30;
const EVENTS_PER_ANSWER = 10;
const QUESTIONS = (PER_SECOND * SECONDS) / EVENTS_PER_ANSWER;
/** Each has one question with the peer at a time, and asks the next one once it is answered. */
const THREADS = 30;
const ASK_LIMIT_MS = 60_000;
const CATCH_UP_MS = 30_000;
const NAME = 'Busy peer';

const LONGEST_TASK_MS = 100;
const LATE_P99_MS = 20;
/** Slower than this, it was no thousand a second. */
const LONGEST_S = SECONDS + 1;

/** Adds the peer and writes all the questions; resolves once the first of each thread is over there. */
async function askAll(window: Window, url: string, gateway: Child): Promise<void> {
  const link = {
    kind: 'gateway',
    url,
    credential: { kind: 'none' },
    agentId: null,
    sessionKey: null,
  } as const;
  const { peerId } = await window.call('peer.add', { name: NAME, link });
  await Promise.all(Array.from({ length: THREADS }, (_, n) => askIn(window, peerId, n)));
  const end = Date.now() + ASK_LIMIT_MS;
  for (;;) {
    const { asked } = (await gateway.ask({ asked: true })) as { asked: number };
    if (asked === THREADS) return;
    if (Date.now() > end) throw new Error(`${asked} of ${THREADS} questions arrived`);
    await sleep(200);
  }
}

async function askIn(window: Window, peerId: PeerId, n: number): Promise<void> {
  const title = `Thread ${n}`;
  const where = { peerId, linkId: null, title, agentId: null };
  const { threadId } = await window.call('thread.create', where);
  for (let i = 0; i < QUESTIONS / THREADS; i++) {
    const text = `Question ${i} of ${title}`;
    await window.call('message.send', { threadId, text, kind: 'message', attachmentIds: [] });
  }
}

interface Heard {
  readonly late: Lateness;
  readonly page: PageWatch;
  /** How long the events took, s. */
  readonly seconds: number;
}

/** Everything is answered, with a window on one of the threads. */
async function answerAll(
  app: WatchedApp,
  gateway: Child,
  browser: Browser,
  note: (line: string) => void,
): Promise<Heard> {
  const page = await openPage(browser, app.url, watchPage);
  await page.getByRole('option', { name: NAME }).click();
  await page.locator('.messages__scroll').waitFor();
  await sleep(1000);
  await page.evaluate(() => {
    Object.assign(window.benchWatch, { batches: 0, mostInFrame: 0, frames: 0, longestTask: 0 });
  });
  await app.late('reset');
  const start = { perSecond: PER_SECOND, events: PER_SECOND * SECONDS };
  const { sent, took } = (await gateway.ask({ start })) as { sent: number; took: number };
  const late = await app.late('read');
  await app.kill();
  const heard = await page.evaluate(() => ({ ...window.benchWatch }));
  note(`  ${sent} events in ${(took / 1000).toFixed(1)} s`);
  note(`  event loop late by p99 ${late.p99.toFixed(1)} ms, at most ${late.max.toFixed(1)} ms`);
  note(`  ${heard.batches} batches, ${heard.frames} frames, longest task ${heard.longestTask} ms`);
  return { late, page: heard, seconds: took / 1000 };
}

/** A peer that talks without a pause. */
export const load: Bench = {
  name: 'load',
  what: '1,000 incoming events a second for 30 s, through the app to a window, and kill -9 at the end',
  run: async (note) => {
    const home = emptyHome('load');
    const secrets = emptyHome('load-secrets');
    const gateway = startChild('load-gateway.ts');
    const { url } = (await gateway.next()) as { url: string };
    const browser = await launch();
    let app = await startWatched(home, secrets);
    try {
      const asking = await openWindow(app.url);
      await askAll(asking, url, gateway);
      asking.close();
      const { late, page, seconds } = await answerAll(app, gateway, browser, note);
      const atOnce = await wrongRows(home, 0);
      app = await startWatched(home, secrets);
      const wrong = await wrongRows(home, CATCH_UP_MS);
      note(`  at the kill ${atOnce} answers were not on the disk; ${wrong} after the next start`);
      return [
        valueRow('load: time for 30,000 events, s', [seconds], LONGEST_S),
        valueRow('load: rows missing or doubled after kill -9', [wrong], 0),
        valueRow('load: batches to the window in one frame', [page.mostInFrame], 1),
        valueRow('load: longest task in the window, ms', [page.longestTask], LONGEST_TASK_MS),
        valueRow('load: event-loop delay p99, ms', [late.p99], LATE_P99_MS),
      ];
    } finally {
      await browser.close();
      await app.kill();
      await gateway.stop();
    }
  },
};
