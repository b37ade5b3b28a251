import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appError } from '../../electron/contract/index.ts';
import { chromiumPath, launchBrowser, MockApp, type MockOptions } from './mock/mock-app.ts';
import { guest, relayLabOf, runRelay } from './mock/relay-server-handlers.ts';
import { fewWorld, NOW } from './mock/seeds.ts';
import type { World } from './mock/world.ts';

const path = chromiumPath();

/** Each way in which the page is looked at. */
const LOOKS: readonly [string, MockOptions][] = [
  ['light', {}],
  ['dark', { dark: true }],
  ['narrow', { width: 400, height: 800 }],
];

const busy = (world: World): World => {
  const lab = relayLabOf(world);
  const config = { ...lab.view.config, host: '192.168.1.20', memory: true };
  lab.view = { ...lab.view, config, hasToken: true };
  runRelay(world, {
    announcement: { kind: 'announced', name: 'ClawLink Relay (attic)' },
    registered: 2,
    online: 1,
    sockets: 1,
    waiting: 3,
    waitingBytes: 2_048,
    files: 1,
    agents: [
      guest('Bea', { connected: false, online: false, waiting: 3, hasSecret: false }),
      guest('Cleo'),
    ],
    errors: [{ at: NOW - 120_000, text: 'ten wrong tokens from 192.168.1.66' }],
  });
  return world;
};

describe.skipIf(!path)('the relay that this app can be', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(path ?? '');
  });
  afterAll(async () => {
    await browser?.close();
  });

  /** By keyboard alone, as all that follows. */
  const opened = async (world: World, options: MockOptions = {}): Promise<MockApp> => {
    const app = await MockApp.open(browser, world, options);
    const { page } = app;
    await page.getByRole('button', { name: 'This machine' }).press('Enter');
    await page.getByRole('menuitem', { name: 'Own relay' }).press('Enter');
    await page.getByRole('heading', { name: 'Own relay' }).waitFor();
    return app;
  };
  const clean = async (app: MockApp): Promise<void> => {
    expect(await app.violations()).toEqual([]);
    expect(app.faults).toEqual([]);
    await app.close();
  };
  const focused = (app: MockApp): Promise<string> =>
    app.page.evaluate(() => {
      const at = document.activeElement;
      const label = at?.id ? document.querySelector(`label[for="${at.id}"]`) : null;
      return (at?.getAttribute('aria-label') ?? label?.textContent ?? at?.textContent ?? '').trim();
    });
  /** Tab, until the focus is where it is wanted. */
  const tabTo = async (app: MockApp, name: RegExp): Promise<void> => {
    const seen: string[] = [];
    for (let steps = 0; steps < 30; steps++) {
      const at = await focused(app);
      if (name.test(at)) return;
      seen.push(at);
      await app.page.keyboard.press('Tab');
    }
    throw new Error(`Tab leads to no ${name}: ${seen.join(' | ')}`);
  };
  const called = (app: MockApp, name: string) =>
    app.session.called.filter((one) => one.name === name).map(({ input }) => input);

  it.each(LOOKS)('is off at first, on this machine only (%s)', async (name, options) => {
    const app = await opened(fewWorld(), options);
    const announce = app.page.getByRole('switch', { name: 'Announce it on the local network' });
    await announce.waitFor();
    expect([await announce.isDisabled(), await announce.isChecked()]).toEqual([true, false]);
    await app.page.getByText('Only this machine can reach that address').waitFor();
    expect(called(app, 'relayServer.start')).toEqual([]);
    await app.picture(`own-relay-off-${name}`);
    await clean(app);
  });

  it('starts by keyboard, with a token for an address that others reach', async () => {
    const world = fewWorld();
    const lab = relayLabOf(world);
    const go = Promise.withResolvers<void>();
    lab.startsAfter = go.promise;
    lab.running = { announcement: { kind: 'starting' } };
    lab.view = { ...lab.view, config: { ...lab.view.config, host: '192.168.1.20' } };
    const app = await opened(world);
    const { page } = app;
    await tabTo(app, /^Start the relay$/);
    await page.keyboard.press('Enter');
    await page.getByText('so a token is needed').waitFor();
    expect(called(app, 'relayServer.start')).toEqual([]);
    await page.getByRole('textbox', { name: 'Port' }).focus();
    await tabTo(app, /^Make a token$/);
    await page.keyboard.press('Enter');
    await tabTo(app, /^Announce it on the local network$/);
    await page.keyboard.press('Space');
    await tabTo(app, /^Start the relay$/);
    await page.keyboard.press('Enter');
    await page.locator('button[aria-busy="true"]', { hasText: 'Start the relay' }).waitFor();
    await app.picture('own-relay-starting');
    expect(await app.violations()).toEqual([]);
    go.resolve();
    await page.getByText('The relay runs').waitFor();
    await page.getByText('In a moment').waitFor();
    expect(await focused(app)).toBe('Own relay');
    expect(called(app, 'relayServer.start')).toEqual([
      {
        config: {
          host: '192.168.1.20',
          port: 9077,
          encryption: 'both',
          memory: false,
          announce: false,
        },
        token: expect.stringMatching(/^[\da-f]{64}$/),
      },
    ]);
    const [{ token }] = called(app, 'relayServer.start') as [{ token: string }];
    expect(await page.content()).not.toContain(token);
    await clean(app);
  });

  it.each(LOOKS)('shows who is there and what waits for whom (%s)', async (name, options) => {
    const app = await opened(busy(fewWorld()), options);
    const { page } = app;
    const bea = page.getByRole('listitem').filter({ hasText: 'Bea' });
    await bea.getByText('3 waiting').waitFor();
    await bea.getByText('known by its address only').waitFor();
    await page.getByText('1 online of 2, 1 socket').waitFor();
    await page.getByText('as “ClawLink Relay (attic)”').waitFor();
    await page.getByText('ten wrong tokens from').waitFor();
    const wide = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(wide).toBe(0);
    await app.picture(`own-relay-running-${name}`);
    await clean(app);
  });

  it.each(LOOKS)('says that its port is taken, and what to do (%s)', async (name, options) => {
    const world = fewWorld();
    relayLabOf(world).portTaken = true;
    const app = await opened(world, options);
    const { page } = app;
    await tabTo(app, /^Start the relay$/);
    await page.keyboard.press('Enter');
    await page.getByText('The relay cannot use its port').waitFor();
    await page.getByText('Port 9077 of 127.0.0.1 is used by another program.').waitFor();
    await app.picture(`own-relay-port-${name}`);
    expect(await app.violations()).toEqual([]);
    // Another port, and on it goes.
    relayLabOf(world).portTaken = false;
    await page.getByRole('textbox', { name: 'Port' }).focus();
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('9078');
    await page.keyboard.press('Enter');
    await page.getByText('The relay runs').waitFor();
    expect(called(app, 'relayServer.start').at(-1)).toMatchObject({ config: { port: 9078 } });
    await clean(app);
  });

  it('tells why it did not come back with the app', async () => {
    const world = fewWorld();
    const lab = relayLabOf(world);
    lab.view = { ...lab.view, error: appError('relay_server.port_taken', 'Port 9077 is used.') };
    const app = await opened(world);
    await app.page.getByText('The relay cannot use its port').waitFor();
    await clean(app);
  });

  it.each(LOOKS)('asks before what it keeps in memory is lost (%s)', async (name, options) => {
    const app = await opened(busy(fewWorld()), options);
    const { page } = app;
    await tabTo(app, /^Stop the relay$/);
    await page.keyboard.press('Enter');
    await page.getByText('3 messages and 1 file will be lost.').waitFor();
    expect(called(app, 'relayServer.stop')).toEqual([]);
    // The safe answer has the focus.
    expect(await focused(app)).toBe('Let it run');
    await app.picture(`own-relay-confirm-${name}`);
    expect(await app.violations()).toEqual([]);
    await page.keyboard.press('Enter');
    expect(await focused(app)).toBe('Stop the relay');
    await page.keyboard.press('Enter');
    await tabTo(app, /^Stop and lose them$/);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Start the relay' }).waitFor();
    expect(called(app, 'relayServer.stop')).toEqual([{}]);
    await clean(app);
  });

  it('stops a durable one without a question', async () => {
    const world = fewWorld();
    runRelay(world, { waiting: 3, waitingBytes: 10 });
    const app = await opened(world);
    await tabTo(app, /^Stop the relay$/);
    await app.page.keyboard.press('Enter');
    await app.page.getByRole('button', { name: 'Start the relay' }).waitFor();
    await clean(app);
  });
});
