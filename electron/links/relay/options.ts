/** What a relay's connection is given. It knows nothing of the keychain, the store or the app. */
import type { Clock } from '../../clock/clock.ts';
import type { LinkId, SecretNeed } from '../../contract/index.ts';
import type { WireMessage } from './wire.ts';

/** The relay's token, fetched anew for every connection and kept no longer than it. */
export type RelayToken =
  | { readonly kind: 'token'; readonly value: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'unavailable'; readonly reason: SecretNeed };

/** As whom we are there. */
export interface RelaySelf {
  readonly agentId: string;
  readonly name: string;
  readonly capabilities: readonly string[];
  readonly machine: string;
  readonly description: string;
}

/**
 * By what a guarded relay knows the agent again: made upon first use, 32 to 128 characters of base64url,
 * and kept in the keychain. Null = it cannot be read now.
 */
export type AgentSecret = () => Promise<string | null>;

/** A task of ours, as the relay must be given it again should it forget everything. */
export interface SentTask {
  readonly key: string;
  readonly linkId: LinkId;
  readonly sessionKey: string;
  readonly to: string;
  readonly body: RelayTask;
  /** Ids that the relay gave to it, the newest last; empty = it was never acknowledged. */
  readonly messageIds: readonly string[];
  readonly answer: SentAnswer | null;
  /** The agent said that it works on it. */
  readonly taken: boolean;
}

/** An answer as the relay brought it: untrusted, `at` by its clock, ms; null = not told. */
export interface SentAnswer {
  readonly remoteId: string;
  readonly status: string;
  readonly text: string;
  readonly at: number | null;
}

/** A task in the relay's own words, all of which the relay can read. */
export interface RelayTask {
  readonly task: string;
  readonly context: Readonly<Record<string, unknown>>;
  readonly priority: string;
}

/** What of our tasks must survive a restart of the app. Every promise resolves once it is on the disk. */
export interface SentLedger {
  /** Before it is given to the relay. */
  begin(task: Omit<SentTask, 'messageIds' | 'answer' | 'taken'>): Promise<void>;
  acknowledged(key: string, messageId: string): Promise<void>;
  /** It surely never left. */
  withdrawn(key: string): Promise<void>;
  taken(key: string): Promise<void>;
  answered(key: string, answer: SentAnswer): Promise<void>;
  byKey(key: string): SentTask | null;
  byMessage(messageId: string): SentTask | null;
  /** Of one agent, what was begun and never acknowledged, oldest first. */
  unacknowledged(to: string): readonly SentTask[];
  /** Acknowledged, and not a word came back, oldest first. */
  unanswered(): readonly SentTask[];
}

/** Texts for a bug report. They hold no secret, but a redacting writer should stand behind them. */
export type RelayLog = (level: 'debug' | 'warn', text: string) => void;

/** Takes a message once it is safe; then it is acknowledged where the relay wants that. */
export type TakeMessage = (message: WireMessage) => Promise<void>;

/** Given by whoever keeps the relay; secrets are asked for anew with each connection. */
export interface RelayHubOptions {
  /** As `normaliseRelayUrl` gives it. */
  readonly url: string;
  readonly token: () => Promise<RelayToken>;
  readonly secret: AgentSecret;
  readonly self: () => RelaySelf;
  /** The certificate that is trusted, lower-case hex SHA-256; null = one that an authority vouches for. */
  readonly tls: string | null;
  readonly onTls: (tls: string | null) => void;
  /** We were registered there before: that it does not know us means that it forgot. */
  readonly wasRegistered: boolean;
  readonly onRegistered: () => void;
  readonly take: TakeMessage;
  readonly clock: Clock;
  readonly log?: RelayLog;
  /** 0 ≤ n < 1, for jitter. */
  readonly random?: () => number;
}
