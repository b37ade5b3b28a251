import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chooseShell, downloadUrl, installedElectron } from '../../../scripts/parts/electron.mjs';

let folder = '';
let asked: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'peerage-electron-'));
  asked = [];
  writeFileSync(join(folder, 'package.json'), '{"version":"45.4.1"}');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const machine = (more: object = {}) => ({
  asked: false,
  env: { DISPLAY: ':0', XDG_CACHE_HOME: join(folder, 'cache') } as NodeJS.ProcessEnv,
  platform: 'linux' as NodeJS.Platform,
  arch: 'x64',
  uid: 1000,
  folder,
  answers: async (url: string) => {
    asked.push(url);
    return false;
  },
  ...more,
});
const why = async (more: object): Promise<string> => {
  const choice = await chooseShell(machine(more));
  return choice.kind === 'browser' ? choice.why : choice.kind;
};
const install = (version = '45.4.1'): void => {
  mkdirSync(join(folder, 'dist'));
  writeFileSync(join(folder, 'dist', 'electron'), '');
  writeFileSync(join(folder, 'dist', 'version'), `v${version}\n`);
};

describe('choice of the shell', () => {
  test('says why the browser is used, without asking the network where it need not', async () => {
    expect(await why({ asked: true })).toBe('--browser was given');
    expect(await why({ uid: 0 })).toBe('Electron does not run as root');
    expect(await why({ env: {} })).toBe('there is no display');
    expect(
      await why({ env: { DISPLAY: ':0', ELECTRON_OVERRIDE_DIST_PATH: '/nowhere' } }),
    ).toContain('ELECTRON_OVERRIDE_DIST_PATH');
    expect(await why({ folder: join(folder, 'missing') })).toContain('not among the installed');
    expect(asked).toEqual([]);
    expect(await why({})).toBe('Electron is not installed, and its download does not answer');
    expect(asked).toEqual([
      'https://github.com/electron/electron/releases/download/v45.4.1/electron-v45.4.1-linux-x64.zip',
    ]);
  });

  test('runs an Electron that is there, of the right version', async () => {
    install('44.0.0');
    expect(installedElectron(machine())).toBeUndefined();
    rmSync(join(folder, 'dist'), { recursive: true });
    install();
    expect(await chooseShell(machine())).toEqual({
      kind: 'desktop',
      program: join(folder, 'dist', 'electron'),
    });
    expect(await why({ env: { WAYLAND_DISPLAY: 'wayland-0' } })).toBe('desktop');
    expect(await why({ platform: 'darwin', env: {} })).not.toBe('there is no display');
  });

  test('downloads where that answers, or where it was downloaded before', async () => {
    expect(await why({ answers: async () => true })).toBe('download');
    const zip = join(folder, 'cache', 'electron', 'abc', 'electron-v45.4.1-linux-x64.zip');
    mkdirSync(join(zip, '..'), { recursive: true });
    writeFileSync(zip, '');
    expect(await why({})).toBe('download');
    expect(asked).toEqual([]);
  });

  test('asks the mirror that is set for Electron', () => {
    const env = {
      ELECTRON_MIRROR: 'https://mirror.example/e/',
      ELECTRON_CUSTOM_DIR: '{{ version }}',
    };
    expect(downloadUrl(machine({ env }))).toBe(
      'https://mirror.example/e/45.4.1/electron-v45.4.1-linux-x64.zip',
    );
  });
});
