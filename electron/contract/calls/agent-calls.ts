/**
 * Calls about local agents. `door.*` is what an agent may do from the control socket: look, and ask.
 * `agents.*` is the person's side: decide, make rules, read what was asked.
 */
import * as z from 'zod';
import { MessageId, PeerId, RelayId, RequestId } from '../ids.ts';
import {
  AgentPolicy,
  AgentRule,
  AppView,
  ArrivalView,
  Audience,
  DoorPeer,
  LadderView,
  LogEntry,
  MessageKind,
  PeerDetail,
  RecipientReason,
  RequestDelivery,
  RequestView,
  SkillView,
  TOPIC_LIMIT,
} from '../views/index.ts';
import { nothing } from './app-calls.ts';
import { BroadcastInput } from './broadcast-calls.ts';
import { command, query } from './call.ts';
import { DelegationOrder } from './outgoing-calls.ts';
import { line, messageText, paragraph, requiredLine } from './text.ts';

/** The longest that a call waits for news before it answers that there is none, ms. */
export const MAX_FOLLOW_MS = 50_000;

/** What an agent calls itself. A claim, shown as such. */
export const AgentName = requiredLine(60);

const waitMs = z.number().int().min(0).max(MAX_FOLLOW_MS);
const one = z.object({ requestId: RequestId });

/** A message to one peer. */
export const SendAsk = z.object({
  verb: z.literal('send'),
  peerId: PeerId,
  text: messageText,
  kind: MessageKind,
  /** Names the thread where it is a new one. */
  topic: line(120).nullable(),
  /** Id or title of a thread of that peer; null = the one that this agent used last, else a new one. */
  thread: requiredLine(120).nullable(),
  /** The agent over there; null = the thread's, or the peer's default. */
  agentId: z.string().min(1).max(200).nullable(),
});
export type SendAsk = z.infer<typeof SendAsk>;

/** A piece of work for a peer's agent; `text` is the task. */
export const DelegateAsk = DelegationOrder.omit({ topic: true, task: true, hops: true }).extend({
  verb: z.literal('delegate'),
  peerId: PeerId,
  text: messageText,
  topic: line(120).nullable(),
  agentId: z.string().min(1).max(200).nullable(),
});
export type DelegateAsk = z.infer<typeof DelegateAsk>;

/** The same text for many peers, or for all agents of a relay by its own broadcast. */
export const BroadcastAsk = BroadcastInput.omit({ topic: true }).extend({
  verb: z.literal('broadcast'),
  audience: z.discriminatedUnion('kind', [
    ...Audience.options,
    /** The relay may be left out where there is only one. */
    z.object({ kind: z.literal('relay'), relayId: RelayId.optional() }),
  ]),
  topic: line(TOPIC_LIMIT).nullable(),
});
export type BroadcastAsk = z.infer<typeof BroadcastAsk>;

/** An answer to a message of a peer's agent, or to what it asked back about a delegation of ours. */
export const RespondAsk = z.object({
  verb: z.literal('respond'),
  /** Id of the message that came in, or of our delegation. */
  target: z.uuid(),
  status: z.enum(['in_progress', 'completed', 'failed']),
  text: messageText,
});
export type RespondAsk = z.infer<typeof RespondAsk>;

/** A file for all agents of a relay; `text` is its content. */
export const PutAsk = z.object({
  verb: z.literal('put'),
  /** May be left out where there is only one. */
  relayId: RelayId.optional(),
  key: z.string().min(1).max(400),
  type: z.string().min(1).max(120),
  /** The version that was read before; null = a new file. */
  base: z.number().int().positive().nullable(),
  text: messageText,
});
export type PutAsk = z.infer<typeof PutAsk>;

/** Everything that an agent can ask for. */
export const Ask = z.discriminatedUnion('verb', [
  SendAsk,
  DelegateAsk,
  BroadcastAsk,
  RespondAsk,
  PutAsk,
]);
export type Ask = z.infer<typeof Ask>;

/** Peers of an audience that get nothing, and why. */
const LeftOut = z.object({
  peerId: PeerId,
  name: z.string(),
  reason: RecipientReason,
  why: z.string(),
});

/** What would happen, for a dry run and before anything is stored. */
export const AskPlan = z.object({
  bytes: z.number().int(),
  warning: z.enum(['none', 'over_soft_limit']),
  recipients: z.array(
    z.object({
      peerId: PeerId,
      name: z.string(),
      /** What the rules say: it would go, the person would be asked, or it would be refused. */
      policy: AgentPolicy,
      status: z.string(),
      /** Where it would go; null where the peer has no link. */
      address: z.string().nullable(),
      /** Title of the thread; null = a new one. */
      thread: z.string().nullable(),
    }),
  ),
  /** Peers that would get nothing, and why. */
  leftOut: z.array(LeftOut),
  /** Messages of today that are left to agents. */
  budgetLeft: z.number().int(),
});
export type AskPlan = z.infer<typeof AskPlan>;

/** `door.*`: what local agents may ask, at any door. `agents.*`: what the person decides of it. */
export const agentCalls = {
  /** How the app is: what a command line, a pod or an agent's own check wants to know. */
  'door.status': query(
    'any',
    nothing,
    z.object({
      app: AppView.pick({
        version: true,
        shell: true,
        home: true,
        secrets: true,
        network: true,
        search: true,
        unread: true,
        peers: true,
        reception: true,
        storeNotice: true,
        provisioned: true,
      }),
      /** What peers see of us. */
      name: z.string(),
      /** SHA-256 of this device's key, lower-case hex; null while the keychain is closed. */
      fingerprint: z.string().nullable(),
      /** Where the reception can be asked from this machine; null where it does not listen. */
      loopback: z.string().nullable(),
      ownGateway: z.string().nullable(),
      warnings: z.array(z.object({ code: z.string(), title: z.string(), detail: z.string() })),
      /** Requests of agents that wait for the person. */
      requests: z.number().int(),
      budget: z.object({ perDay: z.number().int(), used: z.number().int() }),
    }),
  ),
  'door.peers': query('any', nothing, z.object({ peers: z.array(DoorPeer) })),
  'door.peer': query(
    'any',
    z.object({ peerId: PeerId }),
    z.object({
      peer: PeerDetail,
      ladders: z.array(LadderView),
      threads: z.array(z.object({ id: z.string(), title: z.string(), at: z.number().nullable() })),
      /** May this agent write to it? */
      policy: AgentPolicy,
    }),
  ),
  /** What `door.ask` would do. Stores and sends nothing. */
  'door.plan': query('any', z.object({ agent: AgentName, ask: Ask }), AskPlan),
  /** Asks for something: it goes, or waits for the person, as the rules say. */
  'door.ask': command(
    'any',
    z.object({ agent: AgentName, ask: Ask }),
    z.object({
      request: RequestView,
      warning: z.enum(['none', 'over_soft_limit']),
      leftOut: z.array(LeftOut),
    }),
  ),
  /**
   * How far a request is. Waits up to `waitMs` until it differs from what `seen` stands for (from the
   * answer before; '' = answer at once), or nothing more will come.
   */
  'door.follow': query(
    'any',
    z.object({ requestId: RequestId, seen: z.string().max(100), waitMs }),
    z.object({
      request: RequestView,
      deliveries: z.array(RequestDelivery),
      final: z.boolean(),
      seen: z.string(),
    }),
  ),
  /**
   * What came in, oldest first. `after`: a mark of an earlier answer; `last` = this agent's own, as
   * `door.seen` set it; null = the newest `limit`. Waits up to `waitMs` where there is nothing.
   */
  'door.arrivals': query(
    'any',
    z.object({
      agent: AgentName,
      after: z.string().max(4_000).nullable(),
      waitMs,
      limit: z.number().int().min(1).max(200),
    }),
    z.object({ arrivals: z.array(ArrivalView), mark: z.string(), more: z.boolean() }),
  ),
  /** This agent has told what came up to that mark. */
  'door.seen': command('any', z.object({ agent: AgentName, mark: z.string().max(4_000) }), nothing),
  /** What was said with a peer over all threads, newest first. */
  'door.log': query(
    'any',
    z.object({
      peerId: PeerId,
      before: MessageId.nullable(),
      limit: z.number().int().min(1).max(200),
    }),
    z.object({ entries: z.array(LogEntry), more: z.boolean() }),
  ),

  /** What agents asked for, newest first. `before`: the last one of the page that one has. */
  'agents.requests': query(
    'window',
    z.object({
      peerId: PeerId.optional(),
      before: RequestId.optional(),
      limit: z.number().int().min(1).max(200),
    }),
    z.object({ requests: z.array(RequestView), more: z.boolean() }),
  ),
  'agents.request': query('window', one, z.object({ request: RequestView, text: z.string() })),
  /** The person decides, once: whoever comes second is told so and nothing more happens. */
  'agents.decide': command(
    'window',
    one.extend({ decision: z.enum(['approve', 'deny']), reason: paragraph(500).default('') }),
    z.object({ outcome: z.enum(['done', 'done_before']) }),
  ),
  'agents.rules': query(
    'window',
    nothing,
    z.object({
      rules: z.array(AgentRule),
      /** Names that asked within the last 30 days, newest first. */
      agents: z.array(z.string()),
      usedToday: z.number().int(),
    }),
  ),
  /** How the skill stands in the OpenClaw of this machine. */
  'agents.skill': query('window', nothing, SkillView),
  /** Puts it there for all agents of that OpenClaw, or brings it up to date. */
  'agents.installSkill': command('window', nothing, SkillView),
  'agents.removeSkill': command('window', nothing, SkillView),
  /** Null takes the rule away: the default is to ask. */
  'agents.setRule': command(
    'window',
    z.object({
      subject: AgentRule.shape.subject,
      policy: AgentPolicy.nullable(),
    }),
    nothing,
  ),
} as const;
