/** What the peer book knows of peers and links: rows of the store as plain, unchanging values. */
import type { AgentCardView, CredentialKind, LinkId, LinkKind, PeerId } from '../contract/index.ts';

/** A peer as it stands in memory; notes and capabilities are read from the store when wanted. */
export interface PeerRecord {
  readonly id: PeerId;
  readonly name: string;
  readonly nickname: string | null;
  readonly group: string | null;
  readonly favourite: boolean;
  readonly practice: boolean;
  readonly own: boolean;
  /** The id that `--config` gives it; null for peers that a person made. */
  readonly provisionKey: string | null;
  readonly firstUseAcknowledged: boolean;
  readonly createdAt: number;
}

/** The last thing that went wrong with a link, kept beside the last time that it was well. */
export interface LastError {
  readonly at: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
}

/** What may come in over a link: asked of the person, or blocked. */
export type IncomingPolicy = 'ask' | 'block';

/** A link as it is stored; its secrets lie in the keychain. */
export interface LinkRecord {
  readonly id: LinkId;
  readonly peerId: PeerId;
  readonly kind: LinkKind;
  readonly url: string;
  readonly credential: CredentialKind;
  /** Its name in the mounted secrets folder; null where the keychain keeps its secret. */
  readonly secretRef: string | null;
  readonly provisionKey: string | null;
  readonly policy: IncomingPolicy;
  readonly agentId: string | null;
  readonly sessionKey: string | null;
  readonly pinnedIdentity: string | null;
  readonly pinnedTls: string | null;
  /** Of an A2A link: the agent's card as it was last read and trusted. */
  readonly card: AgentCardView | null;
  readonly lastGoodAt: number | null;
  readonly lastError: LastError | null;
  readonly createdAt: number;
}

/** A tag that says what a peer is good at. */
export interface Capability {
  readonly tag: string;
  readonly source: 'typed' | 'peer';
}

/** The secrets that may be kept for one link. */
export type LinkSecretKind =
  | 'gateway-token'
  | 'gateway-password'
  | 'gateway-setup'
  | 'device-token';

/** All of {@link LinkSecretKind}: what must be forgotten with a link. */
export const LINK_SECRET_KINDS: readonly LinkSecretKind[] = [
  'gateway-token',
  'gateway-password',
  'gateway-setup',
  'device-token',
];

/**
 * The keychain, as far as the peer book needs it. Both reject with a CodedError (`secrets.*`) where
 * the keychain cannot be used.
 */
export interface LinkSecrets {
  set(linkId: LinkId, kind: LinkSecretKind, value: string): Promise<void>;
  /** Forgetting what is not there is fine. */
  delete(linkId: LinkId, kind: LinkSecretKind): Promise<void>;
}

/** Where the secret of a credential is kept; null where there is none. */
export function secretKindOf(
  credential: CredentialKind,
): 'gateway-token' | 'gateway-password' | 'gateway-setup' | null {
  return credential === 'none' ? null : `gateway-${credential}`;
}
