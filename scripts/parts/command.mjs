import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { constants as system } from 'node:os';
import { delimiter, join } from 'node:path';

/**
 * Runs a program to its end. Never rejects; a program that cannot be started has code 127.
 * @param {string} program
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions & { quiet?: boolean }} [options] `quiet`: what it
 *   prints is kept and given back instead of shown.
 * @returns {Promise<{ code: number, output: string }>}
 */
export function runCommand(program, args, { quiet = false, ...options } = {}) {
  return new Promise((done) => {
    const shown = quiet ? 'pipe' : 'inherit';
    const child = spawn(program, args, { ...options, stdio: ['ignore', shown, shown] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        output += text;
      });
    }
    child.once('error', (error) => done({ code: 127, output: `${output}${error.message}` }));
    child.once('close', (code, signal) => done({ code: exitCode(code, signal), output }));
  });
}

/**
 * The exit code as a shell gives it.
 * @param {number | null} code
 * @param {NodeJS.Signals | null} signal
 */
export const exitCode = (code, signal) =>
  code ?? 128 + (signal === null ? 0 : (system.signals[signal] ?? 0));

/**
 * The first of these programs that is on the PATH.
 * @param {...string} names
 * @returns {string | undefined}
 */
export function findOnPath(...names) {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}
