/** The relay as its own process, so that it can be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

export interface RelayProcess {
  readonly child: ChildProcess;
  readonly base: string;
  readonly printed: () => string;
  /** SIGKILL, and resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>;
}

export interface ProcessOptions {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  /** `npm run relay`'s script instead of the relay itself. */
  readonly script?: boolean;
}

/** Resolves when it listens. Rejects with what it printed where it ends before. */
export function startProcess(options: ProcessOptions): Promise<RelayProcess> {
  const entry = options.script ? 'scripts/relay.mjs' : 'electron/relay.ts';
  const { CLAWLINK_TOKEN: _, ...env } = process.env;
  const child = spawn(process.execPath, [join(root, entry), ...options.args], {
    env: { ...env, ...options.env },
    stdio: [options.stdin === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  child.stdin?.end(options.stdin);
  let printed = '';
  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return new Promise((resolve, reject) => {
    const look = (chunk: Buffer): void => {
      printed += chunk.toString('utf8');
      const base = /listens on (https?:\/\/\S+)/.exec(printed)?.[1];
      // The last line that a start prints.
      if (!base || !/^(Durable|In memory only):?.*\n/m.test(printed)) return;
      resolve({
        child,
        base,
        printed: () => printed,
        kill: async () => {
          child.kill('SIGKILL');
          await gone;
        },
        stop: () => {
          child.kill('SIGTERM');
          return gone;
        },
      });
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    void gone.then((code) => reject(new Error(`ended with ${code}: ${printed}`)));
  });
}
