/** The tray and what it leads to, on the stand-in (not on Electron). */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { describeStandIn } from './parts/require.ts';
import { trayUp, useRig, visible } from './parts/rig.ts';
import type { StandInApp } from './parts/stand-in-driver.ts';
import { addPracticePeer } from './parts/walks.ts';

const MAC = { PEERAGE_STANDIN_PLATFORM: 'darwin' };
/** Where the icon is, in a panel at the top. */
const ICON = { x: 1_500, y: 4, width: 24, height: 24 };

await describeStandIn('the tray', () => {
  const rig = useRig();
  const { start } = rig;
  const line = async (app: StandInApp, label: RegExp) =>
    (await app.look()).menu.find((one) => label.test(one.label));
  const focused = (page: Page): Promise<string | null> =>
    page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null);

  test('is one click from a message: the thread opens with its field ready', async () => {
    const app = await start();
    const page = await app.page();
    await addPracticePeer(page);
    await app.closeWindow();
    const peer = async (): Promise<string> =>
      (await line(app, /^Practice peer: /))?.label ?? (await Promise.reject(new Error('not yet')));
    await expect.poll(() => peer().catch(() => '')).toMatch(/^Practice/);
    await app.clickMenu(await peer());
    await expect.poll(() => visible(app)).toEqual([true]);
    await expect.poll(() => focused(page)).toMatch(/^Message to Practice/);
    await page.keyboard.type('hello');
    await expect
      .poll(() => page.getByRole('textbox', { name: /^Message/ }).inputValue())
      .toBe('hello');
  });

  test('pauses what comes in; menu, tooltip and window say so until it is resumed', async () => {
    const app = await start();
    const page = await app.page();
    await page.getByText('Welcome to Peerage').waitFor();
    await app.clickMenu('Pause incoming');
    const banner = page.getByText('Incoming work is paused');
    await banner.waitFor();
    await expect.poll(async () => (await line(app, /^Pause incoming$/))?.checked).toBe(true);
    expect((await app.look()).trays[0]?.toolTip).toContain('Incoming work is paused');
    expect(await line(app, /Incoming work is paused/)).toMatchObject({ enabled: false });
    await page.getByRole('button', { name: 'Resume' }).click();
    await banner.waitFor({ state: 'detached' });
    await expect.poll(async () => (await line(app, /^Pause incoming$/))?.checked).toBe(false);
  });

  test('stays paused over a restart', async () => {
    const app = await start();
    await (await app.page()).getByText('Welcome to Peerage').waitFor();
    await app.clickMenu('Pause incoming');
    await expect.poll(async () => (await line(app, /^Pause/))?.checked).toBe(true);
    await app.kill();
    const next = await start(['--hidden']);
    await trayUp(next);
    expect((await line(next, /^Pause/))?.checked).toBe(true);
  });

  describe('a left click', () => {
    test('opens the window beside the icon, until the person has moved it', async () => {
      const app = await start(['--hidden'], MAC);
      await trayUp(app);
      const bounds = async () => (await app.look()).windows[0]?.bounds;
      await app.ask('clickTray', ICON);
      await app.page();
      const beside = await bounds();
      expect(beside?.y).toBe(36);
      expect((beside?.x ?? 0) + (beside?.width ?? 0)).toBe(1_920);
      await app.closeWindow();
      await app.ask('clickTray', { ...ICON, x: 900 });
      expect((await bounds())?.x).toBe(912 - (beside?.width ?? 0) / 2);
      const own = { x: 40, y: 60, width: 900, height: 640 };
      await app.ask('moveWindow', own);
      await app.closeWindow();
      await app.ask('clickTray', ICON);
      expect(await bounds()).toEqual(own);
      await app.closeWindow();
      await app.clickMenu('Quit Peerage').catch(() => {});
    });

    test('on Linux opens it in the middle: the icon’s place is not told there', async () => {
      const app = await start(['--hidden']);
      await trayUp(app);
      await app.ask('clickTray', ICON);
      await app.page();
      expect((await app.look()).windows[0]?.bounds).toMatchObject({ x: 100, y: 80 });
    });
  });

  test('on macOS shows its menu by the right button, so that the left one stays free', async () => {
    const app = await start(['--hidden'], MAC);
    await trayUp(app);
    expect((await app.look()).trays[0]?.menu).toEqual([]);
    await app.ask('rightClickTray');
    expect((await app.look()).trays[0]?.popped).toContain('Quit Peerage');
  });

  test('is hidden at login on macOS, where the system says so instead of an argument', async () => {
    const app = await start([], { ...MAC, PEERAGE_STANDIN_AT_LOGIN: '1' });
    await trayUp(app);
    expect((await app.look()).windows).toEqual([]);
  });
});
