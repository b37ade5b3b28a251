import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createWriteStream, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AdminClient } from './admin.ts';
import { ensureOpenClaw } from './install.ts';
import type { NetworkNamespace } from './namespace.ts';
import { freePort, own, signalGroup, temporaryFolder, until } from './process.ts';
import type { Json } from './raw-client.ts';
import type { StubModel } from './stub-model.ts';

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
  /** Merged into the configuration file, deeply. */
  config?: Json;
  env?: Record<string, string>;
  readyMs?: number;
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

const STOP_LIMIT_MS = 15_000;

/** Starts an isolated gateway and waits until `/readyz` answers. */
export async function startGateway(options: GatewayOptions): Promise<RealGateway> {
  const install = await ensureOpenClaw();
  const folder = await temporaryFolder(`gateway-${options.name}`);
  const home = folder.path;
  const { namespace } = options;
  const port = options.port ?? (await freePort());
  const host = namespace?.address ?? '127.0.0.1';
  const auth = options.auth ?? { token: randomBytes(18).toString('base64url') };
  const stateDir = join(home, 'state');
  const configPath = join(stateDir, 'openclaw.json');
  const logPath = join(home, 'gateway.log');
  await mkdir(stateDir, { recursive: true });
  await mkdir(join(home, 'tmp'));
  const config = merge(baseConfig(options, port, auth, home), options.config ?? {});
  await writeFile(configPath, JSON.stringify(config, null, 2), { mode: 0o600 });

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
    const [program = '', ...args] = namespace ? namespace.wrap(command) : command;
    const output = createWriteStream(logPath, { flags: 'a' });
    const made = spawn(program, args, {
      cwd: home,
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
      return readFileSync(logPath, 'utf8');
    } catch {
      return '';
    }
  };
  const httpUrl = `http://${host}:${port}`;
  const ready = async (): Promise<void> => {
    const probe = async (): Promise<boolean> => {
      if (!isRunning()) throw new Error(`gateway ${options.name} ended:\n${log().slice(-3000)}`);
      const signal = AbortSignal.timeout(2_000);
      return fetch(`${httpUrl}/readyz`, { signal }).then(
        (response) => response.ok,
        () => false,
      );
    };
    try {
      await until(`gateway ${options.name} ready`, probe, options.readyMs ?? 90_000, 100);
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
    home,
    stateDir,
    configPath,
    logPath,
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
