/** What the published relay takes and should not, and what else is sent to a server. */
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { RELAY_LIMITS } from '../../electron/relay-server/index.ts';
import { fakeClock } from '../fakes/clock.ts';
import { delegate, poll, register, secretOf, tasksOf } from './parts/agents.ts';
import { BOTH, endAll, started, TOKEN } from './parts/relay.ts';
import { openSocket } from './parts/socket-client.ts';

afterEach(endAll);

/** Sends these bytes, and gives what came back until the other side ended or this many ms went by. */
function rawSocket(port: number, text: string): Promise<{ socket: Socket; got: () => string }> {
  return new Promise((resolve) => {
    let got = '';
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(text);
      resolve({ socket, got: () => got });
    });
    socket.on('data', (chunk) => {
      got += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
  });
}

describe.each(BOTH)('spoofing and theft at a relay that is %s', (kept) => {
  /** `alpha` is an old client at 127.0.0.1, `beta` has a secret. */
  const setUp = async () => {
    const at = await started({ kept });
    const old = at.client();
    const beta = at.client({ modern: true, secret: secretOf('beta') });
    await register(old, 'alpha');
    await register(beta, 'beta');
    return { ...at, old, beta, elsewhere: at.client({ from: '127.0.0.2' }) };
  };
  const NOT_YOURS = { error: expect.stringContaining('Unauthorized') };

  it('nobody writes in the name of an old client from another address', async () => {
    const { elsewhere, old } = await setUp();
    for (const [path, body] of [
      ['/delegate', { from_agent: 'alpha', to_agent: 'beta', task: 't' }],
      ['/respond', { from_agent: 'alpha', to_agent: 'beta', message_id: 'm', result: 'r' }],
      ['/broadcast', { from_agent: 'alpha', content: 'c' }],
      ['/files', { file_key: 'k', content: 'c', agent_id: 'alpha' }],
      ['/heartbeat', { agent_id: 'alpha' }],
      ['/register', { agent_id: 'alpha', name: 'the real alpha' }],
    ] as const) {
      const reply = await elsewhere.post(path, body);
      expect([path, reply.status, reply.json()]).toEqual([path, 401, NOT_YOURS]);
    }
    expect((await old.get('/files')).json()).toMatchObject({ count: 0 });
    expect((await old.get('/discover')).text).not.toContain('the real');
  });

  it('nobody writes in the name of an agent with a secret, from wherever', async () => {
    const { old, client } = await setUp();
    const wrong = client({ modern: true, secret: secretOf('wrong') });
    const short = client({ modern: true, secret: 'short' });
    for (const caller of [old, wrong, short]) {
      expect((await delegate(caller, 'beta', 'alpha', 't')).status).toBe(401);
      expect((await caller.get('/poll/beta')).status).toBe(401);
      expect((await caller.post('/register', { agent_id: 'beta' })).status).toBe(401);
    }
    expect((await wrong.get('/poll/beta')).json()).toMatchObject({ code: 'relay.not_your_agent' });
    expect((await poll(old, 'alpha')).count).toBe(0);
  });

  it('nobody reads the inbox of another, by poll, socket or acknowledgement', async () => {
    const { base, elsewhere, old, beta, client } = await setUp();
    await delegate(old, 'alpha', 'beta', 'for beta');
    await delegate(beta, 'beta', 'alpha', 'for alpha');
    expect((await elsewhere.get('/poll/alpha')).status).toBe(401);
    await expect(openSocket(base, 'alpha', { token: TOKEN, from: '127.0.0.2' })).rejects.toThrow(
      '401',
    );
    await expect(openSocket(base, 'beta', { token: TOKEN })).rejects.toThrow('401');
    const mallory = client({ modern: true, secret: secretOf('mallory'), from: '127.0.0.2' });
    await register(mallory, 'mallory');
    const { messages } = await poll(beta, 'beta');
    const ids = messages.map(({ delivery_id: id }) => id);
    await mallory.post('/ack', { agent_id: 'mallory', delivery_ids: ids });
    expect((await mallory.post('/ack', { agent_id: 'beta', delivery_ids: ids })).status).toBe(401);
    expect(tasksOf(await poll(beta, 'beta'))).toEqual(['for beta']);
    expect(tasksOf(await poll(old, 'alpha'))).toEqual(['for alpha']);
  });

  it('a socket speaks in no name but its own', async () => {
    const { base, old } = await setUp();
    const socket = await openSocket(base, 'alpha', { token: TOKEN });
    socket.send({ type: 'delegate', to_agent: 'gamma', task: 't', from_agent: 'beta' });
    await expect
      .poll(async () => (await poll(old, 'gamma')).messages)
      .toMatchObject([{ from_agent: 'alpha' }]);
  });

  it('an id that nobody registered is one address’s, until it is registered', async () => {
    const { client, elsewhere } = await setUp();
    const old = client();
    await delegate(old, 'ghost', 'alpha', 't');
    expect((await elsewhere.get('/poll/ghost')).status).toBe(401);
    await register(client({ from: '127.0.0.3' }), 'ghost');
    expect((await delegate(old, 'ghost', 'alpha', 't')).status).toBe(401);
  });
});

describe.each(BOTH)('odd input to a relay that is %s', (kept) => {
  const ODD_IDS = [
    '',
    ' ',
    'a b',
    '../x',
    'a/b',
    'a\nb',
    'ä',
    'None',
    'null',
    'x'.repeat(129),
    7,
    {},
  ];

  it.each(ODD_IDS)('%j is no id of an agent', async (id) => {
    const { client } = await started({ kept });
    const old = client();
    expect((await old.post('/register', { agent_id: id })).status).toBe(400);
    expect((await old.post('/delegate', { from_agent: id, to_agent: 'b', task: 't' })).status).toBe(
      400,
    );
    expect((await old.post('/delegate', { from_agent: 'a', to_agent: id, task: 't' })).status).toBe(
      400,
    );
    expect((await old.get('/discover')).json()).toMatchObject({ count: 0 });
  });

  it.each([
    ['/register', { agent_id: 'a', name: 7 }],
    ['/register', { agent_id: 'a', name: 'x'.repeat(201) }],
    ['/register', { agent_id: 'a', capabilities: 'code' }],
    ['/register', { agent_id: 'a', capabilities: [{}] }],
    ['/register', { agent_id: 'a', capabilities: Array.from({ length: 65 }, () => 'x') }],
    ['/delegate', { from_agent: 'a', to_agent: 'b', task: { a: 1 } }],
    ['/delegate', { from_agent: 'a', to_agent: 'b', task: 't', priority: {} }],
    ['/broadcast', { from_agent: 'a', content: 'c', tags: 'x' }],
    ['/broadcast', { from_agent: 'a', content: 'c', topic: ['x'] }],
    ['/respond', {}],
    ['/respond', { from_agent: 'a', to_agent: 'b', result: 'r' }],
    ['/respond', { from_agent: null, to_agent: 'b', message_id: 'm', result: 'r' }],
  ])('POST %s with %j is refused in the known shape', async (path, body) => {
    const { client } = await started({ kept });
    const reply = await client().post(path, body);
    expect([reply.status, reply.json()]).toEqual([400, { error: expect.any(String) }]);
    expect((await poll(client(), 'b')).count).toBe(0);
  });

  it.each([
    '../../x',
    '..',
    './x',
    '/etc/passwd',
    'a//b',
    'a/',
    'a\\..\\b',
    'a\u0000b',
    'a\nb',
    'a\u202eb',
    '\ud800',
    'x'.repeat(513),
    7,
    ['k'],
  ])('%j is no key of a file', async (key) => {
    const { client } = await started({ kept });
    const reply = await client().post('/files', { file_key: key, content: 'c', agent_id: 'a' });
    expect([reply.status, reply.json()]).toEqual([400, { error: expect.any(String) }]);
    expect((await client().get('/files')).json()).toMatchObject({ count: 0 });
  });

  it('a content that is text comes back as it was, NUL and all; what is none is refused', async () => {
    const { client } = await started({ kept });
    const old = client();
    const content = 'a\u0000b\u0001\u007f ü 🦊 \r\n\t "\\';
    await old.post('/files', { file_key: 'k', content, agent_id: 'a' });
    expect((await old.get('/files/k')).json()).toMatchObject({ content });
    const half = await old.raw(
      'POST',
      '/files',
      '{"file_key":"h","content":"\\ud800","agent_id":"a"}',
    );
    expect(half.status).toBe(400);
    expect((await old.post('/files', { file_key: 'h', content: [1], agent_id: 'a' })).status).toBe(
      400,
    );
  });

  it('a file of exactly what fits is taken, one of a byte more not', async () => {
    const { client } = await started({ kept });
    const old = client();
    const empty = JSON.stringify({ file_key: 'k', content: '', agent_id: 'a' }).length;
    const body = (bytes: number) =>
      JSON.stringify({ file_key: 'k', content: 'x'.repeat(bytes - empty), agent_id: 'a' });
    expect((await old.raw('POST', '/files', body(1_048_577))).status).toBe(413);
    expect((await old.raw('POST', '/files', body(1_048_576))).json()).toMatchObject({ version: 1 });
    const { content } = (await old.get('/files/k')).json<{ content: string }>();
    expect(content).toHaveLength(1_048_576 - empty);
  });

  it('JSON that nests without end is refused and does no harm', async () => {
    const { client } = await started({ kept });
    const deep = `{"from_agent":"a","to_agent":"b","task":"t","context":${'['.repeat(400_000)}`;
    expect((await client().raw('POST', '/delegate', deep)).status).toBe(500);
    const closed = `${'['.repeat(65)}${']'.repeat(65)}`;
    const body = `{"from_agent":"a","to_agent":"b","task":"t","context":${closed}}`;
    expect((await client().raw('POST', '/delegate', body)).status).toBe(500);
    expect((await client().get('/')).status).toBe(200);
  });

  it('__proto__ in a body changes nothing and is handed on as data', async () => {
    const { client } = await started({ kept });
    const body = '{"from_agent":"a","to_agent":"b","task":"t","context":{"__proto__":{"x":1}}}';
    await client().raw('POST', '/delegate', body);
    expect((await client().get('/poll/b')).text).toContain('"context":{"__proto__":{"x":1}}');
  });

  it('paths that are none are 404', async () => {
    const { client } = await started({ kept });
    for (const path of [
      '//',
      '/discover/',
      '/poll',
      '/poll/',
      '/files/',
      '/ws/a/b',
      '/poll/%ff',
      '/a%2',
    ]) {
      expect([path, (await client().get(path)).status]).toEqual([path, 404]);
    }
    expect((await client().get('/ws/alpha')).status).toBe(400);
  });

  it('a page in a browser is not served, also without a token', async () => {
    const { base, client } = await started({ kept, token: null });
    for (const headers of [
      { Origin: 'http://evil.example' },
      { 'Sec-Fetch-Site': 'same-origin' },
      // Its own name pointed at this machine: then neither of the two is sent.
      { Host: 'evil.example:9077' },
    ]) {
      const page = client({ headers });
      expect((await page.get('/discover')).status).toBe(403);
      expect((await delegate(page, 'a', 'b', 't')).status).toBe(403);
    }
    expect(base).toContain('127.0.0.1');
    expect((await poll(client(), 'b')).count).toBe(0);
  });
});

describe.each(BOTH)('the limits of a relay that is %s', (kept) => {
  it('a full inbox refuses delegations, and loses its oldest broadcasts', async () => {
    const { client, relay } = await started({ kept, limits: { inboxMessages: 5 } });
    const old = client();
    await register(old, 'alpha');
    await register(old, 'beta');
    const broadcast = (content: string) => old.post('/broadcast', { from_agent: 'alpha', content });
    await broadcast('b0');
    for (let i = 0; i < 4; i++) await delegate(old, 'alpha', 'beta', `t${i}`);
    const full = await delegate(old, 'alpha', 'beta', 'too much');
    expect([full.status, full.json(), full.headers['retry-after']]).toEqual([
      429,
      { error: 'the inbox of beta is full' },
      '60',
    ]);
    await broadcast('b1');
    expect((await relay.status()).dropped).toBe(1);
    const { messages } = await poll(old, 'beta');
    expect(messages.map(({ task, content }) => task ?? content)).toEqual([
      't0',
      't1',
      't2',
      't3',
      'b1',
    ]);
    await expect.poll(async () => (await delegate(old, 'alpha', 'beta', 'again')).status).toBe(200);
  });

  it('bytes are counted too, of one inbox and of all', async () => {
    const { client } = await started({ kept, limits: { inboxBytes: 3_000, totalBytes: 5_000 } });
    const old = client();
    const long = 'x'.repeat(1_500);
    const sends = async (to: string) => (await delegate(old, 'alpha', to, long)).status;
    expect([await sends('b'), await sends('b')]).toEqual([200, 429]);
    expect([await sends('c'), await sends('d'), await sends('e')]).toEqual([200, 429, 429]);
    await poll(old, 'b');
    await expect.poll(() => sends('d')).toBe(200);
  });

  it('agents that nobody registered have so many inboxes and no more', async () => {
    const { client } = await started({ kept, limits: { strangers: 2 } });
    const old = client();
    await register(old, 'known');
    const sends = async (to: string) => (await delegate(old, 'alpha', to, 't')).status;
    expect([await sends('s1'), await sends('s2'), await sends('s3')]).toEqual([200, 200, 429]);
    expect([await sends('known'), await sends('s1')]).toEqual([200, 200]);
    await register(old, 's1');
    expect(await sends('s3')).toBe(200);
  });

  it('no more agents register than there is room for', async () => {
    const { client } = await started({ kept, limits: { agents: 2, addressShare: 1 } });
    const old = client();
    await register(old, 'a');
    await register(old, 'b');
    expect((await old.post('/register', { agent_id: 'c' })).status).toBe(429);
    await register(old, 'a');
  });

  it('an agent that sends too much is slowed down, and the others are not', async () => {
    const sends = { burst: 3, perSecond: 0.001 };
    const { base, client } = await started({ kept, limits: { sends } });
    const old = client();
    for (let i = 0; i < 3; i++) expect((await delegate(old, 'loud', 'x', 't')).status).toBe(200);
    const slowed = await delegate(old, 'loud', 'x', 't');
    expect([slowed.status, slowed.json()]).toEqual([429, { error: 'too many requests' }]);
    expect(Number(slowed.headers['retry-after'])).toBeGreaterThan(1);
    expect((await delegate(old, 'quiet', 'x', 't')).status).toBe(200);
    const socket = await openSocket(base, 'loud', { token: TOKEN });
    socket.send({ type: 'delegate', to_agent: 'x', task: 't' });
    expect(await socket.closed).toBe(1008);
  });

  it('who guesses tokens is not heard for a while, who had the right one still is', async () => {
    const { client } = await started({ kept });
    const thief = client({ token: 'guess', from: '127.0.0.2' });
    await client({ from: '127.0.0.3' }).get('/');
    for (let i = 0; i < 10; i++) expect((await thief.get('/')).status).toBe(401);
    expect((await thief.get('/')).status).toBe(429);
    expect((await client({ from: '127.0.0.2' }).get('/')).status).toBe(429);
    const clumsy = client({ token: 'old token', from: '127.0.0.3' });
    for (let i = 0; i < 20; i++) expect((await clumsy.get('/')).status).toBe(401);
    expect((await client({ from: '127.0.0.3' }).get('/')).status).toBe(200);
  });

  it('a message that waited for seven days is given up', async () => {
    const clock = fakeClock(Date.now());
    const { client, relay } = await started({ kept, clock });
    await delegate(client(), 'alpha', 'beta', 'old');
    await clock.advance(RELAY_LIMITS.messageAgeMs - 1_000_000);
    await delegate(client(), 'alpha', 'beta', 'young');
    await clock.advance(2_000_000);
    expect(tasksOf(await poll(client(), 'beta'))).toEqual(['young']);
    expect((await relay.status()).dropped).toBe(1);
  });

  it('files have a limit of number and of bytes, and saving one again is no new one', async () => {
    const { client } = await started({ kept, limits: { files: 2, fileBytesTotal: 100 } });
    const put = async (key: string, content: string) =>
      (await client().post('/files', { file_key: key, content, agent_id: 'a' })).status;
    expect([await put('a', '1'), await put('b', '1'), await put('c', '1')]).toEqual([
      200, 200, 413,
    ]);
    expect([await put('a', '2'), await put('a', 'x'.repeat(200))]).toEqual([200, 413]);
  });
});

describe.each(BOTH)('bad connections to a relay that is %s', (kept) => {
  const request = (path: string) =>
    `GET ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN}\r\n\r\n`;

  it('a poll whose answer did not come loses nothing', async () => {
    const { client, relay } = await started({ kept });
    const old = client();
    await register(old, 'beta');
    const tasks = Array.from({ length: 200 }, (_, i) => `${i} ${'x'.repeat(20_000)}`);
    for (const task of tasks) await delegate(old, 'alpha', 'beta', task);
    const { socket } = await rawSocket(relay.port, '');
    // A reader that stops, and then breaks off.
    socket.pause();
    socket.write(request('/poll/beta'));
    await expect.poll(async () => (await poll(old, 'beta')).count).toBe(0);
    socket.resetAndDestroy();
    const got: unknown[] = [];
    await expect
      .poll(async () => {
        got.push(...tasksOf(await poll(old, 'beta')));
        return got.length;
      })
      .toBe(200);
    expect(got).toEqual(tasks);
  });

  it('a socket that reads nothing holds up nobody, and loses nothing', async () => {
    const { base, client } = await started({ kept, limits: { inboxMessages: 5_000 } });
    const old = client();
    for (const id of ['alpha', 'slow', 'fast']) await register(old, id);
    const slow = await openSocket(base, 'slow', { token: TOKEN });
    const fast = await openSocket(base, 'fast', { token: TOKEN });
    slow.socket.pause();
    const big = 'x'.repeat(100_000);
    for (let i = 0; i < 100; i++) {
      await delegate(old, 'alpha', 'slow', `${i} ${big}`);
      await delegate(old, 'alpha', 'fast', `${i}`);
    }
    await fast.next(({ task }) => task === '99');
    slow.socket.terminate();
    const held = new Set<unknown>(slow.got.map(({ task }) => task));
    await expect
      .poll(async () => {
        for (const task of tasksOf(await poll(old, 'slow'))) held.add(task);
        return held.size;
      })
      .toBe(100);
  });

  it('a socket that gives no sign is ended, and what it got waits again', async () => {
    const clock = fakeClock(Date.now());
    const { base, client, relay } = await started({ kept, clock });
    const old = client();
    await register(old, 'beta');
    const dead = await openSocket(base, 'beta', { token: TOKEN, pongs: false });
    await delegate(old, 'alpha', 'beta', 't');
    await dead.next(({ task }) => task === 't');
    expect((await poll(old, 'beta')).count).toBe(0);
    for (let i = 0; i < 4; i++) await clock.advance(20_000);
    await dead.closed;
    await expect.poll(async () => (await relay.status()).sockets).toBe(0);
    await expect.poll(async () => tasksOf(await poll(old, 'beta'))).toEqual(['t']);
  });

  it('a frame that is too large, broken or not UTF-8 ends its socket only', async () => {
    const { base, client } = await started({ kept });
    const open = () => openSocket(base, 'alpha', { token: TOKEN });
    const large = await open();
    large.send('x'.repeat(1_048_577));
    expect(await large.closed).toBe(1009);
    const deep = await open();
    deep.send(`{"type":"broadcast","x":${'['.repeat(100_000)}`);
    expect(await deep.closed).toBe(1008);
    for (const bytes of [
      // Not masked; reserved bits; a text that is not UTF-8.
      Buffer.from([0x81, 0x02, 0x7b, 0x7d]),
      Buffer.from([0xf1, 0x80, 0, 0, 0, 0]),
      Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0xff, 0xfe]),
    ]) {
      const broken = await open();
      const inner = Reflect.get(broken.socket, '_socket') as Socket;
      inner.write(bytes);
      expect([1002, 1006, 1007]).toContain(await broken.closed);
    }
    expect((await client().get('/')).status).toBe(200);
  });

  it('binary frames are ignored', async () => {
    const { base, client } = await started({ kept });
    const socket = await openSocket(base, 'alpha', { token: TOKEN });
    socket.socket.send(Buffer.from([1, 2, 3]));
    await delegate(client(), 'beta', 'alpha', 't');
    await socket.next(({ task }) => task === 't');
  });

  it('what is no HTTP is ended', async () => {
    const { relay, client } = await started({ kept });
    for (const text of [
      '\u0016\u0003\u0001\u0000',
      'HELLO\r\n\r\n',
      'GET / HTTP/1.1\r\nA: \u0000\r\n\r\n',
    ]) {
      const { socket } = await rawSocket(relay.port, text);
      await new Promise((resolve) => socket.on('close', resolve));
    }
    expect((await client().get('/')).status).toBe(200);
  });

  it('more sockets of one agent than are allowed end the oldest', async () => {
    const { base } = await started({ kept, limits: { socketsPerAgent: 2 } });
    const sockets = [];
    for (let i = 0; i < 3; i++) sockets.push(await openSocket(base, 'alpha', { token: TOKEN }));
    await sockets[0]?.closed;
    expect(sockets[1]?.socket.readyState).toBe(1);
  });

  it('neither the token nor what agents send is in a log', async () => {
    const { client, lines, relay } = await started({ kept, limits: { inboxMessages: 1 } });
    await client({ token: 'wrong-secret-guess' }).get('/?token=in-the-query');
    await delegate(client(), 'alpha', 'beta', 'my private words');
    await delegate(client(), 'alpha', 'beta', 'my private words');
    await client().raw('POST', '/delegate', '{my private words');
    const told = [...lines, ...(await relay.status()).errors.map(({ text }) => text)].join('\n');
    expect(told).toContain('the inbox of beta is full');
    expect(told).not.toMatch(/private words|wrong-secret|in-the-query/);
    expect(told).not.toContain(TOKEN);
  });
});

describe('where it listens', () => {
  it.each(['0.0.0.0', '::', '192.168.1.5', 'example.org'])('%s needs a token', async (host) => {
    await expect(started({ host, token: null })).rejects.toMatchObject({
      error: { code: 'relay_server.no_token' },
    });
  });

  it('says when its port is taken', async () => {
    const { relay } = await started();
    await expect(started({ port: relay.port })).rejects.toMatchObject({
      error: { code: 'relay_server.port_taken' },
    });
  });
});
