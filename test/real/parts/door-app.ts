/** The app with its control socket: in this process, where the person can be played, or in its own. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createApp } from '../../../electron/app/app.ts';
import { systemClock } from '../../../electron/clock/clock.ts';
import type { CallInput, CallName, CallOutput } from '../../../electron/contract/index.ts';
import { Redactor } from '../../../electron/secrets/index.ts';
import { createBoundary } from '../../../electron/shell/boundary.ts';
import { claimHome } from '../../../electron/shell/control/single-instance.ts';
import { spawnerOf } from '../../journeys/keychain.ts';
import { until } from './process.ts';

const root = join(import.meta.dirname, '../../..');
export const COMMAND = join(root, 'out/bin/peerage.cjs');

/** A home whose peers and secrets come from files, as in a pod. */
export interface DoorHome {
  readonly folder: string;
  readonly home: string;
  readonly configFile: string;
  readonly secretsFolder: string;
  remove(): void;
}

export function doorHome(peers: readonly { name: string; url: string; token: string }[]): DoorHome {
  const folder = mkdtempSync(join(tmpdir(), 'peerage-door-'));
  const home = join(folder, 'home');
  const secretsFolder = join(folder, 'secrets');
  mkdirSync(home, { mode: 0o700 });
  mkdirSync(secretsFolder, { mode: 0o700 });
  for (const { name, token } of peers) {
    writeFileSync(join(secretsFolder, `${name.toLowerCase()}.token`), `${token}\n`, {
      mode: 0o600,
    });
  }
  const configFile = join(folder, 'peers.json');
  const listed = peers.map(({ name, url }) => ({
    id: name.toLowerCase(),
    name,
    links: [{ url, secretRef: name.toLowerCase() }],
  }));
  writeFileSync(configFile, JSON.stringify({ version: 1, peers: listed }));
  return {
    ...{ folder, home, configFile, secretsFolder },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export interface PersonAtTheWindow {
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>;
  stop(): Promise<void>;
}

/** The app in this process: what the person does goes through the window's door. */
export async function appHere(of: DoorHome): Promise<PersonAtTheWindow> {
  const redactor = new Redactor();
  const claim = await claimHome(of.home);
  if (!claim.first) throw new Error('the home is taken');
  const port = await createApp({
    ...{ home: of.home, configFile: of.configFile, secretsFolder: of.secretsFolder, redactor },
    version: '0.1.0',
    shell: 'browser',
    keychainChild: spawnerOf({ kind: 'none' }),
    log: () => {},
  });
  const boundary = createBoundary({
    port,
    clock: systemClock(),
    log: () => {},
    redact: (text) => text,
    local: {},
  });
  claim.server.serve(boundary);
  const { signal } = new AbortController();
  return {
    call: async (name, input) => {
      const context = { door: 'window', connectionId: 'person', signal } as const;
      const result = await boundary.dispatcher.dispatch({ name, input, context });
      if (!result.ok) throw new Error(JSON.stringify(result.error));
      return result.value as never;
    },
    stop: async () => {
      boundary.dispatcher.stop();
      await claim.server.stop();
      await port.stop();
    },
  };
}

/** The app in a process of its own, as `npm start -- --browser` starts it. */
export async function appApart(of: DoorHome): Promise<ChildProcess> {
  const args = [join(root, 'out/serve.mjs'), '--no-open', '--home', of.home];
  const files = ['--config', of.configFile, '--secrets', of.secretsFolder];
  const child = spawn(process.execPath, [...args, ...files], { stdio: 'ignore' });
  await until('the app to run', async () => (await peerage(of, ['status'])).code === 0);
  return child;
}

/** Ends it at once, as a crash would. */
export async function killApp(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  json(): Record<string, unknown>;
}

/** Runs the built command on a home, with a text on stdin. */
export function peerage(of: DoorHome, args: readonly string[], stdin = ''): Promise<Ran> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [COMMAND, '--home', of.home, ...args],
      { env: { ...process.env, HOME: of.folder }, maxBuffer: 10_000_000 },
      (error, out, err) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
        resolve({ code, out, err, json: () => JSON.parse(out) as Record<string, unknown> });
      },
    );
    child.stdin?.on('error', () => {});
    child.stdin?.end(stdin);
  });
}

/** Puts `peerage` onto a PATH, speaking to this home. @returns the folder */
export function commandFolder(of: DoorHome): string {
  const folder = join(of.folder, 'bin');
  mkdirSync(folder, { recursive: true });
  const script = `#!/bin/sh\nexec '${process.execPath}' '${COMMAND}' "$@"\n`;
  writeFileSync(join(folder, 'peerage'), script, { mode: 0o755 });
  return `${folder}:${dirname(process.execPath)}`;
}
