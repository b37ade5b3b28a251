/** headscale and Tailscale for the tests of a real tailnet: built once from source, and kept. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { exitCode } from './command.mjs';
import { fetchGo, findGo, LEAST_GO } from './go.mjs';
import { withLock } from './lock.mjs';
import { root } from './places.mjs';

export const HEADSCALE_VERSION = '0.29.2';
export const TAILSCALE_VERSION = '1.102.3';

/** How long one module may take: three minutes on two quiet cores, and machines differ. */
const BUILD_LIMIT_MS = 20 * 60_000;
const SAY_EVERY_MS = 15_000;

const MODULES = [
  {
    name: 'tailscale',
    module: 'tailscale.com',
    version: TAILSCALE_VERSION,
    packages: ['tailscale.com/cmd/tailscale', 'tailscale.com/cmd/tailscaled'],
    // Without these the programs call themselves `1.102.3-ERR-BuildInfo`.
    stamps: [
      `tailscale.com/version.shortStamp=${TAILSCALE_VERSION}`,
      `tailscale.com/version.longStamp=${TAILSCALE_VERSION}`,
    ],
  },
  {
    name: 'headscale',
    module: 'github.com/juanfont/headscale',
    version: HEADSCALE_VERSION,
    packages: ['github.com/juanfont/headscale/cmd/headscale'],
    stamps: [`github.com/juanfont/headscale/hscontrol/types.Version=v${HEADSCALE_VERSION}`],
  },
];

/**
 * The built programs.
 * @typedef {{ headscale: string, tailscale: string, tailscaled: string }} TailnetTools
 */

/** Where they are kept: `PEERAGE_TEST_CACHE`, or `.cache` of the repository. */
export const tailnetToolsFolder = () =>
  join(
    process.env.PEERAGE_TEST_CACHE ?? join(root, '.cache'),
    `tailnet-headscale-${HEADSCALE_VERSION}-tailscale-${TAILSCALE_VERSION}`,
  );

/**
 * What stands in the cache, or null.
 * @returns {TailnetTools | null}
 */
export function builtTailnetTools(folder = tailnetToolsFolder()) {
  const bin = join(folder, 'bin');
  const tools = {
    headscale: join(bin, 'headscale'),
    tailscale: join(bin, 'tailscale'),
    tailscaled: join(bin, 'tailscaled'),
  };
  return Object.values(tools).every((path) => existsSync(path)) ? tools : null;
}

/**
 * Builds them where they are not there yet; several processes may ask at once. Go's own caches lie
 * beside and are removed: about 1.5 GB for the time of the build, 100 MB afterwards.
 * @param {{ fetchMissingGo?: boolean, say?: (line: string) => void }} [options]
 *   `fetchMissingGo`: where the machine has no Go, one is fetched for this build alone.
 * @returns {Promise<TailnetTools | { why: string }>} `why` they are not to be had here
 */
export async function ensureTailnetTools({ fetchMissingGo = false, say = console.log } = {}) {
  const folder = tailnetToolsFolder();
  const ready = builtTailnetTools(folder);
  if (ready) return ready;
  if (process.platform !== 'linux') return { why: 'the real tailnet of the tests needs Linux' };
  return withLock(`${folder}.lock`, async () => {
    const meanwhile = builtTailnetTools(folder);
    if (meanwhile) return meanwhile;
    await removeRemains(folder);
    const work = `${folder}.part-${process.pid}`;
    try {
      const found = await findGo();
      const go =
        'why' in found && fetchMissingGo ? await fetchWithWords(join(work, 'go'), say) : found;
      if ('why' in go) return go;
      await build(go.program, work, say);
      await rm(folder, { recursive: true, force: true });
      await mkdir(join(work, 'done'), { recursive: true });
      await rename(join(work, 'bin'), join(work, 'done', 'bin'));
      await rename(join(work, 'done'), folder);
      const built = builtTailnetTools(folder);
      return built ?? { why: 'the build ended without its programs' };
    } catch (error) {
      return { why: error instanceof Error ? error.message : String(error) };
    } finally {
      await rm(work, { recursive: true, force: true, maxRetries: 5 });
    }
  });
}

/**
 * @param {string} folder
 * @param {(line: string) => void} say
 */
function fetchWithWords(folder, say) {
  say('Fetching Go for this build (once, about 60 MB)...');
  return fetchGo(folder);
}

/**
 * What a killed build left behind. The lock is held, so nobody works in there.
 * @param {string} folder
 */
async function removeRemains(folder) {
  const parent = dirname(folder);
  const prefix = `${folder}.part-`;
  for (const name of existsSync(parent) ? readdirSync(parent) : []) {
    const path = join(parent, name);
    if (path.startsWith(prefix)) await rm(path, { recursive: true, force: true, maxRetries: 5 });
  }
}

/**
 * @param {string} go
 * @param {string} work
 * @param {(line: string) => void} say
 */
async function build(go, work, say) {
  await mkdir(join(work, 'bin'), { recursive: true });
  const env = {
    ...process.env,
    GOBIN: join(work, 'bin'),
    GOPATH: join(work, 'gopath'),
    GOMODCACHE: join(work, 'gopath', 'pkg', 'mod'),
    GOCACHE: join(work, 'gocache'),
    GOTMPDIR: join(work, 'tmp'),
    GOTOOLCHAIN: 'local',
    GOWORK: 'off',
    // Go makes its module cache read-only otherwise, and only root could remove it.
    GOFLAGS: `${process.env.GOFLAGS ?? ''} -modcacherw -trimpath`.trim(),
    CGO_ENABLED: '0',
  };
  await mkdir(env.GOTMPDIR, { recursive: true });
  for (const { name, module, version, packages, stamps } of MODULES) {
    // A module that requires this one, instead of `go install package@version`: that asks the proxy
    // for the list of all versions too, which not every proxy has.
    const place = join(work, name);
    await mkdir(place);
    const text = `module peerage.test/${name}\n\ngo ${LEAST_GO}\n\nrequire ${module} v${version}\n`;
    await writeFile(join(place, 'go.mod'), text);
    const flags = ['-s', '-w', ...stamps.map((value) => `-X ${value}`)].join(' ');
    const args = ['install', '-mod=mod', '-v', '-ldflags', flags, ...packages];
    await install(`${name} ${version}`, go, args, { env, place, say });
  }
}

/**
 * @param {string} name
 * @param {string} go
 * @param {string[]} args
 * @param {{ env: NodeJS.ProcessEnv, place: string, say: (line: string) => void }} options
 * @returns {Promise<void>}
 */
function install(name, go, args, { env, place, say }) {
  const began = Date.now();
  let downloads = 0;
  let compiled = 0;
  /** @type {string[]} */
  const last = [];
  const where = () =>
    `${name}: ${downloads} modules fetched, ${compiled} packages compiled, ${Math.round((Date.now() - began) / 1000)} s`;
  say(`Building ${name} from source (once, some minutes)...`);
  return new Promise((resolve, reject) => {
    const child = spawn(go, args, { cwd: place, env, stdio: ['ignore', 'ignore', 'pipe'] });
    // The tests that run meanwhile come first.
    if (child.pid !== undefined) lower(child.pid);
    const saying = setInterval(() => say(where()), SAY_EVERY_MS);
    const limit = setTimeout(() => child.kill('SIGKILL'), BUILD_LIMIT_MS);
    let rest = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      const lines = `${rest}${text}`.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (line.startsWith('go: downloading ')) downloads += 1;
        // A compiled package is told by its path alone; with blanks it is an error's text.
        else if (!line.includes(' ')) compiled += 1;
        else last.push(line);
        if (last.length > 12) last.shift();
      }
    });
    const stopped = () => child.kill('SIGTERM');
    process.once('SIGTERM', stopped).once('SIGINT', stopped);
    const end = () => {
      clearInterval(saying);
      clearTimeout(limit);
      process.off('SIGTERM', stopped).off('SIGINT', stopped);
    };
    child.once('error', (error) => {
      end();
      reject(error);
    });
    child.once('close', (code, signal) => {
      end();
      if (code === 0) {
        say(`${where()}; done`);
        resolve();
        return;
      }
      const words = [...last, rest].join('\n').trim();
      reject(new Error(`go install of ${name} ended with ${exitCode(code, signal)}:\n${words}`));
    });
  });
}

/** @param {number} pid */
function lower(pid) {
  try {
    setPriority(pid, 10);
  } catch {
    // It has ended already, or may not be changed: then it runs as it is.
  }
}
