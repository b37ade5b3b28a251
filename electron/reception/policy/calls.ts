/** What a person says about a peer's work, as calls of the contract. */

import type { Clock } from '../../clock/clock.ts';
import { within } from '../../clock/deadline.ts';
import {
  type AppError,
  type CallHandlers,
  type ChangeSink,
  CodedError,
  codedError,
  type ErrorCode,
  errorRegistry,
  ok,
  type PeerId,
  type PeerPolicy,
  PolicyDecision,
  type PolicyView,
} from '../../contract/index.ts';
import type { Audit } from '../audit.ts';
import type { DelegationTable } from '../delegations/table.ts';
import type { AgentDoor, Partners } from '../options.ts';
import type { Tokens } from '../tokens.ts';
import type { Gate } from './gate.ts';
import { isQuiet } from './judge.ts';
import type { Policies } from './policies.ts';

/** The calls of a peer's page about what it may have done here without being asked. */
export type PolicyHandlers = Pick<
  CallHandlers,
  'policy.decisions' | 'policy.view' | 'policy.set' | 'policy.targets'
>;

/** What those calls read and change; `table` tells what is used up by now. */
export interface PolicyCallOptions {
  readonly clock: Clock;
  readonly audit: Audit;
  readonly tokens: Tokens;
  readonly partners: Partners;
  readonly agents: AgentDoor;
  readonly policies: Policies;
  readonly gate: Gate;
  readonly table: DelegationTable;
  readonly changed: ChangeSink;
}

const LOOK_MS = 15_000;
const MINUTE_MS = 60_000;
/** Lines of the audit that are looked through, and told: it holds more than decisions. */
const LOOKED_AT = 100;
const SHOWN = 20;

/** The id that a line begins with is of no use to a person, and a code is told by its title. */
function plain(detail: string): string {
  const said = detail.replace(/^[0-9a-f-]{36}(?:: )?/, '');
  return Object.hasOwn(errorRegistry, said) ? errorRegistry[said as ErrorCode].title : said;
}

/** The handlers over a home's policies. */
export function policyHandlers(options: PolicyCallOptions): PolicyHandlers {
  const { clock, audit, tokens, partners, agents, policies, gate, table } = options;

  const view = (peerId: PeerId): PolicyView => {
    const policy = policies.of(peerId);
    return {
      peerId,
      policy,
      canAsk: tokens.of(peerId) !== null,
      fixed: partners.fixedPolicy(peerId),
      used: {
        tasks: policies.used(peerId).tasks,
        minutes: Math.floor(gate.busyMs(table, peerId) / MINUTE_MS),
      },
      quietNow: isQuiet(policy, clock.now()),
    };
  };

  const assertThere = (peerId: PeerId): void => {
    if (partners.name(peerId) === null) {
      throw codedError('peer.not_found', 'No peer has this id, or it was removed.');
    }
  };

  /** Why `auto` cannot be had; null = it can. */
  const whyNotAuto = async (peerId: PeerId, policy: PeerPolicy): Promise<AppError | null> => {
    if (partners.fixedPolicy(peerId) !== null) {
      return codedError('policy.fixed', 'It says that the person is asked about this peer.').error;
    }
    const [agentId] = policy.agents;
    if (agentId === undefined) {
      return codedError('policy.no_agent', 'Letting work through needs to know where to.').error;
    }
    return within(clock, LOOK_MS, null, (signal) =>
      agents.unasked(agentId, policy.sessionKey, signal),
    );
  };

  const summary = ({ mode, agents: reach, tasksPerDay, minutesPerDay }: PeerPolicy): string =>
    mode === 'auto'
      ? `auto, to ${reach[0]}, ${tasksPerDay} tasks and ${minutesPerDay} minutes a day`
      : mode;

  return {
    'policy.view': ({ peerId }) => {
      assertThere(peerId);
      return ok(view(peerId));
    },
    'policy.set': async ({ peerId, policy }) => {
      assertThere(peerId);
      const before = policies.chosen(peerId);
      if (policy.mode !== 'block' && partners.fixedPolicy(peerId) === 'block') {
        throw codedError('policy.fixed', 'It blocks this peer.');
      }
      if (policy.sessionKey !== null && !/^agent:[^:]+:.+/.test(policy.sessionKey)) {
        throw codedError('call.invalid_input', 'A session key begins with agent:<agent>:.');
      }
      const problem = policy.mode === 'auto' ? await whyNotAuto(peerId, policy) : null;
      if (problem) throw new CodedError(problem);
      await policies.set(peerId, policy, () =>
        audit.note('policy_changed', peerId, `from ${summary(before)} to ${summary(policy)}`),
      );
      options.changed({ type: 'peerDetail', id: peerId, peerId });
      return ok({ before, view: view(peerId) });
    },
    'policy.decisions': ({ peerId }) => {
      const rows = audit.newestOf(peerId, LOOKED_AT);
      const read = rows.map((row) => PolicyDecision.safeParse(row));
      const decisions = read.flatMap(({ data }) =>
        data ? [{ ...data, detail: plain(data.detail) }] : [],
      );
      return ok({ decisions: decisions.slice(0, SHOWN) });
    },
    'policy.targets': async () =>
      within(clock, LOOK_MS, null, async (signal) => {
        const known = await agents.agents(signal);
        const looked = await Promise.all(
          known.map(async (agent) => ({
            ...agent,
            problem: await agents.unasked(agent.id, null, signal),
          })),
        );
        return ok({ agents: looked, sessions: [...(await agents.sessions(signal))] });
      }),
  };
}
