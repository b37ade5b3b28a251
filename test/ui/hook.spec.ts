import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ids } from './mock/ids.ts';
import { chromiumPath, launchBrowser, MockApp, type MockOptions } from './mock/mock-app.ts';
import { seedThread, weWrote } from './mock/seed-messages.ts';
import { fewWorld, NOW } from './mock/seeds.ts';
import type { World } from './mock/world.ts';

const path = chromiumPath();
if (!path && process.env.PEERAGE_REQUIRE?.split(',').includes('chromium')) {
  throw new Error('chromium is required and is not here');
}

/** A message waits for the old tower, which nobody reaches; a hook is set for it. */
function strandedWorld(): World {
  const world = fewWorld();
  const thread = seedThread(world, 770, ids.peer(6), 'Backups', { lastMessageAt: NOW });
  weWrote(world, thread, NOW - 900_000, 'Is the backup done?', { state: 'queued', delayed: true });
  world.hooks = [
    {
      peerId: ids.peer(6),
      program: '/usr/local/bin/notify-team',
      arguments: ['--channel', 'ops'],
      timeoutSeconds: 30,
      mode: 'offer',
    },
  ];
  return world;
}

describe.skipIf(!path)('the fallback hook', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(path ?? '');
  });
  afterAll(async () => {
    await browser?.close();
  });

  const called = (app: MockApp, name: string) =>
    app.session.called.filter((one) => one.name === name).map((one) => one.input);
  const open = async (work: (app: MockApp) => Promise<void>, options: MockOptions = {}) => {
    const app = await MockApp.open(browser, strandedWorld(), options);
    try {
      await work(app);
      expect(app.faults).toEqual([]);
    } finally {
      await app.close();
    }
  };
  const settings = async (app: MockApp) => {
    await app.page.getByRole('button', { name: 'Settings' }).first().click();
    await app.page.getByRole('tab', { name: 'Fallback' }).click();
    await app.page.getByText('A program of yours').waitFor();
  };

  it('is offered below a message that waits, and what it took says so', () =>
    open(async (app) => {
      await app.page.getByRole('option', { name: /Old tower/ }).click();
      await app.page.getByRole('tab', { name: /Backups/ }).click();
      await app.picture('hook-offer');
      await app.page.getByRole('button', { name: 'Hand it to the fallback hook' }).click();
      await app.page.getByText('Your fallback hook has it').waitFor();
      await app.page.getByText('Handed to the hook').waitFor();
      await app.page.getByText('What it wrote').click();
      await app.page.getByText('posted to #ops').waitFor();
      await app.picture('hook-handed');
      expect(await app.violations()).toEqual([]);
      await app.page.getByRole('button', { name: 'Send it over the link too' }).click();
      expect(called(app, 'message.retry')).toHaveLength(1);
    }));

  it('is set, tested, changed and removed in Settings', () =>
    open(async (app) => {
      await settings(app);
      await app.page.getByLabel('Set a hook').selectOption('everyone');
      await app.page.getByLabel('Program').fill('notify');
      await app.page.getByRole('button', { name: 'Test it' }).click();
      await app.page.getByText('The hook’s program cannot be run').waitFor();
      await app.page.getByLabel('Program').fill('/opt/notify-bad');
      await app.page.getByLabel('Arguments').fill('--to\nthe team');
      await app.page.getByRole('button', { name: 'Test it' }).click();
      await app.page.getByText('The hook ended with exit code 3').waitFor();
      await app.page.getByLabel('Time-out in seconds').fill('0');
      await app.page.getByText('From 1 to 600.').waitFor();
      await app.page.getByLabel('Time-out in seconds').fill('20');
      await app.picture('hook-form');
      expect(await app.violations()).toEqual([]);
      await app.page.getByRole('button', { name: 'Save' }).click();
      const hooks = app.page.getByRole('list', { name: 'Fallback hooks' }).getByRole('listitem');
      await hooks.nth(1).waitFor();
      expect(called(app, 'hook.set')).toEqual([
        {
          peerId: null,
          hook: {
            program: '/opt/notify-bad',
            arguments: ['--to', 'the team'],
            timeoutSeconds: 20,
            mode: 'offer',
          },
        },
      ]);
      await app.picture('hook-list');
      await hooks
        .filter({ hasText: 'Everyone else' })
        .getByRole('button', { name: 'Remove' })
        .click();
      await expect.poll(() => hooks.count()).toBe(1);
    }));

  it('goes by itself only where that is chosen for one peer', () =>
    open(
      async (app) => {
        await settings(app);
        await app.page.getByRole('button', { name: 'Change' }).click();
        await app.page.getByRole('switch', { name: 'By itself' }).click();
        await app.picture('hook-form-dark');
        expect(await app.violations()).toEqual([]);
        await app.page.getByRole('button', { name: 'Save' }).click();
        await app.page.getByText('By itself').waitFor();
        expect(called(app, 'hook.set')).toMatchObject([{ hook: { mode: 'automatic' } }]);
      },
      { dark: true },
    ));
});
