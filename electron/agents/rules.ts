/** Who may write without the person: pure rules. */
import type { AgentPolicy } from '../contract/index.ts';

const STRICTNESS: Readonly<Record<AgentPolicy, number>> = { allow: 0, ask: 1, never: 2 };

/**
 * What holds for one agent and one peer. Where both have a rule the stricter counts, and where neither
 * has one the person is asked.
 */
export function policyOf(peer: AgentPolicy | null, agent: AgentPolicy | null): AgentPolicy {
  if (peer === null || agent === null) return peer ?? agent ?? 'ask';
  return STRICTNESS[peer] >= STRICTNESS[agent] ? peer : agent;
}

/** What holds for a whole request. Recipients that are never written to are left out of it. */
export function policyOfAll(policies: readonly AgentPolicy[]): AgentPolicy {
  if (policies.every((policy) => policy === 'never')) return 'never';
  return policies.includes('ask') ? 'ask' : 'allow';
}

/** What becomes of a request before anybody is asked. */
export type Gate = 'go' | 'ask' | 'never' | 'budget' | 'limit';

/** Requests that may wait for the person at a time. */
export const MAX_WAITING = 20;

/** Decides. The person is not asked for what the day's budget has no room for. */
export function gate(facts: {
  readonly policies: readonly AgentPolicy[];
  /** Messages that agents sent within the last 24 hours, and may send. */
  readonly used: number;
  readonly budget: number;
  readonly waiting: number;
}): Gate {
  const policy = policyOfAll(facts.policies);
  if (policy === 'never') return 'never';
  const wanted = facts.policies.filter((one) => one !== 'never').length;
  if (facts.used + wanted > facts.budget) return 'budget';
  if (policy === 'allow') return 'go';
  return facts.waiting >= MAX_WAITING ? 'limit' : 'ask';
}
