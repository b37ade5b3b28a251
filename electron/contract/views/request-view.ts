/** What is told of a request of a local agent: what it wants to send, to whom, and what came of it. */
import * as z from 'zod';
import { DelegationPriority, DelegationState } from '../a2a.ts';
import { DelegationId, MessageId, PeerId, RequestId, ThreadId } from '../ids.ts';
import { AppError } from '../result.ts';
import { PeerRow } from './peer-view.ts';
import { IncomingState, MessageKind, OutgoingState } from './thread-view.ts';

/** What a local agent may do to a peer without the person. */
export const AgentPolicy = z.enum(['ask', 'allow', 'never']);
export type AgentPolicy = z.infer<typeof AgentPolicy>;

/**
 * `waiting` for the person. `sending` = let through and not stored everywhere yet. `done` = stored and
 * on its way. `refused` = by a rule, without the person. `expired` = nobody decided in time.
 */
export const RequestState = z.enum([
  'waiting',
  'sending',
  'done',
  'denied',
  'refused',
  'failed',
  'expired',
]);
export type RequestState = z.infer<typeof RequestState>;

/** What was asked for. */
export const RequestVerb = z.enum(['send', 'delegate', 'broadcast', 'respond', 'put']);
export type RequestVerb = z.infer<typeof RequestVerb>;

/** The most of a request's text that its view holds, UTF-16 units. */
export const REQUEST_TEXT_UNITS = 2_000;
/** The most recipients that a view names; more are only counted. */
export const MAX_REQUEST_RECIPIENTS = 50;

/** One recipient, and the message that was stored for it. */
export const RequestRecipient = z.object({
  peerId: PeerId,
  /** The name when it was asked for. */
  name: z.string(),
  threadId: ThreadId.nullable(),
  messageId: MessageId.nullable(),
  /** Why nothing was stored for it. */
  error: AppError.nullable(),
});
export type RequestRecipient = z.infer<typeof RequestRecipient>;

/** What a local agent asked for, and what came of it. Times in ms since the epoch. */
export const RequestView = z.object({
  id: RequestId,
  /** What the asker calls itself. Any program of this user can say the same. */
  agent: z.string(),
  verb: RequestVerb,
  /** Its beginning; `agents.request` gives all of it. */
  text: z.string(),
  textBytes: z.number().int(),
  kind: MessageKind,
  topic: z.string().nullable(),
  recipients: z.array(RequestRecipient).max(MAX_REQUEST_RECIPIENTS),
  recipientCount: z.number().int(),
  /** Other facts of it that the person should see: *Deadline*, *Agent there*, *File*. */
  facts: z.array(z.object({ label: z.string(), value: z.string() })),
  state: RequestState,
  at: z.number(),
  decision: z
    .object({
      /** `budget`: more than a day's messages. `limit`: too many wait already. `time`: nobody decided. */
      by: z.enum(['person', 'rule', 'budget', 'limit', 'time']),
      at: z.number(),
      /** The person's words to the agent. */
      reason: z.string(),
    })
    .nullable(),
  error: AppError.nullable(),
});
export type RequestView = z.infer<typeof RequestView>;

/** A rule for one peer, or for what one agent calls itself. Where both are set, the stricter counts. */
export const AgentRule = z.object({
  subject: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('peer'), peerId: PeerId }),
    z.object({ kind: z.literal('agent'), agent: z.string() }),
  ]),
  policy: AgentPolicy,
});
export type AgentRule = z.infer<typeof AgentRule>;

/** How far a request is with one recipient. */
export const RequestDelivery = z.object({
  peerId: PeerId,
  peer: z.string(),
  threadId: ThreadId.nullable(),
  messageId: MessageId.nullable(),
  /** Null while it waits for the person, and where nothing was stored. */
  state: OutgoingState.nullable(),
  answer: z
    .object({
      messageId: MessageId,
      state: IncomingState,
      author: z.string(),
      /** Cut at VIEW_BODY_LIMIT; `message.body` gives the rest. Untrusted. */
      text: z.string(),
      truncated: z.boolean(),
      at: z.number(),
    })
    .nullable(),
  error: AppError.nullable(),
  /** Nothing more will come by itself. */
  final: z.boolean(),
});
export type RequestDelivery = z.infer<typeof RequestDelivery>;

/** A peer as an agent sees it: what `peerage peers --json` prints, in this order. */
export const DoorPeer = PeerRow.omit({
  favourite: true,
  practice: true,
  own: true,
  lastActivityAt: true,
  preview: true,
}).extend({ capabilities: z.array(z.string()) });
export type DoorPeer = z.infer<typeof DoorPeer>;

/** Something that came in. All of its text is untrusted. */
export const ArrivalView = z.discriminatedUnion('type', [
  /** Work that a peer asks of us; only the person takes it in. */
  z.object({
    type: z.literal('work'),
    id: DelegationId,
    at: z.number(),
    peerId: PeerId.nullable(),
    peer: z.string(),
    state: DelegationState,
    topic: z.string().nullable(),
    text: z.string(),
    truncated: z.boolean(),
    priority: DelegationPriority,
    deadlineAt: z.number().nullable(),
    agentId: z.string().nullable(),
    question: z.string().nullable(),
  }),
  /** An answer to a message of ours, or something that a peer's agent said. */
  z.object({
    type: z.enum(['answer', 'message']),
    id: MessageId,
    at: z.number(),
    peerId: PeerId,
    peer: z.string(),
    threadId: ThreadId,
    replyTo: MessageId.nullable(),
    /** The local agent that had asked, where one had. */
    askedBy: z.string().nullable(),
    state: IncomingState,
    author: z.string(),
    text: z.string(),
    truncated: z.boolean(),
  }),
]);
export type ArrivalView = z.infer<typeof ArrivalView>;

/** One line of what was said with a peer, over all its threads. */
export const LogEntry = z.object({
  id: MessageId,
  threadId: ThreadId,
  thread: z.string(),
  direction: z.enum(['in', 'out']),
  kind: MessageKind,
  state: z.string(),
  author: z.string(),
  askedBy: z.string().nullable(),
  at: z.number(),
  text: z.string(),
  truncated: z.boolean(),
});
export type LogEntry = z.infer<typeof LogEntry>;

/** The skill in an OpenClaw of this machine. `other`: one of that name that Peerage did not write. */
export const SkillView = z.object({
  skill: z.enum(['none', 'current', 'older', 'other']),
  /** Whether there is an OpenClaw at all. */
  openclaw: z.boolean(),
  folder: z.string(),
  /** The `peerage` command as the PATH finds it. */
  command: z.string().nullable(),
  /** A launcher of it that Peerage wrote. */
  launcher: z.string().nullable(),
});
export type SkillView = z.infer<typeof SkillView>;
