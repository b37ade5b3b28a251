/** Where each task meets the policy of its peer: when it comes, before it is handed over, while it runs. */
import { UnsupportedOperationError } from '@a2a-js/sdk/errors';
import type { Clock } from '../../clock/clock.ts';
import { within } from '../../clock/deadline.ts';
import { RateLimiter } from '../../clock/throttle.ts';
import {
  type AppError,
  appError,
  isOver,
  MOST_HOPS,
  type PeerId,
  type PeerPolicy,
} from '../../contract/index.ts';
import type { Audit } from '../audit.ts';
import type { Caller } from '../delegations/caller.ts';
import { sessionKeyFor } from '../delegations/content.ts';
import type { Delegation } from '../delegations/rows.ts';
import type { DelegationTable } from '../delegations/table.ts';
import type { AgentDoor, Attention } from '../options.ts';
import { busyToday, isQuiet, judge } from './judge.ts';
import type { Policies } from './policies.ts';

/** What the gate judges by, and whom it tells. */
export interface GateOptions {
  readonly clock: Clock;
  readonly audit: Audit;
  readonly policies: Policies;
  readonly agents: AgentDoor;
  readonly attention: Attention;
}

/** Judges work by its peer's policy. What it lets through, it also counts. */
export interface Gate {
  /** @throws A2AError where nothing of this peer is taken in, or the task came through too many. */
  assertTaken(caller: Caller, hops: number): void;
  /** Inside `store.write`: what a new task begins as. Counts what is let through. */
  judged(table: DelegationTable, fresh: Omit<Delegation, 'row'>): Partial<Delegation>;
  /** Inside `store.write`: keeps account of a change. */
  noted(before: Delegation, after: Delegation): void;
  /** Why a task that no person let through must not begin after all; null = it may. Never rejects. */
  whyNot(d: Delegation, signal: AbortSignal): Promise<AppError | null>;
  /** Whether nobody is to be called now about this peer's work. */
  isQuiet(peerId: PeerId): boolean;
  /** What the day's minutes come to, with what runs now. */
  busyMs(table: DelegationTable, peerId: PeerId): number;
  /** Whether what runs without a person has used up its minutes. */
  isUsedUp(table: DelegationTable, peerId: PeerId): boolean;
}

const MINUTE_MS = 60_000;
/** How often one peer's refusals are noted: once a minute. */
const NOTED = { burst: 1, perSecond: 1 / 60 } as const;
/** The gateway has this long to tell how an agent is set, ms. */
const LOOK_MS = 15_000;

/** Where a task of a peer goes. */
export function placeOf(
  policy: PeerPolicy,
  agentId: string,
  peerId: PeerId,
  contextId: string,
): { readonly agentId: string; readonly sessionKey: string } {
  const { sessionKey } = policy;
  // The session's own agent is the one that is meant.
  const owner = sessionKey?.split(':')[1];
  return sessionKey !== null && owner === agentId
    ? { agentId, sessionKey }
    : { agentId, sessionKey: sessionKeyFor(agentId, peerId, contextId) };
}

/** Why nobody can tell that it is this peer who asks: then no policy may answer for the person. */
function unproven({ proof }: Pick<Delegation, 'proof'>): AppError | null {
  if (proof.kind !== 'relay') return null;
  if (proof.signed === 'pinned') {
    return proof.late === true
      ? appError('relay.late', `It came over ${proof.relay}, signed days ago.`)
      : null;
  }
  return proof.signed === 'wrong'
    ? appError('relay.not_signed', `It came over ${proof.relay}, which can forge any sender.`)
    : appError('relay.unproven', `It came over ${proof.relay}, which can forge any sender.`);
}

const isByPolicy = (d: Pick<Delegation, 'decision'>): boolean => d.decision?.by === 'policy';

/** Builds the gate. */
export function createGate(options: GateOptions): Gate {
  const { clock, audit, policies, agents, attention } = options;
  const refusals = new RateLimiter(clock, NOTED);

  const busyMs: Gate['busyMs'] = (table, peerId) =>
    table
      .runningOf(peerId)
      .filter(isByPolicy)
      .reduce(
        (sum, d) => sum + busyToday(d.startedAt ?? clock.now(), clock.now()),
        policies.used(peerId).busyMs,
      );

  return {
    busyMs,
    isUsedUp: (table, peerId) =>
      busyMs(table, peerId) >= policies.of(peerId).minutesPerDay * MINUTE_MS,
    isQuiet: (peerId) => isQuiet(policies.of(peerId), clock.now()),
    assertTaken: ({ peerId, name }, hops) => {
      const often = (): boolean => refusals.take(peerId) > 0;
      if (policies.of(peerId).mode === 'block') {
        if (!often()) audit.write('task_blocked', peerId, '');
        throw new UnsupportedOperationError({
          message: 'The person here takes no work from you now. Nothing was taken in.',
          metadata: { peerage: 'blocked' },
        });
      }
      if (hops <= MOST_HOPS) return;
      const text = `The work came through ${hops} gateways; nothing is taken in after ${MOST_HOPS}.`;
      if (!often()) {
        audit.write('task_chain_ended', peerId, text);
        attention.chainEnded({ peerId, caller: name, text });
      }
      throw new UnsupportedOperationError({
        message: `${text} Agents are passing it around.`,
        metadata: { peerage: 'policy.hops' },
      });
    },
    judged: (table, fresh) => {
      const { peerId, contextId } = fresh;
      if (peerId === null) return {};
      const policy = policies.of(peerId);
      const unsure = unproven(fresh);
      if (unsure) {
        audit.note('task_held', peerId, `${fresh.id}: ${unsure.code}`);
        return { held: unsure };
      }
      const verdict = judge(policy, {
        now: clock.now(),
        hops: fresh.hops,
        turns: fresh.turns,
        tasks: policies.used(peerId).tasks,
        busyMs: busyMs(table, peerId),
      });
      if (verdict.kind !== 'auto') {
        const held = verdict.kind === 'ask' ? verdict.held : null;
        if (held) audit.note('task_held', peerId, `${fresh.id}: ${held.code}`);
        return { held };
      }
      policies.use(peerId, { tasks: 1 });
      audit.note('task_accepted', peerId, `${fresh.id}: by policy, for ${verdict.agentId}`);
      return {
        ...placeOf(policy, verdict.agentId, peerId, contextId),
        state: 'accepted',
        decision: { what: 'accepted', by: 'policy', at: clock.now(), reason: '', edited: false },
      };
    },
    noted: (before, after) => {
      const { peerId, id } = after;
      if (before.decision !== after.decision && after.decision?.by === 'person') {
        const { what, reason, edited } = after.decision;
        const how =
          what === 'accepted' ? `for ${after.agentId}${edited ? ', edited' : ''}` : reason;
        audit.note(`task_${what}`, peerId, `${id}: by the person${how === '' ? '' : `; ${how}`}`);
      }
      if (before.state === after.state) return;
      if (after.state === 'asked_back') audit.note('task_asked_back', peerId, id);
      if (after.held && after.state === 'proposed') {
        audit.note('task_held', peerId, `${id}: ${after.held.code}`);
      }
      if (after.state === 'cancelled') audit.note('task_stopped', peerId, id);
      if (peerId === null || !isByPolicy(before)) return;
      if (before.startedAt === null) {
        // It waits for the person after all: it used nothing of the day on which it was let through.
        if (after.state === 'proposed') policies.use(peerId, { tasks: -1 }, before.decision?.at);
        return;
      }
      if (before.state === 'in_progress' && (isOver(after.state) || after.state === 'proposed')) {
        policies.use(peerId, { busyMs: busyToday(before.startedAt, clock.now()) });
      }
    },
    whyNot: async (d, signal) => {
      if (!isByPolicy(d) || d.peerId === null || d.agentId === null) return null;
      const policy = policies.of(d.peerId);
      if (policy.mode !== 'auto' || policy.agents[0] !== d.agentId) {
        return appError('policy.changed', 'It was let through by a policy that is no more.');
      }
      if (isQuiet(policy, clock.now())) {
        return appError('policy.quiet', 'Quiet hours began before an agent was free.');
      }
      const { agentId, sessionKey } = d;
      return within(clock, LOOK_MS, signal, (inner) => agents.unasked(agentId, sessionKey, inner));
    },
  };
}
