import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DELEGATION_EXTENSION } from '../../../../electron/contract/index.ts';
import { ForeignAgent, STATE, text } from '../../../fakes/a2a/foreign-agent.ts';
import { type A2aRig, envelope, startA2aRig } from '../../../fakes/a2a/link-rig.ts';

describe.each([
  { streaming: true, legacy: false, wire: 'A2A 1.0, streaming' },
  { streaming: false, legacy: false, wire: 'A2A 1.0, polling' },
  { streaming: true, legacy: true, wire: 'A2A 0.3, streaming' },
  { streaming: false, legacy: true, wire: 'A2A 0.3, polling' },
])('an A2A link over $wire', (options) => {
  let agent: ForeignAgent;
  let rig: A2aRig;
  beforeEach(async () => {
    agent = await ForeignAgent.start(options);
    rig = startA2aRig({ url: agent.origin, token: agent.token });
    await rig.state('online');
  });
  afterEach(async () => {
    await rig.stop();
    await agent.stop();
  });

  const send = async (body: string, sessionKey = rig.session(), lastRunId?: string) => {
    const key = rig.key();
    const message = { ...envelope(key, sessionKey, body), ...(lastRunId ? { lastRunId } : {}) };
    const outcome = await rig.link.send(message, rig.signal);
    return { key, sessionKey, outcome };
  };

  it('reads the card, shows it, pins it and proves the token before anything is sent', async () => {
    expect(rig.card).toMatchObject({
      name: 'Foreign agent',
      description: 'Does what the test says.',
      version: '7.1',
      peerage: false,
    });
    expect(rig.card?.limits.includes('whole_answers')).toBe(!options.streaming);
    expect(rig.pins.identity).toMatch(/^[0-9a-f]{64}$/);
    expect(await rig.link.agents(rig.signal)).toEqual([
      { id: 'agent', name: 'Foreign agent', isDefault: true },
    ]);
    expect(await rig.link.capabilities?.(rig.signal)).toEqual(['Sums', 'maths', 'sums']);
    expect(agent.turns).toEqual([]);
    expect(await rig.link.ping(rig.signal)).toBeGreaterThanOrEqual(0);
  });

  it('sends under our key and brings the whole answer under it', async () => {
    const { key, sessionKey, outcome } = await send('good day');
    expect(outcome.kind).toBe('acknowledged');
    const final = await rig.event('run_final', (event) => event.key === key);
    expect(final).toMatchObject({ sessionKey, text: 'echo: good day' });
    expect(final.asksBack).toBeUndefined();
    const [turn] = agent.turns;
    expect(turn?.message.messageId).toBe(key);
    expect(turn?.contextId).toBe(sessionKey);
    expect(outcome).toEqual({ kind: 'acknowledged', runId: turn?.taskId });
  });

  it('tells the work as data beside the text, and how it stands at the agent', async () => {
    const go = Promise.withResolvers<void>();
    agent.script('[Delegation] → Notes', async (turn) => {
      turn.status(STATE.working);
      await go.promise;
      turn.status(STATE.rejected, 'No time.');
    });
    const key = rig.key();
    const work = {
      topic: 'Notes',
      task: 'Draft them.',
      context: 'The last ten changes.',
      expected: 'Markdown',
      priority: 'high' as const,
      deadlineAt: 4_102_444_800_000,
      hops: 2,
    };
    const message = envelope(key, rig.session(), '[Delegation] → Notes');
    const sent = await rig.link.send({ ...message, work }, rig.signal);
    expect(sent.kind).toBe('acknowledged');
    await rig.event('run_state', (one) => one.key === key && one.state === 'in_progress');
    go.resolve();
    const end = await rig.event('run_ended', (event) => event.key === key);
    expect(end.work).toBe('declined');
    expect(agent.turns[0]?.message.metadata?.[DELEGATION_EXTENSION]).toEqual({
      topic: 'Notes',
      expected: 'Markdown',
      priority: 'high',
      deadlineAt: 4_102_444_800_000,
      hops: 2,
    });
  });

  it('tells what the agent does meanwhile, and how its answer grows', async () => {
    const go = Promise.withResolvers<void>();
    agent.script('slowly', async (turn) => {
      turn.status(STATE.working, 'Reading the file');
      await go.promise;
      turn.artifact('a', [text('One. ')]);
      turn.artifact('a', [text('Two.')], true);
      turn.status(STATE.completed);
    });
    const { key } = await send('slowly');
    const first = await rig.event('run_delta', (event) => event.key === key);
    expect(first.text).toBe('Reading the file');
    go.resolve();
    expect((await rig.event('run_final', (event) => event.key === key)).text).toBe('One. Two.');
    expect(rig.events.filter((event) => event.kind === 'run_final')).toHaveLength(1);
  });

  it('brings data and files with the answer', async () => {
    agent.script('files', (turn) => {
      turn.artifact('a', [
        text('See these.'),
        {
          content: { $case: 'data', value: { sum: 3 } },
          metadata: undefined,
          filename: '',
          mediaType: '',
        },
        {
          content: { $case: 'raw', value: Buffer.from('a,b\n1,2\n') },
          metadata: undefined,
          filename: 'table.csv',
          mediaType: 'text/csv',
        },
      ]);
      turn.status(STATE.completed);
    });
    const { key } = await send('files');
    const final = await rig.event('run_final', (event) => event.key === key);
    expect(final.text).toBe('See these.\n\n```json\n{\n  "sum": 3\n}\n```');
    expect(
      final.attachments?.map(({ name, mimeType, data }) => [name, mimeType, `${data}`]),
    ).toEqual([['table.csv', 'text/csv', Buffer.from('a,b\n1,2\n').toString()]]);
  });

  it('takes what the agent asks back as an answer, and answers it on the same task', async () => {
    agent.script('book', (turn) => {
      if (turn.resumed) {
        turn.artifact('a', [text(`booked: ${turn.text}`)]);
        turn.status(STATE.completed);
      } else turn.status(STATE.inputRequired, 'Which day?');
    });
    agent.script('Monday', (turn) => {
      turn.artifact('a', [text(`booked: ${turn.text}`)]);
      turn.status(STATE.completed);
    });
    const first = await send('book a table');
    const asked = await rig.event('run_final', (event) => event.key === first.key);
    expect(asked).toMatchObject({ text: 'Which day?', asksBack: true });
    const second = await send('Monday', first.sessionKey);
    const final = await rig.event('run_final', (event) => event.key === second.key);
    expect(final.text).toBe('booked: Monday');
    expect(agent.turns.map((turn) => turn.taskId)).toEqual([
      agent.turns[0]?.taskId,
      agent.turns[0]?.taskId,
    ]);
    expect(final.remoteId).not.toBe(asked.remoteId);
    const third = await send('something else', first.sessionKey);
    await rig.event('run_final', (event) => event.key === third.key);
    expect(agent.turns[2]?.taskId).not.toBe(agent.turns[0]?.taskId);
    expect(agent.turns[2]?.contextId).toBe(first.sessionKey);
  });

  it('answers a question also after a restart of the app, by what the last run was called', async () => {
    agent.script('book', (turn) => turn.status(STATE.inputRequired, 'Which day?'));
    const first = await send('book a table');
    await rig.event('run_final', (event) => event.key === first.key);
    await rig.stop();
    rig = startA2aRig({ url: agent.origin, token: agent.token });
    await rig.state('online');
    const runId = first.outcome.kind === 'acknowledged' ? first.outcome.runId : '';
    const second = await send('Monday', first.sessionKey, runId);
    await rig.event('run_final', (event) => event.key === second.key);
    expect(agent.turns[1]?.taskId).toBe(agent.turns[0]?.taskId);
  });

  it.each([
    { state: STATE.rejected, code: 'a2a.rejected', reason: 'error' },
    { state: STATE.failed, code: 'a2a.failed', reason: 'error' },
    { state: STATE.canceled, code: undefined, reason: 'aborted' },
  ])('ends a run that ended as state $state', async ({ state, code, reason }) => {
    agent.script('bad', (turn) => turn.status(state, 'Because of the weather.'));
    const { key, outcome } = await send('bad');
    expect(outcome.kind).toBe('acknowledged');
    const ended = await rig.event('run_ended', (event) => event.key === key);
    expect(ended.reason).toBe(reason);
    expect(ended.error?.code).toBe(code);
    if (code) expect(ended.error?.detail).toBe('Because of the weather.');
  });

  it('stops a run', async () => {
    agent.script('long', async (turn) => {
      turn.status(STATE.working);
      await new Promise(() => undefined);
    });
    const { key, sessionKey } = await send('long');
    expect(await rig.link.abort(key, sessionKey, rig.signal)).toBe(true);
    expect((await rig.event('run_ended', (event) => event.key === key)).reason).toBe('aborted');
  });

  it('finds a run again after a restart of the app, by its task', async () => {
    const go = Promise.withResolvers<void>();
    agent.script('later', async (turn) => {
      turn.status(STATE.working);
      await go.promise;
      turn.artifact('a', [text('done')]);
      turn.status(STATE.completed);
    });
    const { key, sessionKey, outcome } = await send('later');
    const runId = outcome.kind === 'acknowledged' ? outcome.runId : '';
    await rig.stop();
    rig = startA2aRig({ url: agent.origin, token: agent.token });
    await rig.state('online');
    expect(await rig.link.settle(key, sessionKey, rig.signal, true, runId)).toEqual({
      kind: 'present',
      running: true,
      answer: null,
    });
    go.resolve();
    expect((await rig.event('run_final', (event) => event.key === key)).text).toBe('done');
    const again = await rig.link.settle(key, sessionKey, rig.signal, true, runId);
    expect(again).toMatchObject({ kind: 'present', running: false, answer: { text: 'done' } });
  });

  it('says that a task is lost which the agent forgot in a restart', async () => {
    agent.script('later', async (turn) => {
      turn.status(STATE.working);
      await new Promise(() => undefined);
    });
    const { key, sessionKey, outcome } = await send('later');
    const runId = outcome.kind === 'acknowledged' ? outcome.runId : '';
    await agent.restart();
    const answers = await rig.until('an answer about it', () => {
      const ended = rig.events.find((event) => event.kind === 'run_ended' && event.key === key);
      return ended ?? (rig.states.some((state) => state.kind === 'offline') ? 'offline' : null);
    });
    if (answers !== 'offline') {
      expect(answers).toMatchObject({ error: { code: 'a2a.task_lost' } });
    }
    rig.link.reconnect();
    await rig.state('online');
    expect(await rig.link.settle(key, sessionKey, rig.signal, true, runId)).toMatchObject({
      kind: 'cannot_tell',
      error: { code: 'a2a.task_lost' },
    });
  });
});
