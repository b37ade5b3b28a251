/**
 * The relay as a Python program meets it: the calls of the published client, in the order in which a
 * person makes them, over what Python's own libraries write on the wire. Skipped where there is no Python.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { type PythonReply, pythonClient, pythonWays, WAYS } from './parts/python-client.ts';
import { atEnd, endAll, started, TOKEN } from './parts/relay.ts';

afterEach(endAll);

const here = pythonWays();
const json = <T = Record<string, unknown>>({ text }: PythonReply): T => JSON.parse(text) as T;

describe.each(WAYS)('a client in Python, by %s', (way) => {
  const test = it.skipIf(!here.includes(way));
  const start = async () => {
    const { base } = await started();
    const client = pythonClient(way, base, TOKEN);
    atEnd(() => client.end());
    return client;
  };
  const join = (client: Awaited<ReturnType<typeof start>>, id: string, name: string) =>
    client.post('/register', {
      agent_id: id,
      name,
      capabilities: ['code', 'search'],
      machine: 'desk',
      description: '',
    });

  test('registers, finds others, gives work and answers it', async () => {
    const client = await start();
    const info = await client.get('/');
    expect(info).toMatchObject({ status: 200, type: 'application/json; charset=utf-8' });
    expect(json(info)).toMatchObject({ service: 'ClawLink Relay', auth_required: true });
    expect(json(await join(client, '1a2b3c4d', 'Zoë 🦞'))).toMatchObject({ status: 'registered' });
    await join(client, '5e6f7a8b', 'Ben');
    const found = json<{ agents: { name: string }[] }>(await client.get('/discover'));
    expect(found.agents.map(({ name }) => name).sort()).toEqual(['Ben', 'Zoë 🦞']);
    expect(json(await client.post('/heartbeat', { agent_id: '1a2b3c4d' }))).toMatchObject({
      status: 'ok',
    });
    const given = await client.post('/delegate', {
      from_agent: '1a2b3c4d',
      to_agent: '5e6f7a8b',
      task: 'Zähle die Zeilen',
      context: { file: 'a.txt', deep: [1, { two: null }] },
      priority: 'high',
    });
    const { message_id } = json<{ message_id: string }>(given);
    const polled = json<{ messages: object[]; count: number }>(await client.get('/poll/5e6f7a8b'));
    expect(polled).toMatchObject({
      count: 1,
      messages: [
        {
          type: 'task_delegation',
          message_id,
          from_agent: '1a2b3c4d',
          task: 'Zähle die Zeilen',
          context: { file: 'a.txt', deep: [1, { two: null }] },
          priority: 'high',
        },
      ],
    });
    // The answer came whole, so it does not come again.
    expect(json(await client.get('/poll/5e6f7a8b'))).toEqual({ messages: [], count: 0 });
    await client.post('/respond', {
      from_agent: '5e6f7a8b',
      to_agent: '1a2b3c4d',
      message_id,
      result: 'Forty-two',
      status: 'completed',
    });
    expect(json(await client.get('/poll/1a2b3c4d'))).toMatchObject({
      messages: [{ type: 'task_response', message_id, result: 'Forty-two', status: 'completed' }],
    });
  });

  test('tells all, and shares files', async () => {
    const client = await start();
    await join(client, 'alpha', 'Alpha');
    await join(client, 'beta', 'Beta');
    const news = { from_agent: 'alpha', content: 'News', topic: 'ops', tags: ['ci'] };
    expect(json(await client.post('/broadcast', news))).toMatchObject({
      status: 'broadcast_sent',
      recipients: 1,
    });
    expect(json(await client.get('/poll/beta'))).toMatchObject({
      messages: [{ type: 'knowledge_broadcast', ...news }],
    });
    const content = `# Plan\n\n${'ein längerer Text\n'.repeat(500)}`;
    const file = { file_key: 'docs/plan.md', content, agent_id: 'alpha', file_type: 'markdown' };
    expect(json(await client.post('/files', file))).toEqual({ status: 'saved', version: 1 });
    expect(json(await client.get('/files'))).toMatchObject({
      count: 1,
      files: [{ file_key: 'docs/plan.md', version: 1, last_editor: 'alpha' }],
    });
    expect(json(await client.get('/files/docs%2Fplan.md'))).toMatchObject({ content });
    expect(json(await client.get('/poll/beta'))).toMatchObject({
      messages: [{ type: 'file_updated', file_key: 'docs/plan.md' }],
    });
  });

  test('is refused in the shapes that it knows, also where it sends too much', async () => {
    const client = await start();
    const stranger = await client.get('/discover', { token: 'wrong' });
    expect([stranger.status, json(stranger)]).toEqual([
      401,
      { error: 'Unauthorized. Provide Authorization: Bearer <token>' },
    ]);
    const byQuery = { token: null, query: { token: TOKEN } };
    expect(await client.get('/discover', byQuery)).toMatchObject({ status: 200 });
    const empty = await client.post('/delegate', {});
    expect([empty.status, json(empty)]).toEqual([
      400,
      { error: 'from_agent, to_agent, and task are required' },
    ]);
    expect(await client.get('/files/nothing')).toMatchObject({ status: 404 });
    expect(await client.get('/nowhere')).toMatchObject({ status: 404 });
    await join(client, 'alpha', 'Alpha');
    const much = { file_key: 'a', content: 'x'.repeat(1_048_576), agent_id: 'alpha' };
    expect(await client.post('/files', much)).toMatchObject({ status: 413 });
    // And goes on.
    expect(await client.post('/heartbeat', { agent_id: 'alpha' })).toMatchObject({ status: 200 });
  });
});

describe('a client in Python, by a WebSocket', () => {
  const test = it.skipIf(here.length === 0);

  test('is pushed what it is sent, and sends by it', async () => {
    const { base } = await started();
    const client = pythonClient('http.client', base, TOKEN);
    atEnd(() => client.end());
    for (const agent_id of ['alpha', 'beta']) await client.post('/register', { agent_id });
    expect(await client.open('none', '/ws/alpha?token=wrong')).toBe(401);
    expect(await client.open('alpha', `/ws/alpha?token=${encodeURIComponent(TOKEN)}`)).toBe(101);
    expect(await client.open('beta', `/ws/beta?token=${encodeURIComponent(TOKEN)}`)).toBe(101);
    await client.send('alpha', { type: 'heartbeat' });
    const task = { from_agent: 'beta', to_agent: 'alpha', task: 'By HTTP' };
    await client.post('/delegate', task);
    expect(await client.receive('alpha')).toMatchObject({ type: 'task_delegation', ...task });
    await client.send('alpha', { type: 'delegate', to_agent: 'beta', task: 'By the socket' });
    expect(await client.receive('beta')).toMatchObject({
      type: 'delegate',
      from_agent: 'alpha',
      task: 'By the socket',
    });
    await client.send('alpha', { type: 'broadcast', content: 'News', topic: 'ops', tags: [] });
    expect(await client.receive('beta')).toMatchObject({
      type: 'broadcast',
      from_agent: 'alpha',
      content: 'News',
    });
  });
});
