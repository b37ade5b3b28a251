/** Running other programs: once, with a limit, never through a shell, never with a secret in argv. */
import { execFile } from 'node:child_process';

/** How a program ended. `code` null = it never ran, or was ended. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** Runs a program. Never rejects. @param limitMs it is killed then */
export type RunProgram = (
  program: string,
  args: readonly string[],
  limitMs: number,
) => Promise<Ran>;

const MOST_BYTES = 4 * 1024 * 1024;

/**
 * {@link RunProgram} on this system. Windows starts `.cmd` files only through `cmd.exe`; the arguments
 * here are constants of ours, so nothing can be smuggled in.
 */
export const runProgram: RunProgram = (program, args, limitMs) =>
  new Promise((resolve) => {
    const script = /\.(cmd|bat)$/i.test(program);
    const [file, list] = script
      ? ['cmd.exe', ['/d', '/s', '/c', program, ...args]]
      : [program, [...args]];
    execFile(
      file,
      list,
      { timeout: limitMs, maxBuffer: MOST_BYTES, killSignal: 'SIGKILL', windowsHide: true },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : null;
        resolve({ code, stdout, stderr, timedOut: error?.killed === true && code === null });
      },
    );
  });
