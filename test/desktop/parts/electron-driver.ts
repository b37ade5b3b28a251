/** Drives the app on Electron itself. Written to the same walks; run where a binary is. */
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { runCommand } from '../../../scripts/parts/command.mjs';
import { PATIENCE_MS } from '../../patience.ts';
import type { Desktop, DesktopApp, DesktopDriver } from './driver.ts';
import { electronProgram } from './require.ts';

const root = resolve(import.meta.dirname, '../../..');
const watch = join(import.meta.dirname, 'electron-watch.cjs');

/** What electron-watch.cjs keeps, as it is seen inside of Electron. */
interface Watch {
  menu: { items: { type: string; label: string; enabled: boolean; click(): void }[] } | null;
  notifications: { title: string; body: string; emit(event: string): void }[];
}

class RealApp implements DesktopApp {
  readonly ended: Promise<number | null>;
  readonly #app: ElectronApplication;
  readonly #pid: number;
  #output = '';

  /** @param pid of Electron itself: on Windows Playwright starts it by a shell, which is `app.process()`. */
  constructor(app: ElectronApplication, pid: number) {
    this.#app = app;
    this.#pid = pid;
    const child = app.process();
    const hear = (data: Buffer): void => {
      this.#output += data.toString('utf8');
    };
    child.stdout?.on('data', hear);
    child.stderr?.on('data', hear);
    this.ended = new Promise((done) => child.once('close', (code) => done(code)));
  }

  look(): Promise<Desktop> {
    return this.#app.evaluate(({ BrowserWindow }) => {
      const kept = Reflect.get(globalThis, 'peerageWatch') as Watch;
      return {
        windows: BrowserWindow.getAllWindows().map((window) => ({ visible: window.isVisible() })),
        menu: (kept.menu?.items ?? [])
          .filter((item) => item.type !== 'separator')
          .map(({ label, enabled }) => ({ label, enabled })),
        notifications: kept.notifications.map(({ title, body }) => ({
          title,
          body,
          state: 'shown' as const,
        })),
      };
    });
  }

  async page(): Promise<Page> {
    const page = this.#app.windows()[0] ?? (await this.#app.firstWindow({ timeout: PATIENCE_MS }));
    page.setDefaultTimeout(PATIENCE_MS);
    return page;
  }
  async clickMenu(label: string): Promise<void> {
    await this.#app
      .evaluate((_electron, wanted) => {
        const kept = Reflect.get(globalThis, 'peerageWatch') as Watch;
        const item = kept.menu?.items.find((each) => each.label === wanted);
        setTimeout(() => item?.click(), 0);
      }, label)
      .catch(() => {});
  }
  async clickNotification(index: number): Promise<void> {
    await this.#app.evaluate((_electron, at) => {
      const kept = Reflect.get(globalThis, 'peerageWatch') as Watch;
      kept.notifications[at]?.emit('click');
    }, index);
  }
  async closeWindow(): Promise<void> {
    await this.#app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  }
  output(): string {
    return this.#output;
  }
  async kill(): Promise<void> {
    try {
      process.kill(this.#pid, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
    await this.ended;
  }
}

export const electron: DesktopDriver = {
  name: 'Electron',
  start: async (args, env = {}) => {
    const app = await _electron.launch({
      executablePath: electronProgram() ?? '',
      args: ['-r', watch, root, ...args],
      env: { ...process.env, PEERAGE_TRAY: 'present', ...env } as Record<string, string>,
      // Else Playwright starts Electron with --no-sandbox on Linux.
      chromiumSandbox: true,
      timeout: PATIENCE_MS,
    });
    return new RealApp(app, await app.evaluate(() => process.pid));
  },
  startAgain: async (args) => {
    const { code, output } = await runCommand(electronProgram() ?? '', [root, ...args], {
      quiet: true,
    });
    return { code, output };
  },
};
