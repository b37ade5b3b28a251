import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appError } from '../../electron/contract/index.ts';
import { ids } from './mock/ids.ts';
import { chromiumPath, launchBrowser, MockApp } from './mock/mock-app.ts';
import { seedThread, theyWrote, weWrote } from './mock/seed-messages.ts';
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

  it('says of a peer without a link that nothing can be sent to it, and how it gets one', async () => {
    const world = fewWorld();
    const peerId = ids.peer(4);
    const detail = world.details.get(peerId);
    if (!detail) throw new Error('the seeds have no such peer');
    world.details.set(peerId, { ...detail, links: [], firstUseAcknowledged: false });
    for (const [id, thread] of world.threads)
      if (thread.peerId === peerId) world.threads.delete(id);
    const app = await MockApp.open(browser, world);
    await openPeer(app, 'Home server');
    await app.page.getByRole('heading', { name: 'No link leads to this peer' }).waitFor();
    expect(await app.page.getByText('goes out when the peer can be reached').count()).toBe(0);
    expect(await app.page.getByText(/^What you send runs as/).count()).toBe(0);
    await app.picture('peer-without-link');
    expect(await app.violations()).toEqual([]);
    await app.page.getByRole('button', { name: 'Exchange an invite' }).click();
    await app.page.getByRole('heading', { name: 'Which peer?' }).waitFor();
    expect(app.faults).toEqual([]);
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

  it('lets a new thread choose among several links, and says what a queued message waits for', async () => {
    const world = fewWorld();
    const detail = world.details.get(ids.peer(4));
    const first = detail?.links[0];
    if (!detail || !first) throw new Error('no such peer');
    const down = {
      ...first,
      state: {
        kind: 'offline' as const,
        cause: 'refused' as const,
        detail: '',
        since: NOW,
        retryAt: null,
      },
    };
    const up = { ...first, id: ids.link(90), url: 'wss://second.tail41c2.ts.net' };
    world.putDetail({ ...detail, links: [down, up] });
    const thread = seedThread(world, 52, ids.peer(4), 'Over the first', {
      lastMessageAt: NOW,
      linkId: down.id,
    });
    weWrote(world, thread, NOW, 'One', { state: 'delivered', running: true });
    weWrote(world, thread, NOW, 'Two', { state: 'queued', nextAttemptAt: NOW + 5_000 });
    const app = await MockApp.open(browser, world);
    await openPeer(app, 'Home server');
    await app.page
      .getByText('Queued, waits for home-server.tail41c2.ts.net: Offline', { exact: true })
      .waitFor();
    await app.page.getByText('Delivered; last heard working on it', { exact: true }).waitFor();
    await app.page.getByText('home-server.tail41c2.ts.net: Offline', { exact: true }).waitFor();
    await app.page.getByRole('button', { name: 'New thread' }).click();
    const choices = app.page.getByRole('menuitem');
    expect(await choices.first().textContent()).toBe('second.tail41c2.ts.netUp');
    await app.picture('thread-links');
    expect(await app.violations()).toEqual([]);
    await choices.first().click();
    await app.page.getByText('second.tail41c2.ts.net: Up', { exact: true }).waitFor();
    const made = app.session.called.find((call) => call.name === 'thread.create');
    expect(made?.input).toMatchObject({ linkId: up.id });
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it('copies all of a long message, on every row of a group, and writes one again', async () => {
    const world = fewWorld();
    const thread = seedThread(world, 53, ids.peer(4), 'Long', { lastMessageAt: NOW });
    weWrote(world, thread, NOW - 9_000, 'Please look.', {
      state: 'delivered',
      error: appError('message.no_answer', 'The run was cut short.'),
    });
    theyWrote(world, thread, NOW - 8_000, 'Home', 'The first row.');
    theyWrote(world, thread, NOW - 7_000, 'Home', 'The beginning.', { truncated: true });
    const app = await MockApp.open(browser, world);
    await openPeer(app, 'Home server');
    const row = app.page.getByRole('article').last();
    await row.hover();
    await app.picture('message-actions');
    await row.getByRole('button', { name: 'Copy message' }).click();
    await app.page.getByText('Copied', { exact: true }).waitFor();
    expect(await app.page.evaluate(() => navigator.clipboard.readText())).toBe(
      'The beginning. And this is the rest.',
    );
    const field = app.page.getByRole('textbox', { name: 'Message to Home server' });
    await app.page.getByRole('button', { name: 'Write it again' }).click();
    expect(await field.inputValue()).toBe('Please look.');
    expect(await field.evaluate((one) => one === document.activeElement)).toBe(true);
    expect(await app.violations()).toEqual([]);
    expect(app.faults).toEqual([]);
    await app.close();
  });
});
