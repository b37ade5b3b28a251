/** Calls about delegations that we give to others, and about the board that shows both directions. */
import * as z from 'zod';
import { DelegationPriority } from '../a2a.ts';
import { AttachmentId, DelegationId, LinkId, MessageId, PeerId, ThreadId } from '../ids.ts';
import { BoardItem, OutgoingDelegationView, PeerStatus } from '../views/index.ts';
import { nothing } from './app-calls.ts';
import { command, query } from './call.ts';
import { line, messageText, requiredLine } from './text.ts';

const one = z.object({ delegationId: DelegationId });
/** The last moment that a Date can name, ms since the epoch. */
const LAST_MOMENT = 8_640_000_000_000_000;

/** What a person or an agent asks of a peer's agent. The text that goes out is made of it. */
export const DelegationOrder = z.object({
  topic: requiredLine(200),
  task: messageText.refine((text) => text.trim() !== '', { message: 'Must not be empty.' }),
  context: messageText.optional(),
  expected: messageText.refine((text) => text.length <= 2_000).optional(),
  expertise: messageText.optional(),
  priority: DelegationPriority,
  /** Ms since the epoch. */
  deadlineAt: z.number().int().nonnegative().max(LAST_MOMENT).optional(),
  /** How many gateways the work came through before it came to us. */
  hops: z.number().int().min(0).max(64).optional(),
});
export type DelegationOrder = z.infer<typeof DelegationOrder>;

/** Giving work to others, following it, and ending it. */
export const outgoingCalls = {
  /**
   * Answers once the delegation is durable. Agents ask by `door.ask`. Without `threadId` it gets a thread of its own; `linkId`
   * and `agentId` say where that goes (null or absent: the peer's first link, the link's agent).
   * Files must have been put into `threadId` before.
   */
  'outgoing.send': command(
    'window',
    DelegationOrder.extend({
      peerId: PeerId,
      threadId: ThreadId.nullable().optional(),
      linkId: LinkId.nullable().optional(),
      agentId: z.string().max(200).nullable().optional(),
      attachmentIds: z.array(AttachmentId).max(10).optional(),
      /** Although it looks like a secret (`message.looks_secret`). */
      anyway: z.boolean().optional(),
    }),
    z.object({
      delegationId: DelegationId,
      messageId: MessageId,
      threadId: ThreadId,
      warning: z.enum(['none', 'over_soft_limit']),
    }),
  ),
  /** Everybody to whom work can be given, by name, and what they say that they can do. Claims, not promises. */
  'outgoing.candidates': query(
    'any',
    nothing,
    z.object({
      peers: z.array(
        z.object({
          peerId: PeerId,
          name: z.string(),
          status: PeerStatus,
          statusText: z.string(),
          /** Typed by the person, or read from the card, the relay or the gateway. */
          capabilities: z.array(z.string()),
        }),
      ),
    }),
  ),
  /** Newest first. `before`: the last one of the page that one has. */
  'outgoing.list': query(
    'any',
    z.object({
      which: z.enum(['open', 'over', 'all']),
      peerId: PeerId.optional(),
      search: line(200).optional(),
      before: DelegationId.optional(),
      limit: z.number().int().min(1).max(200),
    }),
    z.object({ delegations: z.array(OutgoingDelegationView), more: z.boolean() }),
  ),
  /** The whole of one: what was asked, as sent, and the answer in full. */
  'outgoing.open': query(
    'any',
    one,
    z.object({
      delegation: OutgoingDelegationView,
      text: z.string(),
      answer: z.string().nullable(),
    }),
  ),
  /**
   * Takes back an unsent one, or stops it over there. Fails with why where the other side cannot be
   * asked, or cannot stop it; `outgoing.mark` ends it here all the same.
   */
  'outgoing.cancel': command('window', one, nothing),
  /** The person's own word on how it ended. Nothing is sent. */
  'outgoing.mark': command(
    'window',
    one.extend({ state: z.enum(['completed', 'failed', 'cancelled']) }),
    nothing,
  ),

  /** Stops work that runs here unasked: the run of its session is aborted. */
  'unasked.stop': command('window', one, nothing),
  /** It is over, the person says. */
  'unasked.end': command('window', one, nothing),

  /** Sessions of the own gateway, newest first, at most 50. */
  'ownSession.list': query(
    'window',
    nothing,
    z.object({
      sessions: z.array(
        z.object({ key: z.string(), label: z.string(), updatedAt: z.number().nullable() }),
      ),
    }),
  ),
  /** The last turns of one of them, oldest first: to be shown before they are attached to a message. */
  'ownSession.turns': query(
    'window',
    z.object({ sessionKey: z.string().min(1).max(512), count: z.number().int().min(1).max(50) }),
    z.object({
      turns: z.array(
        z.object({
          from: z.enum(['person', 'agent']),
          text: z.string(),
          at: z.number().nullable(),
        }),
      ),
    }),
  ),

  /** A page of the board, newest first over both directions. `before`: the id of the last card. */
  'board.list': query(
    'window',
    z.object({
      direction: z.enum(['in', 'out', 'all']),
      /** `waiting` = waits for the person: to decide, or to answer a question. */
      which: z.enum(['waiting', 'open', 'over', 'all']),
      peerId: PeerId.optional(),
      priority: DelegationPriority.optional(),
      overdue: z.boolean().optional(),
      search: line(200).optional(),
      before: DelegationId.optional(),
      limit: z.number().int().min(1).max(100),
    }),
    z.object({ items: z.array(BoardItem), more: z.boolean() }),
  ),
} as const;
