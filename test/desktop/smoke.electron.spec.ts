/**
 * One walk through the app on Electron's own binary: start, practice peer, message, answer; and the two
 * parts that only a real one can show: full-text search in its SQLite, and the keychain. Skipped by
 * name where the binary is not there.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Snapshot } from '../../electron/contract/index.ts';
import { installedElectron, thisMachine } from '../../scripts/parts/electron.mjs';
import { PATIENCE_MS } from '../patience.ts';

const root = resolve(import.meta.dirname, '../..');
const program = installedElectron(thisMachine());
const required = (process.env.PEERAGE_REQUIRE ?? '').split(/[\s,]+/).includes('electron');
const why = program === undefined ? 'Electron’s binary is not installed' : '';
if (why !== '' && required) throw new Error(`electron is required (PEERAGE_REQUIRE): ${why}`);
if (why !== '') console.warn(`skipped: smoke test on real Electron (${why})`);

describe.skipIf(why !== '')('the app on real Electron', () => {
  let app: ElectronApplication;
  let page: Page;
  const home = mkdtempSync(join(tmpdir(), 'peerage-electron-'));

  beforeAll(async () => {
    expect(existsSync(join(root, 'out', 'main.mjs')), 'run npm run build first').toBe(true);
    app = await _electron.launch({
      executablePath: program ?? '',
      args: [root, '--home', home],
      // A runner's display shows no icons; without them a window that is closed is only made small.
      env: { ...process.env, PEERAGE_TRAY: 'present' } as Record<string, string>,
      // Else Playwright starts Electron with --no-sandbox on Linux.
      chromiumSandbox: true,
      timeout: PATIENCE_MS,
    });
    page = await app.firstWindow({ timeout: PATIENCE_MS });
    page.setDefaultTimeout(PATIENCE_MS);
  });
  afterAll(async () => {
    await app?.close();
    // On Windows a file is in use until the last of Electron's processes has ended.
    rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 500 });
  });

  const snapshot = (): Promise<Snapshot> =>
    page.evaluate(
      () =>
        new Promise((found) => {
          const stop = window.peerage?.onFrame((frame) => {
            if (Reflect.get(Object(frame), 'kind') !== 'snapshot') return;
            stop?.();
            found(Reflect.get(Object(frame), 'body') as Snapshot);
          });
          window.peerage?.send({ v: 1, id: '', kind: 'snapshot', name: '', body: {} });
        }),
    );

  test('starts with the window closed in', async () => {
    expect(page.url()).toBe('peerage-app://window/index.html');
    expect(
      await page.evaluate(() => [typeof Reflect.get(window, 'require'), typeof process]),
    ).toEqual(['undefined', 'undefined']);
    const bridge = await page.evaluate(() => Object.keys(window.peerage ?? {}).sort());
    expect(bridge).toEqual(['onFrame', 'pathOf', 'send']);
    const fetched = await page.evaluate(() =>
      fetch('https://github.com/').then(
        () => 'fetched',
        () => 'refused',
      ),
    );
    expect(fetched).toBe('refused');
  });

  test('has full-text search and a keychain', async () => {
    await expect.poll(async () => (await snapshot()).app.secrets.status).toBe('available');
    expect((await snapshot()).app).toMatchObject({ search: 'fts5', shell: 'desktop' });
  });

  test('answers a message to the practice peer', async () => {
    await page.getByRole('button', { name: 'Try with a practice peer' }).click();
    const field = page.getByRole('textbox', { name: /^Message/ });
    await field.fill('Hello from the smoke test.');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('Hello from the smoke test.').first().waitFor();
    await expect
      .poll(async () => (await snapshot()).peers.some((peer) => peer.practice && !peer.running), {
        timeout: PATIENCE_MS,
      })
      .toBe(true);
    await expect.poll(() => page.locator('article.message--in').count()).toBeGreaterThan(0);
  });

  test('closes to the tray', async () => {
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
    // The page is asked before the window is told that it closes.
    const visible = (): Promise<boolean[]> =>
      app.evaluate(({ BrowserWindow }) =>
        BrowserWindow.getAllWindows().map((window) => window.isVisible()),
      );
    await expect.poll(visible).toEqual([false]);
  });
});
