/**
 * The tray's D-Bus side, on Electron itself, before a watcher of our own on a bus of our own. Skipped by
 * name where Electron's binary is not there.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DesktopApp } from './parts/driver.ts';
import { electron } from './parts/electron-driver.ts';
import { type NotifierWatcher, startWatcher } from './parts/notifier-watcher.ts';
import { hasBus, type PrivateBus, startBus } from './parts/private-bus.ts';
import { describeElectron } from './parts/require.ts';

describeElectron('the tray icon on D-Bus', () => {
  let bus: PrivateBus;
  let home: string;
  let app: DesktopApp | null = null;
  const watchers: NotifierWatcher[] = [];
  beforeEach(async () => {
    bus = await startBus();
    home = mkdtempSync(join(tmpdir(), 'peerage-tray-'));
  });
  afterEach(async () => {
    await app?.kill();
    for (const one of watchers.splice(0)) await one.stop().catch(() => {});
    await bus.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 500 });
  });
  const watch = async (): Promise<NotifierWatcher> => {
    const watcher = await startWatcher(bus.address);
    watchers.push(watcher);
    return watcher;
  };
  const start = async (): Promise<DesktopApp> => {
    const env = { DBUS_SESSION_BUS_ADDRESS: bus.address, PEERAGE_TRAY: '' };
    app = await electron.start(['--home', home, '--hidden'], env);
    return app;
  };
  const icon = async (watcher: NotifierWatcher): Promise<string> => {
    await expect.poll(() => watcher.items.length).toBeGreaterThan(0);
    return watcher.items.at(-1) ?? '';
  };

  test.skipIf(!hasBus)(
    'is registered, has a menu, and a click on it shows the window',
    async () => {
      const watcher = await watch();
      const running = await start();
      const item = await icon(watcher);
      const told = await watcher.read(item);
      expect(told).toMatchObject({ Status: 'Active' });
      expect(told.Menu).toMatch(/^\//);
      expect((await running.look()).windows).toEqual([]);
      await watcher.activate(item);
      await expect.poll(async () => (await running.look()).windows).toEqual([{ visible: true }]);
    },
  );

  test.skipIf(!hasBus)(
    'comes again with a panel that was restarted, or that came late',
    async () => {
      const running = await start();
      const late = await watch();
      await icon(late);
      await late.stop();
      const next = await watch();
      await icon(next);
      expect((await running.look()).menu.map((line) => line.label)).toContain('Quit Peerage');
    },
  );
});
