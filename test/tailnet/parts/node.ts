import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { isAbsolute, join, relative } from 'node:path';
import type { TailnetTools } from '../../../scripts/parts/tailnet-tools.mjs';
import { LINK_PATIENCE_MS, PATIENCE_MS } from '../../patience.ts';
import { findProgram, freePort, type RunResult, run, until } from '../../real/parts/process.ts';
import { type Daemon, launch } from './launch.ts';

/** What `tailscale status --json` says, as far as the tests read it. */
export interface StatusJson {
  readonly BackendState: string;
  readonly AuthURL: string;
  readonly TailscaleIPs: readonly string[] | null;
  readonly Self: PeerJson;
  readonly Peer: Readonly<Record<string, PeerJson>> | null;
  readonly User: Readonly<Record<string, { readonly LoginName: string }>> | null;
  readonly Health: readonly string[];
}

/** One machine in that. */
export interface PeerJson {
  readonly ID: string;
  readonly HostName: string;
  readonly DNSName: string;
  readonly TailscaleIPs: readonly string[] | null;
  readonly Online: boolean;
  readonly CurAddr: string;
  readonly Relay: string;
  readonly Expired?: boolean;
  readonly KeyExpiry?: string;
}

/** How to join. */
export interface UpOptions {
  readonly authKey?: string;
  readonly timeoutSeconds?: number;
  /** More flags of `tailscale up`. */
  readonly flags?: readonly string[];
}

/** A machine of the tailnet: a real tailscaled of the test's own, and the command line to it. */
export interface TailnetNode {
  readonly name: string;
  readonly folder: string;
  /** What `--socket` is given; never the machine's own Tailscale. */
  readonly socket: string;
  /** The program `tailscale`. */
  readonly program: string;
  /** SOCKS5 and HTTP proxy into the tailnet; null where the machine has a real interface. */
  readonly proxyPort: number | null;
  readonly pid: number;
  readonly running: boolean;
  /** Runs `tailscale --socket=... ARGS`. Bounded: 15 s unless told otherwise. */
  cli(args: readonly string[], timeoutMs?: number): Promise<RunResult>;
  /** The same as a user without rights; needs root, and a folder that others may enter. */
  asNobody(args: readonly string[]): Promise<RunResult>;
  /** The same where no other process of this machine is seen; needs root. */
  alone(args: readonly string[]): Promise<RunResult>;
  /** `up --json` to the test's control server. Does not throw: what it said is the result. */
  up(options?: UpOptions): Promise<RunResult>;
  /** Joins with a key and waits until it is running. Throws with what was said otherwise. */
  join(authKey: string): Promise<StatusJson>;
  status(): Promise<StatusJson>;
  /** Waits until the daemon says that it is in this state. */
  untilState(state: string, timeoutMs?: number): Promise<StatusJson>;
  /** Its address in the tailnet. */
  ip4(): Promise<string>;
  /** Starts the daemon again on the same state. */
  start(): Promise<void>;
  /** Ends the daemon, by default in order. */
  stop(signal?: NodeJS.Signals): Promise<void>;
  log(): string;
}

/** How to start one. */
export interface NodeOptions {
  readonly tools: TailnetTools;
  readonly name: string;
  /** A folder of the test's own; the node's lies in it. */
  readonly folder: string;
  readonly controlUrl: string;
  /**
   * `userspace` needs no rights: what comes in over the tailnet is handed to the same port of this
   * host's loopback, and what goes out takes the proxy. `tun` has an interface in a namespace.
   */
  readonly mode:
    | { readonly kind: 'userspace' }
    | { readonly kind: 'tun'; readonly wrap: (command: string[]) => string[] };
  /** Talks to others through the relay only, as behind two hard NATs. */
  readonly relayedOnly?: boolean;
}

const READY_MS = PATIENCE_MS;
const CLI_MS = PATIENCE_MS;
/** An address of a unix socket has 108 bytes (unix(7)). */
const SOCKET_PATH_LIMIT = 104;

/** Starts a daemon with an empty state; it has not joined anything yet. */
export async function startNode(options: NodeOptions): Promise<TailnetNode> {
  const { tools, name, controlUrl, mode } = options;
  const folder = join(options.folder, name);
  const socket = join(folder, 'ts.sock');
  assertOwnSocket(socket, options.folder);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const proxyPort = mode.kind === 'userspace' ? await freePort() : null;
  const network =
    proxyPort === null
      ? ['--tun=tailscale0', '--port=41641']
      : [
          '--tun=userspace-networking',
          '--port=0',
          `--socks5-server=127.0.0.1:${proxyPort}`,
          `--outbound-http-proxy-listen=127.0.0.1:${proxyPort}`,
        ];
  let daemon: Daemon | undefined;

  const cli = (args: readonly string[], timeoutMs = CLI_MS): Promise<RunResult> => {
    assertOwnSocket(socket, options.folder);
    return run(tools.tailscale, [`--socket=${socket}`, ...args], {
      cwd: folder,
      env: { PATH: process.env.PATH ?? '', HOME: folder },
      timeoutMs,
    });
  };
  const asNobody: TailnetNode['asNobody'] = (args) => {
    const setpriv = findProgram('setpriv') ?? 'setpriv';
    const user = ['--reuid=65534', '--regid=65534', '--clear-groups', '--'];
    const all = [...user, tools.tailscale, `--socket=${socket}`, ...args];
    return run(setpriv, all, { env: { HOME: '/nonexistent' }, timeoutMs: CLI_MS });
  };
  const alone: TailnetNode['alone'] = (args) => {
    const unshare = findProgram('unshare') ?? 'unshare';
    const all = ['--pid', '--fork', '--mount-proc', '--', tools.tailscale, `--socket=${socket}`];
    return run(unshare, [...all, ...args], { env: { HOME: folder }, timeoutMs: CLI_MS });
  };
  const status = async (): Promise<StatusJson> => {
    const { code, stdout, stderr } = await cli(['status', '--json']);
    if (code !== 0) throw new Error(`${name}: tailscale status: ${stderr.trim()}`);
    return JSON.parse(stdout) as StatusJson;
  };
  const untilState = (state: string, timeoutMs = LINK_PATIENCE_MS): Promise<StatusJson> => {
    let last = '';
    return until(
      `${name} ${state}`,
      async () => {
        const now = await status();
        last = now.BackendState;
        return last === state && now;
      },
      timeoutMs,
      100,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}; it is ${last}\n${daemon?.log().slice(-2000) ?? ''}`);
    });
  };
  const up = async ({ authKey, timeoutSeconds = 30, flags = [] }: UpOptions = {}) => {
    const keyPath = join(folder, 'auth.key');
    const args = ['up', '--json', `--login-server=${controlUrl}`, `--hostname=${name}`];
    args.push('--accept-dns=false', `--timeout=${timeoutSeconds}s`);
    if (mode.kind === 'tun') args.push('--netfilter-mode=off');
    if (authKey !== undefined) {
      await writeFile(keyPath, authKey, { mode: 0o600 });
      args.push(`--auth-key=file:${keyPath}`);
    }
    try {
      return await cli([...args, ...flags], timeoutSeconds * 1000 + 5_000);
    } finally {
      await rm(keyPath, { force: true });
    }
  };
  const start = async (): Promise<void> => {
    const started = launch({
      command: [
        tools.tailscaled,
        `--statedir=${folder}`,
        `--socket=${socket}`,
        '--no-logs-no-support',
        ...network,
      ],
      env: environment(folder, controlUrl, options.relayedOnly ?? false),
      cwd: folder,
      logPath: join(folder, 'tailscaled.log'),
      ...(mode.kind === 'tun' ? { wrap: mode.wrap } : {}),
    });
    daemon = started;
    const answers = async (): Promise<boolean> => {
      if (!started.running) throw new Error(`tailscaled ended:\n${started.log().slice(-2000)}`);
      if (!existsSync(socket)) return false;
      return (await cli(['status', '--json', '--peers=false'])).code === 0;
    };
    await until(`tailscaled ${name} ready`, answers, READY_MS, 50);
  };
  await start();
  return {
    name,
    folder,
    socket,
    program: tools.tailscale,
    proxyPort,
    get pid() {
      return daemon?.pid ?? -1;
    },
    get running() {
      return daemon?.running ?? false;
    },
    cli,
    asNobody,
    alone,
    up,
    status,
    untilState,
    join: async (authKey) => {
      const { code, stdout, stderr } = await up({ authKey });
      if (code !== 0) throw new Error(`${name}: tailscale up: ${stderr}${stdout}`);
      return untilState('Running');
    },
    ip4: async () => {
      const { stdout } = await cli(['ip', '-4']);
      return stdout.trim();
    },
    start,
    stop: async (signal) => daemon?.stop(signal),
    log: () => daemon?.log() ?? '',
  };
}

/** Knobs of tailscaled for tests (envknob, tstest/integration of its source): nothing leaves here. */
function environment(
  folder: string,
  controlUrl: string,
  relayedOnly: boolean,
): Record<string, string> {
  return {
    TS_NO_LOGS_NO_SUPPORT: 'true',
    // The relay of the test speaks plain HTTP.
    TS_DEBUG_USE_DERP_HTTP: '1',
    TS_ASSUME_NETWORK_UP_FOR_TEST: '1',
    // It ends at once where it would talk to the vendor's own servers.
    TS_PANIC_IF_HIT_MAIN_CONTROL: '1',
    TS_DISABLE_PORTMAPPER: '1',
    TS_LOGS_DIR: folder,
    // Instead of pages of the vendor's, which tell whether a login page is in the way.
    TS_NETCHECK_GENERATE_204_URL: `${controlUrl}/generate_204`,
    ...(relayedOnly ? { TS_DEBUG_ALWAYS_USE_DERP: '1' } : {}),
  };
}

/**
 * Throws where a socket is not the test's own: a test must never talk to the Tailscale of the machine
 * that it runs on.
 */
export function assertOwnSocket(socket: string, folder: string): void {
  const inside = relative(folder, socket);
  if (!isAbsolute(socket) || inside.startsWith('..') || isAbsolute(inside)) {
    throw new Error(`${socket} is not in the test's own folder ${folder}`);
  }
  if (/^\/(?:var\/)?run\//.test(socket)) throw new Error(`${socket} is a socket of the system`);
  if (Buffer.byteLength(socket) > SOCKET_PATH_LIMIT) throw new Error(`${socket} is too long`);
}
