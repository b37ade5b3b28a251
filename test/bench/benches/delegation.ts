import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Role } from '@a2a-js/sdk';
import { ClientFactory } from '@a2a-js/sdk/client';
import type { Page } from 'playwright-core';
import { v7 } from 'uuid';
import type { AppHandle } from '../../journeys/app-handle.ts';
import { startInProcess } from '../../journeys/app-handle.ts';
import { startProcess } from '../../journeys/app-process.ts';
import { type Contact, Person } from '../../journeys/person.ts';
import { listen, meet } from '../../journeys/two-people.ts';
import { ask, withAskers } from '../parts/asking.ts';
import { bareRows } from '../parts/bare-rows.ts';
import { emptyHome } from '../parts/big-home.ts';
import { type Child, startChild } from '../parts/child.ts';
import { launch, openPage } from '../parts/chromium.ts';
import { startWatched } from '../parts/watched.ts';
import { openWindow } from '../parts/window.ts';
import { type Bench, median, type Row, ratioRow, valueRow } from '../report.ts';
import { RUNS } from '../runs.ts';

const GOAL = 2;
const FRAMES = 2;
/** Turns of one run; the run is their median. */
const TURNS = 40;
/** The reception lets one address knock twenty times a second. */
const PAUSE_MS = 60;
const CARDS = 15;
const TEXT = 'Please look at the failing test of the parser and tell me what you find. '.repeat(3);

interface Pair {
  readonly ada: Person;
  readonly bea: Person<AppHandle>;
  readonly peer: Contact;
  stop(): Promise<void>;
}

/** Two whole apps that know each other, the asked one in a process of its own. */
async function twoApps(): Promise<Pair> {
  const place = (name: string) => {
    const home = emptyHome(name);
    return { home, keychain: { kind: 'file', path: join(home, '..', `${name}.json`) } } as const;
  };
  const [here, there] = [place('delegation-a'), place('delegation-b')];
  const ada = new Person(await startInProcess(here), here.keychain, 20_000);
  const bea = new Person(await startProcess(there), there.keychain, 20_000);
  await listen(ada, 'loopback');
  await listen(bea, 'loopback');
  const { peer } = await meet(ada, bea);
  return {
    ada,
    bea,
    peer,
    stop: async () => {
      await ada.app.stop();
      await bea.app.stop();
    },
  };
}

/** From *Send* to the change event of the other app, ms. */
async function overApps({ ada, bea, peer }: Pair): Promise<number> {
  const threadId = await ada.thread(peer);
  const text = `${v7()} ${TEXT}`;
  const arrived = Promise.withResolvers<string>();
  const forget = bea.app.onChange((change) => {
    if (change.type === 'delegation' && change.value?.text === text) arrived.resolve(change.id);
  });
  const from = performance.now();
  const sent = ada.app.call('message.send', { threadId, text, kind: 'message', attachmentIds: [] });
  const id = await arrived.promise;
  const took = performance.now() - from;
  forget();
  await sent;
  // What waits is bounded: it is declined before the next one comes.
  await bea.do('delegation.decline', { delegationId: id as never, reason: '' });
  await sleep(PAUSE_MS);
  return took;
}

/** The same by the SDK alone: one INSERT, one SendMessage, one INSERT. */
function bareTurns(url: string, server: Child) {
  const rows = bareRows(join(emptyHome('bare-a2a-client'), 'bare.db'));
  const client = new ClientFactory().createFromUrl(url);
  return {
    close: () => rows.close(),
    turn: async (): Promise<number> => {
      const asking = await client;
      const text = `${v7()} ${TEXT}`;
      const content = { $case: 'text', value: text } as const;
      const part = { content, metadata: undefined, filename: '', mediaType: '' };
      const message = {
        messageId: v7(),
        contextId: '',
        taskId: '',
        role: Role.ROLE_USER,
        parts: [part],
        metadata: undefined,
        extensions: [],
        referenceTaskIds: [],
      };
      const configuration = {
        acceptedOutputModes: [],
        taskPushNotificationConfig: undefined,
        returnImmediately: true,
      };
      const heard = server.next();
      const from = performance.now();
      rows.insert(message.messageId, text);
      const sent = asking.sendMessage({ tenant: '', message, configuration, metadata: undefined });
      await heard;
      const took = performance.now() - from;
      await sent;
      await sleep(PAUSE_MS);
      return took;
    },
  };
}

type Turn = () => Promise<number>;

/** Turn by turn: what else the machine does then hits both. */
async function oneRun(value: Turn, baseline: Turn) {
  const took = { value: [] as number[], baseline: [] as number[] };
  for (let n = 0; n < TURNS; n++) {
    took.value.push(await value());
    took.baseline.push(await baseline());
  }
  return { value: median(took.value), baseline: median(took.baseline) };
}

/** Five runs, after one to warm up. */
async function compareRuns(value: Turn, baseline: Turn, note: (line: string) => void) {
  await oneRun(value, baseline);
  const pairs = [];
  for (let run = 0; run < RUNS; run++) {
    const pair = await oneRun(value, baseline);
    note(`  ${pair.value.toFixed(2)} against ${pair.baseline.toFixed(2)}`);
    pairs.push(pair);
  }
  return pairs;
}

declare global {
  interface Window {
    /** Frames from the batch that holds a new card to the frame after which it is painted. */
    benchCards: number[];
  }
}

/** Runs in the page before its own scripts: counts the frames between a batch and its card. */
function watchCards(): void {
  window.benchCards = [];
  let frames: number | null = null;
  let before = new Set<string>();
  // A long list mounts only what is in sight, so cards are told apart by their numbers, not counted.
  const shown = (): string[] =>
    [...document.querySelectorAll('article.delegation')].flatMap(
      (card) => /Card \d+\./.exec(card.textContent)?.[0] ?? [],
    );
  const tick = (): void => {
    if (frames !== null) {
      if (shown().some((card) => !before.has(card))) {
        window.benchCards.push(frames);
        frames = null;
      } else frames += 1;
    }
    requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  const Native = window.WebSocket;
  window.WebSocket = class extends Native {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      this.addEventListener('message', (event: MessageEvent<string>) => {
        if (!event.data.includes('"type":"delegation"')) return;
        before = new Set(shown());
        frames = 1;
      });
    }
  };
}

async function cardsOn(page: Page, origin: string, token: string): Promise<number[]> {
  await page.getByRole('button', { name: /^Inbox/ }).click();
  await page.getByRole('heading', { name: 'Inbox' }).waitFor();
  for (let n = 0; n < CARDS; n++) {
    const answer = await ask(origin, token, `Card ${n}. ${TEXT}`);
    if (answer.status !== 200) throw new Error(`HTTP status ${answer.status}`);
    await answer.body?.cancel();
    await page.getByText(`Card ${n}.`).waitFor();
    await sleep(PAUSE_MS);
  }
  return page.evaluate(() => window.benchCards);
}

/** The whole app with its window in a real browser. */
async function paint(note: (line: string) => void): Promise<Row> {
  const home = emptyHome('delegation-card');
  const [token = ''] = await withAskers(home, 1);
  const app = await startWatched(home, emptyHome('delegation-card-secrets'));
  const browser = await launch();
  try {
    const window = await openWindow(app.url);
    const { addresses } = await window.call('reception.configure', { listen: 'loopback', port: 0 });
    await window.call('setup.update', { changes: { open: false } });
    window.close();
    const page = await openPage(browser, app.url, watchCards);
    const frames = await cardsOn(page, addresses[0] ?? '', token);
    note(`  frames to each card: ${frames.join(' ')}`);
    if (frames.length !== CARDS) throw new Error(`${frames.length} of ${CARDS} cards were seen`);
    return valueRow(
      'delegation: frames from the change to its card',
      [Math.max(...frames)],
      FRAMES,
    );
  } finally {
    await browser.close();
    await app.kill();
  }
}

/** Work from one person to another. */
export const delegation: Bench = {
  name: 'delegation',
  what: 'Send to the other app’s change event, against a bare SDK client and server with one INSERT each',
  run: async (note) => {
    const server = startChild('bare-a2a.ts');
    const { url } = (await server.next()) as { url: string };
    const bare = bareTurns(url, server);
    const apps = await twoApps();
    try {
      const pairs = await compareRuns(() => overApps(apps), bare.turn, note);
      return [
        ratioRow('delegation: Send to the other app’s change event, ms', pairs, GOAL),
        await paint(note),
      ];
    } finally {
      bare.close();
      await apps.stop();
      await server.stop();
    }
  },
};
