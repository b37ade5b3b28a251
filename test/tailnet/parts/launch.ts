import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, readFileSync } from 'node:fs';
import { type Readable, Transform } from 'node:stream';
import { findProgram, own, signalGroup } from '../../real/parts/process.ts';

/** A long-running program of the test's own. */
export interface Daemon {
  readonly pid: number;
  readonly running: boolean;
  /** Resolves when it has ended, however. */
  readonly gone: Promise<void>;
  /** Signals it and waits until it is gone; after `limitMs` (default 5 s) it is killed. */
  stop(signal?: NodeJS.Signals, limitMs?: number): Promise<void>;
  /** All that it printed so far. */
  log(): string;
}

/** How to start it. */
export interface Launch {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** What it prints is appended here. */
  readonly logPath: string;
  /** Puts a command into another network namespace; the process id stays the program's own. */
  readonly wrap?: (command: string[]) => string[];
}

/**
 * Starts a program that cannot outlive this process: it leads a group that is killed when this
 * process ends, and the kernel kills it where this process is killed without a word
 * (PR_SET_PDEATHSIG, prctl(2); set by setpriv(1) of util-linux).
 */
export function launch({ command, env, cwd, logPath, wrap }: Launch): Daemon {
  const wrapped = wrap ? wrap([...command]) : [...command];
  const setpriv = findProgram('setpriv');
  const full = setpriv ? [setpriv, '--pdeathsig', 'KILL', '--', ...wrapped] : wrapped;
  const [program = '', ...args] = full;
  const child: ChildProcess = spawn(program, args, {
    cwd,
    env: { PATH: process.env.PATH ?? '', HOME: cwd, LANG: 'C.UTF-8', ...env },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  own(child);
  const log = createWriteStream(logPath, { flags: 'a', mode: 0o600 });
  for (const stream of [child.stdout, child.stderr]) stream && pipeOpen(stream, log);
  const gone = new Promise<void>((resolve) => {
    const end = (): void => {
      log.end();
      resolve();
    };
    child.once('exit', end);
    child.once('error', end);
  });
  const isRunning = (): boolean =>
    child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  return {
    get pid() {
      return child.pid ?? -1;
    },
    get running() {
      return isRunning();
    },
    gone,
    stop: async (signal = 'SIGTERM', limitMs = 5_000) => {
      if (!isRunning()) return;
      child.kill(signal);
      const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), limitMs);
      await gone;
      clearTimeout(timer);
    },
    log: () => {
      try {
        return readFileSync(logPath, 'utf8');
      } catch {
        return '';
      }
    },
  };
}

/** The last words of a program may come after its end. */
function pipeOpen(stream: Readable, log: NodeJS.WritableStream & { writable: boolean }): void {
  const guard = new Transform({
    transform: (chunk, _, done) => done(null, log.writable ? chunk : undefined),
  });
  stream.pipe(guard).pipe(log, { end: false });
}
