import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { placeText } from '../../electron/contract/index.ts';
import { ids } from './mock/ids.ts';
import { chromiumPath, launchBrowser, MockApp } from './mock/mock-app.ts';
import { seedThread, weWrote } from './mock/seed-messages.ts';
import { emptyWorld, fewWorld, NOW } from './mock/seeds.ts';
import { tailnets } from './mock/setup-lab.ts';
import type { World } from './mock/world.ts';
import { RELAY, shared, team } from './parts/relay-worlds.ts';

const path = chromiumPath();

/** An app that answers slowly takes nothing away that a person typed meanwhile, and shows nothing old for new. */
describe.skipIf(!path)('an answer that comes late', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(path ?? '');
  });
  afterAll(async () => {
    await browser?.close();
  });

  const on = async (world: World, work: (app: MockApp, page: Page) => Promise<void>) => {
    const app = await MockApp.open(browser, world);
    try {
      await work(app, app.page);
      expect(app.faults).toEqual([]);
    } finally {
      await app.close();
    }
  };
  const called = (app: MockApp, name: string) =>
    app.session.called.filter((one) => one.name === name).map((one) => one.input);
  /** The button that began something is free again. */
  const free = (page: Page, name: string | RegExp) =>
    page.getByRole('button', { name, exact: true, disabled: false }).first().waitFor();

  it.each(['peers', 'a relay'])('is no dry run of what was typed since, for %s', (whom) =>
    on(team(fewWorld()), async (app, page) => {
      await page.getByRole('button', { name: 'Broadcast' }).click();
      if (whom === 'a relay') await page.getByRole('radio', { name: 'A relay' }).click();
      const text = page.getByLabel('Text', { exact: true });
      await text.fill('The build is green.');
      const name = whom === 'peers' ? 'broadcast.preview' : 'relay.broadcastPreview';
      const answer = app.session.hold(name);
      await page.getByRole('button', { name: 'Dry run' }).click();
      await expect.poll(() => called(app, name)).toHaveLength(1);
      await text.fill('The build is red.');
      answer();
      await free(page, 'Dry run');
      expect(await text.inputValue()).toBe('The build is red.');
      await page.getByRole('button', { name: 'Dry run' }).click();
      await page.getByText('The build is red.').waitFor();
      expect(JSON.stringify(called(app, name)[1])).toContain('The build is red.');
    }),
  );

  it('says nothing of a token that was typed since, and leads to no peer', () =>
    on(emptyWorld(), async (app, page) => {
      await page.getByRole('button', { name: /^Connect a peer/ }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Address').fill('wss://tower.example.ts.net');
      const token = dialog.getByLabel('Token', { exact: true });
      await token.fill('an-old-token');
      const answer = app.session.hold('link.probe');
      await dialog.getByRole('button', { name: 'Check' }).click();
      await expect.poll(() => called(app, 'link.probe')).toHaveLength(1);
      await token.fill('another-token');
      answer();
      await free(page, 'Check');
      expect(await dialog.getByRole('button', { name: 'Add' }).count()).toBe(0);
      await dialog.getByRole('button', { name: 'Check' }).click();
      await dialog.getByRole('button', { name: 'Add' }).waitFor();
      expect(await token.inputValue()).toBe('another-token');
    }));

  it('takes no text away from whoever changes a shared file', () =>
    on(
      shared(team(fewWorld()), { key: 'plan.txt', type: 'text', content: 'one\n' }),
      async (app, page) => {
        await page.getByRole('button', { name: 'This machine' }).click();
        await page.getByRole('menuitem', { name: 'Shared files' }).click();
        await page.getByRole('button', { name: /^plan\.txt/ }).click();
        await page.getByText('Version 1, saved by Bea').waitFor();
        const answer = app.session.hold('files.get');
        shared(app.world, { key: 'plan.txt', type: 'text', content: 'two\n', version: 2 });
        app.session.tell({
          type: 'go',
          to: placeText({ kind: 'file', relayId: RELAY, key: 'plan.txt' }),
        });
        await expect.poll(() => called(app, 'files.get')).toHaveLength(2);
        await page.getByRole('button', { name: 'Change', exact: true }).click();
        const text = page.getByLabel('Text of plan.txt');
        await text.fill('mine\n');
        answer();
        await expect.poll(() => app.session.answered('files.get')).toBe(2);
        expect(await text.inputValue()).toBe('mine\n');
        await page.getByRole('button', { name: 'Leave it as it was' }).click();
        await page.getByText('Version 2, saved by Bea').waitFor();
      },
    ));

  it('is no preview of a morning status that was changed since', () =>
    on(fewWorld(), async (app, page) => {
      await page.getByRole('option').first().click();
      await page.getByRole('button', { name: 'Write a form' }).click();
      await page.getByRole('menuitem', { name: 'Morning status' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Schedule it' }).click();
      await dialog.getByLabel('Scout').check();
      await dialog.getByLabel('Focus').fill('The parser.');
      const answer = app.session.hold('status.preview');
      await dialog.getByRole('button', { name: 'Preview' }).click();
      await expect.poll(() => called(app, 'status.preview')).toHaveLength(1);
      await dialog.getByLabel('Focus').fill('The printer.');
      answer();
      await free(page, 'Preview');
      expect(await dialog.getByText('Focus today: The parser.').count()).toBe(0);
      expect(await dialog.getByRole('button', { name: 'Schedule' }).count()).toBe(0);
      await dialog.getByRole('button', { name: 'Preview' }).click();
      await dialog.getByText('Focus today: The printer.').waitFor();
    }));

  it('is no test of a hook that was changed since', () =>
    on(fewWorld(), async (app, page) => {
      await page.getByRole('button', { name: 'Settings' }).first().click();
      await page.getByRole('tab', { name: 'Fallback' }).click();
      await page.getByLabel('Set a hook').selectOption('everyone');
      await page.getByLabel('Program').fill('/opt/notify-bad');
      const answer = app.session.hold('hook.test');
      await page.getByRole('button', { name: 'Test it' }).click();
      await expect.poll(() => called(app, 'hook.test')).toHaveLength(1);
      await page.getByLabel('Program').fill('/opt/notify');
      answer();
      await free(page, 'Test it');
      expect(await page.getByText('The hook ended with exit code').count()).toBe(0);
    }));

  it('leaves the name that was typed while the invite was made', () => {
    const world = emptyWorld();
    world.tailnet = tailnets.running;
    world.app = { ...world.app, setup: { ...world.app.setup, open: true, step: 'peer' } };
    return on(world, async (app, page) => {
      await page.getByRole('button', { name: /ben-mini/ }).click();
      const answer = app.session.hold('invite.create');
      await page.getByRole('button', { name: 'Make an invite' }).click();
      await expect.poll(() => called(app, 'invite.create')).toHaveLength(1);
      await page.getByLabel('Your name for this peer').fill('Ben at the window');
      answer();
      await page.getByRole('img', { name: 'The invite as a QR code' }).waitFor();
      await expect
        .poll(() => app.world.app.setup.peer)
        .toMatchObject({ name: 'Ben at the window', inviteId: expect.any(String) });
    });
  });

  it('does not show a relay as off that runs since', () =>
    on(fewWorld(), async (app, page) => {
      await page.getByRole('button', { name: 'This machine' }).click();
      await page.getByRole('menuitem', { name: 'Own relay' }).click();
      const start = page.getByRole('button', { name: 'Start the relay' });
      await start.waitFor();
      const looks = () => called(app, 'relayServer.view').length;
      const before = looks();
      const answer = app.session.hold('relayServer.view', true);
      await expect.poll(looks).toBe(before + 1);
      await start.click();
      await page.getByText('The relay runs').waitFor();
      await page.evaluate(() => {
        new MutationObserver(() => {
          if (document.body.textContent?.includes('Start the relay'))
            document.body.dataset.offAgain = '';
        }).observe(document.body, { childList: true, subtree: true });
      });
      answer();
      await expect.poll(() => app.session.answered('relayServer.view')).toBeGreaterThan(before + 1);
      await page.getByText('The relay runs').waitFor();
      expect(await page.evaluate(() => document.body.dataset.offAgain)).toBeUndefined();
    }));

  it('adds no hits of an older search to those of another', () => {
    const world = fewWorld();
    const thread = seedThread(world, 770, ids.peer(6), 'Backups', { lastMessageAt: NOW });
    for (let n = 0; n < 4; n++) weWrote(world, thread, NOW - n, `apple ${n}`, {});
    weWrote(world, thread, NOW - 9, 'a pear', {});
    return on(world, async (app, page) => {
      app.world.hitsOfPage = 2;
      await page.keyboard.press('Control+f');
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('combobox').fill('apple');
      const more = dialog.getByRole('button', { name: 'Show more' });
      await more.waitFor();
      const answer = app.session.hold('search.messages', true);
      await more.click();
      await expect.poll(() => called(app, 'search.messages')).toHaveLength(2);
      const pear = app.session.hold('search.messages');
      await dialog.getByRole('combobox').fill('pear');
      await expect.poll(() => called(app, 'search.messages')).toHaveLength(3);
      pear();
      await expect.poll(() => dialog.getByRole('option').count()).toBe(1);
      answer();
      await expect.poll(() => app.session.answered('search.messages')).toBe(3);
      expect(await dialog.getByRole('option').count()).toBe(1);
    });
  });
});
