/** The published relay's routes and shapes (openclaw-link 1.0.1), as an old client meets them. */
import { afterEach, describe, expect, it } from 'vitest';
import { poll, register } from './parts/agents.ts';
import { BOTH, endAll, started } from './parts/relay.ts';

afterEach(endAll);

const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$/;
const MESSAGE_ID = /^[0-9a-f]{8}-[0-9a-f]{3}$/;
const iso = expect.stringMatching(ISO);
const messageId = expect.stringMatching(MESSAGE_ID);

describe.each(BOTH)('the routes of a relay that is %s', (kept) => {
  const start = async () => {
    const { client } = await started({ kept });
    return client();
  };

  it('GET / tells of itself', async () => {
    const old = await start();
    await register(old, 'alpha');
    const reply = await old.get('/');
    expect(reply.status).toBe(200);
    expect(reply.type).toBe('application/json; charset=utf-8');
    expect(reply.json()).toEqual({
      service: 'ClawLink Relay',
      version: '1.0.1',
      auth_required: true,
      agents_online: 1,
      total_broadcasts: 0,
      shared_files: 0,
      note: expect.any(String),
      endpoints: expect.objectContaining({
        register: 'POST /register',
        websocket: 'GET /ws/<agent_id>',
      }),
      server_time: iso,
    });
    expect(Object.keys(reply.json<{ endpoints: object }>().endpoints)).toHaveLength(11);
  });

  it('POST /register gives the agent back', async () => {
    const old = await start();
    const reply = await old.post('/register', {
      agent_id: 'alpha',
      name: 'Alpha',
      capabilities: ['code', 'search'],
      machine: 'desk',
      description: 'writes code',
    });
    expect([reply.status, reply.json()]).toEqual([
      200,
      {
        status: 'registered',
        agent: {
          agent_id: 'alpha',
          name: 'Alpha',
          capabilities: ['code', 'search'],
          machine: 'desk',
          description: 'writes code',
          registered_at: iso,
          last_heartbeat: expect.any(Number),
          status: 'online',
        },
        server_time: iso,
      },
    ]);
  });

  it('POST /register fills in what is not told', async () => {
    const old = await start();
    const { agent } = (await old.post('/register', {})).json<{ agent: Record<string, unknown> }>();
    expect(agent).toMatchObject({
      agent_id: expect.stringMatching(/^[0-9a-f]{8}$/),
      capabilities: [],
      machine: '127.0.0.1',
      description: '',
    });
    expect(agent.name).toBe(`agent-${String(agent.agent_id).slice(0, 4)}`);
  });

  it('GET /discover lists who is online, in the order in which they came', async () => {
    const old = await start();
    for (const id of ['zeta', 'alpha', 'beta']) await register(old, id);
    const found = (await old.get('/discover')).json<{
      agents: { agent_id: string; last_heartbeat: number }[];
      count: number;
    }>();
    expect(found.agents.map((agent) => agent.agent_id)).toEqual(['zeta', 'alpha', 'beta']);
    expect(found).toEqual({ agents: expect.any(Array), count: 3, server_time: iso });
    // A float of seconds, not ISO.
    expect(found.agents[0]?.last_heartbeat).toBeCloseTo(Date.now() / 1000, -2);
  });

  it('POST /heartbeat is ok, or of an unknown agent, both with 200', async () => {
    const old = await start();
    await register(old, 'alpha');
    const known = await old.post('/heartbeat', { agent_id: 'alpha' });
    const unknown = await old.post('/heartbeat', { agent_id: 'nobody' });
    expect([known.status, known.json()]).toEqual([200, { status: 'ok' }]);
    expect([unknown.status, unknown.json()]).toEqual([200, { status: 'unknown_agent' }]);
  });

  it('a delegation is queued, polled once, and then gone', async () => {
    const old = await start();
    await register(old, 'alpha');
    await register(old, 'beta');
    const sent = await old.post('/delegate', {
      from_agent: 'alpha',
      to_agent: 'beta',
      task: 'Find papers',
      context: { topic: 'peers', depth: [1, 2] },
      priority: 'urgent',
    });
    expect([sent.status, sent.json()]).toEqual([
      200,
      { status: 'delegated', delivery: 'queued', message_id: messageId },
    ]);
    expect(await poll(old, 'beta')).toEqual({
      messages: [
        {
          type: 'task_delegation',
          message_id: sent.json().message_id,
          from_agent: 'alpha',
          to_agent: 'beta',
          task: 'Find papers',
          context: { topic: 'peers', depth: [1, 2] },
          priority: 'urgent',
          timestamp: iso,
          queued_at: iso,
        },
      ],
      count: 1,
    });
    expect(await poll(old, 'beta')).toEqual({ messages: [], count: 0 });
  });

  it('a delegation without context and priority has the published ones', async () => {
    const old = await start();
    await register(old, 'beta');
    await old.post('/delegate', { from_agent: 'alpha', to_agent: 'beta', task: 't' });
    const { messages } = await poll(old, 'beta');
    expect(messages[0]).toMatchObject({ context: {}, priority: 'normal' });
  });

  it('a broadcast reaches all but its sender, and is counted', async () => {
    const old = await start();
    for (const id of ['alpha', 'beta', 'gamma']) await register(old, id);
    const sent = await old.post('/broadcast', {
      from_agent: 'alpha',
      content: 'It works',
      topic: 'finding',
      tags: ['a', 'b'],
    });
    expect([sent.status, sent.json()]).toEqual([
      200,
      { status: 'broadcast_sent', message_id: messageId, recipients: 2 },
    ]);
    const told = {
      type: 'knowledge_broadcast',
      message_id: sent.json().message_id,
      from_agent: 'alpha',
      content: 'It works',
      topic: 'finding',
      tags: ['a', 'b'],
      timestamp: iso,
      queued_at: iso,
    };
    expect(await poll(old, 'beta')).toEqual({ messages: [told], count: 1 });
    expect(await poll(old, 'gamma')).toEqual({ messages: [told], count: 1 });
    expect(await poll(old, 'alpha')).toEqual({ messages: [], count: 0 });
    expect((await old.get('/')).json()).toMatchObject({ total_broadcasts: 1 });
  });

  it('a broadcast without topic and tags has the published ones', async () => {
    const old = await start();
    await register(old, 'beta');
    await old.post('/broadcast', { from_agent: 'alpha', content: 'c' });
    expect((await poll(old, 'beta')).messages[0]).toMatchObject({ topic: 'general', tags: [] });
  });

  it.each(['in_progress', 'completed', 'failed'])(
    'a response that is %s comes with the message that it answers',
    async (status) => {
      const old = await start();
      await register(old, 'alpha');
      await register(old, 'beta');
      const sent = await old.post('/respond', {
        from_agent: 'beta',
        to_agent: 'alpha',
        message_id: '79ffdcde-efe',
        result: 'Done',
        status,
      });
      expect([sent.status, sent.json()]).toEqual([
        200,
        { status: 'response_sent', delivery: 'queued' },
      ]);
      expect((await poll(old, 'alpha')).messages).toEqual([
        {
          type: 'task_response',
          message_id: '79ffdcde-efe',
          response_id: messageId,
          from_agent: 'beta',
          to_agent: 'alpha',
          result: 'Done',
          status,
          timestamp: iso,
          queued_at: iso,
        },
      ]);
    },
  );

  it('a response without status is completed', async () => {
    const old = await start();
    await register(old, 'alpha');
    await old.post('/respond', {
      from_agent: 'beta',
      to_agent: 'alpha',
      message_id: 'x',
      result: 'r',
    });
    expect((await poll(old, 'alpha')).messages[0]).toMatchObject({ status: 'completed' });
  });

  it('a file is saved, listed, read, and others hear of it', async () => {
    const old = await start();
    await register(old, 'alpha');
    await register(old, 'beta');
    const put = (content: string) =>
      old.post('/files', { file_key: 'report.md', content, agent_id: 'alpha', file_type: 'md' });
    const saved = await put('# one');
    expect([saved.status, saved.json()]).toEqual([200, { status: 'saved', version: 1 }]);
    expect((await put('# two ä')).json()).toEqual({ status: 'saved', version: 2 });
    const told = {
      file_key: 'report.md',
      file_type: 'md',
      last_editor: 'alpha',
      version: 2,
      updated_at: iso,
    };
    expect((await old.get('/files')).json()).toEqual({ files: [told], count: 1 });
    expect((await old.get('/files/report.md')).json()).toEqual({ ...told, content: '# two ä' });
    expect((await poll(old, 'beta')).messages).toEqual(
      [1, 2].map((version) => ({
        type: 'file_updated',
        file_key: 'report.md',
        version,
        last_editor: 'alpha',
        timestamp: iso,
        queued_at: iso,
      })),
    );
    // Its editor is not told.
    expect((await poll(old, 'alpha')).count).toBe(0);
    expect((await old.get('/')).json()).toMatchObject({ shared_files: 1 });
  });

  it('a file without a type is text', async () => {
    const old = await start();
    await old.post('/files', { file_key: 'k', content: 'c', agent_id: 'alpha' });
    expect((await old.get('/files/k')).json()).toMatchObject({ file_type: 'text' });
  });
});

describe.each(BOTH)('the errors of a relay that is %s', (kept) => {
  const start = async () => (await started({ kept })).client();
  const ERRORS = [
    ['/heartbeat', {}, 'agent_id required'],
    ['/delegate', {}, 'from_agent, to_agent, and task are required'],
    [
      '/delegate',
      { from_agent: 'a', to_agent: 'b', task: '' },
      'from_agent, to_agent, and task are required',
    ],
    [
      '/delegate',
      { from_agent: null, to_agent: 'b', task: 't' },
      'from_agent, to_agent, and task are required',
    ],
    ['/broadcast', { from_agent: 'a' }, 'from_agent and content required'],
    ['/broadcast', { from_agent: 'a', content: '' }, 'from_agent and content required'],
    ['/files', { file_key: 'k' }, 'file_key, content, and agent_id required'],
    [
      '/files',
      { file_key: 'k', content: '', agent_id: 'a' },
      'file_key, content, and agent_id required',
    ],
  ] as const;

  it.each(ERRORS)('POST %s with %j is refused with 400', async (path, body, error) => {
    const reply = await (await start()).post(path, body);
    expect([reply.status, reply.type, reply.json()]).toEqual([
      400,
      'application/json; charset=utf-8',
      { error },
    ]);
  });

  it('a file that is not there is 404 in JSON', async () => {
    const reply = await (await start()).get('/files/none');
    expect([reply.status, reply.json()]).toEqual([404, { error: 'file not found' }]);
  });

  it.each(['GET', 'POST'])('an unknown route is 404 as plain text (%s)', async (method) => {
    const reply = await (await start()).raw(
      method,
      '/nowhere',
      method === 'POST' ? '{}' : undefined,
    );
    expect([reply.status, reply.type, reply.text]).toEqual([
      404,
      'text/plain; charset=utf-8',
      '404: Not Found',
    ]);
  });

  it.each([
    ['POST', '/discover', 'GET,HEAD'],
    ['GET', '/register', 'POST'],
    ['DELETE', '/files', 'GET,HEAD,POST'],
    ['DELETE', '/files/report.md', 'GET,HEAD'],
    ['PUT', '/poll/alpha', 'GET,HEAD'],
  ])('a wrong method is 405 as plain text (%s %s)', async (method, path, allow) => {
    const reply = await (await start()).raw(method, path);
    expect([reply.status, reply.type, reply.text, reply.headers.allow]).toEqual([
      405,
      'text/plain; charset=utf-8',
      '405: Method Not Allowed',
      allow,
    ]);
  });

  it.each(['/register', '/heartbeat', '/delegate', '/broadcast', '/respond', '/files'])(
    'a body that is not a JSON object is 500 as plain text (%s)',
    async (path) => {
      const old = await start();
      for (const body of ['{bad', '', '[]', '"text"', 'null', '{"a":\xff}']) {
        const reply = await old.raw('POST', path, Buffer.from(body, 'latin1'));
        expect([reply.status, reply.type]).toEqual([500, 'text/plain; charset=utf-8']);
        expect(reply.text).toContain('500 Internal Server Error');
      }
    },
  );

  it('a body of one byte more than 1 MiB is 413 as plain text, one of exactly 1 MiB is taken', async () => {
    const old = await start();
    await register(old, 'beta');
    const body = (bytes: number): string => {
      const empty = JSON.stringify({ from_agent: 'alpha', to_agent: 'beta', task: '' });
      return JSON.stringify({
        from_agent: 'alpha',
        to_agent: 'beta',
        task: 'x'.repeat(bytes - empty.length),
      });
    };
    const reply = await old.raw('POST', '/delegate', body(1_048_577));
    expect([reply.status, reply.type]).toEqual([413, 'text/plain; charset=utf-8']);
    expect(reply.text).toContain('Maximum request body size 1048576 exceeded');
    expect((await old.raw('POST', '/delegate', body(1_048_576))).status).toBe(200);
    expect((await poll(old, 'beta')).count).toBe(1);
    // The reader hears the refusal also while it still sends.
    expect((await old.raw('POST', '/delegate', body(5_000_000))).status).toBe(413);
  });
});

describe('the token', () => {
  const UNAUTHORIZED = { error: 'Unauthorized. Provide Authorization: Bearer <token>' };

  it.each(['/', '/discover', '/poll/alpha', '/files', '/nowhere'])(
    'is asked for by every route (%s)',
    async (path) => {
      const { client } = await started();
      const reply = await client({ token: null }).get(path);
      expect([reply.status, reply.json()]).toEqual([401, UNAUTHORIZED]);
    },
  );

  it('may come in the query, and the header wins', async () => {
    const { client } = await started({ token: 'the token/of+mine' });
    const none = client({ token: null });
    expect((await none.get('/discover?token=the%20token%2Fof%2Bmine')).status).toBe(200);
    expect((await none.get('/discover?token=wrong')).status).toBe(401);
    const wrong = client({ token: 'wrong' });
    expect((await wrong.get('/discover?token=the%20token%2Fof%2Bmine')).status).toBe(401);
    const other = client({ token: null, headers: { Authorization: 'Basic abc' } });
    expect((await other.get('/discover?token=the%20token%2Fof%2Bmine')).status).toBe(200);
  });

  it('is not asked for where there is none', async () => {
    const { client } = await started({ token: null });
    expect((await client({ token: null }).get('/')).json()).toMatchObject({ auth_required: false });
    expect((await client({ token: 'anything' }).get('/discover')).status).toBe(200);
  });
});
