/** A person at a computer: a gateway, the app, and a browser that shows it, all of them real. */
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { LINK_PATIENCE_MS } from '../../patience.ts';
import { type RealKeychain, startKeychain } from '../../real/parts/keychain.ts';
import { findProgram } from '../../real/parts/process.ts';
import { findChromium } from '../../real/parts/require.ts';
import { type AppProcess, startApp } from '../../ui/parts/app-process.ts';
import type { OwnedHost } from './lan.ts';
import { type OpenClawHome, type OpenClawOptions, startOpenClaw } from './openclaw-home.ts';

/** Somebody's place in the test: what they have, and what they see. */
export interface Seat extends OpenClawHome {
  /** The window; another one after a restart. */
  readonly page: Page;
  readonly app: AppProcess;
  /** Ends the app as a system does (or by `kill -9`), starts it again, and opens its window. */
  restart(signal?: NodeJS.Signals): Promise<void>;
  /** Keeps what is on the screen, and what the app said, for whoever looks into a failure. */
  keep(folder: string): Promise<void>;
}

/** The first answer of a gateway takes 16 s on busy cores. */
const VIEW = { viewport: { width: 1280, height: 800 }, deviceScaleFactor: 2 } as const;

/** The parts of a real seat that the machine must have. */
export const SEAT_PARTS = ['tailnet', 'tun', 'openclaw', 'keychain', 'chromium'] as const;

/**
 * Installs and starts everything at somebody's computer, as a person would find it: Tailscale and
 * OpenClaw on the PATH and in their usual places, a keychain that is open, and an app that was never
 * started before.
 */
export async function takeSeat(computer: OwnedHost, options: OpenClawOptions = {}): Promise<Seat> {
  const ends: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const end of ends.reverse()) await end();
  };
  try {
    await installTailscale(computer);
    const keychain = await startKeychain('unlocked');
    ends.push(() => keychain.stop());
    const { gateway, model, stop: stopOpenClaw } = await startOpenClaw(computer, options);
    ends.push(stopOpenClaw);
    const browser = await startBrowser(computer);
    ends.push(() => browser.close());
    const start = (): AppProcess =>
      startApp(
        join(computer.home, '.local/share/peerage'),
        [],
        environment(computer, keychain),
        afterUs(computer),
      );
    let app = start();
    ends.push(() => app.stop());
    let context: BrowserContext | undefined;
    let page = await openWindow();
    return {
      computer,
      gateway,
      model,
      get page() {
        return page;
      },
      get app() {
        return app;
      },
      restart: async (signal) => {
        await app.stop(signal);
        app = start();
        page = await openWindow();
      },
      keep: async (folder) => {
        await mkdir(folder, { recursive: true });
        await page.screenshot({ path: join(folder, `${computer.name}.png`) });
        await writeFile(join(folder, `${computer.name}.txt`), app.output() + gateway.log());
      },
      stop,
    };

    async function openWindow(): Promise<Page> {
      await context?.close();
      context = await browser.newContext({
        ...VIEW,
        colorScheme: 'light',
        reducedMotion: 'reduce',
      });
      const opened = await context.newPage();
      opened.setDefaultTimeout(LINK_PATIENCE_MS);
      await opened.goto(await app.url);
      await opened.locator('.window').waitFor();
      return opened;
    }
  } catch (error) {
    await stop();
    throw error;
  }
}

async function installTailscale(computer: OwnedHost): Promise<void> {
  await computer.install('tailscale', computer.node.program);
  const run = computer.outside('/run');
  await mkdir(join(run, 'tailscale'));
  await symlink(computer.node.socket, join(run, 'tailscale', 'tailscaled.sock'));
  await mkdir(join(run, 'user', '0'), { recursive: true, mode: 0o700 });
}

/** What a login shell of that person would hand on, and nothing of the test's own. */
function environment(computer: OwnedHost, { env }: RealKeychain): NodeJS.ProcessEnv {
  const none = Object.fromEntries(Object.keys(process.env).map((name) => [name, undefined]));
  return {
    ...none,
    PATH: '/usr/bin:/bin:/usr/sbin:/sbin',
    HOME: computer.home,
    USER: computer.owner.name,
    LANG: 'C.UTF-8',
    XDG_RUNTIME_DIR: '/run/user/0',
    DBUS_SESSION_BUS_ADDRESS: env.DBUS_SESSION_BUS_ADDRESS,
  };
}

/** On that computer, and killed by the kernel where this process ends without a word. */
const afterUs =
  (computer: OwnedHost) =>
  (command: string[]): string[] => {
    const setpriv = findProgram('setpriv');
    return setpriv
      ? [setpriv, '--pdeathsig', 'KILL', '--', ...computer.wrap(command)]
      : computer.wrap(command);
  };

/** A browser on that computer. It is spoken to through pipes, which belong to no network. */
async function startBrowser(computer: OwnedHost): Promise<Browser> {
  const path = findChromium();
  if (path === undefined) throw new Error('no Chromium is installed here');
  const script = join(computer.node.folder, 'browser');
  await writeFile(script, `#!/bin/sh\nexec ${computer.wrap([path]).join(' ')} "$@"\n`);
  await chmod(script, 0o755);
  return chromium.launch({
    executablePath: script,
    args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'],
  });
}

/**
 * Ends the apps of all these people and opens them again, and their windows, at the same homes: between
 * two steps nothing may depend on either. In turns one is ended as a system does, and one by `kill -9`.
 */
export function newStarts(): (...seats: readonly Seat[]) => Promise<void> {
  let turn = 0;
  return async (...seats) => {
    turn += 1;
    const signals = seats.map((_, index) => ((turn + index) % 2 === 0 ? 'SIGKILL' : 'SIGTERM'));
    await Promise.all(seats.map((seat, index) => seat.restart(signals[index])));
  };
}
