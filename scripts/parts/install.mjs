/** Installs the packages where they are missing or the lockfile has changed. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from './command.mjs';
import { withLock } from './lock.mjs';
import { modules, pinnedNode, root } from './places.mjs';
import { hashOf, readStamp, writeStamp } from './stamp.mjs';

const stampFile = join(modules, '.peerage-installed');
const wanted = () => hashOf(root, ['package-lock.json']);

/** Resolves once all packages are there. Rejects with a text for the person otherwise. */
export async function ensureInstalled() {
  if (isInstalled()) return;
  await withLock(join(root, '.cache', 'install.lock'), async () => {
    if (isInstalled()) return;
    console.log('Installing the packages of Peerage (once, about a minute)...');
    const flags = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
    const npm = npmCommand();
    const { code } = await runCommand(npm.program, [...npm.args, ...flags], {
      cwd: root,
      shell: npm.program.endsWith('.cmd'),
    });
    if (code !== 0) throw new Error(`npm ci ended with code ${code}; see its words above.`);
    if (!existsSync(pinnedNode)) {
      throw new Error('npm ci did not bring Node 24: are install scripts switched off for npm?');
    }
    writeStamp(stampFile, wanted());
  });
}

function isInstalled() {
  if (!existsSync(pinnedNode)) return false;
  if (readStamp(stampFile) === wanted()) return true;
  // Somebody installed by hand: npm's own record says what is there.
  if (!sameAsLockfile()) return false;
  writeStamp(stampFile, wanted());
  return true;
}

function sameAsLockfile() {
  try {
    const locked = packagesOf(join(root, 'package-lock.json'));
    const present = packagesOf(join(modules, '.package-lock.json'));
    return Object.entries(locked).every(([path, { version, optional, link }]) => {
      if (path === '' || link) return true;
      return present[path] ? present[path].version === version : optional === true;
    });
  } catch {
    return false;
  }
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean, link?: boolean }>}
 */
const packagesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).packages;

/** The npm that runs this script, or the one on the PATH. */
function npmCommand() {
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) return { program: process.execPath, args: [script] };
  return { program: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}
