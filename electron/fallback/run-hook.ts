/** Runs a hook's command: no shell, fixed arguments, the text on its standard input, a clean environment. */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import type { Clock } from '../clock/clock.ts';
import { codedError, type HookCommand, type HookOutcome } from '../contract/index.ts';

/** What is kept of what it writes, bytes. */
const OUTPUT_BYTES = 16 * 1024;
/** What it may know of the environment: what programs need to start at all. */
const PASSED = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LC_ALL',
  'TZ',
  'TMPDIR',
  'SystemRoot',
  'TEMP',
  'USERPROFILE',
  'APPDATA',
];

/** How a run of a hook ended, and the end of what it printed. */
export interface HookEnd {
  readonly outcome: Exclude<HookOutcome, 'running'>;
  readonly exitCode: number | null;
  readonly output: string;
}

/** What a run of a hook is given. */
export interface HookInput {
  readonly command: HookCommand;
  /** Goes to its standard input, and nowhere else. */
  readonly text: string;
  /** In its environment as PEERAGE_PEER. */
  readonly peerName: string;
  readonly clock: Clock;
  /** The app stops: the run is ended, and how it went was not seen. */
  readonly signal: AbortSignal;
}

/**
 * @throws CodedError hook.program_missing, hook.program_unsafe
 */
export function checkProgram(program: string): void {
  if (!path.isAbsolute(program)) {
    throw codedError('hook.program_missing', 'Its path does not begin at the root.');
  }
  let file: fs.Stats;
  let folder: fs.Stats;
  try {
    const real = fs.realpathSync(program);
    fs.accessSync(real, fs.constants.X_OK);
    file = fs.statSync(real);
    folder = fs.statSync(path.dirname(real));
  } catch {
    throw codedError('hook.program_missing', 'It is not there, or may not be executed.');
  }
  if (!file.isFile()) throw codedError('hook.program_missing', 'It is no file.');
  if (process.platform === 'win32') return;
  // A folder that only its files' owners may change in, like /tmp, still lets nobody replace the file.
  const openFolder = (folder.mode & 0o002) !== 0 && (folder.mode & 0o1000) === 0;
  if ((file.mode & 0o002) !== 0 || openFolder) {
    throw codedError('hook.program_unsafe', 'Everybody may write there.');
  }
}

/** After its end, what is still in the pipes of its output gets this long, ms. */
const LAST_WORDS_MS = 500;

/** Never throws: every end is an outcome. The exit code is believed. */
export async function runHook(input: HookInput): Promise<HookEnd> {
  const { command, clock, signal } = input;
  try {
    checkProgram(command.program);
  } catch (error) {
    return {
      outcome: 'failed',
      exitCode: null,
      output: error instanceof Error ? error.message : '',
    };
  }
  if (signal.aborted) return { outcome: 'unseen', exitCode: null, output: '' };
  return new Promise((resolve) => {
    const child = spawn(command.program, command.arguments, {
      cwd: os.homedir(),
      env: environment(input.peerName),
      shell: false,
      stdio: ['pipe', 'pipe', 'pipe'],
      windowsHide: true,
      // A group of its own, so that what it started ends with it.
      detached: process.platform !== 'win32',
    });
    const pieces: Buffer[] = [];
    let kept = 0;
    let ended: 'timed_out' | 'unseen' | null = null;
    const keep = (piece: Buffer): void => {
      if (kept >= OUTPUT_BYTES) return;
      pieces.push(piece.subarray(0, OUTPUT_BYTES - kept));
      kept += piece.byteLength;
    };
    const end = (how: 'timed_out' | 'unseen'): void => {
      ended ??= how;
      if (child.pid === undefined) return;
      try {
        if (process.platform === 'win32') child.kill('SIGKILL');
        else process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It ended in this moment.
      }
    };
    const stop = (): void => end('unseen');
    const cancel = clock.after(command.timeoutSeconds * 1_000, () => end('timed_out'));
    signal.addEventListener('abort', stop, { once: true });
    let letGo = (): void => undefined;
    const settle = (code: number | null, word: string): void => {
      cancel();
      letGo();
      signal.removeEventListener('abort', stop);
      const output = readable(Buffer.concat(pieces)) || word;
      const outcome = ended ?? (code === 0 ? 'done' : 'failed');
      resolve({ outcome, exitCode: ended === null ? code : null, output });
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    // It may end without having read all of it; its exit code says what that means.
    child.stdin.on('error', () => undefined);
    child.on('error', () => settle(null, 'It could not be started.'));
    // What it left running may hold its output open for ever; nobody waits for that.
    child.on('exit', () => {
      letGo = clock.after(LAST_WORDS_MS, () => {
        child.stdout.destroy();
        child.stderr.destroy();
      });
    });
    child.on('close', (code) => settle(code, ''));
    child.stdin.end(input.text);
  });
}

function environment(peerName: string): Record<string, string> {
  const env: Record<string, string> = { PEERAGE_PEER: peerName };
  for (const name of PASSED) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}

/** As text: no control characters but line ends, no half characters. */
const readable = (bytes: Buffer): string =>
  bytes
    .toString('utf8')
    .replaceAll('\r\n', '\n')
    .replaceAll(/[^\P{Cc}\n\t]|\p{Bidi_Control}/gu, '')
    .trimEnd();
