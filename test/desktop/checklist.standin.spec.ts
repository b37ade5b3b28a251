/**
 * Electron's security checklist, each item by its number and name:
 * https://www.electronjs.org/docs/latest/tutorial/security
 *
 * `asserted` = the configuration that is handed to Electron is looked at; whether Electron obeys is not
 * seen here. `seen (stand-in)` = a page tried it, and Chromium with the stand-in's hooks refused.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mayHavePermission, mayLoad, mayOpenOutside } from '../../electron/shell/desktop/rules.ts';
import { CONTENT_SECURITY_POLICY } from '../../electron/shell/static-files.ts';
import { describeStandIn } from './parts/require.ts';
import { type StandInApp, standIn } from './parts/stand-in-driver.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const HELLO = JSON.stringify({ v: 1, id: '', kind: 'snapshot', name: '', body: {} });
const own = 'peerage-app://window/index.html';

/** Everything that a window is given: the page, its scripts, the preload. */
function loadedCode(): string {
  const assets = readdirSync(join(root, 'out/renderer/assets')).filter((name) =>
    /\.js$/.test(name),
  );
  return [
    'out/renderer/index.html',
    'out/preload.cjs',
    ...assets.map((name) => `out/renderer/assets/${name}`),
  ]
    .map(read)
    .join('\n');
}

await describeStandIn('Electron’s security checklist', () => {
  const home = mkdtempSync(join(tmpdir(), 'peerage-checklist-'));
  let app: StandInApp;
  let page: Page;
  let web: Electron.WebPreferences = {};
  const preferences = (name: keyof Electron.WebPreferences): unknown => web[name];

  beforeAll(async () => {
    app = await standIn.start(['--home', home]);
    page = await app.page();
    await page.getByText('Welcome to Peerage').waitFor();
    web = (await app.look()).windows[0]?.preferences ?? {};
  });
  afterAll(async () => {
    await app.kill();
    rmSync(home, { recursive: true, force: true });
  });

  test('1 only load secure content: seen (stand-in)', async () => {
    const fetched = await page.evaluate(() =>
      fetch('http://127.0.0.1:9/').then(
        () => 'fetched',
        () => 'refused',
      ),
    );
    expect(fetched).toBe('refused');
    for (const url of [
      'http://a.example/',
      'https://a.example/',
      'ws://a.example/',
      'file:///etc/passwd',
    ]) {
      expect(await app.ask('mayRequest', url)).toBe(false);
      expect(mayLoad(url, false)).toBe(false);
    }
    // Elsewhere than on macOS its dictionaries come from a foreign server, past the rules of the session.
    expect(preferences('spellcheck')).toBe(false);
  });

  test('2 no Node.js integration: asserted, and seen (stand-in)', async () => {
    expect(preferences('nodeIntegration')).toBe(false);
    expect(preferences('nodeIntegrationInWorker')).toBe(false);
    expect(preferences('nodeIntegrationInSubFrames')).toBe(false);
    const found = await page.evaluate(() =>
      ['require', 'process', 'module', 'Buffer', 'global'].filter((name) => name in window),
    );
    expect(found).toEqual([]);
  });

  test('3 context isolation: asserted, and seen (stand-in)', async () => {
    expect(preferences('contextIsolation')).toBe(true);
    // The page spoils what the preload uses, if the two shared it, and then lets the preload work.
    const seen = await page.evaluate(async () => {
      const caught: string[] = [];
      const { stringify, parse } = JSON;
      JSON.stringify = (value: unknown) => {
        caught.push('JSON.stringify');
        return stringify(value);
      };
      JSON.parse = (...args: Parameters<typeof parse>) => {
        caught.push('JSON.parse');
        return parse(...args);
      };
      Object.defineProperty(Object.prototype, 'channel', {
        configurable: true,
        set: () => caught.push('Object.prototype'),
      });
      const answered = new Promise((found) => {
        window.peerage?.onFrame(found);
      });
      window.peerage?.send({ v: 1, id: 'isolation', kind: 'call', name: 'app.about', body: {} });
      await answered;
      JSON.stringify = stringify;
      JSON.parse = parse;
      Reflect.deleteProperty(Object.prototype, 'channel');
      const names = ['ipcRenderer', 'contextBridge', 'electron', '__standInCallOut', 'CHANNEL'];
      return { caught, found: names.filter((name) => name in window) };
    });
    expect(seen).toEqual({ caught: [], found: [] });
    expect(await page.evaluate(() => Object.isFrozen(window.peerage))).toBe(true);
  });

  test('4 process sandboxing: asserted', () => {
    expect(preferences('sandbox')).toBe(true);
    // Nothing that we ship or pack switches it off by an argument.
    const text = ['electron-builder.yml', 'out/main.mjs', 'out/updater.mjs'].map(read).join('\n');
    expect(text).not.toMatch(/no-?sandbox|disable-(?:setuid-|gpu-)?sandbox/i);
  });

  test('5 permission requests are handled: seen (stand-in)', async () => {
    const permissions = [
      'media',
      'geolocation',
      'notifications',
      'clipboard-read',
      'fullscreen',
      'openExternal',
    ];
    for (const name of permissions) {
      expect(await app.ask('permission', name, own)).toEqual({ request: false, check: false });
    }
    expect(await app.ask('permission', 'clipboard-sanitized-write', own)).toEqual({
      request: true,
      check: true,
    });
    expect(mayHavePermission('clipboard-sanitized-write', 'https://a.example/')).toBe(false);
    expect(await app.ask('deviceRefused')).toBe(true);
  });

  test('5 permissions that a page asks for are refused: seen (stand-in)', async () => {
    const answers = await page.evaluate(async () => {
      const name = (error: unknown): string => (error as DOMException).name;
      const tried = async (work: () => Promise<unknown>): Promise<string> => {
        const late = new Promise<string>((resolve) => setTimeout(() => resolve('late'), 60_000));
        return Promise.race([work().then(() => 'given', name), late]);
      };
      return {
        geolocation: await new Promise((found) => {
          navigator.geolocation.getCurrentPosition(
            () => found('given'),
            ({ code }) => found(`refused ${code}`),
            { timeout: 60_000 },
          );
        }),
        notifications: await Notification.requestPermission(),
        camera: await tried(() => navigator.mediaDevices.getUserMedia({ video: true })),
        microphone: await tried(() => navigator.mediaDevices.getUserMedia({ audio: true })),
        screen: await tried(() => navigator.mediaDevices.getDisplayMedia()),
        clipboard: await tried(() => navigator.clipboard.readText()),
        midi: await tried(() => navigator.requestMIDIAccess({ sysex: true })),
      };
    });
    const DENIED = 1;
    expect(answers.geolocation).toBe(`refused ${DENIED}`);
    expect(answers.notifications).toBe('denied');
    for (const what of ['camera', 'microphone', 'screen', 'clipboard', 'midi'] as const) {
      expect([what, answers[what]]).toEqual([
        what,
        expect.stringMatching(/^(NotAllowedError|SecurityError|InvalidStateError)$/),
      ]);
    }
    const states = await page.evaluate(async () => {
      const state = async (name: string): Promise<string> =>
        (await navigator.permissions.query({ name: name as PermissionName })).state;
      const asked = ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read'];
      const refused = await Promise.all(asked.map(state));
      return { refused, writing: await state('clipboard-write') };
    });
    expect(states).toEqual({ refused: Array(5).fill('denied'), writing: 'granted' });
  });

  test('6 webSecurity stays on: asserted', () => {
    expect(preferences('webSecurity')).toBe(true);
  });

  test('7 a content security policy: seen (stand-in)', async () => {
    const [policy, ran] = await page.evaluate(async () => {
      const answer = await fetch('/index.html');
      const script = document.createElement('script');
      script.textContent = 'window.inlineRan = true';
      document.body.append(script);
      return [answer.headers.get('content-security-policy'), 'inlineRan' in window];
    });
    expect(policy).toBe(CONTENT_SECURITY_POLICY);
    expect(policy).not.toContain('unsafe');
    expect(ran).toBe(false);
  });

  test('8 no insecure content: asserted', () => {
    expect(preferences('allowRunningInsecureContent')).toBe(false);
  });

  test('9 no experimental features: asserted', () => {
    expect(preferences('experimentalFeatures')).toBe(false);
  });

  test('10 no blink features: asserted', () => {
    expect(preferences('enableBlinkFeatures')).toBeUndefined();
  });

  test('11 webviews have no popups, as there are none: asserted', async () => {
    expect(preferences('webviewTag')).toBe(false);
    const code = loadedCode();
    expect(code).toContain('createElement');
    expect(code).not.toMatch(/allowpopups|<webview|['"`]webview['"`]/i);
  });

  test('12 webview options are verified, by refusing all: seen (stand-in)', async () => {
    expect(await app.ask('webviewPrevented')).toBe(true);
  });

  test('13 navigation is limited: seen (stand-in)', async () => {
    for (const to of [
      'https://a.example/',
      'https://window.peerage-app.standin.a.example/',
      'https://other.peerage-app.standin/',
    ]) {
      await page.evaluate((url) => {
        location.href = url;
      }, to);
      await page.waitForTimeout(150);
      expect(page.url()).toBe(await app.ask('inChromium', own));
    }
  });

  test('14 new windows are limited: seen (stand-in)', async () => {
    await page.evaluate(() => window.open('https://a.example/'));
    await page.waitForTimeout(200);
    expect((await app.look()).windows).toHaveLength(1);
    expect((await app.look()).opened).toEqual([]);
  });

  test('15 openExternal only for known places: seen (stand-in)', async () => {
    await page.evaluate(() => {
      window.open('https://docs.openclaw.ai/x');
      window.open('https://docs.openclaw.ai.evil.example/x');
      window.open('file:///etc/passwd');
    });
    await expect
      .poll(async () => (await app.look()).opened)
      .toEqual(['https://docs.openclaw.ai/x']);
    for (const url of [
      'javascript:alert(1)',
      'smb://h/x',
      'https://u@github.com/',
      'http://github.com/',
    ]) {
      expect(mayOpenOutside(url, null)).toBe(false);
    }
  });

  test('16 a current version of Electron: asserted', () => {
    const { devDependencies } = JSON.parse(read('package.json'));
    expect(devDependencies.electron).toMatch(/^\d+\.\d+\.\d+$/);
    expect(Number.parseInt(devDependencies.electron, 10)).toBeGreaterThanOrEqual(45);
  });

  test('17 the sender of every message is checked: seen (stand-in)', async () => {
    // A frame of another origin, and a sub-frame of our own: neither is heard, so neither opens a session.
    const answered = await app.ask('strangerSends', 'peerage:frame', HELLO);
    expect(answered).toBe(0);
    expect(read('electron/shell/desktop/bridge.ts').match(/ipcMain\.on\(/g)).toHaveLength(1);
    await page.evaluate(() => {
      const frame = document.createElement('iframe');
      frame.src = '/index.html';
      document.body.append(frame);
    });
    await page.waitForTimeout(200);
    const inFrame = await page.evaluate(() => {
      try {
        return typeof Reflect.get(document.querySelector('iframe')?.contentWindow ?? {}, 'peerage');
      } catch {
        return 'refused';
      }
    });
    expect(['undefined', 'refused']).toContain(inFrame);
  });

  test('18 a custom protocol instead of file: seen (stand-in)', async () => {
    const privileges = Object.values(await app.ask('privileges'));
    expect(privileges).toEqual([{ standard: true, secure: true, supportFetchAPI: true }]);
    const answers = await page.evaluate(() =>
      Promise.all(
        [
          '/../package.json',
          '/%2e%2e/package.json',
          '/..%2fmain.mjs',
          '/assets/..%5c..%5cmain.mjs',
          '//etc/passwd',
          '/%00',
          '/%',
        ].map((path) =>
          fetch(path).then(
            (answer) => answer.status,
            () => 'refused',
          ),
        ),
      ),
    );
    for (const answer of answers) expect([404, 'refused']).toContain(answer);
  });

  test('19 fuses are decided: asserted', () => {
    const config = read('electron-builder.yml');
    for (const [fuse, value] of Object.entries({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    })) {
      expect(config).toMatch(new RegExp(`^  ${fuse}: ${value}$`, 'm'));
    }
  });

  test('20 no raw Electron API in the preload: asserted, and seen (stand-in)', async () => {
    const keys = await page.evaluate(() =>
      Object.entries(window.peerage ?? {}).map(([name, value]) => `${name}: ${typeof value}`),
    );
    expect(keys.sort()).toEqual(['onFrame: function', 'pathOf: function', 'send: function']);
    expect(read('electron/preload.ts')).toMatch(/const CHANNEL = 'peerage:frame'/);
    expect(read('electron/preload.ts')).not.toMatch(/invoke|sendSync|remote|shell/);
    // Where a file lies is told of one that the person gave, and of none that a page made up.
    expect(read('electron/preload.ts').match(/webUtils\.\w+/g)).toEqual([
      'webUtils.getPathForFile',
    ]);
  });

  test('devtools are not in a packed app: asserted', async () => {
    expect(read('electron/shell/desktop/main-window.ts')).toContain('devTools: !app.isPackaged');
    expect(read('electron/shell/desktop/tray.ts')).not.toMatch(/toggleDevTools/i);
  });
});
