/**
 * The gateway of this user on this machine, from its configuration. Looking tells whether a token or
 * password is there, never what it is; reading it is a function of its own, for after the click.
 */
import { readFile } from 'node:fs/promises';
import { BlockList, isIP } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { parseEnv } from 'node:util';
import {
  appError,
  type CredentialInput,
  fail,
  type OwnGatewayView,
  ok,
  type Result,
} from '../../contract/index.ts';
import { ConfigFault, ConfigMissing, isPlain, readGatewayConfig } from './config-file.ts';
import { type ConfigPlace, configPlace, type Environment } from './config-path.ts';

/** What was found; the peers that were made of it are the app's to add. */
export type OwnGateway =
  | Exclude<OwnGatewayView, { kind: 'found' }>
  | Omit<Extract<OwnGatewayView, { kind: 'found' }>, 'peerIds'>;

/** Another machine to look at, for tests; what is left out is this one's. */
export interface OwnGatewayOptions {
  readonly env?: Environment;
  /** The system's idea of the home folder. */
  readonly systemHome?: string;
  readonly interfaces?: () => ReturnType<typeof os.networkInterfaces>;
}

const DEFAULT_PORT = 18_789;

type Plain = Record<string, unknown>;

interface Found {
  readonly kind: 'found';
  readonly place: ConfigPlace;
  readonly url: string;
  readonly credential: CredentialInput | { readonly kind: 'not_in_file' };
}

type Looked = Found | Exclude<OwnGatewayView, { kind: 'found' }>;

/** Looks for the configuration of this user. The answer holds no secret. */
export async function detectOwnGateway(options: OwnGatewayOptions = {}): Promise<OwnGateway> {
  const looked = await look(options);
  if (looked.kind !== 'found') return looked;
  return {
    kind: 'found',
    configPath: looked.place.configPath,
    url: looked.url,
    credential: looked.credential.kind,
  };
}

/** Reads URL and credential, after the person chose to. Its value goes to the keychain, nowhere else. */
export async function readOwnCredential(
  options: OwnGatewayOptions = {},
): Promise<Result<{ url: string; credential: CredentialInput }>> {
  const looked = await look(options);
  switch (looked.kind) {
    case 'not_found':
      return fail(
        appError('setup.own_gateway_not_found', `Looked at ${looked.lookedAt.join(', ')}.`),
      );
    case 'unreadable':
      return fail(looked.error);
    case 'found': {
      const { url, credential } = looked;
      if (credential.kind !== 'not_in_file') return ok({ url, credential });
      return fail(
        appError(
          'setup.own_gateway_no_credential',
          `${looked.place.configPath} names a token or password that is kept somewhere else.`,
          {
            remedy: {
              actions: [
                { kind: 'copy', label: 'Copy the command', text: 'openclaw gateway auth-token' },
              ],
            },
          },
        ),
      );
    }
  }
}

async function look(options: OwnGatewayOptions): Promise<Looked> {
  const processEnv = options.env ?? process.env;
  const place = configPlace(processEnv, options.systemHome);
  let gateway: Plain;
  try {
    gateway = await readGatewayConfig(place.configPath);
  } catch (error) {
    if (error instanceof ConfigMissing) return { kind: 'not_found', lookedAt: [place.configPath] };
    if (!(error instanceof ConfigFault)) throw error;
    return {
      kind: 'unreadable',
      error: appError('setup.own_gateway_unreadable', error.message),
    };
  }
  // OpenClaw reads this file too, and lets the process environment win.
  const env: Environment = { ...(await dotEnv(place.stateDir)), ...processEnv };
  const remote = gateway.mode === 'remote' ? plain(gateway.remote) : null;
  const url = remote ? remoteUrl(remote) : localUrl(gateway, env, options);
  if (url === null)
    return {
      kind: 'unreadable',
      error: appError(
        'setup.own_gateway_unreadable',
        `${place.configPath} says that the gateway is elsewhere, but not where.`,
      ),
    };
  return {
    kind: 'found',
    place,
    url,
    credential: credentialOf(remote ?? plain(gateway.auth), env, remote !== null),
  };
}

/** OpenClaw’s own `.env` in its state folder; empty where there is none. */
export async function dotEnv(stateDir: string): Promise<Environment> {
  try {
    return parseEnv(await readFile(path.join(stateDir, '.env'), 'utf8'));
  } catch {
    return {};
  }
}

function remoteUrl(remote: Plain): string | null {
  const url = remote.url;
  return typeof url === 'string' && /^wss?:\/\//i.test(url) && URL.canParse(url) ? url : null;
}

/** Where a client on this machine reaches the gateway. A wildcard address also listens on loopback. */
function localUrl(gateway: Plain, env: Environment, options: OwnGatewayOptions): string {
  const scheme = plain(gateway.tls).enabled === true ? 'wss' : 'ws';
  return `${scheme}://${localHost(gateway, options)}:${portOf(gateway, env)}`;
}

function localHost(gateway: Plain, options: OwnGatewayOptions): string {
  const custom = gateway.customBindHost;
  switch (gateway.bind) {
    case 'custom':
      return typeof custom === 'string' && isIP(custom) === 4 && custom !== '0.0.0.0'
        ? custom
        : '127.0.0.1';
    case 'tailnet':
      return tailnetAddress(options.interfaces ?? os.networkInterfaces) ?? '127.0.0.1';
    default:
      return '127.0.0.1';
  }
}

/** Tailscale's addresses: 100.64.0.0/10 (tailscale.com/kb/1015). */
const tailnet = new BlockList();
tailnet.addSubnet('100.64.0.0', 10, 'ipv4');

function tailnetAddress(interfaces: NonNullable<OwnGatewayOptions['interfaces']>): string | null {
  for (const entries of Object.values(interfaces()))
    for (const { family, address, internal } of entries ?? [])
      if (!internal && family === 'IPv4' && tailnet.check(address)) return address;
  return null;
}

/** The port as OpenClaw resolves it, unless its command line names another. */
export function portOf(gateway: Plain, env: Environment): number {
  const wished = Number.parseInt(env.OPENCLAW_GATEWAY_PORT?.trim() ?? '', 10);
  for (const port of [wished, gateway.port])
    if (typeof port === 'number' && Number.isInteger(port) && port > 0 && port < 65_536)
      return port;
  return DEFAULT_PORT;
}

/**
 * The credential as OpenClaw resolves it: what the file says wins over the environment.
 * Source: OpenClaw's src/gateway/auth-resolve.ts.
 * @param auth `gateway.auth`, or `gateway.remote`, which knows no mode and prefers the token
 */
function credentialOf(auth: Plain, env: Environment, isRemote: boolean): Found['credential'] {
  const token = secretIn(auth.token, env.OPENCLAW_GATEWAY_TOKEN, env);
  const password = secretIn(auth.password, env.OPENCLAW_GATEWAY_PASSWORD, env);
  const byDefault = password !== null && !(isRemote && token !== null) ? 'password' : 'token';
  switch (isRemote ? byDefault : (auth.mode ?? byDefault)) {
    case 'none':
      return { kind: 'none' };
    case 'token':
      return token ? { kind: 'token', value: token } : { kind: 'not_in_file' };
    case 'password':
      return password ? { kind: 'password', value: password } : { kind: 'not_in_file' };
    default:
      return { kind: 'not_in_file' };
  }
}

/** The secret; `''` where one is named that we cannot see; null where none is named. */
function secretIn(value: unknown, fallback: string | undefined, env: Environment): string | null {
  if (isPlain(value)) {
    // A SecretRef: only those that point at the environment can be followed.
    const name = value.source === 'env' ? value.id : undefined;
    return (typeof name === 'string' ? env[name]?.trim() : undefined) ?? '';
  }
  if (typeof value === 'string' && value.trim() !== '') return substitute(value.trim(), env);
  return fallback?.trim() || null;
}

/** Replaces `${NAME}` as OpenClaw does, `$${NAME}` being the text itself; `''` where a name is unset. */
function substitute(text: string, env: Environment): string {
  let missing = false;
  const result = text.replace(
    /(\$?)\$\{([A-Z_][A-Z0-9_]*)\}/g,
    (_, escaped: string, name: string) => {
      if (escaped !== '') return `\${${name}}`;
      const value = env[name]?.trim();
      if (!value) missing = true;
      return value ?? '';
    },
  );
  return missing ? '' : result;
}

/** The value where it is an object, else an empty one. */
export const plain = (value: unknown): Plain => (isPlain(value) ? value : {});
