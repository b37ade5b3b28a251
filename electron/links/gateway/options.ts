/** What a gateway link is given. It knows nothing of the keychain, the store or the app. */
import type { Clock } from '../../clock/clock.ts';
import type { LinkId, SecretNeed } from '../../contract/index.ts';

/** The secret that proves who we are, fetched anew for every attempt and kept nowhere in the link. */
export type Credential =
  | { readonly kind: 'token'; readonly value: string }
  | { readonly kind: 'password'; readonly value: string }
  /** A code of the gateway's own with which a device may ask to be let in (`auth.bootstrapToken`). */
  | { readonly kind: 'setup'; readonly value: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'unavailable'; readonly reason: SecretNeed };

/** This installation's device. The private key stays behind `sign`. */
export interface DeviceSigner {
  /** Lower-case hex SHA-256 of the raw public key. */
  readonly deviceId: string;
  /** The raw 32-byte Ed25519 key, base64url without padding. */
  readonly publicKey: string;
  /** Signs UTF-8 text; base64url without padding. */
  sign(payload: string): string;
}

/** The token that a gateway gave to our device, with the scopes that it was approved for. */
export interface DeviceToken {
  readonly token: string;
  readonly scopes: readonly string[];
}

/** Where device tokens live. The link never waits for `store` and `clear`. */
export interface DeviceTokenStore {
  load(): Promise<DeviceToken | null>;
  store(token: DeviceToken): Promise<void>;
  clear(): Promise<void>;
}

/** What was seen and trusted at first contact, or trusted by the person since. */
export interface Pins {
  /** Lower-case hex SHA-256 of the gateway's identity key. */
  readonly identity: string | null;
  /** Lower-case hex SHA-256 of a certificate that no known authority signed. */
  readonly tls: string | null;
}

/** Texts for a bug report. They hold no secret, but a redacting writer should stand behind them. */
export type LinkLog = (level: 'debug' | 'warn', text: string) => void;

/** Given by whoever makes the link; secrets are asked for anew with each attempt. */
export interface GatewayLinkOptions {
  readonly id: LinkId;
  /** As {@link normaliseGatewayUrl} gives it. */
  readonly url: string;
  readonly credential: () => Promise<Credential>;
  readonly device: DeviceSigner;
  readonly deviceToken: DeviceTokenStore;
  readonly pins: Pins;
  /** Called with all pins when one was added or replaced. */
  readonly onPin: (pins: Pins) => void;
  readonly clock: Clock;
  /** The gateway of this user on this machine: all its sessions are watched. */
  readonly ownGateway: boolean;
  /** What the other side shows as our name. */
  readonly displayName: string;
  readonly appVersion: string;
  /** The agent that threads go to by default; null = the gateway's own default. */
  readonly agentId?: string | null;
  /** A session of theirs that the person picked; null = one of ours per thread. */
  readonly sessionKey?: string | null;
  /** Instead of operator.read and operator.write, for a connection that needs less. */
  readonly scopes?: readonly string[];
  /** Beyond operator.read and operator.write, only where a feature needs them. */
  readonly extraScopes?: readonly string[];
  readonly log?: LinkLog;
  /** One attempt, no retries: for a probe. */
  readonly once?: boolean;
  /** 0 ≤ n < 1, for jitter. */
  readonly random?: () => number;
}

/** What a link needs to look after messages and watch its own session. */
export const BASE_SCOPES: readonly string[] = ['operator.read', 'operator.write'];

/** Every scope that this link asks for. One array serves all links that ask for no more. */
export const wantedScopes = (
  options: Pick<GatewayLinkOptions, 'scopes' | 'extraScopes'>,
): readonly string[] => {
  const base = options.scopes ?? BASE_SCOPES;
  return options.extraScopes?.length ? [...new Set([...base, ...options.extraScopes])] : base;
};

/** On a peer's gateway only events of sessions that were subscribed to. */
export const PEER_CAPS: readonly string[] = ['session-scoped-events'];
/** On the own gateway events of all sessions. */
export const OWN_CAPS: readonly string[] = [];
