import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ids } from './mock/ids.ts';
import { chromiumPath, launchBrowser, MockApp } from './mock/mock-app.ts';
import { brokenWorld } from './mock/seed-broken.ts';
import { seedLongThread, seedThread, theyWrote, weWrote } from './mock/seed-messages.ts';
import { fewWorld, NOW } from './mock/seeds.ts';

const path = chromiumPath();

describe.skipIf(!path)('a thread', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(path ?? '');
  });
  afterAll(async () => {
    await browser?.close();
  });

  const openPeer = (app: MockApp, name: string) =>
    app.page.getByRole('option', { name: new RegExp(`^${name}`) }).click();

  it('shows what a peer wrote as text: no element of theirs, no picture, no script', async () => {
    const app = await MockApp.open(browser, brokenWorld());
    await openPeer(app, 'Bastion');
    const theirs = app.page.locator('.markdown').last();
    await theirs.getByText('Picture not loaded').waitFor();
    expect(await theirs.textContent()).toContain('<script>alert(1)</script> <b>not bold</b>');
    expect(await theirs.locator('img, script, b, iframe, a').count()).toBe(0);
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it('opens a link only after its target was shown', async () => {
    const app = await MockApp.open(browser, fewWorld());
    await openPeer(app, 'Scout');
    await app.page.getByRole('link', { name: 'ci.example.org' }).click();
    const dialog = app.page.getByRole('dialog');
    await dialog.getByText('https://ci.example.org/run/4821').waitFor();
    await app.page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(app.page.context().pages()).toHaveLength(1);
    await app.close();
  });

  it('stays at the end while an answer grows, and lets one read above it in peace', async () => {
    const world = fewWorld();
    const thread = seedThread(world, 40, ids.peer(4), 'Long', { lastMessageAt: NOW });
    seedLongThread(world, thread, 60);
    const app = await MockApp.open(browser, world);
    await openPeer(app, 'Home server');
    const scroller = app.page.locator('.messages__scroll');
    const fromEnd = () =>
      scroller.evaluate((one) => one.scrollHeight - one.scrollTop - one.clientHeight);
    await expect.poll(fromEnd).toBeLessThan(2);
    let reply = theyWrote(world, thread, NOW, 'Home server', 'It begins. ', { state: 'streaming' });
    for (let piece = 0; piece < 12; piece++) {
      reply = { ...reply, ...world.append(reply, 'A few more words of it. '.repeat(6)) } as never;
      await app.page.waitForTimeout(20);
    }
    // All of it is painted: what comes between a scroll and its event belongs to what was before it.
    const words = () => scroller.getByText('A few more words of it.').last().textContent();
    await expect.poll(async () => (await words())?.match(/A few/g)?.length).toBe(72);
    await expect.poll(fromEnd).toBeLessThan(2);
    await scroller.evaluate((one) => one.scrollBy(0, -900));
    await app.page.getByRole('button', { name: 'Newest' }).waitFor();
    const place = () => scroller.evaluate((one) => one.scrollTop);
    const before = await place();
    for (let piece = 0; piece < 6; piece++) {
      reply = { ...reply, ...world.append(reply, 'And more below. '.repeat(8)) } as never;
      await app.page.waitForTimeout(20);
    }
    expect(await place()).toBe(before);
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it('moves nothing while a message climbs from queued to answered', async () => {
    const world = fewWorld();
    const thread = seedThread(world, 41, ids.peer(4), 'Short', { lastMessageAt: NOW });
    const sent = weWrote(world, thread, NOW, 'One', { state: 'queued' });
    weWrote(world, thread, NOW, 'Two', { state: 'queued' });
    const app = await MockApp.open(browser, world);
    await openPeer(app, 'Home server');
    await app.page.getByText('Two', { exact: true }).waitFor();
    const boxes = () =>
      app.page
        .locator('article, .mine__bubble, .composer__box')
        .evaluateAll((all) => all.map((one) => JSON.stringify(one.getBoundingClientRect())));
    const before = await boxes();
    for (const [state, word] of [
      ['sending', 'Sending'],
      ['sent', 'Sent'],
      ['delivered', 'Delivered, working on it'],
      ['answered', 'Answered'],
    ] as const) {
      world.putMessage({ ...sent, state, running: state === 'delivered' });
      await app.page.getByText(word, { exact: true }).waitFor();
      expect(await boxes()).toEqual(before);
    }
    await app.close();
  });

  it('takes pasted files with a preview and their progress, and sends them', async () => {
    const app = await MockApp.open(browser, fewWorld());
    await openPeer(app, 'Scout');
    await app.page.getByText('Answered').first().waitFor();
    const [chooser] = await Promise.all([
      app.page.waitForEvent('filechooser'),
      app.page.getByRole('button', { name: 'Attach files' }).click(),
    ]);
    await chooser.setFiles([
      { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.alloc(700_000, 'a') },
      { name: 'dot.png', mimeType: 'image/png', buffer: PIXEL },
    ]);
    await app.page.getByText('700.0 kB', { exact: true }).waitFor();
    expect(await app.page.locator('img.upload__preview').count()).toBe(1);
    await app.page.getByRole('button', { name: 'Remove dot.png' }).click();
    await app.page.getByRole('button', { name: 'Send', exact: true }).click();
    await app.page.locator('.upload').waitFor({ state: 'detached' });
    const send = app.session.called.find((call) => call.name === 'message.send');
    expect(send?.input).toMatchObject({ attachmentIds: [expect.any(String)] });
    const pieces = app.session.called.filter((call) => call.name === 'attachment.append');
    expect(pieces.length).toBeGreaterThanOrEqual(4);
    expect(app.faults).toEqual([]);
    await app.close();
  });
});

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
  'base64',
);
