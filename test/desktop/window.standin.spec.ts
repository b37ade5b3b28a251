/** The window and its notifications, on the stand-in (not on Electron). */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeStandIn } from './parts/require.ts';
import { useRig, visible } from './parts/rig.ts';
import type { StandInApp } from './parts/stand-in-driver.ts';
import { addPracticePeer, say } from './parts/walks.ts';

await describeStandIn('the window', () => {
  const rig = useRig();
  const { start } = rig;
  const told = async (app: StandInApp): Promise<number> =>
    (await app.look()).notifications.filter(({ title }) => title === 'Peerage keeps running')
      .length;

  describe('the window', () => {
    test('comes back where it was; its renderer ends after a while hidden; closing is told once', async () => {
      const app = await start();
      await (await app.page()).getByText('Welcome to Peerage').waitFor();
      const bounds = { x: 320, y: 200, width: 900, height: 640 };
      await app.ask('moveWindow', bounds);
      await app.closeWindow();
      expect(await told(app)).toBe(1);
      await expect.poll(() => visible(app), { interval: 500 }).toEqual([]);
      await app.ask('clickTray');
      await (await app.page()).getByText('Welcome to Peerage').waitFor();
      expect((await app.look()).windows[0]?.bounds).toEqual(bounds);
      await app.closeWindow();
      expect(await told(app)).toBe(1);
      await app.clickMenu('Quit Peerage');
      await app.ended;
      const next = await start();
      await next.page();
      expect((await next.look()).windows[0]?.bounds).toEqual(bounds);
      await next.closeWindow();
      expect(await told(next)).toBe(0);
    });

    test('closed before it was drawn stays closed, and comes when it is wanted again', async () => {
      const app = await start([], { PEERAGE_STANDIN_HOLD_READY: '1' });
      await app.page();
      await app.closeWindow();
      await app.ask('holdReady', false);
      expect(await visible(app)).toEqual([false]);
      await app.ask('clickTray');
      await expect.poll(() => visible(app)).toEqual([true]);
    });

    test.each([
      '{',
      '[]',
      '{"version":9,"place":{"left":1}}',
      '{"x":90000,"y":-90000,"width":1,"height":1,"maximized":false,"toldHiding":true}',
    ])('opens on a screen that is there, whatever was kept: %s', async (kept) => {
      writeFileSync(join(rig.home, 'window.json'), kept);
      const app = await start();
      await app.page();
      const [window] = (await app.look()).windows;
      expect(window?.bounds.x).toBeLessThan(1_920);
      expect(window?.bounds.width).toBeGreaterThanOrEqual(400);
    });
  });

  test('whose screen was taken away comes back on one that is there', async () => {
    const app = await start();
    await app.page();
    await app.ask('moveWindow', { x: 1_000, y: 500, width: 900, height: 500 });
    await app.closeWindow();
    await expect.poll(() => visible(app), { interval: 500 }).toEqual([]);
    await app.ask('screens', [{ x: 0, y: 32, width: 800, height: 568 }]);
    await app.ask('clickTray');
    await app.page();
    const [window] = (await app.look()).windows;
    expect(window?.bounds).toMatchObject({ x: 100, y: 80, width: 800, height: 500 });
  });

  test('a notification goes when its thread was read in the window', async () => {
    const app = await start();
    const page = await app.page();
    await addPracticePeer(page);
    await say(page, 'A slow one, please.');
    await app.closeWindow();
    const answer = async (): Promise<string | undefined> =>
      (await app.look()).notifications.findLast(({ title }) => /practice/i.test(title))?.state;
    await expect.poll(answer).toBe('shown');
    await app.ask('clickTray');
    await expect.poll(answer).toBe('closed');
  });

  test('a renderer that dies comes back', async () => {
    const app = await start();
    const page = await app.page();
    await page.getByText('Welcome to Peerage').waitFor();
    await page.goto('chrome://crash').catch(() => {});
    const greets = async (): Promise<number> => {
      const alive = await app.page();
      return alive === page ? 0 : alive.getByText('Welcome to Peerage').count();
    };
    await expect.poll(() => greets().catch(() => 0)).toBe(1);
  });
});
