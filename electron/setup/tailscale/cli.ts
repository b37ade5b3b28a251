/** One accepted `tailscale` program, and the one way in which it is run. */
import type { Clock } from '../../clock/clock.ts';
import { type ProgramEnd, type ProgramOptions, runProgram } from './program.ts';

/** What every run of `tailscale` shares; `run` starts another in its place, for tests. */
export interface CliOptions {
  readonly clock: Clock;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** The daemon's socket, where it is not the usual one (tests, pods); null = the usual one. */
  readonly socket: string | null;
  readonly run?: (options: ProgramOptions) => Promise<ProgramEnd>;
}

/** The bounds of one run, and who hears what it prints while it prints. */
export interface CliRun {
  /** Null = as long as it likes. */
  readonly timeoutMs: number | null;
  readonly signal?: AbortSignal | undefined;
  readonly onOutput?: (text: string) => void;
}

/** Runs `tailscale` with arguments; never through a shell. Counts its starts. */
export interface Cli {
  readonly path: string;
  run(args: readonly string[], run: CliRun): Promise<ProgramEnd>;
}

/** Environment and global flags for every run. */
export interface CliFrame {
  readonly options: CliOptions;
  /** Programs started so far: watching is to be gentle, and this is what it is measured by. */
  starts: number;
  /** The program at a path. */
  at(path: string): Cli;
}

/** Makes the frame that all runs share. */
export function cliFrame(options: CliOptions): CliFrame {
  const { clock, platform, socket, run: start = runProgram } = options;
  const env = {
    ...options.env,
    // The bundle on macOS is app and command in one, and guesses from the environment which is meant.
    ...(platform === 'darwin' ? { TAILSCALE_BE_CLI: '1' } : {}),
  };
  const frame: CliFrame = {
    options,
    starts: 0,
    at: (path) => ({
      path,
      run: (args, run) => {
        frame.starts += 1;
        const all = socket === null ? args : [`--socket=${socket}`, ...args];
        return start({ clock, path, args: all, env, platform, ...run });
      },
    }),
  };
  return frame;
}
