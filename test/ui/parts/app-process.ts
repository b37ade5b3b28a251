/** The built app as a process of its own, behind the browser shell. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PATIENCE_MS } from '../../patience.ts';

const root = resolve(import.meta.dirname, '../../..');
const entry = join(root, 'out', 'serve.mjs');

/** A start of the app: what it printed, and how it ended. */
export interface AppProcess {
  readonly child: ChildProcess;
  /** Everything printed so far. */
  output(): string;
  /** The first address with a key that it prints. Rejects where it ends before. */
  readonly url: Promise<string>;
  /** Sends a signal, and gives the exit code that came of it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
  readonly ended: Promise<number | null>;
}

/** Starts the app on a home folder. @param more further arguments. @param wrap puts it elsewhere. */
export function startApp(
  home: string,
  more: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
  wrap: (command: string[]) => string[] = (command) => command,
): AppProcess {
  if (!existsSync(entry)) throw new Error('The app is not built: run npm run build first.');
  const [program = '', ...args] = wrap([
    process.execPath,
    entry,
    '--browser',
    '--no-open',
    '--home',
    home,
    ...more,
  ]);
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let output = '';
  const ended = new Promise<number | null>((done) => child.once('close', (code) => done(code)));
  const url = new Promise<string>((found, failed) => {
    const late = setTimeout(() => failed(new Error(`no address in time:\n${output}`)), PATIENCE_MS);
    const look = (text: string): void => {
      output += text;
      const address = /http:\/\/127\.0\.0\.1:\d+\/#key=[\w-]+/.exec(output)?.[0];
      if (address === undefined) return;
      clearTimeout(late);
      found(address);
    };
    child.stdout?.setEncoding('utf8').on('data', look);
    child.stderr?.setEncoding('utf8').on('data', look);
    void ended.then((code) => {
      clearTimeout(late);
      failed(new Error(`the app ended with code ${code}:\n${output}`));
    });
  });
  url.catch(() => {});
  return {
    child,
    url,
    ended,
    output: () => output,
    stop: (signal = 'SIGTERM') => {
      child.kill(signal);
      return ended;
    },
  };
}
