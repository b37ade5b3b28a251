/** The browser shell around the real app: its life as a process, and its doors in a real Chromium. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { REDIRECT_FILE } from '../../electron/shell/browser/redirect-file.ts';
import { PATIENCE_MS } from '../patience.ts';
import { describeWith, findChromium } from '../real/parts/require.ts';
import { type AppProcess, startApp } from './parts/app-process.ts';

let home = '';
const running: AppProcess[] = [];
const start = (...args: Parameters<typeof startApp>): AppProcess => {
  const app = startApp(...args);
  running.push(app);
  return app;
};
const newHome = (): string => mkdtempSync(join(tmpdir(), 'peerage-ui-'));
const endAll = async (): Promise<void> => {
  for (const app of running.splice(0)) {
    app.child.kill('SIGKILL');
    await app.ended;
  }
  rmSync(home, { recursive: true, force: true });
};

describe('a run of the app', () => {
  beforeEach(() => {
    home = newHome();
  });
  afterEach(endAll);

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'ends in order at %s, each step within its time, and leaves no door behind',
    async (signal) => {
      const app = start(home);
      const url = await app.url;
      // 0 only where every step ended well within its share of the 3 s that an end may take.
      expect(await app.stop(signal)).toBe(0);
      await expect(fetch(url)).rejects.toThrow();
      const [socket = ''] = readFileSync(join(home, 'control-socket'), 'utf8').split('\n');
      expect(socket).not.toBe('');
      expect(existsSync(socket)).toBe(false);
      expect(existsSync(join(home, REDIRECT_FILE))).toBe(false);
    },
  );

  test('keeps everything in its home, closed to others', async () => {
    const app = start(home);
    await app.url;
    expect(statSync(home).mode & 0o777).toBe(0o700);
    expect(statSync(join(home, 'peerage.db')).mode & 0o077).toBe(0);
    const byVariable = join(home, 'other');
    const other = start(byVariable, [], { PEERAGE_HOME: home });
    await other.url;
    expect(existsSync(join(byVariable, 'peerage.db'))).toBe(true);
  });

  test('is the only one on its home: a second start finds it and ends well', async () => {
    const app = start(home);
    const first = new URL(await app.url);
    const second = start(home);
    const told = new URL(await second.url);
    expect(await second.ended).toBe(0);
    expect(told.port).toBe(first.port);
    expect(told.hash).not.toBe(first.hash);
    expect(statSync(join(home, REDIRECT_FILE)).mode & 0o777).toBe(0o600);
    expect(app.child.exitCode).toBeNull();
  });

  test('starts again on its home after it was killed', async () => {
    const app = start(home);
    await app.url;
    app.child.kill('SIGKILL');
    await app.ended;
    await start(home).url;
  });

  test('of two starts at once, one is the first', async () => {
    const both = [start(home), start(home)];
    const urls = await Promise.all(both.map((app) => app.url));
    expect(new Set(urls.map((url) => new URL(url).port)).size).toBe(1);
  });

  test('tells a wrong argument and ends', async () => {
    const app = start(home, ['--colour', 'red']);
    expect(await app.ended).toBe(2);
    expect(app.output()).toContain('--colour');
    expect(app.output()).toContain('Usage');
  });
});

await describeWith(['chromium'], 'the browser shell in Chromium', () => {
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  let app: AppProcess;
  let url = '';
  const problems: string[] = [];

  const isUp = (shown: Page): Promise<void> => shown.getByText('Welcome to Peerage').waitFor();
  const isRefused = (shown: Page): Promise<void> =>
    shown.getByText('A stranger knocked', { exact: false }).first().waitFor();

  beforeAll(async () => {
    home = newHome();
    app = start(home);
    url = await app.url;
    browser = await chromium.launch({ executablePath: findChromium() ?? '' });
  });
  afterAll(async () => {
    await browser.close();
    await endAll();
  });
  beforeEach(async () => {
    context = await browser.newContext();
    context.setDefaultTimeout(PATIENCE_MS);
    page = await context.newPage();
    problems.length = 0;
    page.on('console', (message) => {
      if (message.type() === 'error') problems.push(message.text());
    });
    page.on('pageerror', (error) => problems.push(String(error)));
    await page.goto(url);
  });
  afterEach(() => context.close());

  test('opens by the printed address, and takes the key out of the address bar', async () => {
    await isUp(page);
    expect(page.url()).toBe(`${new URL(url).origin}/`);
    const history = await page.evaluate(() => [location.href, document.referrer, document.cookie]);
    expect(history).toEqual([`${new URL(url).origin}/`, '', '']);
    expect(problems).toEqual([]);
  });

  test('goes on after a reload, and opens in a second tab', async () => {
    await isUp(page);
    const kept = await page.evaluate(() => Object.values(sessionStorage).join());
    expect(kept).not.toContain(new URL(url).hash.slice('#key='.length));
    await page.reload();
    await isUp(page);
    const second = await context.newPage();
    await second.goto(url);
    await isUp(second);
    await page.reload();
    await isUp(page);
  });

  test('opens by the redirect file, once', async () => {
    const again = start(home);
    await again.ended;
    const tab = await context.newPage();
    const file = `file://${join(home, REDIRECT_FILE)}`;
    await tab.goto(file, { waitUntil: 'commit' });
    await tab.waitForURL(`${new URL(url).origin}/**`);
    await isUp(tab);
    expect(existsSync(join(home, REDIRECT_FILE))).toBe(false);
    await tab.reload();
    await isUp(tab);
    const spent = await (await browser.newContext()).newPage();
    spent.setDefaultTimeout(PATIENCE_MS);
    await spent.goto(await again.url);
    await isRefused(spent);
    await spent.context().close();
  });

  test('shows a stranger nothing: no key, a wrong key', async () => {
    const stranger = await (await browser.newContext()).newPage();
    stranger.setDefaultTimeout(PATIENCE_MS);
    await stranger.goto(new URL(url).origin);
    await isRefused(stranger);
    await stranger.goto(`${new URL(url).origin}/?again#key=${'A'.repeat(43)}`);
    await isRefused(stranger);
    await stranger.context().close();
  });

  test('lets nothing inline run, and nothing foreign load', async () => {
    await isUp(page);
    const ran = await page.evaluate(async () => {
      const script = document.createElement('script');
      script.textContent = 'window.inlineRan = true';
      document.body.append(script);
      const handler = document.createElement('img');
      handler.setAttribute('onerror', 'window.inlineRan = true');
      handler.src = 'data:,';
      document.body.append(handler);
      const foreign = await fetch('http://127.0.0.1:9/').then(
        () => 'fetched',
        () => 'refused',
      );
      await new Promise((resolve) => setTimeout(resolve, 200));
      let evaluated = 'refused';
      try {
        evaluated = String(new Function('return "ran"')());
      } catch {
        // Refused, as it should be.
      }
      return [Reflect.get(window, 'inlineRan') ?? 'refused', foreign, evaluated];
    });
    expect(ran).toEqual(['refused', 'refused', 'refused']);
  });

  test('keeps out a page of another service on this machine', async () => {
    const { origin } = new URL(url);
    const visitors: string[] = [];
    const other = createServer((request, response) => {
      visitors.push(request.headers.cookie ?? '');
      response.setHeader('content-type', 'text/html');
      response.end('<!doctype html><title>other</title>');
    });
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    await isUp(page);
    const visitor = await context.newPage();
    await visitor.goto(`http://127.0.0.1:${(other.address() as AddressInfo).port}/`);
    const tries = await visitor.evaluate(async (target) => {
      const socket = new WebSocket(`${target.replace('http', 'ws')}/socket`);
      const opened = await new Promise((resolve) => {
        socket.onopen = () => resolve('opened');
        socket.onerror = () => resolve('refused');
      });
      const read = await fetch(target).then(
        (response) => response.text(),
        () => 'refused',
      );
      const frame = document.createElement('iframe');
      frame.src = target;
      document.body.append(frame);
      await new Promise((resolve) => {
        frame.onload = resolve;
      });
      let framed = 'refused';
      try {
        framed = frame.contentDocument?.body.textContent ?? 'refused';
      } catch {
        // Another origin, as it should be.
      }
      return [opened, read, framed, sessionStorage.length];
    }, origin);
    expect(tries).toEqual(['refused', 'refused', 'refused', 0]);
    expect(visitors.join('')).toBe('');
    other.close();
  });

  test('keeps out a name that was made to point here (DNS rebinding)', async () => {
    const rebound = await chromium.launch({
      executablePath: findChromium() ?? '',
      args: ['--host-resolver-rules=MAP rebound.example 127.0.0.1'],
    });
    const visitor = await rebound.newPage();
    visitor.setDefaultTimeout(PATIENCE_MS);
    const { port } = new URL(url);
    const response = await visitor.goto(`http://rebound.example:${port}/`);
    expect(response?.status()).toBe(403);
    const socket = await visitor.evaluate(
      (target) =>
        new Promise((resolve) => {
          const made = new WebSocket(target);
          made.onopen = () => resolve('opened');
          made.onerror = () => resolve('refused');
        }),
      `ws://rebound.example:${port}/socket`,
    );
    expect(socket).toBe('refused');
    await rebound.close();
  });
});
