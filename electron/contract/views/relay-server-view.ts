import * as z from 'zod';
import { AppError } from '../result.ts';

/** How connections to the relay are encrypted; `both` takes old clients in plain and new ones by TLS. */
export const RelayEncryption = z.enum(['off', 'both', 'only']);
export type RelayEncryption = z.infer<typeof RelayEncryption>;

/** How the relay of this app is meant to run. */
export const RelayServerConfig = z.object({
  /** An address of this machine. */
  host: z.string(),
  port: z.number().int().min(1).max(65_535),
  encryption: RelayEncryption,
  /** Keeps nothing on the disk. */
  memory: z.boolean(),
  /** Whether the local network is told of it by mDNS; on loopback it never is. */
  announce: z.boolean(),
});
export type RelayServerConfig = z.infer<typeof RelayServerConfig>;

/** An agent that registered at the relay of this app. Its texts are its own. */
export const RelayServerAgentView = z.object({
  agentId: z.string(),
  name: z.string(),
  machine: z.string(),
  online: z.boolean(),
  connected: z.boolean(),
  /** Whether it proves itself with a secret of its own, or by its address only. */
  hasSecret: z.boolean(),
  /** ms since the epoch. */
  lastHeartbeat: z.number(),
  /** Messages that wait for it. */
  waiting: z.number().int(),
});
export type RelayServerAgentView = z.infer<typeof RelayServerAgentView>;

/** How the relay stands to the local network. */
export const RelayAnnouncement = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('off') }),
  z.object({ kind: z.literal('starting') }),
  z.object({ kind: z.literal('announced'), name: z.string() }),
  z.object({ kind: z.literal('failed'), reason: z.string() }),
]);
export type RelayAnnouncement = z.infer<typeof RelayAnnouncement>;

/** The relay of this app while it runs. */
export const RelayServerRunningView = z.object({
  url: z.string(),
  /** For clients that know no TLS with a pinned certificate; null where it is {@link url}, or refused. */
  plainUrl: z.string().nullable(),
  /** SHA-256 of its certificate; null without TLS. */
  fingerprint: z.string().nullable(),
  /** What others need to join, but for the token. */
  joinText: z.string(),
  durable: z.boolean(),
  startedAt: z.number(),
  announcement: RelayAnnouncement,
  registered: z.number().int(),
  online: z.number().int(),
  sockets: z.number().int(),
  waiting: z.number().int(),
  waitingBytes: z.number(),
  /** Messages that were given up: too old, or pushed out by newer broadcasts. */
  dropped: z.number().int(),
  files: z.number().int(),
  broadcasts: z.number().int(),
  /** Those with the most waiting messages first, 200 at most. */
  agents: z.array(RelayServerAgentView),
  /** The last 20, the newest first. */
  errors: z.array(z.object({ at: z.number(), text: z.string() })),
});
export type RelayServerRunningView = z.infer<typeof RelayServerRunningView>;

/** The relay of this app. `running` null = it is off, or could not start: `error`. */
export const RelayServerView = z.object({
  config: RelayServerConfig,
  /** Addresses of this machine that it may listen on, loopback first. */
  addresses: z.array(z.string()),
  hasToken: z.boolean(),
  running: RelayServerRunningView.nullable(),
  /** Why it does not run although it should. */
  error: AppError.nullable(),
});
export type RelayServerView = z.infer<typeof RelayServerView>;
