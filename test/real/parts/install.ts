import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram, run, sleep } from './process.ts';

/** The OpenClaw version that every real test runs against. */
export const OPENCLAW_VERSION = '2026.9.6';
const NODE_VERSION = '24.21.0';
const INSTALL_LIMIT_MS = 10 * 60_000;
const STALE_LOCK_MS = INSTALL_LIMIT_MS + 60_000;

/** An installed OpenClaw and the Node that runs it. */
export interface OpenClawInstall {
  folder: string;
  version: string;
  /** Absolute path of Node 24. */
  node: string;
  /** Absolute path of OpenClaw's entry script. */
  entry: string;
}

const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Where the installation is kept: outside the main node_modules, so that 800 MB stay out of it. */
export function cacheFolder(): string {
  return (
    process.env.PEERAGE_TEST_CACHE ?? join(repository, '.cache', `openclaw-${OPENCLAW_VERSION}`)
  );
}

let pending: Promise<OpenClawInstall> | undefined;

/** Installs OpenClaw and Node 24 once per cache folder; later calls, also of other processes, reuse it. */
export function ensureOpenClaw(): Promise<OpenClawInstall> {
  pending ??= install(cacheFolder()).catch((error: unknown) => {
    pending = undefined;
    throw error;
  });
  return pending;
}

async function install(folder: string): Promise<OpenClawInstall> {
  const done = describeInstall(folder);
  if (isComplete(folder)) return done;
  await mkdir(folder, { recursive: true });
  const release = await lock(join(folder, 'install.lock'), () => isComplete(folder));
  try {
    if (!isComplete(folder)) await installInto(folder);
  } finally {
    await release();
  }
  return done;
}

function describeInstall(folder: string): OpenClawInstall {
  const modules = join(folder, 'node_modules');
  return {
    folder,
    version: OPENCLAW_VERSION,
    node: join(modules, 'node', 'bin', 'node'),
    entry: join(modules, 'openclaw', 'openclaw.mjs'),
  };
}

const marker = (folder: string): string => join(folder, 'complete.json');
const isComplete = (folder: string): boolean => existsSync(marker(folder));

/** Node comes first: OpenClaw's own install script refuses to run on an older one. */
async function installInto(folder: string): Promise<void> {
  const npm = findProgram('npm');
  if (npm === undefined) throw new Error('npm is not on the PATH');
  const manifest = {
    private: true,
    allowScripts: {
      node: true,
      openclaw: true,
      koffi: true,
      protobufjs: false,
      '@google/genai': false,
    },
  };
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest));
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const name of Object.keys(env)) {
    if (/^npm_(package|lifecycle)_|^npm_config_(local_prefix|prefix|dir)$/.test(name))
      delete env[name];
  }
  const flags = ['install', '--save-exact', '--no-audit', '--no-fund', '--loglevel=error'];
  const steps = [`node@${NODE_VERSION}`, `openclaw@${OPENCLAW_VERSION}`];
  for (const what of steps) {
    const result = await run(npm, [...flags, '--prefix', folder, what], {
      cwd: folder,
      env,
      timeoutMs: INSTALL_LIMIT_MS,
    });
    if (result.code !== 0) throw new Error(`npm install ${what} failed: ${result.stderr.trim()}`);
    const bin = join(folder, 'node_modules', 'node', 'bin');
    env.PATH = `${bin}${delimiter}${process.env.PATH ?? ''}`;
  }
  const record = { openclaw: OPENCLAW_VERSION, node: NODE_VERSION };
  await writeFile(marker(folder), JSON.stringify(record));
}

/** A folder is the lock: making one is atomic everywhere. A holder that died is recognised by its pid. */
async function lock(path: string, doneMeanwhile: () => boolean): Promise<() => Promise<void>> {
  const release = (): Promise<void> => rm(path, { recursive: true, force: true });
  for (;;) {
    try {
      await mkdir(path);
      await writeFile(join(path, 'pid'), String(process.pid));
      return release;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (doneMeanwhile()) return async () => {};
    if (await isStale(path)) await release();
    else await sleep(500);
  }
}

async function isStale(path: string): Promise<boolean> {
  const age = await stat(path).then(
    (entry) => Date.now() - entry.mtimeMs,
    () => 0,
  );
  if (age > STALE_LOCK_MS) return true;
  const pid = await readFile(join(path, 'pid'), 'utf8').then(Number, () => Number.NaN);
  if (!Number.isInteger(pid)) return age > 5_000;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
