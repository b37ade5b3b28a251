/**
 * The packages: the configuration against electron-builder's own schema, and what goes into a package,
 * from a build around a prepared folder in Electron's place. Its fuses are skipped by name: that needs
 * Electron's binary. What reads them is tried on a file that has only their mark.
 */
import { execFile } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ensureBuilt } from '../../../scripts/parts/built.mjs';
import {
  filesWithCredentials,
  filesWithMaps,
  isElectron,
  type PackedFile,
  packedFiles,
  secretValues,
  totalBytes,
  unexpectedFiles,
  wrongFuses,
} from '../../../scripts/parts/package-content.ts';
import type { MenuEntries } from './pack-linux.ts';

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
    expect(config.fileAssociations).toMatchObject([{ ext: 'peerage-invite' }]);
    expect(config.npmRebuild).toBe(false);
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

/** Every package that is made: platform, kind and processor. */
const targets = (['linux', 'mac', 'win'] as const).flatMap((platform) =>
  (config[platform] as { target: { target: string; arch: string[] }[] }).target.flatMap(
    ({ target, arch }) => arch.map((one) => ({ platform, target, arch: one })),
  ),
);

describe('the packages', () => {
  test('are these kinds, for the processors that people have', () => {
    expect(targets.map(({ target, arch }) => `${target} ${arch}`).sort()).toEqual([
      ...['AppImage arm64', 'AppImage x64', 'deb arm64', 'deb x64'],
      ...['dmg arm64', 'dmg x64', 'nsis x64', 'zip arm64', 'zip x64'],
    ]);
  });

  test.each(targets)(
    'have Electron and a keychain: $platform $target $arch',
    ({ platform, arch }) => {
      const system = { linux: 'linux', mac: 'darwin', win: 'win32' }[platform];
      const binary = `node_modules/keytar/prebuilds/${system}-${arch}/keytar.node`;
      expect(statSync(join(root, binary)).size).toBeGreaterThan(10_000);
      const { version } = need('electron/package.json') as { version: string };
      const sums = JSON.parse(
        readFileSync(join(root, 'node_modules/electron/checksums.json'), 'utf8'),
      );
      expect(Object.keys(sums)).toContain(`electron-v${version}-${system}-${arch}.zip`);
    },
  );

  test('have the hardened runtime on macOS, with entitlements for every program in them', () => {
    expect(config.mac).toMatchObject({ hardenedRuntime: true });
    const { entitlements, entitlementsInherit } = config.mac as Record<string, string>;
    for (const file of [entitlements, entitlementsInherit]) {
      const text = readFileSync(join(root, file ?? ''), 'utf8');
      // What a hostile library or debugger would need is not asked for.
      expect(text.match(/<key>[^<]*<\/key>/g)).toEqual([
        '<key>com.apple.security.cs.allow-jit</key>',
      ]);
    }
  });

  test('tell macOS why they speak with the local network, and what they look for there', () => {
    expect(config.mac).toMatchObject({
      extendInfo: {
        NSLocalNetworkUsageDescription: expect.stringContaining('Peerage'),
        NSBonjourServices: ['_clawlink._tcp'],
      },
    });
  });

  test('take the link scheme away with the app on Windows, and not with an update', () => {
    const { include } = config.nsis as { include: string };
    expect(readFileSync(join(root, include), 'utf8')).toMatch(
      /\$\{ifNot\} \$\{isUpdated\}\s+DeleteRegKey HKCU "Software\\Classes\\peerage"/,
    );
  });

  test.each([16, 32, 48, 64, 128, 256, 512])('have an icon of %i pixels on Linux', (size) => {
    const bytes = readFileSync(join(root, `assets/icons/${size}x${size}.png`));
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([size, size]);
  });

  test('have an icon of every size on Windows, and a large one on macOS', () => {
    const ico = readFileSync(join(root, 'assets/icon.ico'));
    const sizes = Array.from({ length: ico.readUInt16LE(4) }, (_, n) => ico[6 + 16 * n] || 256);
    for (const size of [16, 24, 32, 48, 64, 256]) expect(sizes).toContain(size);
    const png = readFileSync(join(root, 'assets/icon.png'));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1_024, 1_024]);
  });
});

describe('the content of a Linux package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'peerage-package-'));
  const unpacked = join(folder, 'release', 'linux-unpacked');
  const resources = join(unpacked, 'resources');
  let files: PackedFile[] = [];
  let menu: MenuEntries;
  const paths = (): string[] => files.map((file) => file.path);

  beforeAll(async () => {
    await ensureBuilt();
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
    // A deb names the project's page, which comes with the clone's origin; this folder may have none.
    const extraMetadata = { homepage: 'https://peerage.example' };
    const given = { ...rest, electronDist: dist, directories, extraMetadata };
    writeFileSync(prepared, JSON.stringify(given));
    const result = join(folder, 'menu.json');
    await promisify(execFile)(
      process.execPath,
      [join(import.meta.dirname, 'pack-linux.ts'), prepared, result],
      { cwd: root, maxBuffer: 16 * 1024 * 1024 },
    );
    files = packedFiles(resources);
    menu = JSON.parse(readFileSync(result, 'utf8'));
    // A build and a package, on two cores that other tests use as well.
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('has a menu entry that leads to the app by its name, takes links and files, and keeps the sandbox', () => {
    const { desktopName } = need(join(root, 'package.json')) as { desktopName: string };
    // Reverse DNS, as portals ask for; the window's class is the same name.
    expect(desktopName).toMatch(/^[a-z]+\.[a-z]+\.[A-Za-z]+\.desktop$/);
    for (const { file, text } of [menu.appImage, menu.deb]) {
      expect(file).toBe(desktopName);
      expect(text).toContain(`StartupWMClass=${desktopName.replace(/\.desktop$/, '')}\n`);
      expect(text).toContain('x-scheme-handler/peerage;');
      expect(text).toContain('application/vnd.peerage.invite;');
    }
    const starts = (text: string): string => /^Exec=(.*)$/m.exec(text)?.[1] ?? '';
    expect(starts(menu.appImage.text)).toBe('AppRun %U');
    expect(starts(menu.deb.text)).toBe('/opt/Peerage/peerage %U');
  });

  test('is our bundles, the tray, the updater, the command line, and keytar for this system', () => {
    for (const file of [
      'out/main.mjs',
      'out/preload.cjs',
      'out/updater.mjs',
      'out/renderer/index.html',
      'package.json',
      'assets/tray/action-unread-dark@2x.png',
      'outside/bin/peerage.cjs',
      'outside/app.asar.unpacked/out/keychain-child.mjs',
      'outside/app.asar.unpacked/node_modules/keytar/package.json',
    ]) {
      expect(paths()).toContain(file);
    }
    const binaries = paths().filter((file) => file.endsWith('.node'));
    expect(binaries.length).toBeGreaterThan(0);
    expect(binaries.filter((file) => !/prebuilds\/linux/.test(file))).toEqual([]);
  });

  test('has nothing else: no tests, sources, maps, other packages', () => {
    expect(unexpectedFiles(files)).toEqual([]);
    expect(filesWithMaps(files)).toEqual([]);
  });

  test('and the search would notice a slip', () => {
    const slip = (path: string, text = ''): PackedFile => ({
      path,
      bytes: text.length,
      read: () => Buffer.from(text),
    });
    const slips = [
      'test/unit/a.spec.ts',
      'out/main.mjs.map',
      'out/.built',
      'electron/main.ts',
      'node_modules/zod/index.js',
      'outside/.env',
      'outside/app.asar.unpacked/out/main.mjs',
      '.npmrc',
    ];
    expect(unexpectedFiles(slips.map((path) => slip(path)))).toEqual(slips);
    const map = 'x();\n//# sourceMappingURL=data:application/json;base64,e30=';
    expect(filesWithMaps([slip('out/main.mjs', map)])).toEqual(['out/main.mjs']);
    const planted = [
      slip('a', `token = "ghp_${'a1'.repeat(18)}"`),
      slip('b', `-----BEGIN PRIVATE KEY-----\n${'A'.repeat(64)}`),
      slip('c', 'the password of this builder: correct-horse-battery'),
      slip('d', 'nothing at all'),
    ];
    const values = secretValues({
      CSC_KEY_PASSWORD: 'correct-horse-battery',
      PATH: '/bin',
      TOKEN: '1',
    });
    expect(values).toEqual(['correct-horse-battery']);
    expect(filesWithCredentials(planted, values)).toEqual(['a', 'b', 'c']);
  });

  test('holds no credential, nor anything secret of the machine that packed it', () => {
    expect(filesWithCredentials(files, secretValues(process.env))).toEqual([]);
  });

  test('has a command line that runs by itself, without the rest', async () => {
    const alone = join(folder, 'peerage.cjs');
    copyFileSync(join(resources, 'bin/peerage.cjs'), alone);
    const run = (...args: string[]) =>
      promisify(execFile)(process.execPath, [alone, ...args], { cwd: folder }).then(
        ({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }),
        (error: { code: number; stdout: string; stderr: string }) => ({
          code: error.code,
          text: error.stdout + error.stderr,
        }),
      );
    const { version } = need(join(root, 'package.json')) as { version: string };
    expect(await run('--version')).toEqual({ code: 0, text: `peerage ${version}\n` });
    const home = join(folder, 'nobody-lives-here');
    expect(await run('status', '--home', home)).toEqual({
      code: 3,
      text: 'Peerage does not run on this home. Start it, or use --start.\n',
    });
    expect(existsSync(home)).toBe(false);
  });

  test('is small', () => {
    const archive = statSync(join(resources, 'app.asar')).size;
    console.info(
      `package: ${files.length} files, ${Math.round(totalBytes(files) / 1_000)} kB of ours, app.asar ${Math.round(archive / 1_000)} kB`,
    );
    expect(archive).toBeLessThan(12_000_000);
    expect(totalBytes(files)).toBeLessThan(14_000_000);
  });

  const program = join(unpacked, 'peerage');
  test('fuses read back from the package', async (context) => {
    if (!isElectron(program)) context.skip('there is no Electron binary in this package');
    expect(await wrongFuses(program, config.electronFuses)).toEqual([]);
  });
});

/** A program as Electron's linker makes it, for the reading alone: the mark, version, length, fuses. */
const wire = (fuses: string): Buffer =>
  Buffer.concat([
    Buffer.from('....dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
    Buffer.from([1, fuses.length]),
    Buffer.from(fuses),
    Buffer.alloc(16),
  ]);

test('reading fuses tells those that stand otherwise', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'peerage-fuses-'));
  const program = join(folder, 'program');
  writeFileSync(program, wire('01001100'));
  expect(isElectron(program)).toBe(true);
  expect(await wrongFuses(program, config.electronFuses)).toEqual([]);
  writeFileSync(program, wire('11001000'));
  expect(await wrongFuses(program, config.electronFuses)).toEqual([
    'runAsNode',
    'onlyLoadAppFromAsar',
  ]);
  writeFileSync(program, '#!/bin/sh\n');
  expect(isElectron(program)).toBe(false);
  rmSync(folder, { recursive: true });
});
