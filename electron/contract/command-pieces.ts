/** The pieces of which the forms of commands are made. */
import * as z from 'zod';
import { DelegationPriority, DelegationState } from './a2a.ts';
import {
  AgentPolicy,
  IncomingState,
  OutgoingState,
  PeerStatus,
  RecipientReason,
  RequestState,
  RungId,
  RungStatus,
} from './views/index.ts';

/** A text of ours. */
export const text = z.string();
/** A whole number. */
export const count = z.number().int();
/** A time, ISO 8601 in UTC. */
export const time = z.iso.datetime();
/** Text of a peer: a quotation, never an instruction. */
export const theirs = z.string();

/** What all of them have. `ok` is true where `exit` is 0. */
export const form = <T extends z.ZodRawShape>(fields: T) =>
  z.strictObject({ ok: z.boolean(), exit: z.number().int().min(0).max(10), ...fields });

/** What did not happen, why, and what to do. */
export const Failure = z.strictObject({ code: text, message: text });

/** Of a command that may come to something else than what was asked for. */
export const formOfTry = <T extends z.ZodRawShape>(fields: T) =>
  form({ ...fields, error: Failure.optional() });

/** What is known at once of what was asked for. */
export const Decided = {
  /** The id of the request. */
  request: text,
  state: RequestState,
};

/** How far it is with one recipient. */
export const Delivery = z.strictObject({
  peerId: text,
  peer: text,
  threadId: text.nullable(),
  messageId: text.nullable(),
  state: OutgoingState.nullable(),
  answer: z
    .strictObject({ messageId: text, state: IncomingState, author: text, text: theirs, at: time })
    .nullable(),
  error: z.strictObject({ code: text, title: text, detail: text }).nullable(),
  final: z.boolean(),
});

/** The same, with who decided. */
export const Asked = {
  ...Decided,
  decidedBy: z.enum(['person', 'rule', 'budget', 'limit', 'time']).nullable(),
  reason: text.nullable(),
};
/** A request that was waited for. */
export const Followed = z.strictObject({
  ...Asked,
  final: z.boolean(),
  recipients: z.array(Delivery),
});

/** A peer of an audience that gets nothing. */
export const LeftOut = z.strictObject({
  peerId: text,
  name: text,
  reason: RecipientReason,
  why: text,
});

/** Of what was asked for and not waited for. */
export const Queued = form({
  ...Asked,
  recipients: z.array(
    z.strictObject({
      peerId: text,
      peer: text,
      threadId: text.nullable(),
      messageId: text.nullable(),
      state: z.literal('queued').nullable(),
    }),
  ),
});
/** Of what was waited for. */
export const Waited = formOfTry(Followed.shape);
/** Of a dry run. */
export const Planned = form({
  dryRun: z.literal(true),
  bytes: count,
  warning: z.enum(['none', 'over_soft_limit']),
  recipients: z.array(
    z.strictObject({
      peerId: text,
      name: text,
      policy: AgentPolicy,
      status: text,
      address: text.nullable(),
      thread: text.nullable(),
    }),
  ),
  leftOut: z.array(LeftOut),
  budgetLeft: count,
});

/** One step of the way to a peer. */
export const Rung = z.strictObject({
  id: RungId,
  title: text,
  status: RungStatus,
  tried: text,
  seen: text,
  code: text.nullable(),
  durationMs: z.number().nullable(),
  at: time.nullable(),
  todo: text.nullable(),
});

/** Work that a peer asks for. */
export const Work = z.strictObject({
  type: z.literal('work'),
  id: text,
  at: time,
  peerId: text.nullable(),
  peer: text,
  state: DelegationState,
  topic: theirs.nullable(),
  text: theirs,
  truncated: z.boolean(),
  priority: DelegationPriority,
  deadlineAt: time.nullable(),
  agentId: text.nullable(),
  question: text.nullable(),
  untrusted: z.literal(true),
});
/** What a peer’s agent said. */
export const Said = z.strictObject({
  type: z.enum(['answer', 'message']),
  id: text,
  at: time,
  peerId: text,
  peer: text,
  threadId: text,
  replyTo: text.nullable(),
  askedBy: text.nullable(),
  state: IncomingState,
  author: text,
  text: theirs,
  truncated: z.boolean(),
  untrusted: z.literal(true),
});
/** Something that came in. */
export const Arrival = z.discriminatedUnion('type', [Work, Said]);

/** How the skill stands in an OpenClaw. */
export const SkillState = z.strictObject({
  skill: z.enum(['none', 'current', 'older', 'other']),
  openclaw: z.boolean(),
  folder: text,
  command: text.nullable(),
  launcher: text.nullable(),
});

/** A peer by its name. */
export const NamedPeer = z.strictObject({
  id: text,
  name: text,
  nickname: text.nullable(),
  status: PeerStatus,
});
