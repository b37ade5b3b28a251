/** What a window is told of a link: one way to reach a peer. */
import * as z from 'zod';
import { LinkId, PeerId } from '../ids.ts';
import { AppError } from '../result.ts';

/** What is spoken over a link: OpenClaw's gateway protocol, A2A 1.0, or a relay's. */
export const LinkKind = z.enum(['gateway', 'a2a', 'relay']);
export type LinkKind = z.infer<typeof LinkKind>;

/** Why nothing answers. `unanswered` = the port took the connection and then said nothing. */
export const OfflineCause = z.enum([
  'refused',
  'timeout',
  'unanswered',
  'host_unknown',
  'unreachable',
  'closed',
  'tls_failed',
  'insecure_url',
  'not_a_gateway',
  /** Of an A2A link: no card is there, or none that can be used; the detail says why. */
  'not_an_agent',
  /** Of a relay: something else answers there. */
  'not_a_relay',
  'local_network_down',
  /** Tailscale does not run here, and the address is one of a tailnet. */
  'tailscale_down',
  /** The tailnet says that the other machine is offline. */
  'tailnet_offline',
]);
export type OfflineCause = z.infer<typeof OfflineCause>;

/** Why a connected link is worse than it should be. */
export const DegradedReason = z.enum([
  'slow',
  'too_few_scopes',
  'no_scopes',
  'agent_missing',
  /** Of a relay: it is well, and has not heard of the agent lately. */
  'agent_silent',
]);
export type DegradedReason = z.infer<typeof DegradedReason>;

/** Why a link waits for its secret before it can connect. */
export const SecretNeed = z.enum(['absent', 'locked', 'unavailable']);
export type SecretNeed = z.infer<typeof SecretNeed>;

/** Times are ms since the Unix epoch by our own clock. */
export const LinkState = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('idle') }),
  z.object({ kind: z.literal('connecting'), attempt: z.number().int() }),
  /** The gateway answers that it is still starting (close 1013, UNAVAILABLE). */
  z.object({ kind: z.literal('starting'), retryAt: z.number() }),
  /** The person over there must approve this device. `command` is what to run on that machine. */
  z.object({
    kind: z.literal('needs_approval'),
    requestId: z.string(),
    reason: z.enum(['not_paired', 'scope_upgrade', 'metadata_upgrade', 'role_upgrade']),
    command: z.string(),
    retryAt: z.number(),
  }),
  z.object({
    kind: z.literal('online'),
    since: z.number(),
    scopes: z.array(z.string()),
    serverVersion: z.string(),
    latencyMs: z.number().nullable(),
  }),
  z.object({
    kind: z.literal('degraded'),
    since: z.number(),
    reason: DegradedReason,
    scopes: z.array(z.string()),
    missingScopes: z.array(z.string()),
    serverVersion: z.string(),
    latencyMs: z.number().nullable(),
  }),
  /** The gateway said that it restarts (close 1012, event `shutdown`). */
  z.object({ kind: z.literal('restarting'), since: z.number(), expectedMs: z.number().nullable() }),
  z.object({ kind: z.literal('rate_limited'), until: z.number() }),
  /** Refused, and therefore never retried by itself. */
  z.object({
    kind: z.literal('bad_credential'),
    detail: z.string(),
    /** Which part was refused; the secret itself where nothing is said. */
    what: z.enum(['secret', 'missing', 'device']).optional(),
  }),
  z.object({ kind: z.literal('revoked'), at: z.number() }),
  z.object({
    kind: z.literal('identity_changed'),
    what: z.enum(['gateway_identity', 'tls_fingerprint', 'agent_card']),
    expected: z.string(),
    seen: z.string(),
  }),
  z.object({
    kind: z.literal('protocol_mismatch'),
    theirs: z.number().nullable(),
    ours: z.number(),
  }),
  /** The keychain is locked, absent or empty for this link. */
  z.object({ kind: z.literal('needs_secret'), reason: SecretNeed }),
  z.object({
    kind: z.literal('offline'),
    cause: OfflineCause,
    detail: z.string(),
    since: z.number(),
    retryAt: z.number().nullable(),
  }),
]);
export type LinkState = z.infer<typeof LinkState>;
/** For tables that must name every state of a link. */
export type LinkStateKind = LinkState['kind'];

/**
 * How this link proves who we are. The secret itself never crosses the contract outwards. `setup` = by
 * its device key, after an invite's code let it ask for that.
 */
export const CredentialKind = z.enum(['token', 'password', 'setup', 'none']);
export type CredentialKind = z.infer<typeof CredentialKind>;

/** What an A2A agent cannot do, so that nobody waits for it. */
export const AgentLimit = z.enum([
  'whole_answers',
  'no_stop',
  'forgets_on_restart',
  'text_only',
  'no_consent',
]);
export type AgentLimit = z.infer<typeof AgentLimit>;

/** An A2A agent's card: all of it is said by the other side, bounded in length, and unverified. */
export const AgentCardView = z.object({
  name: z.string(),
  description: z.string(),
  version: z.string(),
  provider: z.string().nullable(),
  /** `http` or `https`. */
  website: z.string().nullable(),
  /** *1.0 over JSON-RPC*. */
  protocol: z.string(),
  /** It is another Peerage. */
  peerage: z.boolean(),
  limits: z.array(AgentLimit),
  skills: z.array(
    z.object({ name: z.string(), description: z.string(), tags: z.array(z.string()) }),
  ),
});
export type AgentCardView = z.infer<typeof AgentCardView>;

/** A link as it is set up and as it stands now. */
export const LinkView = z.object({
  id: LinkId,
  peerId: PeerId,
  kind: LinkKind,
  url: z.string(),
  credential: CredentialKind,
  /** OpenClaw agent id; null = the gateway's default agent. */
  agentId: z.string().nullable(),
  /** A session of theirs that the person picked; null = a session of our own per thread. */
  sessionKey: z.string().nullable(),
  state: LinkState,
  /** One plain sentence for the state. */
  stateText: z.string(),
  /** The state as an error with its remedy, where it is one. */
  error: AppError.nullable(),
  /** Of an A2A link, once it was read; the last one that was trusted. */
  card: AgentCardView.nullable(),
  /** SHA-256 of the gateway's identity key, or of the card's identity, lower-case hex, as pinned at first trust. */
  pinnedIdentity: z.string().nullable(),
  /** SHA-256 of the TLS certificate, lower-case hex, as pinned at first trust. */
  pinnedTls: z.string().nullable(),
});
export type LinkView = z.infer<typeof LinkView>;

/** An agent as its gateway lists it (`agents.list`). */
export const AgentView = z.object({
  id: z.string(),
  name: z.string(),
  isDefault: z.boolean(),
});
export type AgentView = z.infer<typeof AgentView>;

/** A session as its gateway lists it (`sessions.list`). */
export const SessionView = z.object({
  key: z.string(),
  label: z.string(),
  agentId: z.string(),
  updatedAt: z.number().nullable(),
});
export type SessionView = z.infer<typeof SessionView>;
