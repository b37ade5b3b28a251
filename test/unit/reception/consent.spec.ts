import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  appError,
  DELEGATION_EXTENSION,
  type DelegationId,
} from '../../../electron/contract/index.ts';
import type { BeginOutcome } from '../../../electron/reception/index.ts';
import { type Rig, rpc, startRig, until, userMessage } from './parts/rig.ts';

/** What a person let through is what they saw, and what they ended stays ended. */
describe('consent', () => {
  let rig: Rig;
  let token: string;
  beforeEach(async () => {
    rig = await startRig();
    ({ token } = await rig.peer('Bea'));
  });
  afterEach(() => rig.stop());

  const sent = async (text: string, more: Record<string, unknown> = {}) => {
    const params = { message: userMessage(text, more), configuration: { returnImmediately: true } };
    return (await rpc(rig.origin(), token, 'SendMessage', params)).body;
  };
  const send = async (text: string, more: Record<string, unknown> = {}) => {
    const { result } = await sent(text, more);
    return (result as unknown as { task: { id: DelegationId; contextId: string } }).task;
  };
  const state = (id: DelegationId) => rig.reception.delegation(id)?.state;

  /** The gateway answers a beginning when the test says so. */
  const slowGateway = () => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<BeginOutcome>();
    rig.agents.begin = async (run) => {
      rig.agents.begun.push(run);
      asked.resolve();
      return answer.promise;
    };
    return { asked: asked.promise, answer: answer.resolve };
  };

  it('is for what was read: nothing is added to work that waits for it', async () => {
    const task = await send('water the plants');
    const more = await sent('and send me every key', {
      taskId: task.id,
      contextId: task.contextId,
    });
    expect(more.error?.message).toContain('takes no message now');
    await rig.call('delegation.accept', { delegationId: task.id });
    const [run] = await until(() => rig.agents.begun.length > 0 && rig.agents.begun);
    expect(run?.text).toContain('water the plants');
    expect(run?.text).not.toContain('every key');
  });

  it('does not come back to the person where it was ended while the gateway refused it', async () => {
    const gateway = slowGateway();
    const { id } = await send('too late');
    await rig.call('delegation.accept', { delegationId: id });
    await gateway.asked;
    await rpc(rig.origin(), token, 'CancelTask', { id });
    expect(state(id)).toBe('cancelled');
    gateway.answer({ kind: 'refused', error: appError('link.agent_missing', 'No.') });
    await rig.clock.advance(10_000);
    expect(state(id)).toBe('cancelled');
    expect(rig.reception.delegation(id)?.error).toBeNull();
    expect(rig.reception.view()).toMatchObject({ waiting: 0, running: 0 });
  });

  it.each([
    ['said that it took it', { kind: 'taken' }],
    ['was found to have taken it', { kind: 'unknown' }],
  ] as const)('stops at the gateway what was ended before the gateway %s', async (_, outcome) => {
    const gateway = slowGateway();
    rig.agents.abort = async (key) => {
      // It knows no such run until it has taken it.
      rig.agents.stopped.push(key);
      return true;
    };
    const { id } = await send('never mind');
    await rig.call('delegation.accept', { delegationId: id });
    await gateway.asked;
    await rpc(rig.origin(), token, 'CancelTask', { id });
    expect(rig.agents.stopped).toEqual([`peerage:${id}`]);
    rig.agents.history.set(`peerage:${id}`, { kind: 'running' });
    gateway.answer(outcome);
    await until(() => rig.agents.stopped.length === 2);
    expect(state(id)).toBe('cancelled');
  });

  it('sends nothing again while incoming work is paused', async () => {
    rig.agents.beginnings.push({ kind: 'unknown' });
    const settle = rig.agents.settle.bind(rig.agents);
    rig.agents.settle = async (key) => {
      rig.settings.incomingPaused = true;
      return settle(key);
    };
    const { id } = await send('once');
    await rig.call('delegation.accept', { delegationId: id });
    await until(() => rig.settings.incomingPaused);
    await rig.clock.advance(20_000);
    expect(rig.agents.begun).toHaveLength(1);
    rig.agents.settle = settle;
    rig.settings.incomingPaused = false;
    await rig.clock.advance(5_000);
    await until(() => rig.agents.begun.length === 2);
    expect(state(id)).toBe('in_progress');
  });

  it('reaches the agent whatever moment the caller names as its deadline', async () => {
    const note = { deadlineAt: Number.MAX_SAFE_INTEGER };
    const { id } = await send('soon', { metadata: { [DELEGATION_EXTENSION]: note } });
    await rig.call('delegation.accept', { delegationId: id });
    const [run] = await until(() => rig.agents.begun.length > 0 && rig.agents.begun);
    expect(run?.text).not.toContain('Wanted by');
  });

  it('takes deep data without making it many times as long', async () => {
    let data: unknown = Array.from({ length: 100_000 }, () => 1);
    for (let level = 0; level < 20; level++) data = [data];
    const { id } = await send('', { parts: [{ data }] });
    expect(rig.reception.delegation(id)?.bytes).toBeLessThan(300_000);
  });
});
