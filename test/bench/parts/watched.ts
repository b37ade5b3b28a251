/** The app as a process of its own, with an ear on its event loop. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const START_LIMIT_MS = 30_000;

/** By how much the event loop was late, ms. */
export interface Lateness {
  readonly p99: number;
  readonly max: number;
}

export interface WatchedApp {
  /** The printed address, with its key. */
  readonly url: string;
  /** What was heard since the last `reset`. */
  late(order: 'reset' | 'read'): Promise<Lateness>;
  /** Ends it without a word. */
  kill(): Promise<void>;
}

/** Starts the built app on a home folder, with secrets that live in memory only. */
export async function startWatched(home: string, secrets: string): Promise<WatchedApp> {
  const child = fork(
    join(import.meta.dirname, 'watched-app.ts'),
    ['--browser', '--no-open', '--home', home, '--secrets', secrets],
    { stdio: ['ignore', 'pipe', 2, 'ipc'] },
  );
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  };
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    const fail = (): void => reject(new Error(`the app did not start:\n${output}`));
    const late = setTimeout(fail, START_LIMIT_MS);
    child.once('exit', fail);
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const address = /http:\/\/127\.0\.0\.1:\d+\/#key=[\w-]+/.exec(output)?.[0];
      if (address === undefined) return;
      clearTimeout(late);
      resolve(address);
    });
  }).catch(async (error: unknown) => {
    await kill();
    throw error;
  });
  return {
    url,
    kill,
    late: async (order) => {
      const answer = once(child, 'message');
      child.send(order);
      const [heard] = (await answer) as [Lateness];
      return heard;
    },
  };
}
