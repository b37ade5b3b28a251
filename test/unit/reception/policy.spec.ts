import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  appError,
  DEFAULT_POLICY,
  DELEGATION_EXTENSION,
  type DelegationId,
  type PeerId,
  type PeerPolicy,
} from '../../../electron/contract/index.ts';
import { type Rig, rpc, startRig, until, userMessage } from './parts/rig.ts';

const AUTO: PeerPolicy = { ...DEFAULT_POLICY, mode: 'auto', agents: ['main'] };
const MINUTE = 60_000;

/** What a peer may do here without the person, and what it may not. */
describe('the policy of a peer', () => {
  let rig: Rig;
  let token: string;
  let peerId: PeerId;
  beforeEach(async () => {
    rig = await startRig();
    ({ token, peerId } = await rig.peer('Bea'));
  });
  afterEach(() => rig.stop());

  const set = (changes: Partial<PeerPolicy>, from = AUTO) =>
    rig.call('policy.set', { peerId, policy: { ...from, ...changes } });
  const sent = async (text: string, more: Record<string, unknown> = {}) =>
    rpc(rig.origin(), token, 'SendMessage', {
      message: userMessage(text, more),
      configuration: { returnImmediately: true },
    });
  const send = async (text: string, more: Record<string, unknown> = {}): Promise<DelegationId> => {
    const { body } = await sent(text, more);
    if (body.error) throw new Error(body.error.message);
    return (body.result as unknown as { task: { id: DelegationId } }).task.id;
  };
  const note = (value: Record<string, unknown>) => ({
    metadata: { [DELEGATION_EXTENSION]: value },
  });
  const card = (id: DelegationId) => rig.reception.delegation(id);
  const audited = (what: string) => rig.audit().filter((row) => row.what === what);
  const finish = async (id: DelegationId) => {
    await until(() => card(id)?.state === 'in_progress');
    rig.agents.end(`peerage:${id}`, { kind: 'answered', text: 'Done.' });
    await until(() => card(id)?.state === 'completed');
  };

  it('asks the person where nothing was said', async () => {
    const view = await rig.call('policy.view', { peerId });
    expect(view).toMatchObject({ policy: DEFAULT_POLICY, canAsk: true, fixed: null });
    const id = await send('hello');
    expect(card(id)).toMatchObject({ state: 'proposed', held: null });
  });

  it('lets work through within the budget, to the agent that was chosen, and calls nobody', async () => {
    await set({});
    const id = await send('hello');
    await finish(id);
    expect(card(id)?.decision).toMatchObject({ what: 'accepted', by: 'policy' });
    expect(rig.agents.begun).toHaveLength(1);
    expect(rig.agents.begun[0]).toMatchObject({ agentId: 'main' });
    expect(rig.notices).toEqual([]);
    expect(audited('task_accepted')).toHaveLength(1);
    expect((await rig.call('policy.view', { peerId })).used.tasks).toBe(1);
  });

  it('blocks: nothing is taken in, the caller is told, and what is open can still be asked for', async () => {
    const before = await send('before');
    await set({ mode: 'block' });
    const { status, body } = await sent('after');
    expect([status, body.error?.code]).toEqual([200, -32_004]);
    expect(body.error?.message).toContain('takes no work from you');
    expect(rig.reception.delegations().map(({ id }) => id)).toEqual([before]);
    const asked = await rpc(rig.origin(), token, 'GetTask', { id: before });
    expect(asked.body.error).toBeUndefined();
    await sent('again');
    await until(() => audited('task_blocked').length > 0);
    expect(audited('task_blocked')).toHaveLength(1);
  });

  it('waits for the person where the day’s tasks are used up, says why, and begins anew tomorrow', async () => {
    await set({ tasksPerDay: 2 });
    await finish(await send('1', { contextId: 'a' }));
    await finish(await send('2', { contextId: 'b' }));
    const third = await send('3', { contextId: 'c' });
    expect(card(third)).toMatchObject({ state: 'proposed', held: { code: 'policy.tasks_used' } });
    expect(rig.notices).toEqual([`delegation ${third} Bea`]);
    expect(audited('task_held')).toHaveLength(1);
    const { decisions } = await rig.call('policy.decisions', { peerId });
    expect(decisions[0]).toMatchObject({ what: 'task_held', detail: 'Today’s tasks are used up' });
    rig.clock.jump(24 * 60 * MINUTE);
    expect(card(await send('4', { contextId: 'd' }))?.state).not.toBe('proposed');
  });

  it('gives a task back to the day that it was taken from, and not to the next one', async () => {
    await set({ tasksPerDay: 1 });
    rig.agents.down = appError('reception.gateway_down', 'It is off.');
    const id = await send('before midnight');
    expect(card(id)?.state).toBe('accepted');
    rig.clock.jump(24 * 60 * MINUTE);
    rig.agents.problem = appError('policy.unasked', '“main”: security “full”.');
    rig.agents.comeBack();
    await until(() => card(id)?.held?.code === 'policy.unasked');
    expect((await rig.call('policy.view', { peerId })).used.tasks).toBe(0);
    rig.agents.problem = null;
    expect(card(await send('one', { contextId: 'b' }))?.state).not.toBe('proposed');
    expect(card(await send('two', { contextId: 'c' }))?.held?.code).toBe('policy.tasks_used');
  });

  it('keeps the day’s budget over a restart', async () => {
    await set({ tasksPerDay: 1 });
    await send('1');
    rig = await rig.restart();
    expect(card(await send('2'))?.held?.code).toBe('policy.tasks_used');
  });

  it('counts the minutes that agents work, and stops what runs over them', async () => {
    await set({ minutesPerDay: 5 });
    const id = await send('long');
    await until(() => card(id)?.state === 'in_progress');
    await rig.clock.advance(4 * MINUTE);
    expect((await rig.call('policy.view', { peerId })).used.minutes).toBe(4);
    expect(card(id)?.state).toBe('in_progress');
    await rig.clock.advance(MINUTE);
    await until(() => card(id)?.state === 'failed');
    expect(card(id)?.error?.code).toBe('policy.minutes_used');
    expect(rig.agents.stopped).toEqual([`peerage:${id}`]);
    const { body } = await rpc(rig.origin(), token, 'GetTask', { id });
    expect(body.result).toMatchObject({
      status: {
        state: 'TASK_STATE_FAILED',
        message: { metadata: { reason: 'policy.minutes_used' } },
      },
    });
    const next = await send('next', { contextId: 'other' });
    expect(card(next)).toMatchObject({ state: 'proposed', held: { code: 'policy.minutes_used' } });
  });

  it('does not stop what a person let through, however long it takes', async () => {
    await set({ minutesPerDay: 1 }, { ...AUTO, mode: 'ask' });
    const id = await send('long');
    await rig.call('delegation.accept', { delegationId: id });
    await until(() => card(id)?.state === 'in_progress');
    await rig.clock.advance(10 * MINUTE);
    expect(card(id)?.state).toBe('in_progress');
  });

  it('waits in quiet hours, without a call, and tells the caller', async () => {
    const now = new Date(rig.clock.now());
    const minute = now.getHours() * 60 + now.getMinutes();
    const quiet = { from: minute, to: (minute + 60) % 1440 };
    await set({ quiet });
    const id = await send('psst');
    expect(card(id)).toMatchObject({ state: 'proposed', held: { code: 'policy.quiet' } });
    expect(rig.notices).toEqual([`delegation ${id} Bea quietly`]);
    const { body } = await rpc(rig.origin(), token, 'GetTask', { id });
    expect(JSON.stringify(body.result)).toContain('quiet hours');
    expect((await rig.call('policy.view', { peerId })).quietNow).toBe(true);
    rig.clock.jump(61 * MINUTE);
    expect(card(await send('loud', { contextId: 'b' }))?.state).not.toBe('proposed');
  });

  it('says nothing of the person’s hours where the peer is asked about anyway, and stays quiet', async () => {
    await set({ mode: 'ask', quiet: { from: 0, to: 0 } });
    const id = await send('psst');
    expect(card(id)?.held).toBeNull();
    expect(rig.notices).toEqual([`delegation ${id} Bea quietly`]);
  });

  describe('auto is refused', () => {
    it('while the agent may run any command unasked, and says why', async () => {
      rig.agents.problem = appError('policy.unasked', '“main”: security “full”.');
      await expect(set({})).rejects.toThrow('policy.unasked');
      expect((await rig.call('policy.view', { peerId })).policy.mode).toBe('ask');
      const { agents } = await rig.call('policy.targets', {});
      expect(agents).toMatchObject([{ id: 'main', problem: { code: 'policy.unasked' } }]);
    });

    it('without an agent', async () => {
      await expect(set({ agents: [] })).rejects.toThrow('policy.no_agent');
    });

    it('where the configuration file says ask; and blocking stays possible', async () => {
      rig.partners.fixed.set(peerId, 'ask');
      await expect(set({})).rejects.toThrow('policy.fixed');
      await set({ mode: 'block' });
      expect((await rig.call('policy.view', { peerId })).policy.mode).toBe('block');
    });
  });

  it('is looked at again at each hand-over: an agent that asks no more brings work back to the person', async () => {
    await set({});
    rig.agents.problem = appError('policy.unasked', '“main”: security “full”.');
    const id = await send('now');
    await until(() => card(id)?.held?.code === 'policy.unasked');
    expect(card(id)).toMatchObject({ state: 'proposed', agentId: null, decision: null });
    expect(rig.agents.begun).toEqual([]);
    await until(() => rig.notices.length > 0);
    expect(rig.notices).toEqual([`delegation ${id} Bea`]);
    expect((await rig.call('policy.view', { peerId })).used.tasks).toBe(0);
    // The person may let it through all the same.
    await rig.call('delegation.accept', { delegationId: id });
    await until(() => rig.agents.begun.length === 1);
    expect(card(id)).toMatchObject({ held: null, decision: { by: 'person' } });
  });

  it('counts as it is when an agent is free, not as it was when the work came', async () => {
    await set({});
    rig.agents.down = appError('reception.gateway_down', 'It is off.');
    const id = await send('later');
    expect(card(id)?.state).toBe('accepted');
    await set({ mode: 'ask' });
    rig.agents.comeBack();
    await until(() => card(id)?.held?.code === 'policy.changed');
    expect(rig.agents.begun).toEqual([]);
  });

  it('from the configuration file blocks, whatever the person chose before', async () => {
    await set({});
    rig.partners.fixed.set(peerId, 'block');
    expect((await sent('hello')).body.error?.code).toBe(-32_004);
    await expect(set({ mode: 'ask' })).rejects.toThrow('policy.fixed');
  });

  it('bounds also what the person can let through by mistake: agents and the session', async () => {
    rig.agents.known = [
      { id: 'main', name: 'Main', isDefault: true },
      { id: 'helper', name: 'Helper', isDefault: false },
    ];
    await set({ mode: 'ask', agents: ['helper'], sessionKey: 'agent:helper:desk' });
    const id = await send('hello');
    const accept = (agentId?: string) =>
      rig.call('delegation.accept', { delegationId: id, ...(agentId ? { agentId } : {}) });
    await expect(accept('main')).rejects.toThrow('policy.agent_not_allowed');
    await accept();
    await until(() => rig.agents.begun.length === 1);
    expect(rig.agents.begun[0]).toMatchObject({
      agentId: 'helper',
      sessionKey: 'agent:helper:desk',
    });
  });

  it('is for whoever proves to be this peer: over a relay only with the key that was compared', async () => {
    await set({});
    const over = async (signed: 'pinned' | 'unpinned' | 'none' | 'wrong') => {
      const proof = { kind: 'relay', relay: 'http://relay', agent: 'bea', signed } as const;
      const taken = await rig.reception.take(
        { peerId, name: 'Bea', proof },
        {
          ...{ messageId: `over-${signed}`, about: null, contextId: signed, text: signed },
          ...{ topic: null, priority: 'normal', deadlineAt: null, expected: null, hops: 0 },
          data: null,
        },
      );
      return taken.kind === 'taken' ? card(taken.id) : null;
    };
    for (const [signed, code] of [
      ['unpinned', 'relay.unproven'],
      ['none', 'relay.unproven'],
      ['wrong', 'relay.not_signed'],
    ] as const) {
      expect(await over(signed)).toMatchObject({ state: 'proposed', held: { code } });
    }
    expect((await over('pinned'))?.state).not.toBe('proposed');
  });

  const relayed = (
    signed: 'pinned' | 'unpinned' | 'none' | 'wrong',
    task: { readonly messageId: string; readonly about?: string; readonly late?: true },
  ) =>
    rig.reception.take(
      {
        ...{ peerId, name: 'Bea' },
        proof: {
          ...({ kind: 'relay', relay: 'http://relay', agent: 'bea', signed } as const),
          ...(task.late ? { late: true } : {}),
        },
      },
      {
        ...{ messageId: task.messageId, about: task.about ?? null, contextId: 'talk' },
        ...{ text: task.messageId, topic: null, priority: 'normal', deadlineAt: null },
        ...{ expected: null, hops: 0, data: null },
      },
    );

  it('takes no signature of long ago: a relay may bring again what is over and let go', async () => {
    await set({});
    const taken = await relayed('pinned', { messageId: 'old', late: true });
    expect(taken.kind === 'taken' && card(taken.id)).toMatchObject({
      state: 'proposed',
      held: { code: 'relay.late' },
    });
  });

  it('takes no answer to our question that is proven less than the task was', async () => {
    const taken = await relayed('pinned', { messageId: 'task' });
    if (taken.kind !== 'taken') throw new Error(taken.reason);
    await rig.call('delegation.askBack', { delegationId: taken.id, text: 'For how many?' });
    for (const signed of ['wrong', 'unpinned', 'none'] as const) {
      const forged = await relayed(signed, { messageId: `for ${signed}`, about: 'task' });
      expect(forged).not.toMatchObject({ id: taken.id });
      expect(card(taken.id)).toMatchObject({ state: 'asked_back' });
    }
    expect(await relayed('pinned', { messageId: 'four', about: 'task' })).toEqual(taken);
    expect(card(taken.id)).toMatchObject({ state: 'proposed' });
  });

  it('can be taken back: what was set before is given with what is set', async () => {
    const { before } = await set({ tasksPerDay: 3 });
    expect(before).toEqual(DEFAULT_POLICY);
    const { view } = await rig.call('policy.set', { peerId, policy: before });
    expect(view.policy).toEqual(DEFAULT_POLICY);
    expect(audited('policy_changed')).toHaveLength(2);
  });

  describe('ends chains of agents', () => {
    it('that came through too many gateways: the person is asked, and the caller told', async () => {
      await set({ hopLimit: 2 });
      expect(card(await send('two', note({ hops: 2 })))?.state).not.toBe('proposed');
      const id = await send('three', { ...note({ hops: 3 }), contextId: 'b' });
      expect(card(id)).toMatchObject({ state: 'proposed', held: { code: 'policy.hops' } });
      const { body } = await rpc(rig.origin(), token, 'GetTask', { id });
      expect(body.result).toMatchObject({
        status: { state: 'TASK_STATE_SUBMITTED', message: { metadata: { reason: 'policy.hops' } } },
      });
    });

    it('that nobody should pass on at all: nothing is taken in, and the person hears of it once', async () => {
      await set({});
      for (const text of ['a', 'b']) {
        const { body } = await sent(text, note({ hops: 17 }));
        expect(body.error?.code).toBe(-32_004);
        expect(body.error?.message).toContain('17 gateways');
      }
      expect(rig.reception.delegations()).toEqual([]);
      expect(rig.notices).toEqual([expect.stringContaining('chain Bea: ')]);
    });

    it('in which no person wrote for long, as the caller says', async () => {
      await set({ replyBudget: 3 });
      expect(card(await send('2', note({ turns: 2 })))?.state).not.toBe('proposed');
      const id = await send('3', { ...note({ turns: 3 }), contextId: 'b' });
      expect(card(id)?.held?.code).toBe('policy.replies');
    });

    it('and counts itself where the caller says nothing', async () => {
      await set({ replyBudget: 2 });
      const contextId = 'talk';
      await finish(await send('1', { contextId }));
      await finish(await send('2', { contextId }));
      const third = await send('3', { contextId });
      expect(card(third)?.held?.code).toBe('policy.replies');
      // A person's yes begins the count anew.
      await rig.call('delegation.accept', { delegationId: third });
      await finish(third);
      expect(card(await send('4', { contextId }))?.held).toBeNull();
    });
  });

  it('notes each decision of the person too', async () => {
    const [yes, no] = [await send('yes'), await send('no', { contextId: 'b' })];
    await rig.call('delegation.accept', { delegationId: yes });
    await rig.call('delegation.decline', { delegationId: no, reason: 'Not today.' });
    expect(audited('task_accepted')).toEqual([
      { what: 'task_accepted', peer_id: peerId, detail: `${yes}: by the person; for main` },
    ]);
    expect(audited('task_declined')[0]?.detail).toContain('Not today.');
    const { decisions } = await rig.call('policy.decisions', { peerId });
    expect(decisions.map(({ what, detail }) => `${what} ${detail}`)).toEqual([
      'task_declined by the person; Not today.',
      'task_accepted by the person; for main',
    ]);
  });
});
