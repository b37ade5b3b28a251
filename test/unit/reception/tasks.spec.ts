import { Role, TaskState } from '@a2a-js/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DelegationId } from '../../../electron/contract/index.ts';
import { foreignClient, type Rig, rpc, startRig, until, userMessage } from './parts/rig.ts';

type Raw = {
  task: {
    id: string;
    status: { state: string };
    contextId: string;
    artifacts?: { parts: { text: string }[] }[];
  };
};

describe('work from a peer', () => {
  let rig: Rig;
  let token: string;
  let peerId: string;
  beforeEach(async () => {
    rig = await startRig();
    ({ token, peerId } = await rig.peer('Bea'));
  });
  afterEach(() => rig.stop());

  const send = async (text: string, more: Record<string, unknown> = {}) => {
    const params = { message: userMessage(text, more), configuration: { returnImmediately: true } };
    const { body } = await rpc(rig.origin(), token, 'SendMessage', params);
    if (body.error) throw new Error(body.error.message);
    return (body.result as unknown as Raw).task;
  };
  const state = (id: string) => rig.reception.delegation(id as DelegationId)?.state;

  it('waits for a person, as a submitted task', async () => {
    const task = await send('look at this');
    expect(task.status.state).toBe('TASK_STATE_SUBMITTED');
    const [card] = rig.reception.delegations();
    expect(card).toMatchObject({
      id: task.id,
      peerId,
      caller: 'Bea',
      text: 'look at this',
      state: 'proposed',
      proof: { kind: 'local' },
    });
    expect(rig.notices).toEqual([`delegation ${task.id} Bea`]);
    expect(rig.agents.begun).toEqual([]);
  });

  it('says that commands were refused on the way, and which ones to the person here alone', async () => {
    const task = await send('write it down');
    await rig.call('delegation.accept', { delegationId: task.id as DelegationId });
    const [run] = await until(() => rig.agents.begun.length > 0 && rig.agents.begun);
    const refused = ['Exec denied (SYSTEM_RUN_DENIED: no): printf key > /home/bea/x'];
    rig.agents.end(run?.key ?? '', { kind: 'answered', text: 'I could not.', refused });
    await until(() => state(task.id) === 'completed');
    expect(rig.reception.delegation(task.id as DelegationId)?.error).toMatchObject({
      code: 'reception.command_refused',
      detail: refused[0],
    });
    const { body } = await rpc(rig.origin(), token, 'GetTask', { id: task.id });
    const told = JSON.stringify(body.result);
    expect(told).toContain('The agent was refused a command over here');
    expect(told).not.toContain('/home/bea');
  });

  it('says so too where no answer came, and which commands it was to the person here alone', async () => {
    const task = await send('write it down');
    const id = task.id as DelegationId;
    await rig.call('delegation.accept', { delegationId: id });
    const [run] = await until(() => rig.agents.begun.length > 0 && rig.agents.begun);
    const refused = ['Exec denied (SYSTEM_RUN_DENIED: no): printf key > /home/bea/x'];
    rig.agents.end(run?.key ?? '', { kind: 'silent', refused });
    await rig.clock.advance(90_000);
    await until(() => state(task.id) === 'failed');
    expect(rig.reception.delegation(id)?.error?.detail).toContain(refused[0]);
    const { body } = await rpc(rig.origin(), token, 'GetTask', { id: task.id });
    const told = JSON.stringify([body.result, rig.reception.outcome(id)]);
    expect(told).toContain('It was refused commands over here');
    expect(told).not.toContain('/home/bea');
  });

  it('leaves an answer that is data as it is, whatever was refused on the way to it', async () => {
    const task = await send('count them');
    await rig.call('delegation.accept', { delegationId: task.id as DelegationId });
    const [run] = await until(() => rig.agents.begun.length > 0 && rig.agents.begun);
    const text = '```json\n{"lamps": 7}\n```';
    rig.agents.end(run?.key ?? '', { kind: 'answered', text, refused: ['Exec denied (x): y'] });
    await until(() => state(task.id) === 'completed');
    expect(rig.reception.delegation(task.id as DelegationId)?.answer?.text).toBe(text);
  });

  it('reaches the agent once accepted, framed, and its answer comes back as an artifact', async () => {
    const task = await send('add 2 and 3');
    await rig.call('delegation.accept', { delegationId: task.id as DelegationId });
    const [run] = await until(() => rig.agents.begun.length > 0 && rig.agents.begun);
    expect(run?.key).toBe(`peerage:${task.id}`);
    expect(run?.agentId).toBe('main');
    expect(run?.text).toContain('add 2 and 3');
    expect(run?.text).toContain('“Bea”');
    rig.agents.end(run?.key ?? '', { kind: 'answered', text: 'It is 5.' });
    await until(() => state(task.id) === 'completed');
    const client = await foreignClient(rig.origin(), token);
    const done = await client.getTask({ tenant: '', id: task.id });
    expect(done.status?.state).toBe(TaskState.TASK_STATE_COMPLETED);
    expect(done.artifacts[0]?.parts[0]?.content).toEqual({ $case: 'text', value: 'It is 5.' });
  });

  it('streams its states to the SDK’s own client', async () => {
    const client = await foreignClient(rig.origin(), token);
    const seen: string[] = [];
    const watching = (async () => {
      for await (const event of client.sendMessageStream({
        tenant: '',
        configuration: undefined,
        metadata: undefined,
        message: {
          messageId: 'm-1',
          contextId: '',
          taskId: '',
          role: Role.ROLE_USER,
          parts: [
            {
              content: { $case: 'text', value: 'go' },
              metadata: undefined,
              filename: '',
              mediaType: '',
            },
          ],
          metadata: undefined,
          extensions: [],
          referenceTaskIds: [],
        },
      })) {
        const payload = event.payload;
        if (payload?.$case === 'task') seen.push(`task ${payload.value.status?.state}`);
        if (payload?.$case === 'statusUpdate') seen.push(`status ${payload.value.status?.state}`);
        if (payload?.$case === 'artifactUpdate') seen.push('artifact');
      }
    })();
    const card = await until(() => rig.reception.delegations()[0]);
    await rig.call('delegation.accept', { delegationId: card.id });
    const [run] = await until(() => rig.agents.begun.length > 0 && rig.agents.begun);
    await until(() => state(card.id) === 'in_progress');
    rig.agents.end(run?.key ?? '', { kind: 'answered', text: 'Done.' });
    await watching;
    expect(seen[0]).toBe(`task ${TaskState.TASK_STATE_SUBMITTED}`);
    expect(seen).toContain('artifact');
    expect(seen.at(-1)).toBe(`status ${TaskState.TASK_STATE_COMPLETED}`);
  });

  it('answers a blocking caller within 25 s, and keeps the task', async () => {
    const asked = rpc(rig.origin(), token, 'SendMessage', { message: userMessage('wait for me') });
    await until(() => rig.reception.delegations().length === 1);
    await rig.clock.advance(25_000);
    const { body } = await asked;
    expect((body.result as unknown as Raw).task.status.state).toBe('TASK_STATE_SUBMITTED');
  });

  it('takes a message that comes twice once, and one of another peer with its id on its own', async () => {
    const message = userMessage('once');
    const params = { message, configuration: { returnImmediately: true } };
    const answers = await Promise.all(
      [1, 2, 3].map(() => rpc(rig.origin(), token, 'SendMessage', params)),
    );
    const ids = answers.map(({ body }) => (body.result as unknown as Raw).task.id);
    expect(new Set(ids).size).toBe(1);
    const other = await rig.peer('Cal');
    const { body } = await rpc(rig.origin(), other.token, 'SendMessage', params);
    expect((body.result as unknown as Raw).task.id).not.toBe(ids[0]);
    expect(rig.reception.delegations()).toHaveLength(2);
  });

  it('shows nobody another’s task: it is not there', async () => {
    const task = await send('private');
    const other = await rig.peer('Cal');
    for (const method of ['GetTask', 'CancelTask', 'SubscribeToTask']) {
      const theirs = await rpc(rig.origin(), other.token, method, { id: task.id });
      const none = await rpc(rig.origin(), other.token, method, { id: 'no-such-task' });
      expect(theirs.body.error?.code).toBe(-32_001);
      expect(theirs.body.error).toEqual(none.body.error);
    }
    expect(state(task.id)).toBe('proposed');
  });

  it('is told why it was declined', async () => {
    const task = await send('no chance');
    await rig.call('delegation.decline', {
      delegationId: task.id as DelegationId,
      reason: 'Not today.',
    });
    const { body } = await rpc(rig.origin(), token, 'GetTask', { id: task.id });
    expect(body.result).toMatchObject({
      status: { state: 'TASK_STATE_REJECTED', message: { parts: [{ text: 'Not today.' }] } },
    });
    await expect(
      rig.call('delegation.accept', { delegationId: task.id as DelegationId }),
    ).rejects.toThrow('reception.already_decided');
  });

  it('is asked back, and the answer resumes the same task', async () => {
    const task = await send('book a room');
    await rig.call('delegation.askBack', {
      delegationId: task.id as DelegationId,
      text: 'For when?',
    });
    const asked = await rpc(rig.origin(), token, 'GetTask', { id: task.id });
    expect(asked.body.result).toMatchObject({
      status: { state: 'TASK_STATE_INPUT_REQUIRED', message: { parts: [{ text: 'For when?' }] } },
    });
    const again = await send('Monday', { taskId: task.id, contextId: task.contextId });
    expect(again.id).toBe(task.id);
    expect(state(task.id)).toBe('proposed');
    await rig.call('delegation.accept', { delegationId: task.id as DelegationId });
    const [run] = await until(() => rig.agents.begun.length > 0 && rig.agents.begun);
    expect(run?.text).toContain('book a room');
    expect(run?.text).toContain('Asked back: For when?');
    expect(run?.text).toContain('Answer: Monday');
  });

  it('names each question by itself, and the same one the same way', async () => {
    const task = await send('book a room');
    const delegationId = task.id as DelegationId;
    const question = async (): Promise<string | undefined> => {
      const { body } = await rpc(rig.origin(), token, 'GetTask', { id: task.id });
      return (body.result as unknown as { status?: { message?: { messageId: string } } }).status
        ?.message?.messageId;
    };
    await rig.call('delegation.askBack', { delegationId, text: 'For when?' });
    const first = await question();
    expect(await question()).toBe(first);
    await send('Monday', { taskId: task.id, contextId: task.contextId });
    await rig.call('delegation.askBack', { delegationId, text: 'For how many?' });
    expect(await question()).not.toBe(first);
  });

  it('gives the agent what the person edited, and says so on the card', async () => {
    const task = await send('delete everything');
    const delegationId = task.id as DelegationId;
    await rig.call('delegation.accept', { delegationId, text: 'list everything' });
    const [run] = await until(() => rig.agents.begun.length > 0 && rig.agents.begun);
    expect(run?.text).toContain('list everything');
    expect(run?.text).not.toContain('delete everything');
    expect(rig.reception.delegation(delegationId)?.decision?.edited).toBe(true);
  });

  it('is cancelled by its caller, also while the agent works', async () => {
    const waiting = await send('first');
    await rpc(rig.origin(), token, 'CancelTask', { id: waiting.id });
    expect(state(waiting.id)).toBe('cancelled');
    const running = await send('second');
    await rig.call('delegation.accept', { delegationId: running.id as DelegationId });
    await until(() => state(running.id) === 'in_progress');
    const { body } = await rpc(rig.origin(), token, 'CancelTask', { id: running.id });
    expect(body.result).toMatchObject({ status: { state: 'TASK_STATE_CANCELED' } });
    expect(rig.agents.stopped).toEqual([`peerage:${running.id}`]);
    const again = await rpc(rig.origin(), token, 'CancelTask', { id: running.id });
    expect(again.body.error?.code).toBe(-32_002);
  });

  it('is cancelled also where the gateway tells of the stopped run as of one that failed', async () => {
    const running = await send('second');
    await rig.call('delegation.accept', { delegationId: running.id as DelegationId });
    await until(() => state(running.id) === 'in_progress');
    rig.agents.endsStopped = { kind: 'failed', detail: 'The run ended with an error.' };
    const { body } = await rpc(rig.origin(), token, 'CancelTask', { id: running.id });
    expect(body.result).toMatchObject({ status: { state: 'TASK_STATE_CANCELED' } });
    expect(state(running.id)).toBe('cancelled');
  });

  it('is refused while incoming work is paused, and what was taken in stays', async () => {
    const task = await send('before');
    rig.settings.incomingPaused = true;
    await expect(send('after')).rejects.toThrow(/paused/);
    expect(rig.reception.delegations().map((d) => d.id)).toEqual([task.id]);
    const { body } = await rpc(rig.origin(), token, 'GetTask', { id: task.id });
    expect(body.error).toBeUndefined();
  });

  it('is told of a pause by HTTP too, whether it would wait, listen or come back', async () => {
    rig.settings.incomingPaused = true;
    for (const method of [
      'SendMessage',
      'SendStreamingMessage',
      'message/send',
      'message/stream',
    ]) {
      const old = method.includes('/');
      const message = old
        ? { messageId: method, kind: 'message', role: 'user', parts: [{ kind: 'text', text: 'a' }] }
        : userMessage('a');
      const { status, headers, body } = await rpc(rig.origin(), token, method, { message });
      expect([method, status, headers.get('retry-after')]).toEqual([method, 503, '60']);
      expect(body.error?.message).toContain('paused');
    }
    expect(rig.reception.delegations()).toEqual([]);
  });

  it('is stopped as a whole, and only what is under way', async () => {
    const [one, two, three] = [await send('one'), await send('two'), await send('three')];
    for (const { id } of [one, two]) {
      await rig.call('delegation.accept', { delegationId: id as DelegationId });
    }
    await until(() => state(one.id) === 'in_progress' && state(two.id) === 'in_progress');
    expect(await rig.call('delegation.stopAll', {})).toEqual({ stopped: 2, left: 0 });
    expect([one, two, three].map(({ id }) => state(id))).toEqual([
      'cancelled',
      'cancelled',
      'proposed',
    ]);
    const { body } = await rpc(rig.origin(), token, 'GetTask', { id: one.id });
    expect(body.result).toMatchObject({ status: { state: 'TASK_STATE_CANCELED' } });
  });

  it('refuses more than 50 that wait, and loses none of them', async () => {
    for (let i = 0; i < 50; i++) {
      await send(`task ${i}`);
    }
    const more = await rpc(rig.origin(), token, 'SendMessage', {
      message: userMessage('one more'),
    });
    expect([more.status, more.headers.get('retry-after')]).toEqual([429, '60']);
    expect(more.body.error?.message).toMatch(/50 tasks of yours wait/);
    expect(rig.reception.view().waiting).toBe(50);
  });

  it('expires where nobody decides for seven days', async () => {
    const task = await send('forgotten');
    rig.clock.jump(7 * 24 * 3_600_000);
    await rig.clock.advance(600_000);
    await until(() => state(task.id) === 'expired');
    const { body } = await rpc(rig.origin(), token, 'GetTask', { id: task.id });
    expect(body.result).toMatchObject({
      status: { state: 'TASK_STATE_FAILED', message: { metadata: { reason: 'expired' } } },
    });
  });

  it('takes its own request for no reply to a question that nobody answered for seven days', async () => {
    const { id } = await send('forgotten');
    const delegationId = id as DelegationId;
    await rig.call('delegation.askBack', { delegationId, text: 'For when?' });
    rig.clock.jump(7 * 24 * 3_600_000);
    await rig.clock.advance(600_000);
    await until(() => state(id) === 'expired');
    expect(rig.reception.delegation(delegationId)).toMatchObject({ question: null, reply: null });
  });

  it('goes on over a restart, at whatever step it was', async () => {
    const waiting = await send('waits');
    const working = await send('works');
    await rig.call('delegation.accept', { delegationId: working.id as DelegationId });
    await until(
      () => rig.reception.delegation(working.id as DelegationId)?.state === 'in_progress',
    );
    rig = await rig.restart();
    expect(state(waiting.id)).toBe('proposed');
    rig.agents.end(`peerage:${working.id}`, { kind: 'answered', text: 'ready' });
    await until(() => state(working.id) === 'completed');
    expect(rig.agents.begun).toHaveLength(1);
  });

  it('never does a run twice whose beginning nobody saw the end of', async () => {
    const task = await send('careful');
    rig.agents.beginnings.push({ kind: 'unknown' });
    rig.agents.history.set(`peerage:${task.id}`, { kind: 'answered', text: 'was there' });
    await rig.call('delegation.accept', { delegationId: task.id as DelegationId });
    await until(() => state(task.id) === 'completed');
    expect(rig.agents.begun).toHaveLength(1);
  });

  it('sends a run again that surely never began, under the same key', async () => {
    const task = await send('again');
    rig.agents.beginnings.push({ kind: 'unknown' });
    await rig.call('delegation.accept', { delegationId: task.id as DelegationId });
    await until(() => rig.agents.begun.length === 2);
    expect(new Set(rig.agents.begun.map((run) => run.key)).size).toBe(1);
    expect(new Set(rig.agents.begun.map((run) => run.text)).size).toBe(1);
  });

  it('fails where nobody can tell whether it was done, and is not done again', async () => {
    const task = await send('unclear');
    rig.agents.beginnings.push({ kind: 'unknown' });
    rig.agents.history.set(`peerage:${task.id}`, { kind: 'cannot_tell', detail: 'gone from view' });
    await rig.call('delegation.accept', { delegationId: task.id as DelegationId });
    await until(() => state(task.id) === 'failed');
    expect(rig.reception.delegation(task.id as DelegationId)?.error?.code).toBe(
      'reception.outcome_unknown',
    );
    expect(rig.agents.begun).toHaveLength(1);
  });

  it('comes back to the person where the gateway does not take it', async () => {
    const task = await send('refused');
    const error = {
      code: 'link.agent_missing',
      title: 'The agent is gone',
      detail: 'No such agent.',
    };
    rig.agents.beginnings.push({ kind: 'refused', error });
    await rig.call('delegation.accept', { delegationId: task.id as DelegationId });
    await until(() => rig.reception.delegation(task.id as DelegationId)?.error !== null);
    expect(state(task.id)).toBe('proposed');
  });

  it('lets one work at a time into a session, in order', async () => {
    const first = await send('first');
    const second = await send('second', { contextId: first.contextId });
    for (const { id } of [first, second]) {
      await rig.call('delegation.accept', { delegationId: id as DelegationId });
    }
    await until(() => state(first.id) === 'in_progress');
    expect(state(second.id)).toBe('accepted');
    rig.agents.end(`peerage:${first.id}`, { kind: 'answered', text: '1' });
    await until(() => state(second.id) === 'in_progress');
    const sessions = rig.agents.begun.map((run) => run.sessionKey);
    expect(sessions[0]).toBe(sessions[1]);
  });

  it('gives two peers with the same context id sessions of their own', async () => {
    const other = await rig.peer('Cal');
    const params = (text: string) => ({
      message: userMessage(text, { contextId: 'shared' }),
      configuration: { returnImmediately: true },
    });
    for (const one of [token, other.token]) {
      const { body } = await rpc(rig.origin(), one, 'SendMessage', params('hello'));
      const { id } = (body.result as unknown as Raw).task;
      await rig.call('delegation.accept', { delegationId: id as DelegationId });
    }
    await until(() => rig.agents.begun.length === 2);
    expect(rig.agents.begun[0]?.sessionKey).not.toBe(rig.agents.begun[1]?.sessionKey);
  });

  it('ends with the partnership: open work, the token, and our own tokens', async () => {
    const task = await send('still open');
    const preview = await rig.call('partnership.preview', { peerId: peerId as never });
    expect(preview).toMatchObject({
      openDelegations: 1,
      theirToken: { lastUsedAt: expect.any(Number) },
    });
    const { left } = await rig.call('partnership.end', {
      peerId: peerId as never,
      removePeer: false,
    });
    expect(left).toEqual([]);
    expect(state(task.id)).toBe('cancelled');
    const refused = await rpc(rig.origin(), token, 'GetTask', { id: task.id });
    expect(refused.status).toBe(401);
    expect(rig.partners.told).toEqual([peerId]);
  });
});
