/**
 * Linux: lets this user change Tailscale's settings from now on. One step as root, through the
 * system's own prompt, of one command that is shown before.
 */
import { realpath, stat } from 'node:fs/promises';
import * as path from 'node:path';
import type { Clock } from '../../clock/clock.ts';
import { type AppError, appError, fail, ok, type Result } from '../../contract/index.ts';
import type { Environment } from '../openclaw/config-path.ts';
import { shellLine } from './flags.ts';
import { presentPlaces } from './places.ts';
import { runProgram } from './program.ts';
import { firstLine, plainOutput } from './words.ts';

/** Whom Tailscale shall take orders from (`user`), and by what the system asks for that. */
export interface OperatorOptions {
  readonly clock: Clock;
  readonly env: Environment;
  readonly platform: NodeJS.Platform;
  readonly user: string;
  readonly socket: string | null;
  /** The accepted `tailscale`. */
  readonly program: string;
  readonly signal?: AbortSignal;
  /** Whether root may run a file without letting another user become root by it. */
  readonly trusted?: (file: string) => Promise<boolean>;
}

/** A person reads, thinks, and types a password, ms. */
const PROMPT_MS = 180_000;
/** Source: pkexec(1): the prompt was dismissed; not allowed, or no prompt could be shown. */
const DISMISSED = 126;
const NOT_SHOWN = 127;

/** The command for doing it by hand. */
export const operatorCommand = (user: string): string =>
  shellLine(['sudo', 'tailscale', 'set', `--operator=${user}`]);

/** @returns setup.operator_cancelled, setup.operator_unavailable or setup.operator_failed */
export async function allowOperator(options: OperatorOptions): Promise<Result<void>> {
  const { clock, env, platform, user, socket, program, signal } = options;
  if (platform !== 'linux') return fail(unavailable(user, 'Only Linux asks for this step.'));
  const folders = (env.PATH ?? '').split(':').filter((folder) => path.isAbsolute(folder));
  const [pkexec] = await presentPlaces(folders.map((folder) => path.join(folder, 'pkexec')));
  if (pkexec === undefined) return fail(unavailable(user, 'pkexec is not installed.'));
  if (!(await (options.trusted ?? belongsToRoot)(program))) {
    return fail(
      unavailable(user, `${program} can be changed by others than root, so root does not run it.`),
    );
  }
  const end = await runProgram({
    clock,
    path: pkexec,
    args: [
      '--disable-internal-agent',
      program,
      ...(socket === null ? [] : [`--socket=${socket}`]),
      'set',
      `--operator=${user}`,
    ],
    env,
    platform,
    timeoutMs: PROMPT_MS,
    signal,
  });
  switch (end.kind) {
    case 'exited':
      if (end.code === 0) return ok(undefined);
      if (end.code === DISMISSED) return fail(withCommand('setup.operator_cancelled', user, ''));
      if (end.code === NOT_SHOWN) return fail(unavailable(user, firstLine(end.stderr)));
      return fail(
        withCommand('setup.operator_failed', user, plainOutput(end.stderr || end.stdout)),
      );
    case 'timed_out':
      return fail(withCommand('setup.operator_cancelled', user, 'Nobody answered it in time.'));
    case 'stopped':
      return fail(withCommand('setup.operator_cancelled', user, 'It was stopped.'));
    case 'too_much':
    case 'unstartable':
      return fail(unavailable(user, 'pkexec could not be run.'));
  }
}

const unavailable = (user: string, why: string): AppError =>
  withCommand('setup.operator_unavailable', user, why);

const withCommand = (
  code: 'setup.operator_cancelled' | 'setup.operator_unavailable' | 'setup.operator_failed',
  user: string,
  why: string,
): AppError =>
  appError(code, why, {
    remedy: {
      actions: [{ kind: 'copy', label: 'Copy the command', text: operatorCommand(user) }],
    },
  });

/** In such a folder nobody moves what is another's (`sticky`, as /tmp and /nix/store have it). */
const STICKY = 0o1000;

/**
 * Nobody but root can change the file or put another into its place: neither the name nor what it
 * leads to, in no folder on the way.
 */
export async function belongsToRoot(file: string): Promise<boolean> {
  try {
    const real = await realpath(file);
    const { uid, mode } = await stat(real);
    if (uid !== 0 || (mode & 0o022) !== 0) return false;
    for (const folder of new Set([...foldersOf(path.resolve(file)), ...foldersOf(real)])) {
      const place = await stat(folder);
      const closed = (place.mode & 0o022) === 0 || (place.mode & STICKY) !== 0;
      if (place.uid !== 0 || !closed) return false;
    }
    return true;
  } catch {
    return false;
  }
}

/** The folders above a file, up to the root. */
function foldersOf(file: string): string[] {
  const folder = path.dirname(file);
  return folder === file ? [] : [folder, ...foldersOf(folder)];
}
