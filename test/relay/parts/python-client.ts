/** The Python client as a process: what is asked for is asked by Python's own HTTP and sockets. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PATIENCE_MS } from '../../patience.ts';

/** `requests` is what the published client uses; the others are shapes of the standard library. */
export const WAYS = ['requests', 'http.client', 'urllib', 'chunked'] as const;
export type Way = (typeof WAYS)[number];

const runs = (code: string): boolean =>
  spawnSync('python3', ['-c', code], { stdio: 'ignore', timeout: PATIENCE_MS }).status === 0;

/** Those that this machine's Python has. */
export function pythonWays(): readonly Way[] {
  if (!runs('import sys; assert sys.version_info >= (3, 8)')) return [];
  return WAYS.filter((way) => way !== 'requests' || runs('import requests'));
}

export interface PythonReply {
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

export interface PythonClient {
  get(path: string, more?: Asking): Promise<PythonReply>;
  post(path: string, body: unknown, more?: Asking): Promise<PythonReply>;
  /** Opens a WebSocket under a name. @returns the status of the handshake. */
  open(name: string, path: string): Promise<number>;
  send(name: string, value: unknown): Promise<void>;
  /** The next message; null = the other side closed. */
  receive(name: string): Promise<Record<string, unknown> | null>;
  end(): void;
}

interface Asking {
  readonly token?: string | null;
  readonly query?: Readonly<Record<string, string>>;
}

/** Starts one that asks a relay. Rejects, per request, with what Python raised. */
export function pythonClient(way: Way, base: string, token: string | null): PythonClient {
  const child: ChildProcess = spawn('python3', [join(import.meta.dirname, 'published-client.py')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  if (!child.stdin || !child.stdout) throw new Error('python has no pipes');
  const { stdin } = child;
  const waiting: PromiseWithResolvers<string>[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => waiting.shift()?.resolve(line));
  child.once('exit', () => {
    for (const one of waiting.splice(0)) one.reject(new Error('python ended'));
  });
  const ask = async <T>(what: object): Promise<T> => {
    const answer = Promise.withResolvers<string>();
    waiting.push(answer);
    stdin.write(`${JSON.stringify({ base, ...what })}\n`);
    const told = JSON.parse(await answer.promise) as T & { readonly failure?: string };
    if (told.failure !== undefined) throw new Error(told.failure);
    return told;
  };
  return {
    get: (path, more = {}) => ask({ way, method: 'GET', path, token, ...more }),
    post: (path, body, more = {}) => ask({ way, method: 'POST', path, body, token, ...more }),
    open: async (name, path) => (await ask<{ status: number }>({ way: 'open', name, path })).status,
    send: async (name, value) => {
      await ask({ way: 'send', name, value });
    },
    receive: async (name) =>
      (await ask<{ value: Record<string, unknown> | null }>({ way: 'receive', name })).value,
    end: () => {
      stdin.end();
      child.kill();
    },
  };
}
