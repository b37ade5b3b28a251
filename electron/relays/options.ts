/**
 * What the relays' room needs of its neighbours, as narrow interfaces: it knows neither the peer book,
 * nor the keychain, nor the reception.
 */
import type { Clock } from '../clock/clock.ts';
import type {
  AppError,
  CallerProof,
  ChangeSink,
  DelegationId,
  DelegationState,
  LinkId,
  LinkState,
  OutgoingPreview,
  PeerId,
  RelayId,
} from '../contract/index.ts';
import type { AgentSecret, RelaySigner, RelayToken } from '../links/relay/index.ts';
import type { Store } from '../store/store.ts';

/** A link of the peer book that goes over a relay. */
export interface RelayPeer {
  readonly linkId: LinkId;
  readonly peerId: PeerId;
  readonly name: string;
  /** Of the relay, as it is stored. */
  readonly url: string;
  readonly agentId: string;
  /** SHA-256 of the device key that the person compared; null = none. */
  readonly pinned: string | null;
}

/** The peer book, as far as relays need it. Rejects with a CodedError. */
export interface RelayPeers {
  all(): readonly RelayPeer[];
  byLink(linkId: LinkId): RelayPeer | null;
  /** The name is made free if need be. */
  add(
    name: string,
    link: { readonly url: string; readonly agentId: string },
  ): Promise<{ readonly peerId: PeerId; readonly linkId: LinkId }>;
  pin(linkId: LinkId, fingerprint: string | null): Promise<void>;
  removeLink(linkId: LinkId): Promise<void>;
}

/** The keychain. Rejects with a CodedError (`secrets.*`) where it cannot be used. */
export interface RelaySecrets {
  token(relayId: RelayId): Promise<RelayToken>;
  setToken(relayId: RelayId, token: string | null): Promise<void>;
  /** Made upon first use. */
  agentSecret(relayId: RelayId): AgentSecret;
  forget(relayId: RelayId): Promise<void>;
}

/** A task that came over a relay. Texts are untrusted. */
export interface RelayTaskIn {
  readonly peerId: PeerId;
  readonly name: string;
  readonly proof: Extract<CallerProof, { kind: 'relay' }>;
  /** The same for the same message, however often it comes. */
  readonly messageId: string;
  /** The message of an earlier task to whose question this is the answer; null = a new task. */
  readonly about: string | null;
  readonly text: string;
  readonly topic: string | null;
  readonly priority: string;
  readonly deadlineAt: number | null;
  readonly expected: string | null;
  readonly hops: number;
  /** What the sender calls the conversation; null = nothing. */
  readonly contextId: string | null;
  /** What else stood in its context, as JSON to read; null = nothing. */
  readonly context: string | null;
}

/** What the reception says to a task that came over a relay. */
export type TakenIn =
  | { readonly kind: 'taken'; readonly id: DelegationId }
  /** In words for the sender. */
  | { readonly kind: 'refused'; readonly reason: string };

/** How a delegation stands, for whoever asked for it. */
export interface Outcome {
  readonly state: DelegationState;
  readonly answer: string | null;
  readonly question: string | null;
  /** Why it was declined. */
  readonly reason: string;
  readonly error: AppError | null;
}

/** The reception's inbox. */
export interface RelayInbox {
  take(task: RelayTaskIn): Promise<TakenIn>;
  outcome(id: DelegationId): Outcome | null;
  /** The delegation that a message became; null where none did. */
  find(peerId: PeerId, messageId: string): DelegationId | null;
}

/** Knowledge that an agent told to all. Texts are untrusted. */
export interface RelayBroadcast {
  readonly relayId: RelayId;
  readonly relay: string;
  /** The same for the same broadcast; null where the relay gave it none. */
  readonly messageId: string | null;
  readonly from: string;
  readonly fromName: string;
  readonly peerId: PeerId | null;
  readonly signed: Extract<CallerProof, { kind: 'relay' }>['signed'];
  readonly content: string;
  readonly topic: string;
  readonly tags: readonly string[];
  /** The sender's or the relay's clock. */
  readonly at: number | null;
}

/** What was told to all agents of a relay. */
export interface RelayTold {
  readonly relayId: RelayId;
  readonly relay: string;
  readonly id: string;
  readonly text: string;
  readonly topic: string | null;
  readonly tags: readonly string[];
  /** Ms since the epoch. */
  readonly at: number;
}

/** What may be told to all agents of a relay, and what is kept of it. */
export interface RelayOutgoing {
  /** What the send guard says of a text. */
  preview(text: string): OutgoingPreview;
  /** @throws CodedError message.too_large, message.looks_secret */
  check(text: string, anyway: boolean): void;
  /** A file that is about to be shared. @throws CodedError message.looks_secret */
  checkFile(file: { readonly key: string; readonly content: string; readonly type: string }): void;
  /** Whether this broadcast is kept as told already. */
  isTold(relayId: RelayId, id: string): boolean;
  /** Keeps what was told; the same id again changes nothing. */
  keep(said: RelayTold): Promise<void>;
}

/** Notices for the person about shared files, one for each `subject`. */
export interface RelayAttention {
  /** Somebody else changed a file. */
  file(item: {
    readonly subject: string;
    readonly relayId: RelayId;
    readonly key: string;
    readonly title: string;
    readonly text: string;
    readonly peerId: PeerId | null;
  }): void;
  /** It was looked at. */
  settle(subject: string): void;
}

/**
 * Everything that the relays' room is given. `random` (0 to below 1) spreads retries; absent =
 * Math.random.
 */
export interface RelaysOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly changed: ChangeSink;
  readonly peers: RelayPeers;
  readonly secrets: RelaySecrets;
  readonly inbox: RelayInbox;
  readonly broadcast: (said: RelayBroadcast) => Promise<void>;
  readonly outgoing: RelayOutgoing;
  readonly attention: RelayAttention;
  readonly settings: () => { readonly incomingPaused: boolean };
  /** Null while the device's key cannot be had. */
  readonly signer: () => Promise<RelaySigner | null>;
  readonly describe: (
    state: LinkState,
    url: string,
  ) => { readonly text: string; readonly error: AppError | null };
  readonly machine: string;
  readonly protect: (secret: string) => void;
  readonly log: (line: string) => void;
  readonly random?: () => number;
}
