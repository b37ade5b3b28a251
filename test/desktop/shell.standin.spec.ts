/** Window, tray and links at their edges, on the stand-in (not on Electron). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { heard, listenIn } from './parts/calls.ts';
import { describeStandIn } from './parts/require.ts';
import { trayUp, useRig, visible } from './parts/rig.ts';
import { standIn } from './parts/stand-in-driver.ts';
import { addPracticePeer } from './parts/walks.ts';

/** As long as one may be. */
const invite = 'aZ09-_'.repeat(334).slice(0, 2_000);
/** Where the window was told to go. */
const goes = async (page: Page): Promise<string[]> =>
  (await heard(page)).flatMap((frame) => {
    const { body } = JSON.parse(frame) as { body?: { type?: string; to?: string } };
    return body?.type === 'go' && body.to !== undefined ? [body.to] : [];
  });

await describeStandIn('the desktop shell', () => {
  const rig = useRig();
  const { start } = rig;

  describe('a hidden start', () => {
    test('has a tray and no renderer, until the window is wanted', async () => {
      const app = await start(['--hidden']);
      await trayUp(app);
      expect(await app.look()).toMatchObject({ windows: [], hasBrowser: false });
      await app.clickMenu('Open Peerage');
      await (await app.page()).getByText('Welcome to Peerage').waitFor();
    });

    test('on a desktop without a tray is a small window, and closing keeps it within reach', async () => {
      const app = await start(['--hidden'], { PEERAGE_TRAY: 'absent' });
      const minimized = async (): Promise<boolean[]> =>
        (await app.look()).windows.map((window) => window.minimized);
      await expect.poll(minimized).toEqual([true]);
      await app.ask('closeWindow');
      expect(await minimized()).toEqual([true]);
    });
  });

  describe('a link from outside', () => {
    test('goes to the instance that runs, shows its place, and does nothing else', async () => {
      const app = await start();
      const page = await app.page();
      await addPracticePeer(page);
      await app.closeWindow();
      const peerId = await page.evaluate(
        () =>
          new Promise<string>((found) => {
            window.peerage?.onFrame((frame) => {
              const { kind, body } = frame as { kind: string; body: { peers: { id: string }[] } };
              if (kind === 'snapshot') found(body.peers[0]?.id ?? '');
            });
            window.peerage?.send({ v: 1, id: '', kind: 'snapshot', name: '', body: {} });
          }),
      );
      const second = await standIn.startAgain(['--home', rig.home, `peerage://peer/${peerId}`]);
      expect(second).toMatchObject({ code: 0 });
      await expect.poll(() => visible(app)).toEqual([true]);
      await page.getByRole('textbox', { name: /^Message/ }).waitFor();
      await listenIn(page);
      await standIn.startAgain(['--home', rig.home, `peerage://invite/${invite}`]);
      await expect.poll(() => goes(page)).toEqual([`invite/${invite}`]);
      await app.ask('openUrl', 'peerage://peer/../settings');
      await page.getByText('not one that Peerage understands').first().waitFor();
    });

    test('that starts the app is followed once the window is there', async () => {
      const app = await start(['peerage://peer/evil', '--hidden']);
      const page = await app.page();
      await page.getByText('not one that Peerage understands').first().waitFor();
    });
  });

  describe('the tray', () => {
    test('follows the panel, and keeps its menu while nothing changes', async () => {
      const app = await start(['--hidden']);
      await trayUp(app);
      await expect.poll(async () => (await app.look()).trays[0]?.toolTip).toContain('needs you');
      const before = (await app.look()).trays[0];
      expect(before?.image).toMatch(/action(-unread)?\.png$/);
      await app.ask('dark', true);
      const after = (await app.look()).trays[0];
      expect(after?.image).toMatch(/-dark\.png$/);
      expect(after?.menus).toBe(before?.menus);
    });

    test('is put up again where the desktop lost it', async () => {
      const app = await start(['--hidden']);
      await trayUp(app);
      await app.ask('loseTray');
      await app.ask('resume');
      await trayUp(app);
      expect((await app.look()).menu.map((line) => line.label)).toContain('Quit Peerage');
    });
  });

  test('tells a page where a file lies that the person gave it, and nothing of anything else', async () => {
    const app = await start([], {});
    const page = await app.page();
    await page.getByText('Welcome to Peerage').waitFor();
    const found = await page.evaluate(() => {
      const bridge = window.peerage;
      const said = (what: unknown): string => {
        try {
          return String(bridge?.pathOf(what as File));
        } catch {
          return 'refused';
        }
      };
      return [new File(['x'], 'peer-config.md'), '/etc/passwd', {}].map(said);
    });
    expect(found).toEqual(['/picked/peer-config.md', 'refused', 'refused']);
  });

  test('launch at login is off, and on Linux an entry of the desktop once it is asked for', async () => {
    const config = join(rig.home, 'config');
    const env = { PEERAGE_STANDIN_PACKAGED: '1', XDG_CONFIG_HOME: config };
    const app = await start([], env);
    const page = await app.page();
    await page.getByText('Welcome to Peerage').waitFor();
    const file = join(config, 'autostart', 'ai.peerage.desktop.desktop');
    const entry = (): string => {
      try {
        return readFileSync(file, 'utf8');
      } catch {
        return '';
      }
    };
    expect(entry()).toBe('');
    const set = (openAtLogin: boolean): Promise<void> =>
      page.evaluate(
        (changes) => {
          const body = { changes };
          window.peerage?.send({
            v: 1,
            id: crypto.randomUUID(),
            kind: 'call',
            name: 'settings.update',
            body,
          });
        },
        { openAtLogin },
      );
    await set(true);
    await expect.poll(entry).toContain('--hidden');
    await set(false);
    await expect.poll(entry).toBe('');
  });
});
