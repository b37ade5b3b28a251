/** What a window is told of broadcasts, of the groups that they go to, and of what was learnt by them. */
import * as z from 'zod';
import { BroadcastId, GroupId, LinkId, MessageId, PeerId, ThreadId } from '../ids.ts';
import { AppError } from '../result.ts';
import { LinkKind } from './link-view.ts';
import { OutgoingState } from './thread-view.ts';

/** The topic of a broadcast, at most so many UTF-16 units. */
export const TOPIC_LIMIT = 80;
/** A tag, at most so many UTF-16 units; and how many of them. */
export const TAG_LIMIT = 40;
/** The most tags of one broadcast. */
export const TAGS_LIMIT = 12;

/** A named group of peers, made by the person. Peers that the peer list shows under its name belong to it too. */
export const GroupView = z.object({
  id: GroupId,
  name: z.string(),
  peerIds: z.array(PeerId),
});
export type GroupView = z.infer<typeof GroupView>;

/**
 * To whom. `all` leaves out the practice peer and the own gateway's agents, which `chosen` may name.
 * A group is named as the person named it, here or in the peer list.
 */
export const Audience = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('all') }),
  z.object({
    kind: z.literal('chosen'),
    peerIds: z.array(PeerId).max(10_000),
    groups: z.array(z.string().min(1).max(TOPIC_LIMIT)).max(100),
  }),
]);
export type Audience = z.infer<typeof Audience>;

/**
 * Why a peer gets it or not. `ready` = now; `waits` = it is in the audience, and its message waits in
 * the outbox until it can be reached. All others are left out.
 */
export const RecipientReason = z.enum([
  'ready',
  'waits',
  'practice',
  'own',
  'no_link',
  'blocked',
  'needs_approval',
  'may_not_write',
  'refused',
  'changed',
  'no_secret',
  'not_seen',
]);
export type RecipientReason = z.infer<typeof RecipientReason>;

/** One peer of the audience: what would go where, or why nothing would. */
export const RecipientView = z.object({
  peerId: PeerId,
  peerName: z.string(),
  included: z.boolean(),
  reason: RecipientReason,
  /** The reason as one plain sentence. */
  why: z.string(),
  /** Over which link; null where none can be used. */
  link: z
    .object({ linkId: LinkId, kind: LinkKind, address: z.string(), agentId: z.string().nullable() })
    .nullable(),
  /** Into which thread; a null id = one that would be made for it. */
  thread: z.object({ threadId: ThreadId.nullable(), title: z.string() }).nullable(),
  /** Into which session over there; null while that cannot be said. */
  sessionKey: z.string().nullable(),
});
export type RecipientView = z.infer<typeof RecipientView>;

/** What the send guard found, without the secret: what it looks like, and on which line. */
export const SecretHint = z.object({ label: z.string(), line: z.number().int() });
export type SecretHint = z.infer<typeof SecretHint>;

/** What would leave, word for word, and what the send guard says of it. */
export const OutgoingPreview = z.object({
  text: z.string(),
  bytes: z.number().int(),
  size: z.enum(['fine', 'over_soft_limit', 'over_hard_limit']),
  secrets: z.array(SecretHint),
});
export type OutgoingPreview = z.infer<typeof OutgoingPreview>;

/** How many messages of a broadcast stand in each state. `gone` = deleted here since. */
export const BroadcastCounts = z.object({
  ...(Object.fromEntries(OutgoingState.options.map((state) => [state, z.number().int()])) as Record<
    OutgoingState,
    z.ZodInt
  >),
  gone: z.number().int(),
});
export type BroadcastCounts = z.infer<typeof BroadcastCounts>;

/** A broadcast of ours, and how far it is over all of its recipients. `at`: ms since the epoch. */
export const BroadcastView = z.object({
  id: BroadcastId,
  topic: z.string().nullable(),
  tags: z.array(z.string()),
  /** The beginning, at most 16,384 UTF-16 units, without topic and tags. */
  text: z.string(),
  at: z.number(),
  /** To whom, in words: *Everyone*, *Ops, Ada*. */
  audience: z.string(),
  recipients: z.number().int(),
  leftOut: z.number().int(),
  counts: BroadcastCounts,
  /** Nothing of it is on its way any more. */
  done: z.boolean(),
});
export type BroadcastView = z.infer<typeof BroadcastView>;

/** One recipient of a broadcast that was sent, or one that was left out. */
export const BroadcastRow = z.object({
  /** Stable within its broadcast, and over all of them. */
  id: z.string(),
  broadcastId: BroadcastId,
  peerId: PeerId,
  /** As it was called then. */
  peerName: z.string(),
  /** Null for a peer that was left out, and where the message was deleted. */
  messageId: MessageId.nullable(),
  threadId: ThreadId.nullable(),
  state: OutgoingState.nullable(),
  attempts: z.number().int(),
  nextAttemptAt: z.number().nullable(),
  error: AppError.nullable(),
  /** One line of the answer, at most 200 characters; untrusted. */
  answer: z.string().nullable(),
  leftOut: z.object({ reason: RecipientReason, why: z.string() }).nullable(),
});
export type BroadcastRow = z.infer<typeof BroadcastRow>;

/** One broadcast as knowledge: what was said, by whom, about what. */
export const KnowledgeItem = z.object({
  id: z.string(),
  direction: z.enum(['in', 'out']),
  /** Who said it, where that is a peer that is still here. */
  peerId: PeerId.nullable(),
  /** The peer or the sender that it claims; of one of ours: to whom it went. Unverified. */
  who: z.string(),
  topic: z.string().nullable(),
  tags: z.array(z.string()),
  text: z.string(),
  /** True when `text` is only its beginning. */
  truncated: z.boolean(),
  at: z.number(),
});
export type KnowledgeItem = z.infer<typeof KnowledgeItem>;
