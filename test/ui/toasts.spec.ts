/** The short words of the app: where they stand, and that they can be clicked, also beside a dialog. */
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumPath, launchBrowser, MockApp, type MockOptions } from './mock/mock-app.ts';
import { fewWorld } from './mock/seeds.ts';

const path = chromiumPath();
const LONG = 'That link is not one that Peerage understands, and nothing was done with it.';

describe.skipIf(!path)('a toast', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchBrowser(path ?? '');
  });
  afterAll(async () => {
    await browser?.close();
  });

  /** The window, in which a toast stays until it is put away, so that no machine is too slow to see it. */
  const open = async (size: MockOptions = {}): Promise<MockApp> => {
    const app = await MockApp.open(browser, fewWorld(), size);
    await app.page.evaluate(() => {
      const { setTimeout } = window;
      const longest = 4_000;
      const only = (run: () => void, ms = 0): number => (ms > longest ? 0 : setTimeout(run, ms));
      Object.assign(window, { setTimeout: only });
    });
    return app;
  };
  const box = async (of: Locator) => {
    const found = await of.boundingBox();
    if (found === null) throw new Error('it is not to be seen');
    return { ...found, right: found.x + found.width, bottom: found.y + found.height };
  };
  const hasFocus = (one: Locator) => one.evaluate((found) => found === document.activeElement);
  const apart = async (a: Locator, b: Locator): Promise<boolean> => {
    const [one, other] = [await box(a), await box(b)];
    return (
      one.right <= other.x || other.right <= one.x || one.bottom <= other.y || other.bottom <= one.y
    );
  };

  it.each([
    ['a usual window', {}],
    ['the smallest window', { width: 400, height: 480 }],
    ['a low window', { width: 1_000, height: 480, dark: true }],
  ] as const)('leaves the buttons of a dialog free: %s', async (_, size) => {
    const app = await open(size);
    await app.page.keyboard.press('Control+n');
    const dialog = app.page.getByRole('dialog', { name: 'Connect a peer' });
    await dialog.waitFor();
    app.session.tell({ type: 'toast', text: LONG });
    const toasts = app.page.locator('.toasts');
    await toasts.getByText(LONG).waitFor();
    for (const name of ['Close', 'Cancel', 'Check']) {
      expect(await apart(toasts, dialog.getByRole('button', { name, exact: true })), name).toBe(
        true,
      );
    }
    await app.close();
  });

  it('is put away by its own button, and the dialog beside it stays', async () => {
    const app = await open();
    await app.page.keyboard.press('Control+n');
    const dialog = app.page.getByRole('dialog', { name: 'Connect a peer' });
    await dialog.getByLabel('Address').fill('wss://typed.example');
    app.session.tell({ type: 'toast', text: LONG });
    await app.page.locator('.toasts').getByRole('button', { name: 'Dismiss' }).click();
    await expect.poll(() => app.page.locator('.toast').count()).toBe(0);
    expect(await dialog.getByLabel('Address').inputValue()).toBe('wss://typed.example');
    await expect
      .poll(() => dialog.evaluate((element) => element.contains(document.activeElement)))
      .toBe(true);
    await app.close();
  });

  it('is reached by F6 beside a dialog, and the focus goes back when it goes', async () => {
    const app = await open();
    const { keyboard } = app.page;
    const dialog = app.page.getByRole('dialog', { name: 'Connect a peer' });
    const address = dialog.getByLabel('Address');
    const dismiss = app.page.locator('.toasts').getByRole('button', { name: 'Dismiss' });
    await keyboard.press('Control+n');
    await address.fill('wss://typed.example');
    app.session.tell({ type: 'toast', text: LONG });
    await dismiss.waitFor();
    await keyboard.press('F6');
    expect(await hasFocus(dismiss)).toBe(true);
    await keyboard.press('F6');
    expect(await hasFocus(address)).toBe(true);
    await keyboard.press('F6');
    await keyboard.press('Enter');
    await expect.poll(() => app.page.locator('.toast').count()).toBe(0);
    expect(await hasFocus(address)).toBe(true);

    app.session.tell({ type: 'toast', text: LONG });
    await dismiss.waitFor();
    await keyboard.press('F6');
    await keyboard.press('Escape');
    await expect.poll(() => app.page.locator('.toast').count()).toBe(0);
    await keyboard.type('/more');
    expect(await address.inputValue()).toBe('wss://typed.example/more');
    await keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(app.faults).toEqual([]);
    await app.close();
  });

  it('is told to a screen reader beside a dialog, with the key that leads to it', async () => {
    const app = await open();
    await app.page.keyboard.press('Control+n');
    await app.page.getByRole('dialog', { name: 'Connect a peer' }).waitFor();
    app.session.tell({ type: 'toast', text: LONG });
    const place = app.page.getByRole('region', { name: 'Messages of the app (F6)' });
    await place.getByRole('button', { name: 'Dismiss' }).waitFor();
    expect(await place.getAttribute('aria-live')).toBe('polite');
    await app.close();
  });

  it('stands at the bottom where no dialog is, and below one that begins high', async () => {
    const app = await open();
    app.session.tell({ type: 'toast', text: LONG });
    const toast = app.page.locator('.toast');
    await toast.waitFor();
    const low = await box(toast);
    expect(low.y).toBeGreaterThan(600);
    await app.page.keyboard.press('Control+k');
    await app.page.locator('.dialog--high').waitFor();
    expect(await box(toast)).toEqual(low);
    expect(app.faults).toEqual([]);
    await app.close();
  });
});
