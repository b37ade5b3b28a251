import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codedError } from '../../../electron/contract/index.ts';
import { hasDisplay, openerOf } from '../../../electron/shell/browser/open-browser.ts';
import { tellError } from '../../../electron/shell/first-start.ts';
import { homeFolderOf, openHomeFolder } from '../../../electron/shell/home-folder.ts';
import { stopInOrder } from '../../../electron/shell/ordered-stop.ts';
import { ownArguments, parseServeOptions } from '../../../electron/shell/serve-options.ts';

describe('arguments', () => {
  test('give everything a start can be told', () => {
    const args = ['--browser', '--no-open', '--home', 'a', '--config', 'b', '--secrets=c'];
    expect(parseServeOptions(args)).toEqual({
      kind: 'run',
      options: { home: 'a', configFile: 'b', secretsFolder: 'c', open: false, hidden: false },
    });
    expect(parseServeOptions([])).toEqual({
      kind: 'run',
      options: { home: null, configFile: null, secretsFolder: null, open: true, hidden: false },
    });
    expect(parseServeOptions(['--help'])).toEqual({ kind: 'help' });
  });

  test.each([[['--hom', 'x']], [['--home']], [['--home=']], [['x']], [['--no-open=1']], [['-x']]])(
    'tell a mistake: %j',
    (args) => {
      expect(parseServeOptions(args).kind).toBe('mistake');
    },
  );
});

test('a desktop passes over arguments that are not ours', () => {
  const given = ['/repo', '--ozone-platform=x11', '--home', '/h', '-psn_0_1', '--config=c', 'x'];
  expect(ownArguments([...given, '--no-open', '--no-sandbox', '--home'])).toEqual([
    '--home',
    '/h',
    '--config=c',
    '--no-open',
    '--home',
  ]);
});

describe('home folder', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'peerage-home-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const at = (
    platform: NodeJS.Platform,
    env: NodeJS.ProcessEnv = {},
    given: string | null = null,
  ) => homeFolderOf({ platform, env, given, userHome: '/u' });

  test('follows the platform', () => {
    expect(at('linux')).toBe('/u/.local/share/peerage');
    expect(at('linux', { XDG_DATA_HOME: '/data' })).toBe('/data/peerage');
    expect(at('linux', { XDG_DATA_HOME: 'relative' })).toBe('/u/.local/share/peerage');
    expect(at('darwin')).toBe('/u/Library/Application Support/Peerage');
    expect(at('win32', { APPDATA: '/u/Roaming' })).toBe('/u/Roaming/Peerage');
  });

  test('is what the person says: --home, then PEERAGE_HOME', () => {
    expect(at('linux', { PEERAGE_HOME: '/b' }, '/a')).toBe('/a');
    expect(at('linux', { PEERAGE_HOME: '/b' })).toBe('/b');
    expect(at('linux', { PEERAGE_HOME: '' })).toBe('/u/.local/share/peerage');
  });

  test('is closed to others, and has one name', () => {
    const home = join(folder, 'deep', 'home');
    expect(openHomeFolder(home)).toBe(realpathSync(home));
    expect(statSync(home).mode & 0o777).toBe(0o700);
    chmodSync(home, 0o755);
    symlinkSync(home, join(folder, 'link'));
    expect(openHomeFolder(join(folder, 'link'))).toBe(realpathSync(home));
    expect(statSync(home).mode & 0o777).toBe(0o700);
  });

  test('is refused with its reason where it cannot be had', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => openHomeFolder(join(folder, 'file'))).toThrow('store.not_writable');
    mkdirSync(join(folder, 'x'));
    expect(() => openHomeFolder(join(folder, 'file', 'x'))).toThrow('store.not_writable');
  });
});

describe('stop', () => {
  test('goes on after a step that fails and one that hangs, and says which', async () => {
    const done: string[] = [];
    const lines: string[] = [];
    const well = await stopInOrder(
      [
        { name: 'one', run: () => void done.push('one') },
        { name: 'two', run: () => Promise.reject(new Error('broken')) },
        { name: 'three', run: () => new Promise(() => {}) },
        { name: 'four', run: async () => void done.push('four') },
      ],
      (line) => lines.push(line),
      900,
    );
    expect(well).toBe(false);
    expect(done).toEqual(['one', 'four']);
    expect(lines).toEqual([
      'stop: one',
      'stop: two',
      'stopping: two failed: broken',
      'stop: three',
      // Less than the whole limit: the rest is kept for the steps after it.
      expect.stringMatching(/^stopping: three took longer than (?:[1-4]\d\d|500) ms$/),
      'stop: four',
    ]);
  });

  test('says that all went well', async () => {
    expect(await stopInOrder([{ name: 'one', run: () => {} }], () => {})).toBe(true);
  });
});

test('a browser is started with a file, on every platform', () => {
  expect(openerOf('linux', '/h/open.html')).toEqual(['xdg-open', ['/h/open.html']]);
  expect(openerOf('darwin', '/h/open.html')).toEqual(['open', ['/h/open.html']]);
  expect(openerOf('win32', '/h/open.html')[1][0]).toContain('file:///');
  expect(hasDisplay('linux', {})).toBe(false);
  expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true);
  expect(hasDisplay('darwin', {})).toBe(true);
});

test('a start that fails says what happened, why and what to do', () => {
  const text = tellError(codedError('store.newer_version', 'Version 9 in peerage.db.'));
  expect(text.split('\n')).toEqual([
    'This data was written by a newer Peerage.',
    'Version 9 in peerage.db.',
    expect.stringContaining('Update this Peerage'),
  ]);
  expect(tellError(new Error('odd'))).toBe('Peerage could not start: odd');
});
