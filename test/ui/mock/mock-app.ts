import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { Frame } from '../../../electron/contract/index.ts';
import { PATIENCE_MS } from '../../patience.ts';
import { agentHandlers } from './agent-handlers.ts';
import { appHandlers } from './app-handlers.ts';
import { broadcastHandlers } from './broadcast-handlers.ts';
import { gatewayHandlers } from './gateway-handlers.ts';
import { hookHandlers } from './hook-handlers.ts';
import { peerHandlers } from './peer-handlers.ts';
import { policyHandlers } from './policy-handlers.ts';
import { relayHandlers } from './relay-handlers.ts';
import { relayServerHandlers } from './relay-server-handlers.ts';
import { NOW } from './seeds.ts';
import { MockSession } from './session.ts';
import { setupHandlers } from './setup-handlers.ts';
import { type Script, threadHandlers } from './thread-handlers.ts';
import type { World } from './world.ts';

const ROOT = join(import.meta.dirname, '../../..');
/** The built window; another folder by the environment, for trying things beside other builds. */
export const BUILT = process.env.PEERAGE_RENDERER_DIR ?? join(ROOT, 'out/renderer');
const SCREENS = join(ROOT, 'test-results/screens');
const ORIGIN = 'https://peerage.test';

/** The policy of both shells: what it refuses here is refused there. */
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'";

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** Where a Chromium is, or null where this machine has none. */
export const chromiumPath = (): string | null =>
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
    existsSync(path),
  ) ?? null;

/** One Chromium for a whole file of tests. */
export const launchBrowser = (path: string): Promise<Browser> =>
  chromium.launch({
    executablePath: path,
    args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb'],
  });

export interface MockOptions {
  readonly width?: number;
  readonly height?: number;
  readonly scale?: number;
  readonly dark?: boolean;
  readonly contrast?: 'more' | 'no-preference';
  readonly reducedMotion?: boolean;
  readonly script?: Script | null;
  /** What the page does not name itself, the code that is loaded apart, comes only after this. */
  readonly lateParts?: Promise<unknown>;
}

/** The real window, over a mock app. */
export class MockApp {
  readonly page: Page;
  readonly world: World;
  readonly session: MockSession;
  /** Errors of the page, its policy included. */
  readonly complaints: string[] = [];

  private constructor(page: Page, world: World, script: Script | null) {
    this.page = page;
    this.world = world;
    const handlers = {
      ...appHandlers(world),
      ...peerHandlers(world),
      ...threadHandlers(world, script),
      ...setupHandlers(world),
      ...policyHandlers(world),
      ...relayHandlers(world),
      ...relayServerHandlers(world),
      ...agentHandlers(world),
      ...gatewayHandlers(world),
      ...broadcastHandlers(world),
      ...hookHandlers(world),
    };
    this.session = new MockSession(world, handlers, (frame) => this.#deliver(frame));
  }

  /** Opens the window. */
  static async open(browser: Browser, world: World, options: MockOptions = {}): Promise<MockApp> {
    const context = await browser.newContext({
      viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
      deviceScaleFactor: options.scale ?? 1,
      colorScheme: options.dark ? 'dark' : 'light',
      contrast: options.contrast ?? 'no-preference',
      reducedMotion: options.reducedMotion === false ? 'no-preference' : 'reduce',
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
    });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: ORIGIN });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    const app = new MockApp(page, world, options.script ?? null);
    await app.#wire(options.lateParts ?? Promise.resolve());
    await page.goto(`${ORIGIN}/index.html`);
    await page.locator('.window').waitFor();
    return app;
  }

  /** Puts a picture of the window beside the other results. */
  async picture(name: string): Promise<void> {
    await this.page.evaluate(() => document.fonts.ready);
    await this.page.screenshot({ path: join(SCREENS, `${name}.png`) });
  }

  /** What axe has against the window as it is: empty when all is well. */
  async violations(): Promise<string[]> {
    const found = await this.page.evaluate(async () => {
      const results = await window.axe.run(document, {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      });
      return results.violations.map(
        (one) =>
          `${one.id}: ${one.help} ${one.nodes
            .slice(0, 3)
            .map((node) => `${node.target} ${node.failureSummary ?? ''}`)
            .join(' | ')}`,
      );
    });
    return found;
  }

  /** Everything that went against the contract or the policy. */
  get faults(): readonly string[] {
    return [...this.session.faults, ...this.complaints];
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }

  async #wire(lateParts: Promise<unknown>): Promise<void> {
    const { page } = this;
    const first = await readFile(join(BUILT, 'index.html'), 'utf8');
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') {
        this.complaints.push(message.text());
      }
    });
    await page.clock.setFixedTime(NOW);
    await page.route(`${ORIGIN}/**`, async (route) => {
      const { pathname } = new URL(route.request().url());
      const path = join(BUILT, pathname);
      if (!existsSync(path)) return route.fulfill({ status: 404 });
      if (extname(path) === '.js' && !first.includes(basename(path))) await lateParts;
      return route.fulfill({
        body: await readFile(path),
        headers: {
          'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
          'content-security-policy': CSP,
        },
      });
    });
    await page.exposeFunction('mockTake', (frame: unknown) => this.session.take(frame));
    await page.addInitScript(axe.source);
    await page.addInitScript(installBridge);
  }

  #deliver(frame: Frame): void {
    // A page that is being closed no longer wants to hear.
    void this.page.evaluate((given) => window.mockDeliver(given), frame).catch(() => {});
  }
}

declare global {
  interface Window {
    readonly axe: typeof axe;
    mockTake(frame: unknown): Promise<void>;
    mockDeliver(frame: unknown): void;
  }
}

/** Runs in the page, before it: the bridge that the desktop's preload would be. */
function installBridge(): void {
  const listeners = new Set<(frame: unknown) => void>();
  const bridge = {
    send: (frame: unknown) => void window.mockTake(frame),
    pathOf: (file: File) => (file.size === 0 ? '' : `/home/ada/${file.name}`),
    onFrame: (listener: (frame: unknown) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  Object.assign(window, {
    peerage: bridge,
    mockDeliver: (frame: unknown) => {
      for (const listener of listeners) listener(frame);
    },
  });
}
