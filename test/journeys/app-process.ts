/** Starts an app in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type {
  CallInput,
  CallName,
  CallOutput,
  Change,
  Result,
} from '../../electron/contract/index.ts';
import type { ToChild } from './app-child.ts';
import type { AppHandle, AppStart } from './app-handle.ts';

export interface AppProcess extends AppHandle {
  /** `kill -9`: no step of its stopping is run. Resolves when the process is gone. */
  kill(): Promise<void>;
}

type FromChild =
  | { readonly kind: 'ready' }
  | { readonly kind: 'change'; readonly change: Change }
  | { readonly kind: 'result'; readonly id: number; readonly result: Result<unknown> }
  | { readonly kind: 'broken'; readonly text: string };

const ENTRY = join(import.meta.dirname, 'app-child.ts');

/**
 * Starts it and waits until its app is there.
 * @param wrap puts its command into another network
 */
export async function startProcess(
  start: AppStart,
  wrap: (command: string[]) => string[] = (command) => command,
): Promise<AppProcess> {
  const [program = '', ...args] = wrap([process.execPath, ENTRY]);
  const child: ChildProcess = spawn(program, args, {
    env: { PATH: process.env.PATH, HOME: start.home, ...start.env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const logged: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (data: Buffer) => logged.push(data.toString()));
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const listeners = new Set<(change: Change) => void>();
  const answers = new Map<number, (result: Result<unknown>) => void>();
  const ready = Promise.withResolvers<void>();
  const broken = (text: string): void => ready.reject(new Error(`the app's process: ${text}`));
  child.on('message', (message: FromChild) => {
    switch (message.kind) {
      case 'ready':
        ready.resolve();
        return;
      case 'change':
        for (const listener of listeners) listener(message.change);
        return;
      case 'result':
        answers.get(message.id)?.(message.result);
        answers.delete(message.id);
        return;
      case 'broken':
        logged.push(message.text);
        broken(message.text);
    }
  });
  void gone.then(() => broken(`ended early\n${logged.join('')}`));
  const tell = (message: ToChild): void => {
    child.send(message);
  };
  tell({ kind: 'start', start });
  await ready.promise;

  let calls = 0;
  return {
    home: start.home,
    clock: null,
    logged,
    pid: child.pid ?? null,
    call: <N extends CallName>(name: N, input: CallInput<N>) =>
      new Promise<Result<CallOutput<N>>>((resolve, reject) => {
        const id = ++calls;
        answers.set(id, (result) => resolve(result as Result<CallOutput<N>>));
        void gone.then(() => reject(new Error(`${name}: the app's process ended`)));
        tell({ kind: 'call', id, name, input });
      }),
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    kill: async () => {
      child.kill('SIGKILL');
      await gone;
    },
    stop: async () => {
      if (child.connected) tell({ kind: 'stop' });
      await gone;
    },
  };
}
