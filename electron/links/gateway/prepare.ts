/** What has to be in hand before a connection is opened, and what may stand against opening it. */
import type { LinkState } from '../../contract/index.ts';
import { plaintextAllowed } from '../plaintext.ts';
import type { Failure } from './failures.ts';
import {
  type Credential,
  type DeviceToken,
  type GatewayLinkOptions,
  OWN_CAPS,
  PEER_CAPS,
  type Pins,
  wantedScopes,
} from './options.ts';
import { checkTls } from './trust.ts';
import { Wire, type WireOwner } from './wire.ts';

/** Whether an attempt begins, and with what; no secret went anywhere yet. */
export type Preparation =
  | {
      readonly kind: 'go';
      readonly credential: Exclude<Credential, { kind: 'unavailable' }>;
      readonly deviceToken: DeviceToken | null;
      /** The certificate that the connection must show. */
      readonly tlsFingerprint: string | null;
      /** The same, where it is to be remembered once the gateway is recognised. */
      readonly newTls: string | null;
    }
  | { readonly kind: 'failure'; readonly failure: Failure }
  /** Nothing to try before a person did something. */
  | { readonly kind: 'state'; readonly state: LinkState; readonly tlsTrusted?: boolean };

async function storedToken(options: GatewayLinkOptions): Promise<DeviceToken | null> {
  const stored = await options.deviceToken.load().catch(() => null);
  const wanted = wantedScopes(options);
  return stored && wanted.every((scope) => stored.scopes.includes(scope)) ? stored : null;
}

/**
 * Fetches the secrets and looks at the certificate. A stored device token makes the shared secret
 * unnecessary, so it is not even asked for. Rejects with a socket's error.
 */
export async function prepare(
  options: GatewayLinkOptions,
  pins: Pins,
  tokenSpoilt: boolean,
  signal: AbortSignal,
): Promise<Preparation> {
  const { hostname, protocol } = new URL(options.url);
  if (protocol === 'ws:' && !plaintextAllowed(hostname)) {
    const detail = `ws://${hostname} would send the token in plain text.`;
    return { kind: 'failure', failure: { kind: 'offline', cause: 'insecure_url', detail } };
  }
  const deviceToken = tokenSpoilt ? null : await storedToken(options);
  const credential: Credential = deviceToken ? { kind: 'none' } : await options.credential();
  if (credential.kind === 'unavailable') {
    return { kind: 'state', state: { kind: 'needs_secret', reason: credential.reason } };
  }
  const tls = await checkTls(options.url, pins, options.clock, signal);
  if (tls.kind === 'changed') {
    return { kind: 'state', state: tls.state, tlsTrusted: tls.trusted };
  }
  const { fingerprint, isNew } = tls;
  const newTls = isNew ? fingerprint : null;
  return { kind: 'go', credential, deviceToken, tlsFingerprint: fingerprint, newTls };
}

/** The connection for what was prepared; it does nothing before it is started. */
export const makeWire = (
  options: GatewayLinkOptions,
  ready: Extract<Preparation, { kind: 'go' }>,
  owner: WireOwner,
): Wire =>
  new Wire(options.clock, owner, {
    url: options.url,
    device: options.device,
    displayName: options.displayName,
    appVersion: options.appVersion,
    log: options.log,
    credential: ready.credential,
    deviceToken: ready.deviceToken,
    tlsFingerprint: ready.tlsFingerprint,
    scopes: wantedScopes(options),
    caps: options.ownGateway ? OWN_CAPS : PEER_CAPS,
  });
