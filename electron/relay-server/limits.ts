/** What the relay takes at most. Sizes in bytes (UTF-8), times in ms. */

import type { RateOptions } from '../clock/throttle.ts';

/**
 * Every limit that a test or an embedder may set otherwise; lengths of single texts are in {@link
 * TEXT_LIMITS}.
 */
export interface RelayLimits {
  /** A request's body or a socket's frame; aiohttp's own default, so that old clients meet nothing new. */
  readonly bodyBytes: number;
  /** Of one inbox. */
  readonly inboxMessages: number;
  readonly inboxBytes: number;
  /** Of all inboxes together. */
  readonly totalBytes: number;
  /** How long a message waits before it is given up. */
  readonly messageAgeMs: number;
  /** Inboxes of ids that nobody registered. */
  readonly strangers: number;
  readonly agents: number;
  /** What all of them say of themselves, which is what each `/discover` may come to. */
  readonly agentBytes: number;
  /** How much of both the agents of one address may take: a part of 1. */
  readonly addressShare: number;
  /** An agent that was silent for this long is forgotten: one bound to an address, one with a secret. */
  readonly silentMs: number;
  readonly silentWithSecretMs: number;
  readonly files: number;
  readonly fileBytesTotal: number;
  readonly fileVersions: number;
  /** What one agent may send or save, per second. */
  readonly sends: RateOptions;
  /** What one address may ask, per second: a whole team may stand behind it. */
  readonly requests: RateOptions;
  /** What one agent's socket may say, per second; what is more is read later. */
  readonly frames: RateOptions;
  /** How often one address may register: each time is written, and told to every socket. */
  readonly registrations: RateOptions;
  /** How often one agent may acknowledge by request: each time is written at once. */
  readonly acknowledgements: RateOptions;
  readonly connections: number;
  readonly socketsPerAgent: number;
  /** What is on its way to one socket without a sign that it came. */
  readonly windowMessages: number;
  readonly windowBytes: number;
  /** A socket that gives no sign for this long is taken for dead. */
  readonly signMs: number;
}

/** The limits of a relay whose options name no others. */
export const RELAY_LIMITS: RelayLimits = {
  bodyBytes: 1_048_576,
  inboxMessages: 1_000,
  inboxBytes: 16 * 1_048_576,
  totalBytes: 512 * 1_048_576,
  messageAgeMs: 7 * 86_400_000,
  strangers: 1_000,
  agents: 20_000,
  agentBytes: 12 * 1_048_576,
  addressShare: 0.5,
  silentMs: 30 * 86_400_000,
  silentWithSecretMs: 365 * 86_400_000,
  files: 5_000,
  fileBytesTotal: 256 * 1_048_576,
  fileVersions: 20,
  sends: { burst: 600, perSecond: 100 },
  requests: { burst: 10_000, perSecond: 1_000 },
  frames: { burst: 2_000, perSecond: 500 },
  registrations: { burst: 2_000, perSecond: 20 },
  acknowledgements: { burst: 600, perSecond: 100 },
  connections: 4_096,
  socketsPerAgent: 4,
  windowMessages: 256,
  windowBytes: 4 * 1_048_576,
  signMs: 60_000,
};

/** An agent without heartbeat or poll for this long is stale: the published relay's rule, ms. */
export const STALE_MS = 120_000;
/** The broadcast log keeps so many, as the published relay does. */
export const BROADCAST_LOG = 200;
/** Delivery ids in one acknowledgement: more than a poll gives, or a socket's window holds. */
export const ACKNOWLEDGED_AT_ONCE = 1_000;
/** How deep JSON may nest. */
export const JSON_DEPTH = 64;

/** Longest texts, in characters. */
export const TEXT_LIMITS = {
  agentId: 128,
  name: 200,
  machine: 200,
  description: 4_000,
  capability: 100,
  capabilities: 64,
  topic: 200,
  tag: 100,
  tags: 64,
  priority: 64,
  status: 64,
  messageId: 128,
  fileKey: 512,
  fileType: 100,
} as const;
