/** Window, tray and links at their edges, on the stand-in (not on Electron). */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { describeStandIn } from './parts/require.ts';
import { type StandInApp, standIn } from './parts/stand-in-driver.ts';
import { addPracticePeer } from './parts/walks.ts';

await describeStandIn('the desktop shell', () => {
  const homes: string[] = [];
  const running: StandInApp[] = [];
  let home = '';

  const newHome = (): string => {
    const made = mkdtempSync(join(tmpdir(), 'peerage-shell-'));
    homes.push(made);
    return made;
  };
  const start = async (
    args: readonly string[] = [],
    env: NodeJS.ProcessEnv = {},
  ): Promise<StandInApp> => {
    const app = await standIn.start(['--home', home, ...args], env);
    running.push(app);
    return app;
  };
  const trayUp = (app: StandInApp): Promise<void> =>
    expect.poll(async () => (await app.look()).trays.length, { timeout: 15_000 }).toBe(1);
  const visible = (app: StandInApp): Promise<boolean[]> =>
    app.look().then(({ windows }) => windows.map((window) => window.visible));
  const told = async (app: StandInApp): Promise<number> =>
    (await app.look()).notifications.filter(({ title }) => title === 'Peerage keeps running')
      .length;

  beforeEach(() => {
    home = newHome();
  });
  afterEach(async () => {
    for (const app of running.splice(0)) await app.kill();
  });
  afterAll(() => {
    for (const made of homes) rmSync(made, { recursive: true, force: true, maxRetries: 3 });
  });

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

  describe('the window', () => {
    test('comes back where it was; its renderer ends after a while hidden; closing is told once', async () => {
      const app = await start();
      await (await app.page()).getByText('Welcome to Peerage').waitFor();
      const bounds = { x: 320, y: 200, width: 900, height: 640 };
      await app.ask('moveWindow', bounds);
      await app.closeWindow();
      expect(await told(app)).toBe(1);
      await expect.poll(() => visible(app), { timeout: 20_000, interval: 500 }).toEqual([]);
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

    test.each([
      '{',
      '{"x":90000,"y":-90000,"width":1,"height":1,"maximized":false,"toldHiding":true}',
    ])('opens on a screen that is there, whatever was kept: %s', async (kept) => {
      writeFileSync(join(home, 'window.json'), kept);
      const app = await start();
      await app.page();
      const [window] = (await app.look()).windows;
      expect(window?.bounds.x).toBeLessThan(1_920);
      expect(window?.bounds.width).toBeGreaterThanOrEqual(400);
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
      const second = await standIn.startAgain(['--home', home, `peerage://peer/${peerId}`]);
      expect(second).toMatchObject({ code: 0 });
      await expect.poll(() => visible(app)).toEqual([true]);
      await page.getByRole('textbox', { name: /^Message/ }).waitFor();
      await standIn.startAgain(['--home', home, 'peerage://invite/abc']);
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
    const config = join(home, 'config');
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

  test('two quits at once are one, and the next start works', async () => {
    const app = await start(['--hidden']);
    await trayUp(app);
    await Promise.all([app.ask('quit'), app.ask('quit').catch(() => {})]);
    expect(await app.ended).toBe(0);
    await trayUp(await start(['--hidden']));
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
    await expect.poll(() => greets().catch(() => 0), { timeout: 15_000 }).toBe(1);
  });
});
