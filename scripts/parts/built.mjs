/** Builds where the sources have changed since the last build. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.mjs';
import { withLock } from './lock.mjs';
import { out, pinnedNode, root } from './places.mjs';
import { hashOf, readStamp, writeStamp } from './stamp.mjs';

const SOURCES = [
  'bin',
  'electron',
  'renderer',
  'assets',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'vite.config.ts',
  'scripts/build.ts',
  'scripts/parts/window-weight.ts',
];
const RESULTS = [
  'serve.mjs',
  'main.mjs',
  'preload.cjs',
  'keychain-child.mjs',
  'updater.mjs',
  'bin/peerage.cjs',
  'renderer/index.html',
];

const stampFile = join(out, '.built');

/** Resolves once `out` fits the sources. Rejects with what the build said otherwise. */
export async function ensureBuilt() {
  if (isBuilt()) return;
  await withLock(join(root, '.cache', 'build.lock'), async () => {
    if (isBuilt()) return;
    console.log('Building Peerage...');
    const stamp = hashOf(root, SOURCES);
    const built = await runCommand(pinnedNode, [join(root, 'scripts', 'build.ts')], {
      cwd: root,
      quiet: true,
    });
    if (built.code !== 0) throw new Error(`The build failed.\n${built.output}`);
    writeStamp(stampFile, stamp);
  });
}

const isBuilt = () =>
  RESULTS.every((name) => existsSync(join(out, name))) &&
  readStamp(stampFile) === hashOf(root, SOURCES);
