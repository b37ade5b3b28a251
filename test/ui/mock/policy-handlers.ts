import {
  appError,
  DEFAULT_POLICY,
  fail,
  ok,
  type PolicyTarget,
  type PolicyView,
} from '../../../electron/contract/index.ts';
import { NOW } from './seeds.ts';
import type { MockHandlers } from './session.ts';
import type { World } from './world.ts';

const views = new WeakMap<World, Map<string, PolicyView>>();

/** What the mock's person said about peers; a test puts in whom it wants. */
export function policiesOf(world: World): Map<string, PolicyView> {
  const known = views.get(world) ?? new Map<string, PolicyView>();
  views.set(world, known);
  return known;
}

/** A peer that may ask, and about whom nobody said anything. */
export const freshPolicy = (peerId: PolicyView['peerId']): PolicyView => ({
  peerId,
  policy: DEFAULT_POLICY,
  canAsk: true,
  fixed: null,
  used: { tasks: 0, minutes: 0 },
  quietNow: false,
});

const AGENTS: readonly PolicyTarget[] = [
  {
    id: 'main',
    name: 'Main',
    isDefault: true,
    problem: appError('policy.unasked', '“main”: Its commands run with security “full”.'),
  },
  { id: 'helper', name: 'Helper', isDefault: false, problem: null },
];

/** Calls about policies, on a world. */
export function policyHandlers(world: World): MockHandlers {
  const policies = policiesOf(world);
  return {
    'policy.view': ({ peerId }) =>
      ok(policies.get(peerId) ?? { ...freshPolicy(peerId), canAsk: false }),
    'policy.set': ({ peerId, policy }) => {
      const view = policies.get(peerId) ?? freshPolicy(peerId);
      const [agent] = policy.agents;
      const problem = AGENTS.find((one) => one.id === agent)?.problem;
      if (policy.mode === 'auto' && problem) return fail(problem);
      const next = { ...view, policy };
      policies.set(peerId, next);
      const detail = world.details.get(peerId);
      if (detail) world.putDetail({ ...detail });
      return ok({ before: view.policy, view: next });
    },
    // One agent leaves no choice; a world with policies has two.
    'delegation.agents': () => ok({ agents: AGENTS.slice(0, policies.size > 0 ? 2 : 1) }),
    'delegation.sendBack': ({ delegationId }) =>
      ok({ threadId: delegationId as never, messageId: delegationId as never }),
    'policy.decisions': () =>
      ok({
        decisions: [
          { at: NOW - 240_000, what: 'task_held', detail: 'Today’s tasks are used up' },
          { at: NOW - 7_200_000, what: 'task_accepted', detail: 'by policy, for helper' },
        ],
      }),
    'policy.targets': () =>
      ok({
        agents: [...AGENTS],
        sessions: [{ key: 'agent:helper:desk', label: 'Desk', agentId: 'helper', updatedAt: null }],
      }),
  };
}
