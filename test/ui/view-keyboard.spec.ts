import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ids } from './mock/ids.ts';
import { chromiumPath, launchBrowser, MockApp } from './mock/mock-app.ts';
import { brokenWorld } from './mock/seed-broken.ts';
import { emptyWorld, fewWorld } from './mock/seeds.ts';

const path = chromiumPath();
const pieces = ['The disk is ', '**half full**. ', 'Nothing to do.'];
const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 25));

describe.skipIf(!path)('by keyboard alone', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(path ?? '');
  });
  afterAll(async () => {
    await browser?.close();
  });

  it('goes from nothing to an answer of the practice peer', async () => {
    const app = await MockApp.open(browser, emptyWorld(), { script: { pieces, pause } });
    const { keyboard } = app.page;
    const practise = app.page.getByRole('button', { name: /practice peer/ });
    // The setup, a peer by address, the own gateway, and then this.
    for (let step = 0; step < 4; step++) await keyboard.press('Tab');
    expect(await practise.evaluate((one) => one === document.activeElement)).toBe(true);
    await keyboard.press('Enter');
    await app.page.getByText('This is a practice peer').waitFor();
    await keyboard.press('Alt+2');
    await keyboard.type('How is the disk?');
    await keyboard.press('Enter');
    await app.page.getByText('Nothing to do.').waitFor();
    await app.page.getByText('Answered').waitFor();
    expect(await app.page.getByText('This is a practice peer').count()).toBe(0);
    expect(await app.page.getByLabel('Message to Practice peer').inputValue()).toBe('');
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it('takes every key that follows the one that opens the commands, however slow the machine', async () => {
    const app = await MockApp.open(browser, fewWorld(), { lateParts: new Promise(() => {}) });
    const { keyboard } = app.page;
    await app.page.getByRole('option', { name: /^Scout/ }).click();
    const composer = app.page.getByLabel('Message to Scout');
    await composer.click();
    await keyboard.press('Control+k');
    await keyboard.type('home s');
    expect(await composer.inputValue()).toBe('');
    expect(await app.page.getByPlaceholder('Go to a peer').inputValue()).toBe('home s');
    await keyboard.press('Enter');
    await app.page.getByLabel('Message to Home server').waitFor();
    expect(app.session.called.filter(({ name }) => name === 'message.send')).toEqual([]);
    await app.close();
  });

  it('keeps the keys from what lies behind a dialog whose code is still on the way', async () => {
    const late = Promise.withResolvers<void>();
    const app = await MockApp.open(browser, fewWorld(), { lateParts: late.promise });
    const { keyboard } = app.page;
    await app.page.getByRole('option', { name: /^Scout/ }).click();
    const composer = app.page.getByLabel('Message to Scout');
    await composer.fill('half a thought');
    const delegate = async () => {
      await keyboard.press('Control+k');
      await keyboard.type('delegate work');
      await keyboard.press('Enter');
      await app.page.getByText('Opening', { exact: true }).waitFor();
    };
    await delegate();
    await keyboard.type(' too early');
    await keyboard.press('Enter');
    await keyboard.press('Escape');
    await app.page.getByText('Opening', { exact: true }).waitFor({ state: 'detached' });
    await expect.poll(() => composer.evaluate((one) => one === document.activeElement)).toBe(true);

    await delegate();
    await keyboard.type(' too early');
    await keyboard.press('Enter');
    late.resolve();
    const dialog = app.page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Cancel' }).waitFor();
    expect(await dialog.evaluate((one) => one.contains(document.activeElement))).toBe(true);
    expect(await composer.inputValue()).toBe('half a thought');
    expect(app.session.called.filter(({ name }) => name === 'message.send')).toEqual([]);
    await keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it('opens a peer from the list, writes, and comes back', async () => {
    const app = await MockApp.open(browser, fewWorld(), { script: { pieces, pause } });
    const { keyboard } = app.page;
    const list = app.page.getByRole('listbox', { name: 'Peers' });
    await keyboard.press('Alt+1');
    await expect.poll(() => list.evaluate((one) => one === document.activeElement)).toBe(true);
    for (let step = 0; step < 4; step++) await keyboard.press('ArrowDown');
    await keyboard.press('Enter');
    const field = app.page.getByLabel('Message to Scout');
    await expect.poll(() => field.evaluate((one) => one === document.activeElement)).toBe(true);
    await keyboard.type('first line');
    await keyboard.press('Shift+Enter');
    await keyboard.type('second line');
    expect(await field.inputValue()).toBe('first line\nsecond line');
    await keyboard.press('Enter');
    await app.page.getByText('second line').waitFor();
    await keyboard.press('Escape');
    await expect.poll(() => list.evaluate((one) => one === document.activeElement)).toBe(true);
    await app.close();
  });

  it('finds a peer in the palette, and a message in the search, and opens at the hit', async () => {
    const app = await MockApp.open(browser, fewWorld());
    const { keyboard } = app.page;
    await keyboard.press('Control+k');
    await app.page.getByPlaceholder('Go to a peer').waitFor();
    await keyboard.type('home s');
    await keyboard.press('Enter');
    await app.page.getByLabel('Message to Home server').waitFor();
    await keyboard.press('Control+f');
    await keyboard.type('pull request 512');
    await app.page.locator('.hit').waitFor();
    await keyboard.press('Enter');
    await app.page.locator('.message--hit').getByText('pull request 512').waitFor();
    await app.close();
  });

  it('adds a peer, with each refusal at its field', async () => {
    const app = await MockApp.open(browser, fewWorld());
    const { keyboard } = app.page;
    const dialog = app.page.getByRole('dialog');
    await keyboard.press('Control+n');
    await keyboard.press('Enter');
    await dialog.getByText('Must not be empty.').first().waitFor();
    await keyboard.type('ws://user:pw@host');
    await dialog.getByLabel('Token', { exact: true }).fill('a-token');
    await keyboard.press('Enter');
    await dialog.getByText('The address holds a user name').waitFor();
    await dialog.getByLabel('Address').fill('tower.ts.net');
    await keyboard.press('Enter');
    const name = dialog.getByRole('textbox', { name: 'Name' });
    await name.fill('Scout');
    await keyboard.press('Enter');
    await dialog.getByText('Another peer has this name').waitFor();
    await name.fill('Tower');
    await keyboard.press('Enter');
    await app.page.getByLabel('Message to Tower').waitFor();
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it('settles an unknown message, and keeps a changed identity blocked by default', async () => {
    const app = await MockApp.open(browser, brokenWorld());
    await app.page.getByRole('option', { name: /^Bastion/ }).click();
    await app.page.getByRole('button', { name: 'Take it as sent' }).click();
    await app.page.getByText('When in doubt').waitFor({ state: 'detached' });
    const settled = app.session.called.find((call) => call.name === 'message.settle');
    expect(settled?.input).toMatchObject({ choice: 'take_as_sent' });
    await app.page.getByRole('button', { name: 'Compare' }).click();
    await app.page.keyboard.press('Enter');
    await app.page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(app.session.called.some((call) => call.name === 'link.trustIdentity')).toBe(false);
    await app.close();
  });

  it('removes a peer and takes that back', async () => {
    const app = await MockApp.open(browser, fewWorld());
    await app.page.getByRole('option', { name: /^Scout/ }).click();
    await app.page.getByRole('button', { name: 'More about this peer' }).click();
    await app.page.getByRole('menuitem', { name: 'Remove', exact: true }).click();
    await app.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await app.page.getByText('Scout was removed').waitFor();
    await app.page.getByRole('button', { name: 'Undo' }).click();
    await app.page.getByLabel('Message to Scout').waitFor();
    expect(app.world.peers.has(ids.peer(1))).toBe(true);
    await app.close();
  });

  it('keeps a draft, warns of a long message and refuses a longer one', async () => {
    const app = await MockApp.open(browser, fewWorld());
    await app.page.getByRole('option', { name: /^Scout/ }).click();
    const field = app.page.getByLabel('Message to Scout');
    await app.page.getByText('Answered').first().waitFor();
    await field.fill('ä'.repeat(2_100));
    await app.page.getByText('long for one message').waitFor();
    await field.fill('ä'.repeat(4_200));
    await app.page.getByText('more than the 8.2 kB').waitFor();
    expect(await app.page.getByRole('button', { name: 'Send', exact: true }).isDisabled()).toBe(
      true,
    );
    await field.fill('half a thought');
    await expect
      .poll(() => app.world.threads.get(ids.thread(1))?.draft.text)
      .toBe('half a thought');
    await app.page.getByRole('option', { name: /^Home server/ }).click();
    await app.page.getByLabel('Message to Home server').waitFor();
    await app.page.getByRole('option', { name: /^Scout/ }).click();
    await expect.poll(() => field.inputValue()).toBe('half a thought');
    await app.close();
  });
});
