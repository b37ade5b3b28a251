/** What the published relay does and nobody would expect, where clients may rely on it. */
import { Agent } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { fakeClock } from '../fakes/clock.ts';
import { delegate, poll, register, tasksOf } from './parts/agents.ts';
import { BOTH, endAll, started, TOKEN } from './parts/relay.ts';
import { openSocket } from './parts/socket-client.ts';

afterEach(endAll);

const token = TOKEN;
const ofType = (type: string) => (message: Record<string, unknown>) => message.type === type;

describe.each(BOTH)('a relay that is %s', (kept) => {
  it('hides an agent that was silent for 120 s, keeps it, and shows it again when it polls', async () => {
    const clock = fakeClock(Date.now());
    const { client } = await started({ kept, clock });
    const old = client();
    await register(old, 'alpha');
    const count = async () => (await old.get('/discover')).json<{ count: number }>().count;
    await clock.advance(119_999);
    expect(await count()).toBe(1);
    await clock.advance(1);
    expect(await count()).toBe(0);
    expect((await old.get('/')).json()).toMatchObject({ agents_online: 0 });
    await register(old, 'beta');
    await old.post('/broadcast', { from_agent: 'beta', content: 'for the silent too' });
    expect((await poll(old, 'alpha')).messages).toMatchObject([{ content: 'for the silent too' }]);
    expect(await count()).toBe(2);
  });

  it('takes a poll and a heartbeat as signs of life, and a delegation not', async () => {
    const clock = fakeClock(Date.now());
    const { client } = await started({ kept, clock });
    const old = client();
    for (const id of ['polls', 'beats', 'sends']) await register(old, id);
    await clock.advance(100_000);
    await poll(old, 'polls');
    await old.post('/heartbeat', { agent_id: 'beats' });
    await delegate(old, 'sends', 'beats', 't');
    await clock.advance(100_000);
    const found = (await old.get('/discover')).json<{ agents: { agent_id: string }[] }>();
    expect(found.agents.map((agent) => agent.agent_id)).toEqual(['polls', 'beats']);
  });

  it('queues for an agent that nobody registered, and says queued', async () => {
    const { client } = await started({ kept });
    const old = client();
    await register(old, 'alpha');
    expect((await delegate(old, 'alpha', 'ghost', 'boo')).json()).toMatchObject({
      status: 'delegated',
      delivery: 'queued',
    });
    expect(tasksOf(await poll(old, 'ghost'))).toEqual(['boo']);
  });

  it('answers a client without an id, which asks for None', async () => {
    const { client } = await started({ kept });
    expect(await poll(client(), 'None')).toEqual({ messages: [], count: 0 });
  });

  it('takes any priority, keeps the order of sending, and any context', async () => {
    const { client } = await started({ kept });
    const old = client();
    await register(old, 'beta');
    for (const priority of ['low', 'urgent', 'whatever you like']) {
      await delegate(old, 'alpha', 'beta', priority, { priority, context: [priority, null] });
    }
    const { messages } = await poll(old, 'beta');
    expect(messages.map(({ priority }) => priority)).toEqual([
      'low',
      'urgent',
      'whatever you like',
    ]);
    expect(messages[0]?.context).toEqual(['low', null]);
  });

  it('counts as recipients all registered agents but one, whoever sends', async () => {
    const { client } = await started({ kept });
    const old = client();
    for (const id of ['a', 'b', 'c']) await register(old, id);
    const sent = await old.post('/broadcast', { from_agent: 'stranger', content: 'c' });
    expect(sent.json()).toMatchObject({ recipients: 2 });
    for (const id of ['a', 'b', 'c']) expect((await poll(old, id)).count).toBe(1);
  });

  it('keeps 200 broadcasts in its count', async () => {
    const { client } = await started({ kept });
    const old = client();
    await Promise.all(
      Array.from({ length: 205 }, (_, i) =>
        old.post('/broadcast', { from_agent: 'a', content: `c${i}` }),
      ),
    );
    expect((await old.get('/')).json()).toMatchObject({ total_broadcasts: 200 });
  });

  it('finds a file with a slash in its key by its encoded name only', async () => {
    const { client } = await started({ kept });
    const old = client();
    await old.post('/files', { file_key: 'a/b ü', content: 'c', agent_id: 'x' });
    expect((await old.get('/files/a%2Fb%20%C3%BC')).json()).toMatchObject({ file_key: 'a/b ü' });
    expect((await old.get('/files/a/b%20%C3%BC')).text).toBe('404: Not Found');
  });

  it('lets the last writer win where no base version is told, also with the same content', async () => {
    const { client } = await started({ kept });
    const old = client();
    for (const [i, agentId] of ['a', 'b', 'a'].entries()) {
      const saved = await old.post('/files', { file_key: 'k', content: 'same', agent_id: agentId });
      expect(saved.json()).toEqual({ status: 'saved', version: i + 1 });
    }
    expect((await old.get('/files/k')).json()).toMatchObject({ last_editor: 'a', version: 3 });
  });

  it('empties the queue at once also for a client that keeps its connection', async () => {
    const { client } = await started({ kept });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const old = client({ agent });
    await register(old, 'beta');
    await delegate(old, 'alpha', 'beta', 'once');
    expect(tasksOf(await poll(old, 'beta'))).toEqual(['once']);
    expect(tasksOf(await poll(old, 'beta'))).toEqual([]);
    agent.destroy();
  });

  it('takes nothing out of the queue for HEAD, which brings no body', async () => {
    const { client } = await started({ kept });
    const old = client();
    await register(old, 'beta');
    await delegate(old, 'alpha', 'beta', 'still there');
    expect(await old.raw('HEAD', '/poll/beta')).toMatchObject({ status: 200, text: '' });
    expect(tasksOf(await poll(old, 'beta'))).toEqual(['still there']);
  });

  it('empties the queue at once also for a client that asks to close the connection', async () => {
    const { client } = await started({ kept });
    const closing = client({ headers: { Connection: 'close' } });
    await register(closing, 'beta');
    await delegate(closing, 'alpha', 'beta', 'once');
    expect(tasksOf(await poll(closing, 'beta'))).toEqual(['once']);
    expect(tasksOf(await poll(closing, 'beta'))).toEqual([]);
    expect(tasksOf(await poll(client(), 'beta'))).toEqual([]);
  });
});

describe.each(BOTH)('the sockets of a relay that is %s', (kept) => {
  it('push a delegation in the form of HTTP, without queued_at, and it is not polled again', async () => {
    const { base, client } = await started({ kept });
    const old = client();
    await register(old, 'beta');
    const socket = await openSocket(base, 'beta', { token });
    const sent = await delegate(old, 'alpha', 'beta', 't');
    expect(sent.json()).toMatchObject({ delivery: 'websocket' });
    const got = await socket.next(ofType('task_delegation'));
    expect(got).toMatchObject({ message_id: sent.json().message_id, task: 't' });
    expect(got).not.toHaveProperty('queued_at');
    await expect.poll(async () => (await poll(old, 'beta')).count).toBe(0);
  });

  it('push a response', async () => {
    const { base, client } = await started({ kept });
    const socket = await openSocket(base, 'alpha', { token });
    const sent = await client().post('/respond', {
      from_agent: 'beta',
      to_agent: 'alpha',
      message_id: 'm1',
      result: 'r',
    });
    expect(sent.json()).toEqual({ status: 'response_sent', delivery: 'websocket' });
    expect(await socket.next(ofType('task_response'))).toMatchObject({ message_id: 'm1' });
  });

  it('bring a broadcast and the news of a file twice: pushed, and again with the next poll', async () => {
    const { base, client } = await started({ kept });
    const old = client();
    await register(old, 'alpha');
    await register(old, 'beta');
    const socket = await openSocket(base, 'beta', { token });
    await old.post('/broadcast', { from_agent: 'alpha', content: 'c' });
    await old.post('/files', { file_key: 'k', content: 'c', agent_id: 'alpha' });
    await socket.next(ofType('knowledge_broadcast'));
    await socket.next(ofType('file_updated'));
    const { messages } = await poll(old, 'beta');
    expect(messages.map(({ type }) => type)).toEqual(['knowledge_broadcast', 'file_updated']);
    expect((await poll(old, 'beta')).count).toBe(0);
  });

  it('do not push what waited before they opened', async () => {
    const { base, client } = await started({ kept });
    const old = client();
    await register(old, 'beta');
    await delegate(old, 'alpha', 'beta', 'before');
    const socket = await openSocket(base, 'beta', { token });
    await delegate(old, 'alpha', 'beta', 'after');
    await socket.next(({ task }) => task === 'after');
    expect(socket.got).toHaveLength(1);
    expect(tasksOf(await poll(old, 'beta'))).toEqual(['before']);
  });

  it('tell the others that an agent joined', async () => {
    const { base, client } = await started({ kept });
    const socket = await openSocket(base, 'watcher', { token });
    await register(client(), 'alpha', { capabilities: ['code'] });
    expect(await socket.next(ofType('agent_joined'))).toEqual({
      type: 'agent_joined',
      agent: expect.objectContaining({
        agent_id: 'alpha',
        capabilities: ['code'],
        status: 'online',
      }),
      timestamp: expect.any(String),
    });
    // It is not told of itself, and nobody finds it in a queue.
    await register(client(), 'watcher');
    expect((await poll(client(), 'alpha')).count).toBe(0);
    expect(socket.got.filter(ofType('agent_joined'))).toHaveLength(1);
  });

  it('forward a delegation as it was sent, with the sender that it is', async () => {
    const { base, client } = await started({ kept });
    const old = client();
    for (const id of ['alpha', 'beta', 'gamma']) await register(old, id);
    const from = await openSocket(base, 'alpha', { token });
    const to = await openSocket(base, 'beta', { token });
    const message = { type: 'delegate', to_agent: 'beta', task: 't', from_agent: 'boss', odd: 1 };
    from.send(message);
    expect(await to.next(ofType('delegate'))).toEqual({ ...message, from_agent: 'alpha' });
    from.send({ ...message, to_agent: 'gamma' });
    await expect
      .poll(async () => (await poll(old, 'gamma')).messages)
      .toEqual([
        { ...message, to_agent: 'gamma', from_agent: 'alpha', queued_at: expect.any(String) },
      ]);
  });

  it('forward a broadcast as it was sent, with a time, and do not count it', async () => {
    const { base, client } = await started({ kept });
    const old = client();
    await register(old, 'alpha');
    await register(old, 'beta');
    const from = await openSocket(base, 'alpha', { token });
    const to = await openSocket(base, 'beta', { token });
    from.send({ type: 'broadcast', content: 'c', topic: 'x' });
    expect(await to.next(ofType('broadcast'))).toEqual({
      type: 'broadcast',
      content: 'c',
      topic: 'x',
      from_agent: 'alpha',
      timestamp: expect.any(String),
    });
    expect((await poll(old, 'beta')).messages).toMatchObject([{ type: 'broadcast', content: 'c' }]);
    expect((await old.get('/')).json()).toMatchObject({ total_broadcasts: 0 });
  });

  it('take a heartbeat without an answer, and ignore what they do not know', async () => {
    const clock = fakeClock(Date.now());
    const { base, client } = await started({ kept, clock });
    const old = client();
    await register(old, 'alpha');
    const socket = await openSocket(base, 'alpha', { token });
    await clock.advance(50_000);
    await clock.advance(50_000);
    socket.send({ type: 'heartbeat' });
    socket.send({ type: 'respond', to_agent: 'alpha', message_id: 'x', result: 'r' });
    socket.send({ type: 'delegate' });
    await delegate(old, 'beta', 'alpha', 'last');
    await socket.next(({ task }) => task === 'last');
    expect(socket.got).toHaveLength(1);
    await clock.advance(50_000);
    expect((await old.get('/discover')).json()).toMatchObject({ count: 1 });
  });

  it('may open for an agent that nobody registered, with the token in the query', async () => {
    const { base, client } = await started({ kept });
    const socket = await openSocket(base, 'stranger', { query: `?token=${TOKEN}` });
    await delegate(client(), 'alpha', 'stranger', 't');
    expect(await socket.next(ofType('task_delegation'))).toMatchObject({ task: 't' });
    await expect(openSocket(base, 'stranger', { query: '?token=wrong' })).rejects.toThrow('401');
  });

  it('end at malformed JSON, and what the agent gets later waits for its poll', async () => {
    const { base, client } = await started({ kept });
    const old = client();
    await register(old, 'alpha');
    for (const text of ['{bad', '[]', '"text"', '7']) {
      const socket = await openSocket(base, 'alpha', { token });
      socket.send(text);
      expect(await socket.closed).toBe(1008);
    }
    expect((await delegate(old, 'beta', 'alpha', 't')).json()).toMatchObject({
      delivery: 'queued',
    });
    expect(tasksOf(await poll(old, 'alpha'))).toEqual(['t']);
  });

  it('give way to a newer one, and the older one goes on when that ends', async () => {
    const { base, client } = await started({ kept });
    const old = client();
    await register(old, 'alpha');
    const first = await openSocket(base, 'alpha', { token });
    const second = await openSocket(base, 'alpha', { token });
    await delegate(old, 'beta', 'alpha', 'to the second');
    await second.next(({ task }) => task === 'to the second');
    await second.close();
    await expect
      .poll(async () => (await delegate(old, 'beta', 'alpha', 'to the first')).json().delivery)
      .toBe('websocket');
    await first.next(({ task }) => task === 'to the first');
    expect(first.got.some(({ task }) => task === 'to the second')).toBe(false);
  });
});
