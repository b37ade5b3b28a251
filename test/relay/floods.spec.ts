/** Who asks, registers or acknowledges without end, and who never lets go of a connection. */
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { fakeClock } from '../fakes/clock.ts';
import { delegate, poll, register, secretOf, tasksOf } from './parts/agents.ts';
import { BOTH, endAll, started, TOKEN } from './parts/relay.ts';
import { openSocket } from './parts/socket-client.ts';

afterEach(endAll);

const FEW = { burst: 3, perSecond: 0.001 };

describe.each(BOTH)('floods at a relay that is %s', (kept) => {
  it('an address that registers again and again is slowed down, under whatever ids', async () => {
    const { client } = await started({ kept, limits: { registrations: FEW } });
    const old = client();
    for (let i = 0; i < 3; i++) await register(old, `agent-${i}`);
    const slowed = await old.post('/register', { agent_id: 'agent-4' });
    expect([slowed.status, slowed.json()]).toEqual([429, { error: 'too many requests' }]);
    expect(Number(slowed.headers['retry-after'])).toBeGreaterThan(1);
    expect((await old.get('/discover')).json()).toMatchObject({ count: 3 });
    await register(client({ from: '127.0.0.2' }), 'agent-4');
  });

  it('agents say so much of themselves together and no more, so that a list of them can be read', async () => {
    const { client } = await started({ kept, limits: { agentBytes: 5_000, addressShare: 1 } });
    const old = client();
    const long = { description: 'x'.repeat(3_000) };
    const post = async (agentId: string, more: object) =>
      (await old.post('/register', { agent_id: agentId, ...more })).status;
    expect([await post('a', long), await post('b', long), await post('b', {})]).toEqual([
      200, 429, 200,
    ]);
    // Known already: what it said before makes room for what it says now.
    expect([await post('a', long), await post('a', {}), await post('b', long)]).toEqual([
      200, 200, 200,
    ]);
    expect((await old.get('/discover')).json()).toMatchObject({ count: 2 });
  });

  it('an agent that acknowledges again and again is slowed down, and loses nothing', async () => {
    const { client } = await started({ kept, limits: { acknowledgements: FEW } });
    const beta = client({ modern: true, secret: secretOf('beta') });
    await register(beta, 'beta');
    await delegate(client(), 'alpha', 'beta', 't');
    const ack = (ids: unknown) => beta.post('/ack', { agent_id: 'beta', delivery_ids: ids });
    for (let i = 0; i < 3; i++) expect((await ack([999])).status).toBe(200);
    const slowed = await ack([999]);
    expect([slowed.status, slowed.json()]).toMatchObject([
      429,
      { code: 'relay.too_many_requests' },
    ]);
    expect((await beta.get('/poll/beta?ack=999')).status).toBe(429);
    expect(tasksOf(await poll(beta, 'beta'))).toEqual(['t']);
  });

  it('an acknowledgement names so many messages and no more', async () => {
    const { client } = await started({ kept });
    const beta = client({ modern: true, secret: secretOf('beta') });
    await register(beta, 'beta');
    const ack = (ids: number) =>
      beta.post('/ack', {
        agent_id: 'beta',
        delivery_ids: Array.from({ length: ids }, (_, i) => i + 1),
      });
    expect((await ack(1_000)).status).toBe(200);
    const refused = await ack(1_001);
    expect([refused.status, refused.json()]).toMatchObject([400, { code: 'relay.bad_request' }]);
  });

  it('a socket that says more than it may is read no faster, and nothing of it is lost', async () => {
    const clock = fakeClock(Date.now());
    const limits = { frames: { burst: 10, perSecond: 100 } };
    const { base, client } = await started({ kept, clock, limits });
    const socket = await openSocket(base, 'alpha', { token: TOKEN });
    const task = 'x'.repeat(20_000);
    for (let i = 0; i < 400; i++) socket.send({ type: 'delegate', to_agent: 'beta', task, nth: i });
    const beta = client({ modern: true });
    const waiting = async () => {
      // Time stands still: what is not read is not read.
      await clock.advance(0);
      return (await poll(beta, 'beta')).count;
    };
    await expect.poll(waiting).toBeGreaterThan(0);
    for (let i = 0; i < 20; i++) expect(await waiting()).toBeLessThan(100);
    expect(socket.socket.bufferedAmount).toBeGreaterThan(0);
    // The window moves on as it does: no more than 256 come with one poll.
    const got: unknown[] = [];
    await expect
      .poll(async () => {
        await clock.advance(1_000);
        const { messages } = await poll(beta, 'beta');
        got.push(...messages.map(({ nth }) => nth));
        await beta.post('/ack', {
          agent_id: 'beta',
          delivery_ids: messages.map(({ delivery_id: id }) => id),
        });
        return got.length;
      })
      .toBe(400);
    expect(got).toEqual(Array.from({ length: 400 }, (_, i) => i));
    expect(socket.socket.readyState).toBe(socket.socket.OPEN);
  });

  it('a client that acknowledges thousands by socket one by one stays connected', async () => {
    const { base, client, relay } = await started({ kept, limits: { inboxMessages: 10_000 } });
    const secret = secretOf('beta');
    await register(client({ modern: true, secret }), 'beta');
    const socket = await openSocket(base, 'beta', {
      ...{ token: TOKEN, modern: true, secret, acknowledges: true },
    });
    const many = 2_400;
    // By the sockets of several, none of whom says too much.
    for (let sender = 0; sender < 6; sender++) {
      const from = await openSocket(base, `from-${sender}`, { token: TOKEN });
      for (let i = 0; i < many / 6; i++) {
        from.send({ type: 'delegate', to_agent: 'beta', task: `${sender} ${i}` });
      }
    }
    await expect.poll(() => socket.got.length, { timeout: 60_000 }).toBe(many);
    await expect
      .poll(async () => (await relay.status()).waiting.messages, { timeout: 60_000 })
      .toBe(0);
    expect(socket.socket.readyState).toBe(socket.socket.OPEN);
  });

  it('a refused socket is let go also where the other side never ends it', async () => {
    const clock = fakeClock(Date.now());
    const { relay } = await started({ kept, clock });
    const half = connect({ port: relay.port, host: '127.0.0.1', allowHalfOpen: true });
    half.on('error', () => undefined);
    let answer = '';
    let ended = false;
    let closed = false;
    half.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    half.on('end', () => {
      ended = true;
    });
    half.on('close', () => {
      closed = true;
    });
    half.write(
      'GET /ws/beta HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Version: 13\r\n\r\n',
    );
    await expect.poll(() => ended).toBe(true);
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer).toContain('Unauthorized');
    await clock.advance(10_000);
    // What is written to a connection that is no more comes back as its end.
    await expect
      .poll(() => {
        if (!closed) half.write('x');
        return closed;
      })
      .toBe(true);
  });
});
