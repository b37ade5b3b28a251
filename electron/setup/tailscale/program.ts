/** Runs one program: no shell, bounded time and output, and nothing of it left behind. */
import { type ChildProcess, spawn } from 'node:child_process';
import type { Clock } from '../../clock/clock.ts';

/** How a program ended. Texts are what it wrote until then. */
export type ProgramEnd = { readonly stdout: string; readonly stderr: string } & (
  | { readonly kind: 'exited'; readonly code: number }
  /** It ran out of its time, or wrote more than was asked for, and was killed. */
  | { readonly kind: 'timed_out' | 'too_much' }
  /** We stopped it. */
  | { readonly kind: 'stopped' }
  /** It could not be started; `code` is the system's, for example ENOENT or EACCES. */
  | { readonly kind: 'unstartable'; readonly code: string }
);

/** What is run, with which bounds. */
export interface ProgramOptions {
  readonly clock: Clock;
  readonly path: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Null = as long as it likes. */
  readonly timeoutMs: number | null;
  readonly signal?: AbortSignal | undefined;
  /** Most characters of stdout that are kept; more of it is `too_much`, unless `onOutput` takes it. */
  readonly limit?: number;
  /** Takes stdout as it comes, instead of keeping it. */
  readonly onOutput?: (text: string) => void;
  readonly platform?: NodeJS.Platform;
}

const OUTPUT_LIMIT = 16_000_000;
const STDERR_LIMIT = 64_000;
/** After its end, how long a grandchild may keep the pipes open, ms. */
const PIPES_MS = 500;

/** Runs it to its end. Never rejects. */
export function runProgram(options: ProgramOptions): Promise<ProgramEnd> {
  const { clock, timeoutMs, signal, onOutput, limit = OUTPUT_LIMIT } = options;
  const platform = options.platform ?? process.platform;
  return new Promise((resolve) => {
    let stdout = '';
    let stderr = '';
    let over = false;
    let cancelTimer = (): void => {};
    let cancelPipes = (): void => {};
    const texts = (): { stdout: string; stderr: string } => ({ stdout, stderr });

    if (signal?.aborted) {
      resolve({ kind: 'stopped', ...texts() });
      return;
    }
    let child: ChildProcess;
    try {
      child = spawn(options.path, [...options.args], {
        env: { ...options.env },
        stdio: ['ignore', 'pipe', 'pipe'],
        shell: false,
        windowsHide: true,
        // A group of its own, so that all of it can be ended at once.
        detached: platform !== 'win32',
      });
    } catch (error) {
      resolve({ kind: 'unstartable', code: codeOf(error), ...texts() });
      return;
    }

    const finish = (end: ProgramEnd): void => {
      if (over) return;
      over = true;
      cancelTimer();
      cancelPipes();
      signal?.removeEventListener('abort', stop);
      killAll(child, platform);
      child.stdout?.destroy();
      child.stderr?.destroy();
      resolve(end);
    };
    const stop = (): void => finish({ kind: 'stopped', ...texts() });

    child.on('error', (error) => finish({ kind: 'unstartable', code: codeOf(error), ...texts() }));
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (over) return;
      if (onOutput) onOutput(text);
      else {
        stdout += text;
        if (stdout.length > limit) finish({ kind: 'too_much', ...texts() });
      }
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(0, STDERR_LIMIT);
    });
    const exited = (code: number | null): void =>
      finish({ kind: 'exited', code: code ?? -1, ...texts() });
    child.on('exit', (code) => {
      cancelPipes = clock.after(PIPES_MS, () => exited(code));
    });
    child.on('close', exited);
    signal?.addEventListener('abort', stop);
    if (timeoutMs !== null) {
      cancelTimer = clock.after(timeoutMs, () => finish({ kind: 'timed_out', ...texts() }));
    }
  });
}

/** Ends the program and all that it started. What has ended already, or is not ours to end, stays. */
function killAll(child: ChildProcess, platform: NodeJS.Platform): void {
  const { pid } = child;
  if (pid === undefined) return;
  try {
    if (platform === 'win32') {
      if (child.exitCode === null) child.kill('SIGKILL');
    } else process.kill(-pid, 'SIGKILL');
  } catch {
    // Gone, or (under pkexec) root's.
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'UNKNOWN';
