/** Drives the app on the stand-in. */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { PATIENCE_MS } from '../../patience.ts';
import type { Controls, DesktopLook } from '../standin/control.ts';
import type { DesktopApp, DesktopDriver } from './driver.ts';
import { emptyHome, emptyMachine } from './empty-machine.ts';

const root = resolve(import.meta.dirname, '../../..');
const launcher = join(root, 'test/desktop/standin/launch.ts');
const entry = join(root, 'out/main.mjs');

/** False for a page that was closed or crashed, of which this connection was not told yet. */
const answers = (page: Page): Promise<boolean> =>
  Promise.race([
    page.evaluate(() => true).catch(() => false),
    new Promise<boolean>((late) => setTimeout(() => late(false), 2_000)),
  ]);

/** The app on the stand-in, with what only the stand-in can do. */
export class StandInApp implements DesktopApp {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  #output = '';
  #serial = 0;
  #browser: Promise<Browser> | null = null;

  constructor(args: readonly string[], env: NodeJS.ProcessEnv) {
    if (!existsSync(entry)) throw new Error('The app is not built: run npm run build first.');
    this.child = fork(launcher, [entry, ...args], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      execArgv: ['--disable-warning=ExperimentalWarning'],
      env: { ...emptyMachine(process.env, emptyHome()), PEERAGE_TRAY: 'present', ...env },
    });
    const hear = (text: string): void => {
      this.#output += text;
    };
    this.child.stdout?.setEncoding('utf8').on('data', hear);
    this.child.stderr?.setEncoding('utf8').on('data', hear);
    this.ended = new Promise((done) => this.child.once('close', (code) => done(code)));
    // A look through the debugging port ends with the app.
    void this.ended.then(() => this.#browser?.then((browser) => browser.close()).catch(() => {}));
  }

  /** Asks the stand-in. */
  ask<N extends keyof Controls>(
    name: N,
    ...args: Parameters<Controls[N]>
  ): Promise<Awaited<ReturnType<Controls[N]>>> {
    const id = ++this.#serial;
    return new Promise((found, failed) => {
      const hear = (raw: unknown): void => {
        const answer = raw as { id: number; value?: never; error?: string };
        if (answer.id !== id) return;
        this.child.off('message', hear);
        if (answer.error === undefined) found(answer.value as never);
        else failed(new Error(answer.error));
      };
      this.child.on('message', hear);
      this.child.send({ id, name, args }, (error) => error && failed(error));
      void this.ended.then(() => failed(new Error(`the app ended:\n${this.#output}`)));
    });
  }

  async look() {
    const now: DesktopLook = await this.ask('look');
    return { ...now, menu: now.trays[0]?.menu ?? [] };
  }

  async page(): Promise<Page> {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const { port, windows } = await this.look();
      if (port !== null && windows.length > 0) {
        this.#browser ??= chromium.connectOverCDP(`http://127.0.0.1:${port}`);
        const pages = (await this.#browser).contexts().flatMap((context) => context.pages());
        const ours = pages.findLast((page) => page.url().includes('.standin/'));
        if (ours && (await answers(ours))) {
          ours.setDefaultTimeout(PATIENCE_MS);
          return ours;
        }
      }
      if (Date.now() > until) throw new Error(`no window in time:\n${this.#output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async clickMenu(label: string): Promise<void> {
    await this.ask('clickMenu', label);
  }
  async clickNotification(index: number): Promise<void> {
    await this.ask('clickNotification', index);
  }
  async closeWindow(): Promise<void> {
    await this.ask('closeWindow');
  }
  output(): string {
    return this.#output;
  }
  async kill(): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}

export const standIn = {
  name: 'stand-in',
  start: async (args: readonly string[], env: NodeJS.ProcessEnv = {}) => new StandInApp(args, env),
  startAgain: async (args: readonly string[]) => {
    const app = new StandInApp(args, {});
    return { code: await app.ended, output: app.output() };
  },
} satisfies DesktopDriver;
