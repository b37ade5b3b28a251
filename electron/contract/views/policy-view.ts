/** What a peer may do here without the person, and what a window is told of it. */
import * as z from 'zod';
import { PeerId } from '../ids.ts';
import { AppError } from '../result.ts';
import { AgentView, SessionView } from './link-view.ts';

/** Minutes since midnight, local time. */
const minuteOfDay = z.number().int().min(0).max(1439);

/**
 * The policy of one peer, for whoever shows the token that this peer was given. It bounds what happens
 * without the person; the person may always do more, or less.
 */
export const PeerPolicy = z.object({
  /** `ask` = every task waits. `auto` = let through within the budget. `block` = all is refused. */
  mode: z.enum(['ask', 'auto', 'block']),
  /** OpenClaw agent ids that it may reach; empty = any. What is let through by itself goes to the first. */
  agents: z.array(z.string().min(1).max(200)).max(32),
  /** The one session that all of it goes to; null = one of its own for each conversation. */
  sessionKey: z.string().min(1).max(400).nullable(),
  /** Tasks a day that are let through by themselves. */
  tasksPerDay: z.number().int().min(1).max(1000),
  /** Minutes a day that agents may work on those; what runs then is stopped. */
  minutesPerDay: z.number().int().min(1).max(1440),
  /** Gateways that a task may have come through before, to be let through by itself. */
  hopLimit: z.number().int().min(0).max(16),
  /** Messages in a row that no person wrote, to be let through by themselves. */
  replyBudget: z.number().int().min(1).max(100),
  /** While it is quiet here, all of it waits, and nobody is called. `from` = `to`: the whole day. */
  quiet: z.object({ from: minuteOfDay, to: minuteOfDay }).nullable(),
});
export type PeerPolicy = z.infer<typeof PeerPolicy>;

/** What is so for a peer about whom nobody said anything. */
export const DEFAULT_POLICY: PeerPolicy = {
  mode: 'ask',
  agents: [],
  sessionKey: null,
  tasksPerDay: 10,
  minutesPerDay: 60,
  hopLimit: 3,
  replyBudget: 10,
  quiet: null,
};

/** Beyond this many gateways nothing is taken in at all, whatever the policy. */
export const MOST_HOPS = 16;

/** The policy of a peer, as it is now. */
export const PolicyView = z.object({
  peerId: PeerId,
  policy: PeerPolicy,
  /** It has a token for the reception: without one it can ask nothing. */
  canAsk: z.boolean(),
  /** What the configuration file says of it; the person may be stricter. Null = nothing. */
  fixed: z.enum(['ask', 'block']).nullable(),
  /** Of today's budget. */
  used: z.object({ tasks: z.number().int(), minutes: z.number() }),
  quietNow: z.boolean(),
});
export type PolicyView = z.infer<typeof PolicyView>;

/** One line of what was decided about a peer's work, newest first. */
export const PolicyDecision = z.object({
  at: z.number(),
  what: z.enum([
    'policy_changed',
    'task_accepted',
    'task_declined',
    'task_answered',
    'task_asked_back',
    'task_held',
    'task_stopped',
    'task_blocked',
    'task_chain_ended',
  ]),
  /** By whom, why; never a text of the peer's. */
  detail: z.string(),
});
export type PolicyDecision = z.infer<typeof PolicyDecision>;

/** An agent of the own gateway, and why nothing may reach it without the person; null = it may. */
export const PolicyTarget = AgentView.extend({ problem: AppError.nullable() });
export type PolicyTarget = z.infer<typeof PolicyTarget>;

/** What a peer's work could be let through to: agents and sessions of the own gateway. */
export const PolicyTargets = z.object({
  agents: z.array(PolicyTarget),
  sessions: z.array(SessionView),
});
export type PolicyTargets = z.infer<typeof PolicyTargets>;
