import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { PATIENCE_MS } from '../../patience.ts';

/** Waits. Only for real parts: unit tests use the injected clock. */
export const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

/** Calls `probe` until it gives a value other than undefined or false; throws with `what` when time is up. */
export async function until<T>(
  what: string,
  probe: () => T | undefined | false | Promise<T | undefined | false>,
  timeoutMs = PATIENCE_MS,
  everyMs = 50,
): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== false) return value;
    if (performance.now() > end) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await sleep(everyMs);
  }
}

/** A TCP port of this host that was free a moment ago. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** A private temporary folder, removed by `remove`. */
export async function temporaryFolder(
  name: string,
): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), `peerage-${name}-`));
  return {
    path,
    remove: () => rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  };
}

/** The absolute path of a program on the PATH, or undefined. */
export function findProgram(...names: string[]): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  for (const extra of ['/usr/sbin', '/sbin']) if (!folders.includes(extra)) folders.push(extra);
  for (const name of names) {
    for (const folder of folders) {
      const path = join(folder, name);
      if (existsSync(path)) return path;
    }
  }
  return undefined;
}

/** The outcome of a finished program. */
export interface RunResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** What a child says until it ended and its pipes closed. */
export async function saidBy(
  child: ChildProcess,
): Promise<RunResult & { signal: NodeJS.Signals | null }> {
  const result = { code: null as number | null, signal: null, stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      result[name] += text;
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ ...result, code, signal }));
  });
}

/** Runs a program to its end; it is killed when time is up. */
export async function run(
  command: string,
  args: string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv; timeoutMs?: number } = {},
): Promise<RunResult> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? PATIENCE_MS);
  try {
    const { code, stdout, stderr } = await saidBy(child);
    return { code, stdout, stderr };
  } finally {
    clearTimeout(timer);
  }
}

const started = new Set<ChildProcess>();
let watching = false;

/** Remembers a child that leads its own process group, so that it cannot outlive this process. */
export function own(child: ChildProcess): void {
  if (!watching) {
    process.once('exit', killAllOwned);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        killAllOwned();
        process.kill(process.pid, signal);
      });
    }
  }
  watching = true;
  started.add(child);
  child.once('exit', () => {
    signalGroup(child, 'SIGKILL');
    started.delete(child);
  });
}

/** Signals the process group that `child` leads: never anything that this process did not start. */
export function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone already.
  }
}

function killAllOwned(): void {
  for (const child of started) signalGroup(child, 'SIGKILL');
}
