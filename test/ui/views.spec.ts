import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launchBrowser, MockApp, type MockOptions } from './mock/mock-app.ts';
import { brokenWorld } from './mock/seed-broken.ts';
import { emptyWorld, fewWorld, fullWorld } from './mock/seeds.ts';
import type { World } from './mock/world.ts';

const path = chromiumPath();
if (!path && process.env.PEERAGE_REQUIRE?.split(',').includes('chromium')) {
  throw new Error('chromium is required and is not here');
}

const peer = (app: MockApp, name: string): Locator =>
  app.page.getByRole('option', { name: new RegExp(`^${name}`) });
const button = (app: MockApp, name: string | RegExp): Locator =>
  app.page.getByRole('button', { name, exact: true });

describe.skipIf(!path)('the window over a mock app', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(path ?? '');
  });
  afterAll(async () => {
    await browser?.close();
  });

  interface View {
    readonly name: string;
    readonly world: () => World;
    readonly options?: MockOptions;
    readonly go?: (app: MockApp) => Promise<void>;
  }

  const openScout = async (app: MockApp) => {
    await peer(app, 'Scout').click();
    await app.page.locator('.markdown').first().waitFor();
  };
  const connectTo = (url: string, then: string) => async (app: MockApp) => {
    await app.page.keyboard.press('Control+n');
    await app.page.getByLabel('Address').fill(url);
    await app.page.getByLabel('Token', { exact: true }).fill('a-token');
    await button(app, 'Check').click();
    await app.page.getByText(then).first().waitFor();
  };

  const views: readonly View[] = [
    { name: 'welcome', world: emptyWorld },
    { name: 'welcome-narrow-dark', world: emptyWorld, options: { width: 400, dark: true } },
    { name: 'thread', world: fewWorld, go: openScout },
    { name: 'thread-dark', world: fewWorld, options: { dark: true }, go: openScout },
    { name: 'thread-contrast', world: fewWorld, options: { contrast: 'more' }, go: openScout },
    {
      name: 'thread-contrast-dark',
      world: fewWorld,
      options: { contrast: 'more', dark: true },
      go: openScout,
    },
    { name: 'list-narrow', world: fewWorld, options: { width: 400 } },
    { name: 'thread-narrow', world: fewWorld, options: { width: 400 }, go: openScout },
    {
      name: 'details-narrow',
      world: fewWorld,
      options: { width: 400 },
      go: async (app) => {
        await peer(app, 'Old tower').click();
        await button(app, 'Show details').click();
        await app.page.getByText('Refused at once').first().waitFor();
      },
    },
    {
      name: 'details-drawer',
      world: fewWorld,
      options: { width: 900 },
      go: async (app) => {
        await peer(app, 'Jonas').click();
        await button(app, 'Show details').click();
        await app.page.getByRole('dialog').waitFor();
      },
    },
    {
      name: 'thread-4k',
      world: fewWorld,
      options: { width: 1920, height: 1080, scale: 2 },
      go: openScout,
    },
    { name: 'full', world: () => fullWorld(), go: (app) => peer(app, 'Agent 00501').waitFor() },
    {
      name: 'broken',
      world: brokenWorld,
      options: { width: 1440, height: 900 },
      go: async (app) => {
        await peer(app, 'Bastion').click();
        await app.page.locator('.markdown').first().waitFor();
      },
    },
    {
      name: 'broken-dark',
      world: brokenWorld,
      options: { dark: true },
      go: (app) => peer(app, 'Vault').click(),
    },
    { name: 'connect', world: emptyWorld, go: (app) => button(app, /^Connect a peer/).click() },
    { name: 'connect-found', world: fewWorld, go: connectTo('tower.ts.net', 'Connected in') },
    {
      name: 'connect-approval-dark',
      world: fewWorld,
      options: { dark: true },
      go: connectTo('approval.ts.net', 'openclaw devices approve'),
    },
    {
      name: 'connect-refused',
      world: fewWorld,
      go: connectTo('refused.ts.net', 'Nothing listens'),
    },
    { name: 'connect-token', world: fewWorld, go: connectTo('token.ts.net', 'refused the token') },
    {
      name: 'own-gateway',
      world: emptyWorld,
      go: (app) => button(app, /^Use my own gateway/).click(),
    },
    {
      name: 'trust',
      world: brokenWorld,
      go: async (app) => {
        await peer(app, 'Bastion').click();
        await button(app, 'Compare').click();
        await app.page.getByText('Seen now').waitFor();
      },
    },
    { name: 'palette', world: fewWorld, go: (app) => app.page.keyboard.press('Control+k') },
    {
      name: 'search',
      world: fewWorld,
      go: async (app) => {
        await app.page.keyboard.press('Control+f');
        await app.page.getByLabel('Search all messages').fill('build');
        await app.page.locator('.hit').first().waitFor();
      },
    },
    { name: 'notices', world: fewWorld, go: (app) => button(app, /^Notices/).click() },
    { name: 'keys', world: fewWorld, go: (app) => app.page.keyboard.press('?') },
    {
      name: 'edit-peer',
      world: fewWorld,
      go: async (app) => {
        await peer(app, 'Scout').click();
        await button(app, 'Edit').click();
      },
    },
    {
      name: 'remove-peer',
      world: fewWorld,
      go: async (app) => {
        await peer(app, 'Scout').click();
        await button(app, 'More about this peer').click();
        await app.page.getByRole('menuitem', { name: 'Remove', exact: true }).click();
      },
    },
  ];

  it.concurrent.each(views)(
    '$name holds against axe, the contract and the policy',
    async (view) => {
      const app = await MockApp.open(browser, view.world(), view.options);
      await view.go?.(app);
      await app.page.waitForTimeout(60);
      await app.picture(view.name);
      expect(await app.violations()).toEqual([]);
      expect(app.faults).toEqual([]);
      await app.close();
    },
  );

  it('settings hold against axe, each page of them', async () => {
    const app = await MockApp.open(browser, fewWorld());
    await app.page.keyboard.press('Control+,');
    for (const title of ['Look', 'Messages', 'Notices', 'Secrets', 'About']) {
      await app.page.getByRole('tab', { name: title }).click();
      await app.picture(`settings-${title.toLowerCase()}`);
      expect(await app.violations()).toEqual([]);
    }
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it('shows no bar to scroll sideways, at 400 px and at 200 % zoom of a small window', async () => {
    for (const width of [400, 640]) {
      const app = await MockApp.open(browser, brokenWorld(), { width, height: 500 });
      const wider = await app.page.evaluate(
        () => document.documentElement.scrollWidth > window.innerWidth,
      );
      expect(wider).toBe(false);
      await app.close();
    }
  });
});
