/** The walks through the desktop app. The same ones run on the stand-in and on real Electron. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Snapshot } from '../../../electron/contract/index.ts';
import type { DesktopApp, DesktopDriver } from './driver.ts';

/** Presses *Try with a practice peer*, and agrees to a session's memory where there is no keychain. */
export async function addPracticePeer(page: Page): Promise<void> {
  const keychain = async () => (await snapshot(page)).app.secrets.status;
  await expect.poll(keychain).not.toBe('checking');
  if (!['available', 'session_only'].includes(await keychain()))
    await page.getByRole('button', { name: 'Use for this session' }).first().click();
  await page.getByRole('button', { name: 'Try with a practice peer' }).click();
  await page.getByRole('textbox', { name: /^Message/ }).waitFor();
}

export async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: /^Message/ }).fill(text);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.locator('article.message--out', { hasText: text }).waitFor();
}

/** Everything, as the page is told it. */
const snapshot = (page: Page): Promise<Snapshot> =>
  page.evaluate(
    () =>
      new Promise<Snapshot>((found) => {
        const stop = window.peerage?.onFrame((frame) => {
          const { kind, body } = frame as { kind: string; body: Snapshot };
          if (kind !== 'snapshot') return;
          stop?.();
          found(body);
        });
        window.peerage?.send({ v: 1, id: '', kind: 'snapshot', name: '', body: {} });
      }),
  );

/** The id of the only peer, as the page was told. */
const onlyPeer = async (page: Page): Promise<string> => (await snapshot(page)).peers[0]?.id ?? '';

const answers = (page: Page): Promise<number> => page.locator('article.message--in').count();
const messages = (page: Page, text: string): Promise<number> =>
  page.locator('article.message--out', { hasText: text }).count();
const notified = async (app: DesktopApp, body: RegExp): Promise<number> =>
  (await app.look()).notifications.findIndex((shown) => body.test(shown.body));

/** One person's first day. The tests stand in its order, on one home. */
export function firstDay(driver: DesktopDriver): void {
  describe(`the first day, on the ${driver.name}`, () => {
    const home = mkdtempSync(join(tmpdir(), 'peerage-desktop-'));
    let app: DesktopApp;
    let page: Page;
    const shown = async (): Promise<boolean[]> =>
      (await app.look()).windows.map((window) => window.visible);

    beforeAll(async () => {
      app = await driver.start(['--home', home], { PEERAGE_LOG: '1' });
      page = await app.page();
    });
    afterAll(async () => {
      await app.kill();
      // On Windows a file is in use until the last of Electron's processes has ended.
      rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 500 });
    });

    test('first run: the window greets, and the tray has its menu', async () => {
      await page.getByText('Welcome to Peerage').waitFor();
      await expect.poll(shown).toEqual([true]);
      const labels = (await app.look()).menu.map((line) => line.label);
      expect(labels).toContain('Open Peerage');
      expect(labels).toContain('Quit Peerage');
    });

    test('adds the practice peer and gets an answer', async () => {
      await addPracticePeer(page);
      await say(page, 'Hello from the desktop walk.');
      await expect.poll(() => answers(page)).toBeGreaterThan(0);
    });

    test('closing hides; an answer then notifies, and a click lands on the thread', async () => {
      await say(page, 'A slow one, please.');
      await app.closeWindow();
      await expect.poll(shown).toEqual([false]);
      await expect.poll(() => notified(app, /think|slow|second/i)).not.toBe(-1);
      await app.clickNotification(await notified(app, /think|slow|second/i));
      await expect.poll(shown).toEqual([true]);
      page = await app.page();
      await page.locator('article.message--out', { hasText: 'A slow one' }).waitFor();
    });

    test('a second start brings the first one forward and ends well', async () => {
      await app.closeWindow();
      await expect.poll(shown).toEqual([false]);
      const second = await driver.startAgain(['--home', home]);
      expect(second.code).toBe(0);
      expect(second.output).toContain('runs already');
      await expect.poll(shown).toEqual([true]);
      page = await app.page();
    });

    test('a link from outside goes to the instance that runs, and only shows its place', async () => {
      const link = `peerage://peer/${await onlyPeer(page)}`;
      const before = await page.locator('article.message--out').count();
      await app.closeWindow();
      await expect.poll(shown).toEqual([false]);
      expect(await driver.startAgain(['--home', home, link])).toMatchObject({ code: 0 });
      await expect.poll(shown).toEqual([true]);
      page = await app.page();
      await page.getByRole('textbox', { name: /^Message/ }).waitFor();
      expect(await page.locator('article.message--out').count()).toBe(before);
      await driver.startAgain(['--home', home, `${link}/../../settings`]);
      await page.getByText('not one that Peerage understands').first().waitFor();
    });

    test('quit in the middle of a send: nothing is lost, nothing is there twice', async () => {
      await say(page, 'This must not be lost.');
      await app.clickMenu('Quit Peerage');
      expect(await app.ended, app.output()).toBe(0);
      app = await driver.start(['--home', home], { PEERAGE_LOG: '1' });
      page = await app.page();
      await page
        .getByRole('option', { name: /practice/i })
        .or(page.getByText(/practice peer/i))
        .first()
        .click();
      await page.locator('article.message--out', { hasText: 'This must not be lost.' }).waitFor();
      expect(await messages(page, 'This must not be lost.')).toBe(1);
    });
  });
}
