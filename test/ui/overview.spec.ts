import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ids } from './mock/ids.ts';
import { chromiumPath, launchBrowser, MockApp, type MockOptions } from './mock/mock-app.ts';
import { emptyWorld, fewWorld, fullWorld } from './mock/seeds.ts';

const path = chromiumPath();

const looks: Readonly<Record<string, MockOptions>> = {
  light: {},
  dark: { dark: true },
  'zoomed to 150 %': { width: 853, height: 533, scale: 1.5 },
};

describe.skipIf(!path)('the overview, where no peer is open', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(path ?? '');
  });
  afterAll(async () => {
    await browser?.close();
  });

  const overview = (app: MockApp) => app.page.locator('.overview');
  const row = (app: MockApp, name: RegExp) => overview(app).getByRole('button', { name });

  it.each(Object.entries(looks))('holds against axe (%s)', async (name, options) => {
    const world = fewWorld();
    world.app = { ...world.app, reception: { ...world.app.reception, waiting: 2 } };
    const app = await MockApp.open(browser, world, options);
    await row(app, /^2 pieces of work/).waitFor();
    await app.picture(`overview-${name.split(' ')[0]}`);
    expect(await app.violations()).toEqual([]);
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it('leads to what needs the person, and its heading back', async () => {
    const app = await MockApp.open(browser, fewWorld());
    await row(app, /^Jonas/).click();
    await app.page.getByRole('heading', { name: 'Jonas' }).waitFor();
    await app.page.getByRole('button', { name: 'Peerage' }).click();
    await row(app, /^Marta’s laptop The slides are done/).click();
    await app.page.getByRole('heading', { name: 'Marta’s laptop' }).waitFor();
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it('follows what changes', async () => {
    const app = await MockApp.open(browser, fewWorld());
    await row(app, /^Scout Working: Thanks/).waitFor();
    app.world.changePeer(ids.peer(1), { running: false, unread: 1, preview: '**Done.**' });
    await row(app, /^Scout Done\. 1 unread/).waitFor();
    app.world.changePeer(ids.peer(5), { status: 'up', statusText: 'Up' });
    await row(app, /^Jonas/).waitFor({ state: 'detached' });
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it('says so where nothing waits, and stands back where there is no peer', async () => {
    const quiet = await MockApp.open(browser, fullWorld(3));
    await quiet.page.getByText('Nothing waits for you').waitFor();
    expect(await quiet.violations()).toEqual([]);
    await quiet.close();
    const empty = await MockApp.open(browser, emptyWorld());
    await empty.page.getByText('Welcome to Peerage').waitFor();
    expect(await overview(empty).count()).toBe(0);
    await empty.close();
  });
});
