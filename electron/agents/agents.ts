/**
 * Requests of local agents: what an agent wants to send is stored first, then goes by a rule or waits
 * for the person, and is done once. Everything stays as a list of who asked what.
 */
import { v7 } from 'uuid';
import type { Cancel } from '../clock/clock.ts';
import {
  type AgentPolicy,
  type AppError,
  type Ask,
  appError,
  CodedError,
  fail,
  ok,
  type PeerId,
  type RequestId,
  type RequestView,
} from '../contract/index.ts';
import type { Agents, AgentsOptions, Outcome } from './options.ts';
import { type Gate, gate, policyOf } from './rules.ts';
import { requestTable } from './table.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Nobody decided for this long: the text may not be true any more. */
const EXPIRES_MS = DAY_MS;
const LOOK_EVERY_MS = 60_000;
/** Requests kept for the list. */
const KEPT = 10_000;
const KEPT_MARKS = 200;
const AGENTS_OF_MS = 30 * DAY_MS;

const ONLY_STORES: ReadonlySet<Ask['verb']> = new Set(['send', 'delegate', 'respond']);

const ERRORS: Readonly<Record<Exclude<Gate, 'go' | 'ask'>, () => AppError>> = {
  never: () => appError('agent.never', 'A rule of the person says so.'),
  budget: () => appError('agent.budget_spent', 'The last 24 hours count.'),
  limit: () => appError('agent.too_many_waiting', ''),
};

/** Opens the agents' room of a home. */
export function createAgents(options: AgentsOptions): Agents {
  const { store, clock, changed, attention, log } = options;
  const table = requestTable(store);
  const under = new Set<Promise<unknown>>();
  let stopping = false;
  let cancels: Cancel[] = [];

  const tell = (id: RequestId): void => {
    changed({ type: 'request', id });
    changed({ type: 'app' });
  };
  const view = (id: RequestId): RequestView | null => {
    const row = table.byId.get(id);
    return row ? table.view(row) : null;
  };
  const policy = (agent: string, peerId: PeerId): AgentPolicy =>
    policyOf(
      table.rule.get('peer', peerId)?.policy ?? null,
      table.rule.get('agent', agent)?.policy ?? null,
    );
  /** Who reads along cannot be left out: where one of them has a stricter rule, the person is asked. */
  const policies: Agents['policies'] = (agent, { recipients, readers = [] }) => {
    const free = readers.every((peerId) => policy(agent, peerId) === 'allow');
    return recipients.map(({ peerId }) => {
      const own = policy(agent, peerId);
      return own === 'allow' && !free ? 'ask' : own;
    });
  };
  const used = (): number => table.used.get(clock.now() - DAY_MS)?.count ?? 0;

  /** Does a request that is in `sending`; its end is stored in one piece. */
  const carryOut = async (id: RequestId): Promise<AppError | null> => {
    const row = table.byId.get(id);
    const whole = table.whole.get(id);
    if (row?.state !== 'sending' || !whole) return null;
    const open = table.recipientsOf(id, -1).filter((one) => one.error === null);
    let outcomes: readonly Outcome[];
    try {
      outcomes = await options.perform({
        id,
        agent: row.agent,
        byPerson: row.decided_by === 'person',
        ask: { ...(JSON.parse(whole.ask) as Ask), text: whole.text },
        recipients: open.map((one) => one.peerId),
        stored: (threadId, messageId) => {
          const [only] = open;
          if (!only || open.length > 1) return;
          table.settleRecipient.run(threadId, messageId, null, id, only.peerId);
          table.end.run('done', null, id);
        },
      });
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      outcomes = open.map(({ peerId }) => ({ peerId, error: error.error }));
    }
    if (table.byId.get(id)?.state !== 'sending') {
      tell(id);
      return null;
    }
    const failures = outcomes.flatMap((one) => ('error' in one ? [one.error] : []));
    const error = failures.length === outcomes.length ? (failures[0] ?? null) : null;
    await store.write(() => {
      for (const one of outcomes) {
        const stored = 'error' in one ? null : one;
        table.settleRecipient.run(
          stored?.threadId ?? null,
          stored?.messageId ?? null,
          'error' in one ? JSON.stringify(one.error) : null,
          id,
          one.peerId,
        );
      }
      table.end.run(error ? 'failed' : 'done', error ? JSON.stringify(error) : null, id);
    });
    tell(id);
    return error;
  };

  /** The same, noted so that a stop waits for it. */
  const doing = <T>(work: Promise<T>): Promise<T> => {
    under.add(work);
    const done = (): void => {
      under.delete(work);
    };
    work.then(done, done);
    return work;
  };

  const settle = async (
    id: RequestId,
    state: 'sending' | 'denied' | 'expired',
    by: 'person' | 'time',
    reason: string,
    error: AppError | null,
  ): Promise<boolean> => {
    const changes = await store.write(() =>
      table.decide.run(state, by, clock.now(), reason, error ? JSON.stringify(error) : null, id),
    );
    if (changes === 0) return false;
    attention.settle(id);
    tell(id);
    return true;
  };

  const expire = async (): Promise<void> => {
    for (const { id } of table.expired.all(clock.now() - EXPIRES_MS)) {
      await settle(id, 'expired', 'time', '', appError('agent.not_decided', 'A day went by.'));
    }
  };
  const look = (): void => {
    if (stopping) return;
    doing(expire()).catch((error: unknown) => log(`agents: ${String(error)}`));
  };

  return {
    view,
    policy,
    policies,
    used,
    recipients: (id) => table.recipientsOf(id, -1),
    waiting: () =>
      table.open
        .all()
        .filter((row) => row.state === 'waiting')
        .map((row) => table.view(row)),
    budgetLeft: () => Math.max(0, options.settings().agentBudget - used()),
    lastThreads: (peerId, agent) =>
      table.lastThreads.all(peerId, agent).map((row) => row.thread_id),
    mark: (agent) => table.mark.get(agent)?.mark ?? null,
    setMark: (agent, mark) =>
      store.write(() => {
        table.setMark.run(agent, mark, clock.now());
        table.trimMarks.run(KEPT_MARKS);
      }),
    ask: async (agent, ask, described) => {
      const id = v7() as RequestId;
      const { recipients, text, kind, topic, facts } = described;
      const { text: _, ...rest } = ask;
      const judgedBy = policies(agent, described);
      // In the turn of the write: two askers at once do not both take the last of the budget.
      const judged: { verdict: Gate | null } = { verdict: null };
      const storing = store.write(() => {
        const verdict = gate({
          policies: judgedBy,
          used: used(),
          budget: options.settings().agentBudget,
          waiting: table.waiting.get()?.count ?? 0,
        });
        const refused = verdict === 'go' || verdict === 'ask' ? null : verdict;
        const state = verdict === 'go' ? 'sending' : verdict === 'ask' ? 'waiting' : 'refused';
        const by = refused === null || refused === 'never' ? 'rule' : refused;
        const now = clock.now();
        table.insert.run(
          ...[
            id,
            agent,
            ask.verb,
            JSON.stringify(rest),
            text,
            Buffer.byteLength(text),
            kind,
            topic,
          ],
          ...[JSON.stringify(facts), state, now],
          ...(verdict === 'ask' ? [null, null] : [by, now]),
          refused ? JSON.stringify(ERRORS[refused]()) : null,
        );
        for (const [position, { peerId, name }] of recipients.entries()) {
          const never = judgedBy[position] === 'never' ? JSON.stringify(ERRORS.never()) : null;
          table.addRecipient.run(id, position, peerId, name, never);
        }
        table.trim.run(KEPT, now - DAY_MS);
        judged.verdict = verdict;
      });
      const { verdict } = judged;
      // What only stores a message goes into the same transaction. What reaches out waits for the disk.
      const together = verdict === 'go' && ONLY_STORES.has(ask.verb);
      await Promise.all([storing, together && doing(carryOut(id))]);
      if (verdict === 'go' && !together) await doing(carryOut(id));
      const stored = view(id);
      if (!stored) throw new Error('the request is not there');
      if (verdict === 'ask') attention.ask(stored);
      if (verdict !== 'go') tell(id);
      return stored;
    },
    handlers: {
      'agents.requests': ({ peerId, before, limit }) => {
        const from =
          before === undefined ? Number.MAX_SAFE_INTEGER : (table.byId.get(before)?.row ?? 0);
        const rows =
          peerId === undefined
            ? table.page.all(from, limit + 1)
            : table.pageOfPeer.all(from, peerId, limit + 1);
        const requests = rows.slice(0, limit).map((row) => table.view(row));
        return ok({ requests, more: rows.length > limit });
      },
      'agents.request': ({ requestId }) => {
        const row = table.byId.get(requestId);
        const whole = table.whole.get(requestId);
        return row && whole
          ? ok({ request: table.view(row), text: whole.text })
          : fail(appError('agent.request_not_found', ''));
      },
      'agents.decide': async ({ requestId, decision, reason }) => {
        if (!table.byId.get(requestId)) return fail(appError('agent.request_not_found', ''));
        const approve = decision === 'approve';
        const error = approve ? null : appError('agent.denied', reason);
        const first = await settle(
          requestId,
          approve ? 'sending' : 'denied',
          'person',
          reason,
          error,
        );
        if (!first) return ok({ outcome: 'done_before' });
        const trouble = approve ? await doing(carryOut(requestId)) : null;
        return trouble ? fail(trouble) : ok({ outcome: 'done' });
      },
      'agents.rules': () =>
        ok({
          rules: table.rules.all().map(({ kind, subject, policy: of }) => ({
            subject:
              kind === 'peer' ? { kind, peerId: subject as PeerId } : { kind, agent: subject },
            policy: of,
          })),
          agents: table.agentsSince.all(clock.now() - AGENTS_OF_MS).map((row) => row.agent),
          usedToday: used(),
        }),
      'agents.setRule': async ({ subject, policy: of }) => {
        const name = subject.kind === 'peer' ? subject.peerId : subject.agent;
        await store.write(() => {
          if (of === null) table.dropRule.run(subject.kind, name);
          else table.setRule.run(subject.kind, name, of);
        });
        return ok({});
      },
    },
    start: async () => {
      cancels = [clock.every(LOOK_EVERY_MS, look), clock.onWake(look)];
      for (const row of table.open.all()) if (row.state === 'sending') await carryOut(row.id);
      look();
    },
    stop: async () => {
      stopping = true;
      for (const cancel of cancels) cancel();
      while (under.size > 0) await Promise.allSettled(under);
    },
  };
}
