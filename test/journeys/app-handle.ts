/** An app under test, in this process or in one of its own, as a window's transport sees it. */
import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../electron/app/app.ts';
import type {
  CallInput,
  CallName,
  CallOutput,
  Change,
  Result,
} from '../../electron/contract/index.ts';
import { Redactor } from '../../electron/secrets/index.ts';
import { Dispatcher } from '../../electron/shell/session/dispatcher.ts';
import { Refusals } from '../../electron/shell/session/refusals.ts';
import { type KeychainPlace, spawnerOf } from './keychain.ts';
import { type LeapClock, leapClock } from './leap-clock.ts';

export interface AppHandle {
  readonly home: string;
  /** Skips time; null where the app runs in a process of its own. */
  readonly clock: LeapClock | null;
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<Result<CallOutput<N>>>;
  /** Hears each change with its value, as a window that has everything open would. */
  onChange(listener: (change: Change) => void): () => void;
  /** Everything that it said to the outside beside answers and changes. */
  readonly logged: readonly string[];
  /** The process of its own, where it has one. */
  readonly pid: number | null;
  /** Stops it in order. */
  stop(): Promise<void>;
}

/** What an app is started with. */
export interface AppStart {
  readonly home: string;
  readonly keychain: KeychainPlace;
  /** `--config FILE` and `--secrets DIR`. */
  readonly configFile?: string;
  readonly secretsFolder?: string;
  /** More of the environment, where it runs in a process of its own. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A folder for one test: `home` is the app's, what lies beside it is not. */
export function workFolder(): { readonly root: string; readonly home: string } {
  const root = mkdtempSync(join(tmpdir(), 'peerage-app-'));
  const home = join(root, 'home');
  mkdirSync(home, { mode: 0o700 });
  return { root, home };
}

const { version } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'),
) as { version: string };

/** Starts the app in this process, behind the same boundary that every shell puts around it. */
export async function startInProcess(
  start: AppStart,
  clock: LeapClock = leapClock(),
): Promise<AppHandle> {
  const redactor = new Redactor();
  const logged: string[] = [];
  const log = (line: string): void => {
    logged.push(redactor.redact(line));
  };
  const port = await createApp({
    home: start.home,
    version,
    shell: 'browser',
    configFile: start.configFile ?? null,
    secretsFolder: start.secretsFolder ?? null,
    keychainChild: spawnerOf(start.keychain),
    redactor,
    log,
    clock,
  });
  const dispatcher = new Dispatcher({
    handlers: port.handlers,
    clock,
    refusals: new Refusals(),
    redact: (text) => redactor.redact(text),
    log,
  });
  const ended = new AbortController();
  const context = { door: 'window', connectionId: 'journey', signal: ended.signal } as const;
  let stopped: Promise<void> | null = null;
  return {
    home: start.home,
    clock,
    logged,
    pid: null,
    call: async <N extends CallName>(name: N, input: CallInput<N>) =>
      (await dispatcher.dispatch({ name, input, context })) as Result<CallOutput<N>>,
    onChange: (listener) => port.onChange((key) => listener(port.read(key))),
    stop: () => {
      stopped ??= (async () => {
        dispatcher.stop();
        await port.stop();
        ended.abort();
      })();
      return stopped;
    },
  };
}
