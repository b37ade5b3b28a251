/** Processes of a bench: entries beside this file, spoken to by Node's own channel. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const LIMIT_MS = 120_000;

export interface Child {
  /** Sends a message and waits for the next one from there. */
  ask(message: unknown): Promise<unknown>;
  /** Waits for the next message from there. */
  next(): Promise<unknown>;
  stop(): Promise<void>;
}

/** Starts `test/bench/parts/<entry>`. Its standard output goes to ours for errors. */
export function startChild(
  entry: string,
  execArgv: readonly string[] = [],
  args: readonly string[] = [],
): Child {
  const child = fork(join(import.meta.dirname, entry), args, {
    execArgv: ['--disable-warning=ExperimentalWarning', ...execArgv],
    stdio: ['ignore', 2, 2, 'ipc'],
  });
  const next = (): Promise<unknown> => nextMessage(child, entry);
  return {
    next,
    ask: (message) => {
      const answer = next();
      child.send(message as object);
      return answer;
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill();
      await gone;
    },
  };
}

function nextMessage(child: ChildProcess, entry: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      clearTimeout(late);
      child.off('message', onMessage);
      child.off('exit', onExit);
    };
    const onMessage = (message: unknown): void => {
      end();
      resolve(message);
    };
    const onExit = (code: number | null): void => {
      end();
      reject(new Error(`${entry} ended with code ${code}`));
    };
    const late = setTimeout(() => {
      end();
      reject(new Error(`${entry} said nothing for ${LIMIT_MS / 1000} s`));
    }, LIMIT_MS);
    child.on('message', onMessage);
    child.on('exit', onExit);
  });
}
