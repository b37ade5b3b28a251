/** Window, tray and links at their edges, on the stand-in (not on Electron). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeStandIn } from './parts/require.ts';
import { trayUp, useRig, visible } from './parts/rig.ts';
import { standIn } from './parts/stand-in-driver.ts';
import { addPracticePeer, say } from './parts/walks.ts';

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
      await expect.poll(minimized, { timeout: 15_000 }).toEqual([true]);
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
      await standIn.startAgain(['--home', rig.home, 'peerage://invite/abc']);
      await page.getByText('cannot take invites yet').first().waitFor();
      await app.ask('openUrl', 'peerage://peer/../settings');
      await page.getByText('not one that Peerage understands').first().waitFor();
    });

    test('that starts the app is followed once the window is there', async () => {
      const app = await start(['peerage://invite/abc', '--hidden']);
      await (await app.page()).getByText('cannot take invites yet').first().waitFor();
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

  test('SIGKILL at any step of the start or the end: the next start works, nothing is lost', async () => {
    const first = await start();
    const page = await first.page();
    await addPracticePeer(page);
    await say(page, 'This outlives every kill.');
    await first.kill();
    for (const ms of [150, 400, 700, 1_000]) {
      const app = await start(['--hidden']);
      await new Promise((resolve) => setTimeout(resolve, ms));
      await app.kill();
    }
    for (const ms of [5, 60, 250]) {
      const app = await start(['--hidden']);
      await trayUp(app);
      await app.ask('quit').catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, ms));
      await app.kill();
    }
    const last = await start();
    const shown = await last.page();
    await shown
      .getByText(/practice peer/i)
      .first()
      .click();
    const found = shown.locator('article.message--out', { hasText: 'This outlives every kill.' });
    await found.waitFor();
    expect(await found.count()).toBe(1);
  });

  test('two quits at once are one, and the next start works', async () => {
    const app = await start(['--hidden']);
    await trayUp(app);
    await Promise.all([app.ask('quit'), app.ask('quit').catch(() => {})]);
    expect(await app.ended).toBe(0);
    await trayUp(await start(['--hidden']));
  });
});
