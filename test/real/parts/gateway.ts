import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { dirname, join } from 'node:path';
import { AdminClient } from './admin.ts';
import { ensureOpenClaw } from './install.ts';
import type { NetworkNamespace } from './namespace.ts';
import { freePort, own, signalGroup, temporaryFolder, until } from './process.ts';
import type { Json } from './raw-client.ts';
import type { StubModel } from './stub-model.ts';

/** Another computer of the test's, with a network and a home folder of its own. */
export interface GatewayHost {
  /** As its own programs see it. */
  readonly home: string;
  wrap(command: string[]): string[];
  /** Where a file of it is, seen from here. */
  outside(path: string): string;
  /** The path of a unix socket that leads to a port of its loopback. */
  reachInside(port: number): Promise<string>;
}

/** How to start a gateway. */
export interface GatewayOptions {
  name: string;
  model: StubModel;
  /** Default: a random token. */
  auth?: { token: string } | { password: string };
  /** Default: one agent, `main`. */
  agents?: string[];
  port?: number;
  bind?: 'loopback' | 'lan';
  /** Runs the gateway in this network namespace; clients reach it on the namespace's address. */
  namespace?: NetworkNamespace;
  /** Runs it on this computer, where OpenClaw usually is: on its usual port, in `~/.openclaw`. */
  computer?: GatewayHost;
  /** Merged into the configuration file, deeply. */
  config?: Json;
  env?: Record<string, string>;
}

/** A running gateway with a home of its own. */
export interface RealGateway {
  readonly name: string;
  /** WebSocket address for clients on this host. */
  readonly url: string;
  readonly httpUrl: string;
  readonly port: number;
  readonly token: string | undefined;
  readonly password: string | undefined;
  readonly home: string;
  readonly stateDir: string;
  readonly configPath: string;
  readonly logPath: string;
  /** The process id of the present process. */
  readonly pid: number;
  readonly running: boolean;
  /** Loopback client with every scope, connected on demand. */
  readonly admin: AdminClient;
  /**
   * Signals the present process and waits until it is gone. A gateway that is asked to stop first
   * lets its runs finish, for up to five minutes; after `limitMs` (default 15 s) it is killed.
   */
  kill(signal?: NodeJS.Signals, limitMs?: number): Promise<void>;
  /** Ends the process if it still runs, then starts a new one on the same state and port. */
  restart(signal?: NodeJS.Signals): Promise<void>;
  /** Starts a new process after `kill`; does not wait for readiness when `wait` is false. */
  start(wait?: boolean): Promise<void>;
  /** Ends the process and removes its home. */
  stop(): Promise<void>;
  log(): string;
}

/** It starts in seconds, or in minutes where other programs have the cores. */
const READY_MS = 240_000;
const STOP_LIMIT_MS = 15_000;
/** OpenClaw's own default (docs/gateway). */
const USUAL_PORT = 18_789;
/** A computer's files vanish with it. */
const nobodys = { path: '', remove: async () => undefined };

/** Whether its `/readyz` says that it is. */
const isReady = (at: { socketPath: string } | { host: string; port: number }): Promise<boolean> =>
  new Promise((resolve) => {
    const asked = request({ ...at, path: '/readyz', timeout: 10_000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.once('error', () => resolve(false)).once('timeout', () => asked.destroy());
    asked.end();
  });

/** Starts an isolated gateway and waits until `/readyz` answers. */
export async function startGateway(options: GatewayOptions): Promise<RealGateway> {
  const install = await ensureOpenClaw();
  const { namespace, computer } = options;
  const folder = computer ? nobodys : await temporaryFolder(`gateway-${options.name}`);
  const home = computer?.home ?? folder.path;
  const here = (path: string): string => computer?.outside(path) ?? path;
  const port = options.port ?? (computer ? USUAL_PORT : await freePort());
  const host = namespace?.address ?? '127.0.0.1';
  const auth = options.auth ?? { token: randomBytes(18).toString('base64url') };
  const stateDir = join(home, computer ? '.openclaw' : 'state');
  const configPath = join(stateDir, 'openclaw.json');
  const logPath = join(home, 'gateway.log');
  await mkdir(here(stateDir), { recursive: true });
  await mkdir(here(join(home, 'tmp')));
  const config = merge(baseConfig(options, port, auth, home), options.config ?? {});
  await writeFile(here(configPath), JSON.stringify(config, null, 2), { mode: 0o600 });

  const env: Record<string, string> = {
    PATH: `${dirname(install.node)}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin`,
    HOME: home,
    TMPDIR: join(home, 'tmp'),
    LANG: 'C.UTF-8',
    OPENCLAW_HOME: home,
    OPENCLAW_STATE_DIR: stateDir,
    OPENCLAW_CONFIG_PATH: configPath,
    OPENCLAW_NO_RESPAWN: '1',
    OPENCLAW_EXEC_SHELL_SNAPSHOT: '0',
    OPENCLAW_DISABLE_BONJOUR: '1',
    OPENCLAW_NO_AUTO_UPDATE: '1',
    ...options.env,
  };
  const command = [install.node, install.entry, 'gateway', 'run', '--port', String(port)];
  let child: ChildProcess | undefined;
  let gone: Promise<void> = Promise.resolve();

  const launch = (): void => {
    const [program = '', ...args] = (namespace ?? computer)?.wrap(command) ?? command;
    const output = createWriteStream(here(logPath), { flags: 'a' });
    const made = spawn(program, args, {
      cwd: here(home),
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    made.stdout?.pipe(output, { end: false });
    made.stderr?.pipe(output, { end: false });
    own(made);
    gone = new Promise((resolve) => {
      const end = (): void => {
        output.end();
        resolve();
      };
      made.once('exit', end);
      made.once('error', end);
    });
    child = made;
  };
  const isRunning = (): boolean =>
    child !== undefined && child.exitCode === null && child.signalCode === null;
  const log = (): string => {
    try {
      return readFileSync(here(logPath), 'utf8');
    } catch {
      return '';
    }
  };
  const httpUrl = `http://${host}:${port}`;
  const inside = await computer?.reachInside(port);
  const ready = async (): Promise<void> => {
    const probe = async (): Promise<boolean> => {
      if (!isRunning()) throw new Error(`gateway ${options.name} ended:\n${log().slice(-3000)}`);
      return isReady(inside ? { socketPath: inside } : { host, port });
    };
    try {
      await until(`gateway ${options.name} ready`, probe, READY_MS, 100);
    } catch (error) {
      const tail = log().slice(-3000);
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${tail}`);
    }
  };
  const start = async (wait = true): Promise<void> => {
    if (isRunning()) throw new Error(`gateway ${options.name} runs already`);
    launch();
    if (wait) await ready();
  };
  const kill = async (
    signal: NodeJS.Signals = 'SIGTERM',
    limitMs = STOP_LIMIT_MS,
  ): Promise<void> => {
    if (!isRunning() || child?.pid === undefined) return;
    const target = child;
    process.kill(child.pid, signal);
    const timer = setTimeout(() => signalGroup(target, 'SIGKILL'), limitMs);
    await gone;
    clearTimeout(timer);
    await admin.drop();
  };
  const tunnel = namespace ? join(home, 'admin.sock') : undefined;
  const admin = new AdminClient({
    port,
    auth,
    ...(namespace && tunnel ? { namespace, tunnel } : {}),
    ...(inside ? { tunnel: inside } : {}),
  });

  await start().catch(async (error: unknown) => {
    await kill('SIGKILL');
    await folder.remove();
    throw error;
  });

  return {
    name: options.name,
    url: `ws://${host}:${port}`,
    httpUrl,
    port,
    token: 'token' in auth ? auth.token : undefined,
    password: 'password' in auth ? auth.password : undefined,
    home: here(home),
    stateDir: here(stateDir),
    configPath: here(configPath),
    logPath: here(logPath),
    get pid() {
      return child?.pid ?? -1;
    },
    get running() {
      return isRunning();
    },
    admin,
    kill,
    start,
    log,
    restart: async (signal = 'SIGTERM') => {
      await kill(signal);
      await start();
    },
    stop: async () => {
      await admin.drop();
      await kill('SIGTERM', 4_000);
      await folder.remove();
    },
  };
}

function baseConfig(
  options: GatewayOptions,
  port: number,
  auth: { token: string } | { password: string },
  home: string,
): Json {
  const mode = 'token' in auth ? 'token' : 'password';
  const bind = options.bind ?? (options.namespace ? 'lan' : 'loopback');
  const entries: Json = {};
  for (const agent of options.agents ?? ['main']) {
    entries[agent] = { workspace: join(home, 'work', agent) };
  }
  const cost = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  const stub = { id: 'stub-model', name: 'Stub', reasoning: false, input: ['text'], cost };
  return {
    gateway: { mode: 'local', port, bind, auth: { mode, ...auth } },
    models: {
      providers: {
        stub: {
          baseUrl: options.model.baseUrl,
          apiKey: 'stub',
          api: 'openai-completions',
          models: [{ ...stub, contextWindow: 200_000, maxTokens: 8_192 }],
        },
      },
    },
    agents: {
      defaults: { model: { primary: 'stub/stub-model' }, skipBootstrap: true },
      entries,
    },
    discovery: { mdns: { mode: 'off' } },
    update: { checkOnStart: false },
    logging: { file: join(home, 'openclaw.log') },
  };
}

/** Deep merge of plain objects; anything else is replaced. */
function merge(base: Json, over: Json): Json {
  const result: Json = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const old = result[key];
    result[key] = isObject(old) && isObject(value) ? merge(old, value) : value;
  }
  return result;
}

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
