import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PATIENCE_MS } from '../../patience.ts';
import { freePort, run, until } from '../../real/parts/process.ts';
import { type Daemon, launch } from './launch.ts';

/** A person on the control server. */
export interface TailnetUser {
  readonly id: number;
  readonly name: string;
}

/** How a key may be used; headscale's own defaults are: once, one hour, not ephemeral. */
export interface KeyOptions {
  readonly expiration?: string;
  readonly reusable?: boolean;
  readonly ephemeral?: boolean;
  readonly tags?: readonly string[];
}

/** A pre-authentication key. The text is a secret. */
export interface AuthKey {
  readonly id: number;
  readonly key: string;
}

/** A machine as the control server sees it. */
export interface RegisteredNode {
  readonly id: number;
  readonly name: string;
  readonly online: boolean;
}

/** One rule of a policy: who may reach what. Addresses, users (`alice@`), tags; `host:port`. */
export interface AllowRule {
  readonly src: readonly string[];
  readonly dst: readonly string[];
}

/** A control server of the test's own, with a relay (DERP) built in. */
export interface Headscale {
  readonly url: string;
  readonly folder: string;
  createUser(name: string): Promise<TailnetUser>;
  createKey(user: TailnetUser, options?: KeyOptions): Promise<AuthKey>;
  expireKey(key: AuthKey): Promise<void>;
  /** What the administrator does with the link that a joining machine shows. */
  register(authUrl: string, user: TailnetUser): Promise<void>;
  nodes(): Promise<readonly RegisteredNode[]>;
  /** Ends the login of a machine, at once or at a time to come. */
  expireNode(name: string, at?: Date): Promise<void>;
  deleteNode(name: string): Promise<void>;
  /** Replaces the policy. Without one everybody reaches everything. */
  setPolicy(rules: readonly AllowRule[], tagOwners?: Record<string, string[]>): Promise<void>;
  /** Whether the server's process runs. */
  readonly running: boolean;
  start(): Promise<void>;
  stop(signal?: NodeJS.Signals): Promise<void>;
  log(): string;
}

/** Where it runs. */
export interface HeadscaleOptions {
  readonly program: string;
  /** Short: the path of its control socket has a limit of about 100 bytes. Made if need be. */
  readonly folder: string;
  /** Default: loopback. */
  readonly host?: string;
  /** Puts the server into another network namespace, where all its ports are free. */
  readonly wrap?: (command: string[]) => string[];
}

/** Starts a control server with an empty database, and waits until it answers. */
export async function startHeadscale(options: HeadscaleOptions): Promise<Headscale> {
  const { program, folder, wrap } = options;
  const host = options.host ?? '127.0.0.1';
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const [port, grpcPort, stunPort] = wrap
    ? [18080, 18081, 13478]
    : await Promise.all([freePort(host), freePort(host), freePort(host)]);
  const url = `http://${host}:${port}`;
  const configPath = join(folder, 'headscale.yaml');
  const config = configOf({ folder, host, url, port, grpcPort, stunPort });
  // JSON is YAML.
  await writeFile(configPath, JSON.stringify(config, null, 2), { mode: 0o600 });

  let daemon: Daemon | undefined;
  const command = async (...args: string[]): Promise<unknown> => {
    const { code, stdout, stderr } = await run(
      program,
      ['-c', configPath, ...args, '--output', 'json'],
      {
        cwd: folder,
        env: { PATH: process.env.PATH ?? '', HOME: folder },
        timeoutMs: PATIENCE_MS,
      },
    );
    if (code !== 0) {
      throw new Error(`headscale ${args.slice(0, 2).join(' ')}: ${(stderr || stdout).trim()}`);
    }
    // Some commands say a sentence even where JSON was asked for.
    return /^[[{]/.test(stdout) ? JSON.parse(stdout) : null;
  };
  const start = async (): Promise<void> => {
    const logPath = join(folder, 'headscale.log');
    const started = launch({
      command: [program, '-c', configPath, 'serve'],
      cwd: folder,
      logPath,
      ...(wrap ? { wrap } : {}),
    });
    daemon = started;
    const answers = async (): Promise<boolean> => {
      if (!started.running) throw new Error(`headscale ended:\n${started.log().slice(-2000)}`);
      // Over its own socket: its network may be another one.
      return command('users', 'list').then(
        () => true,
        () => false,
      );
    };
    await until('headscale ready', answers, PATIENCE_MS, 100);
  };
  const nodes = async (): Promise<RegisteredNode[]> => {
    const rows = ((await command('nodes', 'list')) ?? []) as Record<string, unknown>[];
    return rows.map((row) => ({
      id: Number(row.id),
      name: String(row.given_name ?? row.name),
      online: row.online === true,
    }));
  };
  const idOf = async (name: string): Promise<string> => {
    const node = (await nodes()).find((entry) => entry.name === name);
    if (!node) throw new Error(`headscale knows no node ${name}`);
    return String(node.id);
  };
  await start();
  return {
    url,
    folder,
    get running() {
      return daemon?.running ?? false;
    },
    createUser: async (name) => {
      const made = (await command('users', 'create', name)) as { id: number };
      return { id: Number(made.id), name };
    },
    createKey: async (user, { expiration = '1h', reusable, ephemeral, tags = [] } = {}) => {
      const flags = ['--user', String(user.id), '--expiration', expiration];
      if (reusable) flags.push('--reusable');
      if (ephemeral) flags.push('--ephemeral');
      if (tags.length > 0) flags.push('--tags', tags.join(','));
      const made = (await command('preauthkeys', 'create', ...flags)) as AuthKey;
      return { id: Number(made.id), key: String(made.key) };
    },
    expireKey: async ({ id }) => void (await command('preauthkeys', 'expire', '--id', String(id))),
    register: async (authUrl, user) => {
      const id = new URL(authUrl).pathname.split('/').at(-1) ?? '';
      await command('auth', 'register', '--auth-id', id, '--user', user.name);
    },
    nodes,
    expireNode: async (name, at) => {
      const when = at ? ['--expiry', at.toISOString()] : [];
      await command('nodes', 'expire', '--identifier', await idOf(name), ...when);
    },
    deleteNode: async (name) => {
      await command('nodes', 'delete', '--force', '--identifier', await idOf(name));
    },
    setPolicy: async (rules, tagOwners = {}) => {
      const acls = rules.map(({ src, dst }) => ({ action: 'accept', src, dst }));
      const path = join(folder, 'policy.json');
      await writeFile(path, JSON.stringify({ tagOwners, acls }), { mode: 0o600 });
      await command('policy', 'set', '--file', path);
    },
    start,
    stop: async (signal) => daemon?.stop(signal),
    log: () => daemon?.log() ?? '',
  };
}

interface Place {
  folder: string;
  host: string;
  url: string;
  port: number;
  grpcPort: number;
  stunPort: number;
}

/** headscale's configuration: nothing is asked of the world outside. */
function configOf({ folder, host, url, port, grpcPort, stunPort }: Place): unknown {
  return {
    server_url: url,
    listen_addr: `${host}:${port}`,
    metrics_listen_addr: '',
    grpc_listen_addr: `${host}:${grpcPort}`,
    grpc_allow_insecure: false,
    noise: { private_key_path: join(folder, 'noise.key') },
    prefixes: { v4: '100.64.0.0/10', v6: 'fd7a:115c:a1e0::/48', allocation: 'sequential' },
    database: {
      type: 'sqlite',
      sqlite: { path: join(folder, 'db.sqlite'), write_ahead_log: true },
    },
    derp: {
      server: {
        enabled: true,
        region_id: 999,
        region_code: 'test',
        region_name: 'Test',
        verify_clients: false,
        stun_listen_addr: `${host}:${stunPort}`,
        private_key_path: join(folder, 'derp.key'),
        automatically_add_embedded_derp_region: true,
        ipv4: host,
      },
      urls: [],
      paths: [],
      auto_update_enabled: false,
    },
    disable_check_updates: true,
    dns: {
      magic_dns: true,
      base_domain: TAILNET_DOMAIN,
      override_local_dns: false,
      nameservers: { global: [] },
    },
    policy: { mode: 'database' },
    logtail: { enabled: false },
    unix_socket: join(folder, 'hs.sock'),
    unix_socket_permission: '0700',
    log: { level: 'info', format: 'text' },
  };
}

/** The domain of every machine's name in the test's tailnet. */
export const TAILNET_DOMAIN = 'tailnet.test';
