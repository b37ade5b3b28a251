/** Decides between Electron and the browser shell, within five seconds, and says why. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './command.mjs';
import { modules, pinnedNode } from './places.mjs';

const PROBE_MS = 4_000;

/**
 * @typedef {object} Machine what the decision looks at
 * @property {boolean} asked `--browser`
 * @property {NodeJS.ProcessEnv} env
 * @property {NodeJS.Platform} platform
 * @property {string} arch
 * @property {number | undefined} uid
 * @property {string} folder of the package `electron`
 * @property {(url: string, ms: number) => Promise<boolean>} answers whether a download answers
 */

/**
 * `desktop` with the program to run, `download` where it can be had, `browser` with the reason.
 * @typedef {{ kind: 'desktop', program: string } | { kind: 'download' } | { kind: 'browser', why: string }} Choice
 */

/** @returns {Machine} this machine */
export const thisMachine = (asked = false) => ({
  asked,
  env: process.env,
  platform: process.platform,
  arch: process.arch,
  uid: process.getuid?.(),
  folder: join(modules, 'electron'),
  answers,
});

/**
 * @param {Machine} machine
 * @returns {Promise<Choice>}
 */
export async function chooseShell(machine) {
  const { asked, env, platform, uid } = machine;
  const browser = (/** @type {string} */ why) => ({ kind: /** @type {const} */ ('browser'), why });
  if (asked) return browser('--browser was given');
  if (uid === 0) return browser('Electron does not run as root');
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) {
    return browser('there is no display');
  }
  if (!existsSync(join(machine.folder, 'package.json'))) {
    return browser('Electron is not among the installed packages');
  }
  const program = installedElectron(machine);
  if (program) return { kind: 'desktop', program };
  if (env.ELECTRON_OVERRIDE_DIST_PATH) {
    return browser('there is no Electron in ELECTRON_OVERRIDE_DIST_PATH');
  }
  if (isCached(machine)) return { kind: 'download' };
  if (await machine.answers(downloadUrl(machine), PROBE_MS)) return { kind: 'download' };
  return browser('Electron is not installed, and its download does not answer');
}

/**
 * Downloads Electron by its own installer, which shows its progress.
 * @returns {Promise<string | undefined>} the program, or undefined where it failed
 */
export async function downloadElectron() {
  const machine = thisMachine();
  console.log('Downloading Electron (once, about 120 MB)...');
  await runCommand(pinnedNode, [join(machine.folder, 'install.js')]);
  return installedElectron(machine);
}

/**
 * @param {Machine} machine
 * @returns {string | undefined}
 */
export function installedElectron({ env, platform, folder }) {
  const name = programName(platform);
  const own = env.ELECTRON_OVERRIDE_DIST_PATH;
  const path = join(own ?? join(folder, 'dist'), name);
  if (!existsSync(path)) return undefined;
  if (own) return path;
  const version = read(join(folder, 'dist', 'version')).replace(/^v/, '');
  return version === versionOf(folder) ? path : undefined;
}

/**
 * Where Electron's installer looks (package @electron/get).
 * @param {Pick<Machine, 'env' | 'platform' | 'arch' | 'folder'>} machine
 */
export function downloadUrl({ env, platform, arch, folder }) {
  const version = versionOf(folder);
  const named = (/** @type {string} */ name) =>
    env[`npm_config_electron_${name.replace('_', '')}`] ??
    env[`NPM_CONFIG_ELECTRON_${name.toUpperCase()}`] ??
    env[`npm_config_electron_${name}`] ??
    env[`ELECTRON_${name.toUpperCase()}`];
  const mirror = named('mirror') ?? 'https://github.com/electron/electron/releases/download/';
  const directory = named('custom_dir')?.replace('{{ version }}', version) ?? `v${version}`;
  const file = named('custom_filename') ?? `electron-v${version}-${platform}-${arch}.zip`;
  return `${mirror}${directory}/${file}`;
}

/** @param {Machine} machine */
function isCached({ env, platform, arch, folder }) {
  const name = `electron-v${versionOf(folder)}-${platform}-${arch}.zip`;
  const caches = {
    darwin: join(homedir(), 'Library', 'Caches', 'electron'),
    win32: join(env.LOCALAPPDATA ?? homedir(), 'electron', 'Cache'),
  };
  const place =
    env.electron_config_cache ??
    caches[/** @type {keyof typeof caches} */ (platform)] ??
    join(env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'electron');
  try {
    return readdirSync(place).some((entry) => existsSync(join(place, entry, name)));
  } catch {
    return false;
  }
}

/** @type {Machine['answers']} */
async function answers(url, ms) {
  try {
    const { ok } = await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(ms) });
    return ok;
  } catch {
    return false;
  }
}

/** @param {NodeJS.Platform} platform */
function programName(platform) {
  if (platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron';
  return platform === 'win32' ? 'electron.exe' : 'electron';
}

/** @param {string} folder */
const versionOf = (folder) => JSON.parse(read(join(folder, 'package.json'))).version;

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}
