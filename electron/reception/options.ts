/**
 * What the reception needs of its neighbours, as narrow interfaces: it knows neither the peer book,
 * nor the keychain, nor any link, nor Tailscale's program.
 */
import type { Clock } from '../clock/clock.ts';
import type {
  AgentView,
  AppError,
  ChangeSink,
  DelegationPriority,
  PeerDevice,
  PeerId,
  PeerMachineRelation,
  ReceptionListen,
  SessionView,
  Settings,
} from '../contract/index.ts';
import type { Store } from '../store/store.ts';

/** Whom Tailscale knows behind an address and port. */
export interface Whois {
  /** Stays the same where the machine is renamed. */
  readonly nodeId: string;
  readonly node: string;
  /** The login of its owner, or its tags. */
  readonly user: string;
}

/** Tailscale, as far as the door needs it. */
export interface Tailnet {
  /** This machine's own addresses in the tailnet; empty while it has none. */
  addresses(): readonly string[];
  /** What this machine is called there; empty while it has no name. */
  names(): readonly string[];
  /** Null = not known: the caller is refused. May reject where Tailscale cannot be asked. */
  whois(address: string, port: number): Promise<Whois | null>;
}

/** This installation's Ed25519 identity; the private key stays behind `sign`. */
export interface Identity {
  /** Lower-case hex SHA-256 of the raw public key. */
  readonly deviceId: string;
  /** The raw 32-byte key, base64url without padding. */
  readonly publicKey: string;
  /** Signs UTF-8 text; base64url without padding. */
  sign(text: string): string;
}

/** A new peer that came of an invite. The token goes straight into the keychain. */
export interface PartnerLink {
  /** `http(s)://host:port` of its reception. */
  readonly origin: string;
  /** What we present there. */
  readonly token: string;
  /** SHA-256 of its device key, lower-case hex. */
  readonly identity: string;
  readonly tls: string | null;
}

/** The own gateway, as another machine reaches it. */
export interface OwnGateway {
  readonly url: string;
  readonly identity: string | null;
  readonly tls: string | null;
}

/** A gateway of one's own on another machine. The code goes straight into the keychain. */
export interface PartnerGateway extends OwnGateway {
  /** With which this device may ask to be let in, once. */
  readonly code: string;
}

/** The peer book, as far as the door needs it. Rejects with a CodedError. */
export interface Partners {
  /** Null once it is gone or hidden: then nothing of it is taken. */
  name(peerId: PeerId): string | null;
  /** What the configuration file says of its work; the strictest of its links. Null = nothing. */
  fixedPolicy(peerId: PeerId): 'ask' | 'block' | null;
  /**
   * Adds a peer of this id; without a link where nobody can be asked back. The name is made free if
   * need be.
   */
  add(name: string, link: PartnerLink | null, peerId?: PeerId): Promise<PeerId>;
  /**
   * Adds a peer that is reached at its gateway, where this device asks to be let in. A peer that is
   * reached there already is it, and gets the new code where it was let in by one. @returns which
   */
  addGateway(name: string, gateway: PartnerGateway, peerId: PeerId): Promise<PeerId>;
  /** Sets, or replaces, the way to ask a peer. */
  setLink(peerId: PeerId, link: PartnerLink): Promise<void>;
  /** Where we hold a token of this peer: addresses. */
  links(peerId: PeerId): readonly string[];
  /** What of ours its end leaves with the peer, in plain words: only its person can end that. */
  staysThere(peerId: PeerId): readonly string[];
  /** Tells the peer's reception that it is over. False where it did not hear it. */
  tellEnded(peerId: PeerId): Promise<boolean>;
  /**
   * Forgets our tokens for this peer, and closes its links: all of them, or those to its reception,
   * which invites make.
   */
  dropLinks(peerId: PeerId, which: 'all' | 'reception'): Promise<void>;
  remove(peerId: PeerId): Promise<void>;
  /**
   * Remembers the device key of the other side of an invite, lower-case hex SHA-256; `byCode` = it was
   * given a code for the own gateway, and so needs no other secret of it.
   */
  noteDevice(peerId: PeerId | null, device: string, byCode: boolean): Promise<void>;
}

/** What a peer has at the own gateway, and in the tailnet. */
export interface PeerPlaces {
  /** Empty where there is no gateway, or it cannot be asked within some seconds. */
  devices(peerId: PeerId): Promise<readonly (PeerDevice & { readonly byCode: boolean })[]>;
  /** Rejects with a CodedError (`own_gateway.*`). */
  removeDevice(deviceId: string): Promise<void>;
  machine(peerId: PeerId): { readonly name: string; readonly relation: PeerMachineRelation } | null;
}

/** A file that goes with a run. */
export interface RunFile {
  readonly name: string;
  readonly mediaType: string;
  readonly data: Uint8Array;
}

/** One run on the own gateway. `key` is its idempotency key, for ever the same. */
export interface AgentRun {
  readonly key: string;
  readonly agentId: string;
  readonly sessionKey: string;
  readonly text: string;
  readonly images: readonly RunFile[];
}

/** How one attempt to begin a run ended; `unknown` must be settled before anything else. */
export type BeginOutcome =
  | { readonly kind: 'taken' }
  | { readonly kind: 'not_taken'; readonly error: AppError; readonly retryAfterMs?: number }
  | { readonly kind: 'refused'; readonly error: AppError }
  | { readonly kind: 'unknown' };

/** A file of a session's workspace. */
export type FileOutcome =
  | { readonly kind: 'found'; readonly mediaType: string; readonly data: Uint8Array }
  /** More than the gateway hands out; null = it did not say how much it is. */
  | { readonly kind: 'too_large'; readonly bytes: number | null }
  /** Not there or outside the workspace; neither text nor image. */
  | { readonly kind: 'missing' | 'hidden' | 'not_readable' | 'not_now' };

/**
 * What became of a run. `not_now` = ask again when the gateway is back. `refused`: what the gateway said
 * of commands that it refused to the agent on the way.
 */
export type RunOutcome =
  | { readonly kind: 'answered'; readonly text: string; readonly refused?: readonly string[] }
  | { readonly kind: 'failed'; readonly detail: string }
  | { readonly kind: 'aborted' }
  | { readonly kind: 'running' }
  /** It was taken, does not go on, and shows no answer. */
  | { readonly kind: 'silent'; readonly refused?: readonly string[] }
  /** It surely never began: it may be sent again. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'cannot_tell'; readonly detail: string }
  | { readonly kind: 'not_now' };

/** The own gateway, reached by a device of its own that may write and nothing else. */
export interface AgentDoor {
  /** Null = it can be used now. */
  trouble(): AppError | null;
  /** Hears that it can be used (again). */
  onReady(listener: () => void): () => void;
  /**
   * Why nothing may reach this agent (in this session) without the person: it may run any command
   * unasked, or nobody can tell. Null = it asks first. Asks the gateway anew each time; never rejects.
   */
  unasked(
    agentId: string,
    sessionKey: string | null,
    signal: AbortSignal,
  ): Promise<AppError | null>;
  /** Rejects with a CodedError while it cannot be used. */
  sessions(signal: AbortSignal): Promise<readonly SessionView[]>;
  /** Rejects with a CodedError while it cannot be used. */
  agents(signal: AbortSignal): Promise<readonly AgentView[]>;
  /** Never throws: every end is an outcome. */
  begin(run: AgentRun, signal: AbortSignal): Promise<BeginOutcome>;
  /** Waits some 15 s for the end of a run that was taken; `running` = ask again. */
  follow(key: string, sessionKey: string, signal: AbortSignal): Promise<RunOutcome>;
  /** Asks the history whether a run was taken. */
  settle(key: string, sessionKey: string, signal: AbortSignal): Promise<RunOutcome>;
  /** Reads a file of the session's workspace. Never throws. */
  file(sessionKey: string, path: string, signal: AbortSignal): Promise<FileOutcome>;
  /** True if something was stopped. */
  abort(key: string, sessionKey: string, signal: AbortSignal): Promise<boolean>;
}

/** What asks for the person's eye. */
export interface Attention {
  /** Work came in. `total` = how many wait now. */
  delegation(item: {
    readonly id: string;
    readonly caller: string;
    readonly text: string;
    readonly peerId: PeerId | null;
    readonly priority: DelegationPriority;
    /** Kept in the list, and nobody is called. */
    readonly quiet: boolean;
  }): void;
  /** Somebody redeemed an invite and waits for our yes. */
  invite(item: { readonly id: string; readonly name: string }): void;
  /** Agents went on without a person for as long as they may. */
  chainEnded(item: {
    readonly peerId: PeerId;
    readonly caller: string;
    readonly text: string;
  }): void;
  /** A peer ended the partnership: its link is gone without a hand of ours. */
  ended(item: { readonly peerId: PeerId; readonly name: string }): void;
  /** It is over: decided, withdrawn, or seen to elsewhere. */
  settle(kind: 'delegation' | 'invite', id: string): void;
}

/** The person's choice of where it listens. Port 0 = one that is free, which is then kept. */
export interface ReceptionConfig {
  readonly listen: ReceptionListen;
  readonly port: number;
}

/** Where the person's choice is kept. */
export interface ConfigPlace {
  read(): ReceptionConfig;
  write(config: ReceptionConfig): Promise<void>;
}

/** All that the reception is built with; functions are asked anew each time they are needed. */
export interface ReceptionOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly changed: ChangeSink;
  readonly config: ConfigPlace;
  readonly settings: () => Pick<Settings, 'incomingPaused' | 'retentionDays' | 'capabilities'>;
  readonly tailnet: Tailnet;
  /** Rejects with a CodedError (`secrets.*`) while the keychain cannot be used. */
  readonly identity: () => Promise<Identity>;
  readonly partners: Partners;
  readonly places: PeerPlaces;
  readonly agents: AgentDoor;
  readonly attention: Attention;
  /** The own gateway, where an invite for a machine of one's own leads; null = none is reachable. */
  readonly ownGateway: () => Promise<OwnGateway | null>;
  /**
   * A code of the own gateway, with which one device may ask to be let in within ten minutes. Who asks
   * is watched for from then on. Rejects with a CodedError (`own_gateway.*`).
   */
  readonly gatewayCode: () => Promise<string>;
  /** What the other side shows as our name. */
  readonly displayName: string;
  readonly appVersion: string;
  readonly log: (line: string) => void;
}
