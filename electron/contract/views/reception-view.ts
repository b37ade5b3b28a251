/** What a window is told of the reception: where it listens, what was asked of us, and invites. */
import * as z from 'zod';
import { DelegationPriority, DelegationState } from '../a2a.ts';
import { DelegationId, InviteId, PeerId } from '../ids.ts';
import { AppError } from '../result.ts';

/** Where the reception is to listen; never on all addresses. */
export const ReceptionListen = z.enum(['off', 'loopback', 'tailnet']);
export type ReceptionListen = z.infer<typeof ReceptionListen>;

/** Part of {@link AppView}. */
export const ReceptionView = z.object({
  state: z.enum(['off', 'listening', 'failed']),
  /** What the person chose. `tailnet` listens on loopback too. */
  listen: ReceptionListen,
  /** The port that was asked for; 0 = any free one. */
  port: z.number().int(),
  /** Where it listens now, `http://<address>:<port>`; the one for peers first. */
  addresses: z.array(z.string()),
  cardUrl: z.string().nullable(),
  /** Everything incoming is refused, and callers are told so. */
  paused: z.boolean(),
  /** Delegations that wait for the person. */
  waiting: z.number().int(),
  /** Delegations that are with an agent. */
  running: z.number().int(),
  /** Why it does not listen, or not everywhere. */
  error: AppError.nullable(),
});
export type ReceptionView = z.infer<typeof ReceptionView>;

/** What is so before the person switched it on. */
export const RECEPTION_OFF: ReceptionView = {
  state: 'off',
  listen: 'off',
  port: 0,
  addresses: [],
  cardUrl: null,
  paused: false,
  waiting: 0,
  running: 0,
  error: null,
};

/**
 * How we know who asks. The bearer token was right in every case; `tailnet` adds what Tailscale says
 * of the caller's address and port. `local` = a process of this machine: *unverified local*. `relay` =
 * a relay passed it on, which can forge any sender: no token of the peer's stands behind it.
 */
export const CallerProof = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('tailnet'), node: z.string(), owner: z.string() }),
  z.object({ kind: z.literal('local') }),
  z.object({
    kind: z.literal('relay'),
    relay: z.string(),
    /** Its id there, which the relay may have made up. */
    agent: z.string(),
    /**
     * `pinned` = signed with the key whose fingerprint the person compared: it is surely them.
     * `unpinned` = signed with a key that nobody compared. `none` = not signed. `wrong` = not as a
     * peer with a pinned key would sign. Only `pinned` proves anything.
     */
    signed: z.enum(['pinned', 'unpinned', 'none', 'wrong']),
    /** Signed so long ago that the relay may be passing it on once more. */
    late: z.boolean().optional(),
  }),
]);
export type CallerProof = z.infer<typeof CallerProof>;

/** One part of a message besides its text. A `link` is shown and never fetched by itself. */
export const DelegationPart = z.object({
  kind: z.enum(['file', 'link', 'data']),
  name: z.string(),
  mediaType: z.string(),
  bytes: z.number().int(),
  /** Only of a `link`. Untrusted. */
  url: z.string().nullable(),
});
export type DelegationPart = z.infer<typeof DelegationPart>;

/** A piece of work that somebody asks of an agent of ours. Texts are untrusted, and may be cut. */
export const DelegationView = z.object({
  id: DelegationId,
  /** Null once the peer is gone. */
  peerId: PeerId.nullable(),
  /** The peer's name in our book. */
  caller: z.string(),
  proof: CallerProof,
  topic: z.string().nullable(),
  /** At most 2,000 UTF-16 units; `delegation.open` gives all of it. */
  text: z.string(),
  textBytes: z.number().int(),
  /** Text and parts together. */
  bytes: z.number().int(),
  parts: z.array(DelegationPart),
  contextId: z.string(),
  /** False for an OpenClaw gateway: it asks, and never comes for the answer. */
  collects: z.boolean(),
  state: DelegationState,
  priority: DelegationPriority,
  deadlineAt: z.number().nullable(),
  expected: z.string().nullable(),
  /** How many gateways it says to have come through before. */
  hops: z.number().int(),
  /** Why it waits although the policy of its peer lets work through; null = it simply waits. */
  held: AppError.nullable(),
  /** Where it runs, once accepted. */
  agentId: z.string().nullable(),
  sessionKey: z.string().nullable(),
  receivedAt: z.number(),
  changedAt: z.number(),
  snoozedUntil: z.number().nullable(),
  decision: z
    .object({
      /** `answered`: by the person's own hand, without an agent. */
      what: z.enum(['accepted', 'declined', 'answered']),
      by: z.enum(['person', 'policy']),
      at: z.number(),
      reason: z.string(),
      /** The person changed the text before the agent got it. */
      edited: z.boolean(),
    })
    .nullable(),
  /** What we asked back last; kept beside its answer. */
  question: z.string().nullable(),
  /** What they answered to it, at most 2,000 units; null while we wait. Untrusted. */
  reply: z.string().nullable(),
  /** The agent's answer, or the person's (`decision`), at most 2,000 units of it. */
  answer: z
    .object({
      text: z.string(),
      bytes: z.number().int(),
      at: z.number(),
      /** The files that go back with it. */
      files: z.array(DelegationPart),
    })
    .nullable(),
  /** Why it failed, or why it does not go on just now. */
  error: AppError.nullable(),
});
export type DelegationView = z.infer<typeof DelegationView>;

/** One turn of a delegation's talk, oldest first. */
export const DelegationTurn = z.object({
  from: z.enum(['caller', 'us', 'agent']),
  text: z.string(),
  at: z.number(),
});
export type DelegationTurn = z.infer<typeof DelegationTurn>;

/** `mine`: machines of one person, gateways are paired. `theirs`: tokens are exchanged. */
export const InviteFor = z.enum(['mine', 'theirs']);
export type InviteFor = z.infer<typeof InviteFor>;

/**
 * `open` waits to be redeemed. `comparing` = both sides know each other's keys: compare the words.
 * `confirmed` = this side said yes and waits for the other. `done` = it led to what it was for.
 */
export const InviteState = z.enum([
  'open',
  'comparing',
  'confirmed',
  'done',
  'rejected',
  'cancelled',
  'expired',
  'failed',
]);
export type InviteState = z.infer<typeof InviteState>;

/** An invite that was made here (`issued`) or redeemed here (`redeemed`). Never holds its code. */
export const InviteView = z.object({
  id: InviteId,
  direction: z.enum(['issued', 'redeemed']),
  for: InviteFor,
  state: InviteState,
  /** The name that the peer will have in our book. */
  peerName: z.string(),
  createdAt: z.number(),
  expiresAt: z.number(),
  /** The same six words on both sides; null until both keys are known. */
  words: z.array(z.string()).nullable(),
  /** Who is at the other end: what it calls itself, and what proves it. Names are untrusted. */
  other: z
    .object({
      name: z.string(),
      /** SHA-256 of its device key, lower-case hex. */
      fingerprint: z.string(),
      address: z.string(),
      /** Null on the side that dialled, which cannot ask Tailscale about a caller. */
      proof: CallerProof.nullable(),
    })
    .nullable(),
  /** Whether the other side has said yes. */
  confirmedThere: z.boolean(),
  /** Of a `theirs` that is done: who can ask whom. */
  directions: z.enum(['both', 'they_ask_us', 'we_ask_them']).nullable(),
  /**
   * Of a `mine`: the inviter's gateway, where the other machine is let in; null where it has none that can
   * be reached. The redeemer knows it once it is done.
   */
  gateway: z
    .object({ url: z.string(), identity: z.string().nullable(), tls: z.string().nullable() })
    .nullable(),
  /** The peer that came of it. */
  peerId: PeerId.nullable(),
  error: AppError.nullable(),
});
export type InviteView = z.infer<typeof InviteView>;

/** What an invite's text says, before anybody is called. */
export const InvitePreview = z.object({
  for: InviteFor,
  /** What the inviter calls itself. Untrusted. */
  name: z.string(),
  addresses: z.array(z.string()),
  /** SHA-256 of the inviter's device key, lower-case hex. */
  fingerprint: z.string(),
  /** SHA-256 of the TLS certificate that it will show, where it has one. */
  tls: z.string().nullable(),
  expiresAt: z.number(),
});
export type InvitePreview = z.infer<typeof InvitePreview>;

/** A device of a peer that is let into the own gateway. */
export const PeerDevice = z.object({
  deviceId: z.string(),
  name: z.string(),
  address: z.string().nullable(),
  lastSeenAt: z.number().nullable(),
  /** Its key is the one whose six words were compared; else it only came from the peer's address. */
  proven: z.boolean(),
});
export type PeerDevice = z.infer<typeof PeerDevice>;

/** How a peer's machine comes to be in the tailnet: `mine` can be removed, `shared_in` given back. */
export const PeerMachineRelation = z.enum(['mine', 'member', 'shared_in']);
export type PeerMachineRelation = z.infer<typeof PeerMachineRelation>;
