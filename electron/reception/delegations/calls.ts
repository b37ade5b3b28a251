/** What a person does with incoming work, as calls of the contract. */
import { v7 } from 'uuid';
import { within } from '../../clock/deadline.ts';
import {
  type CallHandlers,
  codedError,
  type DelegationId,
  type DelegationState,
  isOver,
  ok,
  type PeerId,
  stateSentence,
} from '../../contract/index.ts';
import type { ReceptionOptions } from '../options.ts';
import { placeOf } from '../policy/gate.ts';
import type { Policies } from '../policy/policies.ts';
import { ANSWERABLE, answerByHand } from './by-hand.ts';
import { wholeText } from './content.ts';
import type { Delegations } from './delegations.ts';
import type { Delegation } from './rows.ts';
import { delegationView } from './views.ts';

/** The calls of the board about work that others gave us. */
export type DelegationHandlers = Pick<
  CallHandlers,
  | 'delegation.list'
  | 'delegation.open'
  | 'delegation.accept'
  | 'delegation.decline'
  | 'delegation.stop'
  | 'delegation.stopAll'
  | 'delegation.agents'
  | 'delegation.answer'
  | 'delegation.askBack'
  | 'delegation.snooze'
>;

const AGENTS_LIMIT_MS = 15_000;

/** The handlers over a home's delegations. */
export function delegationHandlers(
  delegations: Delegations,
  options: ReceptionOptions,
  policies: Policies,
): DelegationHandlers {
  const { clock, partners, agents, attention } = options;
  const { ledger } = delegations;
  const { table } = ledger;

  const find = (id: DelegationId): Delegation => {
    const d = table.byId(id);
    if (!d) throw codedError('reception.delegation_not_found', 'No delegation has this id.');
    return d;
  };
  const view = (d: Delegation) =>
    delegationView(d, d.peerId && partners.name(d.peerId), table.lastWord);

  /** Changes it once, and only from a state in which it waits. */
  const decide = async (
    id: DelegationId,
    from: readonly DelegationState[],
    changes: (now: Delegation) => Partial<Delegation>,
  ): Promise<Delegation> => {
    find(id);
    const done = await ledger.change(id, (now) => (from.includes(now.state) ? changes(now) : null));
    if (!done) throw codedError('reception.already_decided', stateSentence(find(id).state));
    attention.settle('delegation', id);
    return done;
  };

  /** @returns who asked. @throws CodedError reception.peer_gone */
  const assertPeer = ({ peerId }: Delegation): PeerId => {
    if (peerId === null || partners.name(peerId) === null) {
      throw codedError('reception.peer_gone', 'The peer that asked for it is gone.');
    }
    return peerId;
  };

  const isUnderWay = (d: Delegation): boolean =>
    d.state === 'accepted' || d.state === 'in_progress';

  /** False where the gateway did not say that it stopped. */
  const stop = async (d: Delegation): Promise<boolean> => {
    if (!(await delegations.halt(d))) return false;
    await ledger.change(d.id, (now) =>
      isOver(now.state) ? null : { state: 'cancelled', error: null },
    );
    return true;
  };

  /** The agent that the person named, if the own gateway has it; else its default one. */
  const agentFor = async (
    wanted: string | undefined,
    allowed: readonly string[],
  ): Promise<string> => {
    if (wanted !== undefined && allowed.length > 0 && !allowed.includes(wanted)) {
      throw codedError('policy.agent_not_allowed', `Its policy names ${allowed.join(', ')}.`);
    }
    const list = (signal: AbortSignal) => agents.agents(signal);
    const known = await within(clock, AGENTS_LIMIT_MS, null, list);
    const chosen = wanted ?? allowed[0];
    const found = known.find((agent) =>
      chosen === undefined ? agent.isDefault : agent.id === chosen,
    );
    if (found) return found.id;
    throw codedError('link.agent_missing', `The own gateway has no agent “${chosen ?? ''}”.`);
  };

  return {
    'delegation.list': ({ which, search, peerId, before, limit }) => {
      const from = before === undefined ? null : find(before).row;
      const found = table.page({
        which,
        search: search ?? '',
        peerId: peerId ?? null,
        before: from,
        limit: limit + 1,
      });
      return ok({ delegations: found.slice(0, limit).map(view), more: found.length > limit });
    },
    'delegation.open': ({ delegationId }) => {
      const d = find(delegationId);
      const turns = table.turns(d.id).map(({ author, text, at }) => ({ from: author, text, at }));
      const from = d.decision?.what === 'answered' ? ('us' as const) : ('agent' as const);
      const answered =
        d.answer === null ? [] : [{ from, text: d.answer, at: d.answerAt ?? d.changedAt }];
      return ok({
        delegation: view(d),
        text: d.editedText ?? wholeText(turns),
        turns: [...turns, ...answered],
      });
    },
    'delegation.accept': async ({ delegationId, agentId: wanted, text }) => {
      const d = find(delegationId);
      if (d.state !== 'proposed') {
        throw codedError('reception.already_decided', stateSentence(d.state));
      }
      const peerId = assertPeer(d);
      const policy = policies.of(peerId);
      const agentId = await agentFor(wanted, policy.agents);
      const whole = wholeText(table.turns(d.id).map((turn) => ({ ...turn, from: turn.author })));
      const edited = text !== undefined && text !== whole;
      await decide(delegationId, ['proposed'], (now) => ({
        state: 'accepted',
        phase: 'none',
        ...placeOf(policy, agentId, peerId, now.contextId),
        held: null,
        editedText: edited ? text : null,
        decision: { what: 'accepted', by: 'person', at: clock.now(), reason: '', edited },
        snoozedUntil: null,
        error: null,
      }));
      delegations.wake();
      return ok({});
    },
    'delegation.decline': async ({ delegationId, reason }) => {
      await decide(delegationId, ['proposed', 'asked_back'], () => ({
        state: 'declined',
        decision: { what: 'declined', by: 'person', at: clock.now(), reason, edited: false },
        question: null,
        snoozedUntil: null,
        error: null,
        held: null,
      }));
      return ok({});
    },
    'delegation.stop': async ({ delegationId }) => {
      const d = find(delegationId);
      if (!isUnderWay(d)) throw codedError('reception.not_running', stateSentence(d.state));
      if (!(await stop(d))) {
        throw codedError('reception.gateway_down', 'The gateway did not say that it stopped.');
      }
      return ok({});
    },
    'delegation.agents': async () => {
      const known = await within(clock, AGENTS_LIMIT_MS, null, (signal) => agents.agents(signal));
      return ok({ agents: [...known] });
    },
    'delegation.stopAll': async () => {
      const all = table.open().filter(isUnderWay);
      const stopped = await Promise.all(all.map(stop));
      const done = stopped.filter(Boolean).length;
      return ok({ stopped: done, left: all.length - done });
    },
    'delegation.answer': async ({ delegationId, ...given }) => {
      const before = find(delegationId);
      assertPeer(before);
      const { text, files } = await answerByHand(given);
      let working: Delegation | null = null;
      const at = clock.now();
      // Noted before the run is stopped: what that ends with is no answer any more.
      await decide(delegationId, ANSWERABLE, (now) => {
        working = isUnderWay(now) ? now : null;
        return {
          state: 'completed',
          decision: { what: 'answered', by: 'person', at, reason: '', edited: false },
          answer: text,
          answerAt: at,
          answerParts: ledger.answerFiles.put(now.id, files),
          // What they wrote last is no reply to a question that they left open.
          question: now.state === 'asked_back' ? null : now.question,
          snoozedUntil: null,
          error: null,
          held: null,
        };
      });
      return ok({ stopped: working === null || (await delegations.halt(working)) });
    },
    'delegation.askBack': async ({ delegationId, text }) => {
      if (text.trim() === '') throw codedError('call.invalid_input', 'The question is empty.');
      await decide(delegationId, ['proposed'], (now) => {
        table.addMessage(now.id, 'us', null, v7({ msecs: clock.now() }), text, clock.now());
        return { state: 'asked_back', question: text, snoozedUntil: null };
      });
      return ok({});
    },
    'delegation.snooze': async ({ delegationId, until }) => {
      find(delegationId);
      await ledger.change(delegationId, (now) =>
        now.state === 'proposed' ? { snoozedUntil: until, changedAt: now.changedAt } : null,
      );
      attention.settle('delegation', delegationId);
      return ok({});
    },
  };
}
