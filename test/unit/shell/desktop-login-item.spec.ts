/** Launch at login on each platform, and what is done where the system refuses it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

const app = vi.hoisted(() => ({
  isPackaged: true,
  atLogin: false,
  asked: [] as object[],
  setLoginItemSettings: (settings: object) => void app.asked.push(settings),
  getLoginItemSettings: () => ({ wasOpenedAtLogin: app.atLogin }),
}));
vi.mock('electron', () => ({ app }));

let config: string;
const lines: string[] = [];
const log = (line: string): void => void lines.push(line);
/** The module as it is loaded on a platform. */
async function on(platform: NodeJS.Platform) {
  vi.resetModules();
  vi.doMock('../../../electron/shell/desktop/platform.ts', () => ({ PLATFORM: platform }));
  return import('../../../electron/shell/desktop/login-item.ts');
}
const entry = (): string => join(config, 'autostart', 'ai.peerage.desktop.desktop');

beforeEach(() => {
  config = mkdtempSync(join(tmpdir(), 'peerage-login-'));
  vi.stubEnv('XDG_CONFIG_HOME', config);
  Object.assign(app, { isPackaged: true, atLogin: false, asked: [] });
  lines.length = 0;
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(config, { recursive: true, force: true });
});

describe('launch at login', () => {
  test.each(['darwin', 'win32'] as const)(
    'on %s is an item of the system, hidden',
    async (platform) => {
      const { setLaunchAtLogin } = await on(platform);
      setLaunchAtLogin(true, log);
      setLaunchAtLogin(false, log);
      expect(app.asked).toEqual([
        { openAtLogin: true, args: ['--hidden'] },
        { openAtLogin: false, args: ['--hidden'] },
      ]);
    },
  );

  test('on Linux is an entry that starts the AppImage itself, not what it is mounted at', async () => {
    vi.stubEnv('APPIMAGE', '/home/ada/My "$apps" 100%/Peerage.AppImage');
    const { setLaunchAtLogin } = await on('linux');
    setLaunchAtLogin(true, log);
    expect(readFileSync(entry(), 'utf8')).toContain(
      String.raw`Exec="/home/ada/My \\"\\$apps\\" 100%%/Peerage.AppImage" --hidden`,
    );
    setLaunchAtLogin(false, log);
    expect(() => readFileSync(entry())).toThrow();
    expect([app.asked, lines]).toEqual([[], []]);
  });

  test('does not keep the app from starting where it cannot be set', async () => {
    rmSync(config, { recursive: true });
    writeFileSync(config, 'a file where a folder should be');
    const { setLaunchAtLogin } = await on('linux');
    expect(() => setLaunchAtLogin(true, log)).not.toThrow();
    expect(lines).toEqual([expect.stringContaining('launch at login was not set')]);
    rmSync(config);
    mkdirSync(config);
  });

  test('is only of a packed app', async () => {
    app.isPackaged = false;
    for (const platform of ['linux', 'darwin'] as const) {
      (await on(platform)).setLaunchAtLogin(true, log);
    }
    expect(app.asked).toEqual([]);
    expect(() => readFileSync(entry())).toThrow();
  });

  test('is known on macOS by what the system says, elsewhere by the argument', async () => {
    app.atLogin = true;
    expect((await on('darwin')).startsHidden(false)).toBe(true);
    expect((await on('linux')).startsHidden(false)).toBe(false);
    expect((await on('linux')).startsHidden(true)).toBe(true);
  });
});
