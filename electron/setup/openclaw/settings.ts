/** The settings of the own gateway that decide who can reach it, as its file holds them. No secret. */
import { appError, fail, type GatewaySettings, ok, type Result } from '../../contract/index.ts';
import { ConfigFault, ConfigMissing, readGatewayConfig } from './config-file.ts';
import { type ConfigPlace, configPlace, type Environment } from './config-path.ts';
import { dotEnv, type OwnGatewayOptions, plain, portOf } from './own-gateway.ts';

/** The file as it was just read: only what the page shows, and where it stands. */
export interface ReadSettings {
  readonly place: ConfigPlace;
  readonly settings: GatewaySettings;
  /** The configuration is that of a client: the gateway runs on another machine. */
  readonly elsewhere: boolean;
  /** Where the shared secret stands: only one in plain text can be replaced by us. */
  readonly secret: 'plain' | 'reference' | 'absent';
}

/** Reads them. Fails with setup.own_gateway_not_found or setup.own_gateway_unreadable. */
export async function readSettings(options: OwnGatewayOptions = {}): Promise<Result<ReadSettings>> {
  const processEnv = options.env ?? process.env;
  const place = configPlace(processEnv, options.systemHome);
  try {
    const gateway = await readGatewayConfig(place.configPath);
    const env: Environment = { ...(await dotEnv(place.stateDir)), ...processEnv };
    return ok({
      place,
      settings: settingsOf(gateway, env),
      elsewhere: gateway.mode === 'remote',
      secret: secretPlace(gateway, env),
    });
  } catch (error) {
    if (error instanceof ConfigMissing)
      return fail(appError('setup.own_gateway_not_found', `Looked at ${place.configPath}.`));
    if (error instanceof ConfigFault)
      return fail(appError('setup.own_gateway_unreadable', error.message));
    throw error;
  }
}

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** Turns the `gateway` part of a configuration into what decides who can reach it. */
export function settingsOf(gateway: Record<string, unknown>, env: Environment): GatewaySettings {
  const auth = plain(gateway.auth);
  const tailscale = plain(gateway.tailscale).mode;
  const pairing = plain(plain(gateway.nodes).pairing);
  return {
    port: portOf(gateway, env),
    bind: text(gateway.bind),
    customAddress: text(gateway.customBindHost),
    auth: authMode(auth, env),
    tls: plain(gateway.tls).enabled === true,
    tailscale: tailscale === 'serve' || tailscale === 'funnel' ? tailscale : 'off',
    autoApproveLocal: pairing.autoApproveLocal !== false,
    publicOrigin: text(gateway.publicOrigin),
  };
}

/** A password that is set makes it the default (OpenClaw's src/gateway/auth-resolve.ts). */
function authMode(auth: Record<string, unknown>, env: Environment): GatewaySettings['auth'] {
  const { mode } = auth;
  switch (mode) {
    case 'none':
    case 'token':
    case 'password':
    case 'trusted-proxy':
      return mode;
    case undefined:
      return auth.password !== undefined || env.OPENCLAW_GATEWAY_PASSWORD ? 'password' : 'token';
    default:
      return 'unknown';
  }
}

function secretPlace(gateway: Record<string, unknown>, env: Environment): ReadSettings['secret'] {
  const auth = plain(gateway.auth);
  const value = authMode(auth, env) === 'password' ? auth.password : auth.token;
  if (typeof value === 'string' && value.trim() !== '')
    return /(^|[^$])\$\{[A-Z_]/.test(value) ? 'reference' : 'plain';
  if (value !== undefined && value !== '') return 'reference';
  return env.OPENCLAW_GATEWAY_TOKEN || env.OPENCLAW_GATEWAY_PASSWORD ? 'reference' : 'absent';
}
