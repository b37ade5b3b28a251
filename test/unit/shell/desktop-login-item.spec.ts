/** Launch at login on each platform, and what is done where the system refuses it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { LoginItemSettings, Settings } from 'electron';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

const app = vi.hoisted(() => ({
  isPackaged: true,
  atLogin: false,
  asked: [] as object[],
  /** What the system has, as Electron tells it. */
  item: {} as Partial<LoginItemSettings>,
  setLoginItemSettings: (settings: Settings) => {
    app.asked.push(settings);
    app.item = settings.openAtLogin ? { openAtLogin: true } : {};
  },
  getLoginItemSettings: (): Partial<LoginItemSettings> => ({
    ...{ openAtLogin: false, launchItems: [], status: 'not-registered' },
    ...app.item,
    wasOpenedAtLogin: app.atLogin,
  }),
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
  Object.assign(app, { isPackaged: true, atLogin: false, asked: [], item: {} });
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

  const off = { name: 'ai.peerage.desktop', path: 'Peerage.exe', args: ['--hidden'] };
  test.each([
    ['win32', { launchItems: [{ ...off, scope: 'user', enabled: false }] }],
    ['darwin', { status: 'requires-approval' }],
    ['win32', { openAtLogin: true }],
    ['darwin', { openAtLogin: true, status: 'enabled' }],
  ] as const)(
    'on %s stays as the person has it in the settings of the system: %o',
    async (platform, item) => {
      app.item = item as unknown as typeof app.item;
      const { setLaunchAtLogin } = await on(platform);
      setLaunchAtLogin(true, log);
      expect(app.asked).toEqual([]);
      setLaunchAtLogin(false, log);
      expect(app.asked).toEqual([{ openAtLogin: false, args: ['--hidden'] }]);
    },
  );

  test('on Linux is an entry that starts the AppImage itself, not what it is mounted at', async () => {
    vi.stubEnv('APPIMAGE', '/home/ada/My "$apps" 100%/Peerage.AppImage');
    vi.stubEnv('APPDIR', dirname(process.execPath));
    const { setLaunchAtLogin } = await on('linux');
    setLaunchAtLogin(true, log);
    expect(readFileSync(entry(), 'utf8')).toContain(
      String.raw`Exec="/home/ada/My \\"\\$apps\\" 100%%/Peerage.AppImage" --hidden`,
    );
    setLaunchAtLogin(false, log);
    expect(() => readFileSync(entry())).toThrow();
    expect([app.asked, lines]).toEqual([[], []]);
  });

  test.each([
    ['Hidden=true', 'X-GNOME-Autostart-enabled=true'],
    ['X-GNOME-Autostart-enabled=true', 'X-GNOME-Autostart-enabled=false'],
  ])('on Linux stays as the person has it in the settings of the desktop: %s', async (...lines) => {
    const { setLaunchAtLogin } = await on('linux');
    setLaunchAtLogin(true, log);
    const [was, is] = [readFileSync(entry(), 'utf8'), lines.join('\n')];
    const off = was.replace('X-GNOME-Autostart-enabled=true', is);
    writeFileSync(entry(), off);
    setLaunchAtLogin(true, log);
    expect(readFileSync(entry(), 'utf8')).toBe(off);
    // Switched off and on here, it is on.
    setLaunchAtLogin(false, log);
    setLaunchAtLogin(true, log);
    expect(readFileSync(entry(), 'utf8')).toBe(was);
  });

  test('on Linux is the program itself where it was only started by one out of an AppImage', async () => {
    vi.stubEnv('APPIMAGE', '/home/ada/Terminal.AppImage');
    vi.stubEnv('APPDIR', '/tmp/.mount_Termin');
    (await on('linux')).setLaunchAtLogin(true, log);
    expect(readFileSync(entry(), 'utf8')).toContain(`Exec="${process.execPath}" --hidden`);
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
