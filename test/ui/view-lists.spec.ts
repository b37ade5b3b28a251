import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ids } from './mock/ids.ts';
import { chromiumPath, launchBrowser, MockApp } from './mock/mock-app.ts';
import { theyWrote } from './mock/seed-messages.ts';
import { fewWorld, fullWorld, NOW } from './mock/seeds.ts';

const path = chromiumPath();

describe.skipIf(!path)('lists', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(path ?? '');
  });
  afterAll(async () => {
    await browser?.close();
  });

  const mounted = (app: MockApp) => app.page.getByRole('option').count();

  it('keeps at most 60 of 10,000 peers in the page, wherever one scrolls', async () => {
    const app = await MockApp.open(browser, fullWorld(), { height: 1_400 });
    await app.page.getByRole('option').first().waitFor();
    expect(await mounted(app)).toBeLessThanOrEqual(60);
    const list = app.page.getByRole('listbox', { name: 'Peers' });
    await list.focus();
    for (const key of ['End', 'PageUp', 'PageUp', 'Home', 'PageDown']) {
      await app.page.keyboard.press(key);
      await app.page.waitForTimeout(30);
      expect(await mounted(app)).toBeLessThanOrEqual(60);
    }
    await app.page.getByLabel('Filter peers').fill('agent 0999');
    await expect.poll(() => mounted(app)).toBe(10);
    await app.close();
  });

  it('says what was said last to or by a peer that is up, and of any other how it is', async () => {
    const app = await MockApp.open(browser, fewWorld());
    const option = (name: RegExp) => app.page.getByRole('option', { name });
    await option(/^Marta.*Up: The slides are done\. Two charts/).waitFor();
    await option(/^Scout.*Working: Thanks\. And please write/).waitFor();
    app.world.changePeer(ids.peer(1), {
      running: false,
      preview: '## Done: `ci` is **green**, see | the | log | |---|',
    });
    await option(/^Scout.*Up: Done: ci is green, see the log 18 ms$/).waitFor();
    app.world.changePeer(ids.peer(1), { status: 'down', statusText: 'No answer' });
    await option(/^Scout.*No answer/).waitFor();
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it('keeps focus and place when rows change around them', async () => {
    const app = await MockApp.open(browser, fewWorld());
    const list = app.page.getByRole('listbox', { name: 'Peers' });
    await list.focus();
    for (let step = 0; step < 4; step++) await app.page.keyboard.press('ArrowDown');
    const active = await list.getAttribute('aria-activedescendant');
    expect(active).toContain(ids.peer(1));
    app.world.changePeer(ids.peer(4), { status: 'needs_you', statusText: 'Needs approval' });
    app.world.changePeer(ids.peer(1), { latencyMs: 99 });
    await app.page.getByText('99 ms').waitFor();
    expect(await list.getAttribute('aria-activedescendant')).toBe(active);
    expect(await list.evaluate((element) => element === document.activeElement)).toBe(true);
    await app.close();
  });

  it('moves nothing in the list because a number or a word changed', async () => {
    const app = await MockApp.open(browser, fewWorld());
    const boxes = () =>
      app.page
        .getByRole('option')
        .evaluateAll((all) => all.map((one) => JSON.stringify(one.getBoundingClientRect())));
    const before = await boxes();
    app.world.changePeer(ids.peer(1), { latencyMs: 1_234, unread: 12, running: true, waiting: 3 });
    await app.page.getByText('Working').nth(1).waitFor();
    expect(await boxes()).toEqual(before);
    await app.close();
  });

  it('loads older pages as one scrolls up, and stays at what one reads', async () => {
    const app = await MockApp.open(browser, fullWorld(20));
    await app.page.getByRole('option', { name: /^Agent 00001/ }).click();
    await app.page.getByText('Message 1000.').waitFor();
    expect(await app.page.getByRole('article').count()).toBeLessThanOrEqual(60);
    const scroller = app.page.locator('.messages__scroll');
    for (let step = 0; step < 8; step++) {
      await scroller.evaluate((element) => element.scrollBy(0, -1_500));
      await app.page.waitForTimeout(50);
    }
    const pages = () => app.session.called.filter((call) => call.name === 'thread.page');
    await expect.poll(() => pages().length).toBeGreaterThanOrEqual(1);
    const read = app.page.getByRole('article').nth(8);
    const text = await read.textContent();
    const top = async () =>
      (
        await app.page
          .getByRole('article')
          .filter({ hasText: text ?? '' })
          .first()
          .boundingBox()
      )?.y;
    const before = await top();
    theyWrote(app.world, ids.thread(1), NOW, 'Scout', 'One more at the end');
    await app.page.waitForTimeout(100);
    expect(await top()).toBe(before);
    await app.page.getByRole('button', { name: /Newest|New messages/ }).click();
    await app.page.getByText('One more at the end').waitFor();
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it('asks for a snapshot after a gap in the numbers, and goes on', async () => {
    const app = await MockApp.open(browser, fewWorld());
    app.session.skipNumber();
    app.world.changePeer(ids.peer(4), { statusText: 'After the gap' });
    await app.page.getByText('After the gap').waitFor();
    app.world.changePeer(ids.peer(4), { statusText: 'And on' });
    await app.page.getByText('And on').waitFor();
    await app.close();
  });
});
