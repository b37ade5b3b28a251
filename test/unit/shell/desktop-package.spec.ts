/**
 * The packages: the configuration against electron-builder's own schema, and what goes into a package,
 * from a build around a prepared folder in Electron's place. No fuse is flipped or read here: that
 * needs Electron's binary.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../../..');
const need = createRequire(import.meta.url);
const builder = createRequire(need.resolve('electron-builder/package.json'));
const library = createRequire(builder.resolve('app-builder-lib/package.json'));

interface Config {
  readonly [key: string]: unknown;
  readonly electronFuses: Record<string, boolean>;
  readonly directories: Record<string, string>;
}
const { load } = library('js-yaml') as { load(text: string): Config };
const config = load(readFileSync(join(root, 'electron-builder.yml'), 'utf8'));

describe('electron-builder.yml', () => {
  const { validateConfiguration } = builder('app-builder-lib/out/util/config/config.js') as {
    validateConfiguration(config: object, log: { isEnabled: boolean }): Promise<void>;
  };

  test('fits the schema', async () => {
    await validateConfiguration(structuredClone(config), { isEnabled: false });
  });

  test('and the schema would notice a slip', async () => {
    const slip = { ...config, asarUnpak: [] };
    await expect(validateConfiguration(slip, { isEnabled: false })).rejects.toThrow('asarUnpak');
  });

  test('decides every fuse that there is', () => {
    const scheme = JSON.parse(readFileSync(builder.resolve('app-builder-lib/scheme.json'), 'utf8'));
    const fuses = Object.keys(scheme.definitions.FuseOptionsV1.properties);
    expect(Object.keys(config.electronFuses).sort()).toEqual(fuses.sort());
  });

  test('names the link scheme, the icons and the entitlements, which are there', () => {
    expect(config.protocols).toMatchObject([{ schemes: ['peerage'] }]);
    const at = (of: unknown, key: string): string =>
      join(root, (of as Record<string, string>)[key] ?? '');
    for (const file of [
      at(config.win, 'icon'),
      at(config.mac, 'icon'),
      at(config.linux, 'icon'),
      at(config.mac, 'entitlements'),
    ]) {
      expect(statSync(file).size).toBeGreaterThan(0);
    }
  });
});

describe('the content of a Linux package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'peerage-package-'));
  const resources = join(folder, 'release', 'linux-unpacked', 'resources');
  let files: string[] = [];

  beforeAll(async () => {
    const dist = join(folder, 'dist');
    mkdirSync(join(dist, 'resources'), { recursive: true });
    const { version } = need('electron/package.json') as { version: string };
    writeFileSync(join(dist, 'electron'), '#!/bin/sh\n', { mode: 0o755 });
    writeFileSync(join(dist, 'version'), version);
    for (const name of ['LICENSE', 'LICENSES.chromium.html', 'chrome-sandbox']) {
      writeFileSync(join(dist, name), '');
    }
    const { electronFuses: _needsTheBinary, ...rest } = config;
    const directories = { ...config.directories, output: join(folder, 'release') };
    const prepared = join(folder, 'builder.json');
    writeFileSync(prepared, JSON.stringify({ ...rest, electronDist: dist, directories }));
    await promisify(execFile)(
      process.execPath,
      [
        need.resolve('electron-builder/cli.js'),
        ...['--linux', '--dir', '--x64', '--publish', 'never', '--config', prepared],
      ],
      { cwd: root, maxBuffer: 16 * 1024 * 1024 },
    );
    const { listPackage } = library('@electron/asar') as {
      listPackage(file: string, options: { isPack: boolean }): string[];
    };
    files = listPackage(join(resources, 'app.asar'), { isPack: false });
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('is our bundles, the tray, and keytar for this system', () => {
    for (const file of [
      '/out/main.mjs',
      '/out/preload.cjs',
      '/out/renderer/index.html',
      '/package.json',
    ]) {
      expect(files).toContain(file);
    }
    expect(files).toContain('/assets/tray/action-unread-dark@2x.png');
    const binaries = files.filter((file) => file.endsWith('.node'));
    expect(binaries.length).toBeGreaterThan(0);
    expect(binaries.filter((file) => !/prebuilds\/linux/.test(file))).toEqual([]);
  });

  test('has no tests, sources, maps, secrets or other packages', () => {
    const wrong = files.filter((file) =>
      /^\/(test|docs|scripts|electron|renderer|\.git|\.cache|\.env)|\.map$|\.tsx?$|\.built$/.test(
        file,
      ),
    );
    expect(wrong).toEqual([]);
    const modules = files.filter((file) => /^\/node_modules\/[^/]+$/.test(file));
    expect(modules).toEqual(['/node_modules/keytar']);
  });

  test('keeps outside the archive what runs in a process of its own', () => {
    const outside = join(resources, 'app.asar.unpacked');
    expect(statSync(join(outside, 'out/keychain-child.mjs')).size).toBeGreaterThan(1_000);
    expect(statSync(join(outside, 'node_modules/keytar/package.json')).size).toBeGreaterThan(10);
  });

  test('is small', () => {
    const { size } = statSync(join(resources, 'app.asar'));
    console.info(`app.asar: ${Math.round(size / 1_000)} kB`);
    expect(size).toBeLessThan(12_000_000);
  });
});
