import { type AgentRule, appError, fail, ok } from '../../../electron/contract/index.ts';
import type { MockHandlers } from './session.ts';
import type { World } from './world.ts';

const same = (a: AgentRule['subject'], b: AgentRule['subject']): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** Calls about what local agents ask for, on a world. */
export function agentHandlers(world: World): MockHandlers {
  let rules: AgentRule[] = [];
  let installed = false;
  const skill = () =>
    ok({
      skill: installed ? ('current' as const) : ('none' as const),
      openclaw: true,
      folder: '/home/ada/.openclaw/skills/peerage',
      command: installed ? '/home/ada/.local/bin/peerage' : null,
      launcher: installed ? '/home/ada/.local/bin/peerage' : null,
    });
  return {
    'agents.rules': () =>
      ok({
        rules,
        agents: [...new Set(world.asked.map((one) => one.agent))],
        usedToday: world.asked.filter((one) => one.state === 'done').length,
      }),
    'agents.skill': skill,
    'agents.installSkill': () => {
      installed = true;
      return skill();
    },
    'agents.removeSkill': () => {
      installed = false;
      return skill();
    },
    'agents.setRule': ({ subject, policy }) => {
      rules = rules.filter((one) => !same(one.subject, subject));
      if (policy) rules.push({ subject, policy });
      return ok({});
    },
    'agents.requests': () => ok({ requests: [...world.asked], more: false }),
    'agents.request': ({ requestId }) => {
      const request = world.asked.find((one) => one.id === requestId);
      return request
        ? ok({ request, text: `${request.text} and the rest of it` })
        : fail(appError('agent.request_not_found', ''));
    },
    'agents.decide': ({ requestId, decision }) => {
      const request = world.requests.get(requestId);
      if (!request) return ok({ outcome: 'done_before' });
      world.putRequest({
        ...request,
        state: decision === 'approve' ? 'done' : 'denied',
        decision: { by: 'person', at: world.now, reason: '' },
      });
      return ok({ outcome: 'done' });
    },
  };
}
