import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appError } from '../../electron/contract/index.ts';
import { ids } from './mock/ids.ts';
import { chromiumPath, launchBrowser, MockApp } from './mock/mock-app.ts';
import { seedThread, weWrote } from './mock/seed-messages.ts';
import { fewWorld, NOW } from './mock/seeds.ts';

const path = chromiumPath();

describe.skipIf(!path)('what the window says of threads and messages', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(path ?? '');
  });
  afterAll(async () => {
    await browser?.close();
  });

  const openPeer = (app: MockApp, name: string) =>
    app.page.getByRole('option', { name: new RegExp(`^${name}`) }).click();

  it('offers to settle an unknown message only once the history could not tell', async () => {
    const world = fewWorld();
    const thread = seedThread(world, 50, ids.peer(4), 'Lost', { lastMessageAt: NOW });
    const sent = weWrote(world, thread, NOW, 'Did it arrive?', { state: 'unknown' });
    const app = await MockApp.open(browser, world);
    await openPeer(app, 'Home server');
    await app.page.getByText('is asked as soon as it is connected').waitFor();
    const again = app.page.getByRole('button', { name: 'Send it again' });
    expect(await again.count()).toBe(0);
    await app.picture('message-unknown');
    await app.page.getByRole('button', { name: 'Decide now' }).click();
    await again.waitFor();
    world.putMessage({ ...sent, error: appError('message.unknown_outcome', 'Not found there.') });
    await app.page.getByText('and nothing can tell', { exact: false }).waitFor();
    await again.waitFor();
    expect(await app.violations()).toEqual([]);
    await app.close();
  });

  it('leads back to archived threads where every thread is archived', async () => {
    const world = fewWorld();
    for (const thread of world.threads.values()) {
      if (thread.peerId === ids.peer(1)) world.changeThread(thread.id, { archived: true });
    }
    const app = await MockApp.open(browser, world);
    await openPeer(app, 'Scout');
    await app.page.getByText('All threads are archived').waitFor();
    await app.page.getByRole('button', { name: 'Archived threads' }).click();
    await app.page.getByRole('menuitem', { name: 'Nightly build' }).click();
    await app.page.getByText('Why is it red?').waitFor();
    expect(app.faults).toEqual([]);
    await app.close();
  });
});
