/**
 * `app` and the small modules around it.
 * https://www.electronjs.org/docs/latest/api/app
 * https://www.electronjs.org/docs/latest/api/utility-process
 * https://www.electronjs.org/docs/latest/api/power-monitor
 * https://www.electronjs.org/docs/latest/api/net
 * https://www.electronjs.org/docs/latest/api/screen
 * https://www.electronjs.org/docs/latest/tutorial/online-offline-events
 */
import { fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type * as Electron from 'electron';
import { closeBrowser } from './chromium.ts';
import { sessionRules } from './session.ts';
import { Events, preventable, type Surface, strict } from './strict.ts';
import { whenAllClosed } from './window.ts';

const root = resolve(import.meta.dirname, '../../..');
const APP_EVENTS = [
  'activate',
  'window-all-closed',
  'before-quit',
  'open-url',
  'open-file',
  'web-contents-created',
] as const;

/** What the app asked of the system, for a test to look at. */
export const asked = {
  opened: [] as string[],
  badge: 0,
  paths: new Map<string, string>(),
  openAtLogin: null as Electron.Settings | null,
  protocols: [] as string[],
  model: '',
};

const ready = Promise.withResolvers<void>();
/** The real event carries an event object first. */
const closed = (): void => standInApp.tell('window-all-closed');

class StandInApp
  extends Events<(typeof APP_EVENTS)[number]>
  implements
    Surface<
      Electron.App,
      | 'whenReady'
      | 'exit'
      | 'quit'
      | 'setPath'
      | 'setBadgeCount'
      | 'setAppUserModelId'
      | 'getVersion'
      | 'isPackaged'
      | 'setLoginItemSettings'
      | 'getLoginItemSettings'
      | 'requestSingleInstanceLock'
    >
{
  readonly isPackaged: boolean = process.env.PEERAGE_STANDIN_PACKAGED === '1';
  whenReady(): Promise<void> {
    return ready.promise;
  }
  getVersion(): string {
    return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
  }
  /** At once, without asking: `before-quit` is not told. */
  exit(code = 0): void {
    const late = setTimeout(() => process.exit(code), 3_000);
    late.unref();
    void closeBrowser().finally(() => process.exit(code));
  }
  quit(): void {
    const event = preventable();
    this.tell('before-quit', event);
    if (!event.defaultPrevented) this.exit(0);
  }
  setPath(name: string, path: string): void {
    if (!existsSync(path)) throw new Error(`stand-in: there is no folder ${path}`);
    asked.paths.set(name, path);
  }
  setBadgeCount(count = 0): boolean {
    asked.badge = count;
    return true;
  }
  setAppUserModelId(id: string): void {
    asked.model = id;
  }
  setLoginItemSettings(settings: Electron.Settings): void {
    asked.openAtLogin = settings;
  }
  /** `wasOpenedAtLogin` is told on macOS only. */
  getLoginItemSettings(): Electron.LoginItemSettings {
    const openAtLogin = asked.openAtLogin?.openAtLogin ?? false;
    return {
      openAtLogin,
      wasOpenedAtLogin: process.env.PEERAGE_STANDIN_AT_LOGIN === '1',
      status: openAtLogin ? 'enabled' : 'not-registered',
      executableWillLaunchAtLogin: openAtLogin,
      launchItems: [],
    };
  }
  requestSingleInstanceLock(): boolean {
    return true;
  }
  setAsDefaultProtocolClient(scheme: string): boolean {
    asked.protocols.push(scheme);
    return true;
  }
}

export const standInApp = new StandInApp(APP_EVENTS);
export const app = strict('app', standInApp);
whenAllClosed(closed);

/** Electron is ready only after the entry has been loaded, with all that it awaits at its top. */
export function becomeReady(): void {
  sessionRules.ready = true;
  ready.resolve();
}

export const shell = strict('shell', {
  openExternal: async (url: string): Promise<void> => {
    asked.opened.push(url);
  },
} satisfies Pick<Electron.Shell, 'openExternal'>);

export const power = new Events<'resume' | 'suspend' | 'unlock-screen' | 'shutdown'>([
  'resume',
  'suspend',
  'unlock-screen',
  'shutdown',
]);
export const powerMonitor = strict('powerMonitor', { on: power.on.bind(power) });

/** The main process can ask whether there is a network, and is told of no change. */
export const network = { online: true };
export const net = strict('net', {
  isOnline: () => network.online,
} satisfies Surface<Electron.Net, 'isOnline'>);

export const theme = new Events<'updated'>(['updated']);
export const appearance = { dark: false };
export const nativeTheme = strict('nativeTheme', {
  on: theme.on.bind(theme),
  get shouldUseDarkColorsForSystemIntegratedUI(): boolean {
    return appearance.dark;
  },
});

/** The screens that are connected, without what their panels take. */
export const PANEL_HEIGHT = 32;
export const screens = { all: [{ x: 0, y: PANEL_HEIGHT, width: 1920, height: 1048 }] };
export const screen = strict('screen', {
  getAllDisplays: () =>
    screens.all.map((workArea) => ({
      workArea,
      bounds: {
        ...workArea,
        y: workArea.y - PANEL_HEIGHT,
        height: workArea.height + PANEL_HEIGHT,
      },
    })),
});

/** A child of Node's, with `process.parentPort` put in front. It gets no more than it is given. */
export const utilityProcess = strict('utilityProcess', {
  fork: (path: string, args: string[] = [], options: Electron.ForkOptions = {}) => {
    const child = fork(path, args, {
      execArgv: ['--import', join(import.meta.dirname, 'parent-port.ts')],
      env: options.env as NodeJS.ProcessEnv,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      serialization: 'advanced',
    });
    const events = new EventEmitter();
    child.on('message', (message) => events.emit('message', message));
    child.once('exit', (code) => events.emit('exit', code ?? 1));
    child.on('error', () => {});
    return strict('UtilityProcess', {
      on: events.on.bind(events),
      once: events.once.bind(events),
      postMessage: (message: unknown) => {
        if (child.connected) child.send(message as object, () => {});
      },
      kill: () => child.kill('SIGTERM'),
    });
  },
});
