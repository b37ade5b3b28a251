/** What clients of the second version get: proof, acknowledgements, base versions, coded errors. */
import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { delegate, poll, register, secretOf, tasksOf } from './parts/agents.ts';
import { BOTH, endAll, started, TOKEN } from './parts/relay.ts';
import { openSocket } from './parts/socket-client.ts';

afterEach(endAll);

const idsOf = ({ messages }: { messages: Record<string, unknown>[] }) =>
  messages.map(({ delivery_id: id }) => Number(id));

describe.each(BOTH)('a relay that is %s', (kept) => {
  it('shows itself only to who asks in its version', async () => {
    const { client } = await started({ kept });
    expect((await client().get('/')).json()).not.toHaveProperty('protocol');
    expect((await client({ modern: true }).get('/')).json()).toMatchObject({
      protocol: 2,
      durable: kept === 'durable',
    });
  });

  it('issues a secret once to an agent that brings none', async () => {
    const { client } = await started({ kept });
    const modern = client({ modern: true });
    const reply = (await modern.post('/register', { agent_id: 'alpha' })).json();
    expect(reply.agent_secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    const again = await modern.post('/register', { agent_id: 'alpha' });
    expect([again.status, again.json()]).toEqual([
      401,
      { error: expect.any(String), code: 'relay.not_your_agent' },
    ]);
    const own = client({ modern: true, secret: String(reply.agent_secret) });
    const third = await own.post('/register', { agent_id: 'alpha' });
    expect([third.status, third.json().agent_secret]).toEqual([200, undefined]);
  });

  it('takes the secret that an agent brings, and never shows it', async () => {
    const { client, lines } = await started({ kept });
    const secret = secretOf('alpha');
    const own = client({ modern: true, secret });
    await register(own, 'alpha');
    await register(own, 'alpha');
    const seen = [await own.get('/'), await own.get('/discover'), await own.get('/poll/alpha')];
    expect(seen.map(({ text }) => text).join(lines.join())).not.toContain(secret);
  });

  it('gives the same messages until they are acknowledged', async () => {
    const { client } = await started({ kept });
    const own = client({ modern: true, secret: secretOf('beta') });
    await register(own, 'beta');
    for (const task of ['one', 'two', 'three']) await delegate(client(), 'alpha', 'beta', task);
    const first = await poll(own, 'beta');
    expect(first).toMatchObject({ count: 3, more: false });
    expect(await poll(own, 'beta')).toEqual(first);
    const [one, two, three] = idsOf(first);
    expect((await own.post('/ack', { agent_id: 'beta', delivery_ids: [one] })).json()).toEqual({
      status: 'ok',
    });
    expect(tasksOf(await poll(own, 'beta'))).toEqual(['two', 'three']);
    expect(tasksOf(await poll(own, 'beta', `?ack=${two},${three}`))).toEqual([]);
  });

  it('pages through a long queue', async () => {
    const { client } = await started({ kept });
    const own = client({ modern: true, secret: secretOf('beta') });
    await register(own, 'beta');
    for (let i = 0; i < 300; i++) await delegate(client(), 'alpha', 'beta', `t${i}`);
    const got: unknown[] = [];
    let page = await poll(own, 'beta');
    expect(page).toMatchObject({ count: 256, more: true });
    while (page.count > 0) {
      got.push(...tasksOf(page));
      page = await poll(own, 'beta', `?ack=${idsOf(page).join()}`);
    }
    expect(got).toEqual(Array.from({ length: 300 }, (_, i) => `t${i}`));
  });

  it('pushes all that waits, in order, and again on the next socket what was not acknowledged', async () => {
    const { base, client } = await started({ kept });
    const secret = secretOf('beta');
    await register(client({ modern: true, secret }), 'beta');
    const tasks = Array.from({ length: 600 }, (_, i) => `t${i}`);
    for (const task of tasks.slice(0, 500)) await delegate(client(), 'alpha', 'beta', task);
    const deaf = await openSocket(base, 'beta', { token: TOKEN, modern: true, secret });
    // No more than the window without an acknowledgement.
    await expect.poll(() => deaf.got.length).toBe(256);
    await delegate(client(), 'alpha', 'beta', 't500');
    deaf.send({ type: 'ack', delivery_ids: idsOf({ messages: deaf.got }).slice(0, 100) });
    await expect.poll(() => deaf.got.length).toBe(356);
    deaf.socket.terminate();
    const well = await openSocket(base, 'beta', {
      token: TOKEN,
      modern: true,
      secret,
      acknowledges: true,
    });
    for (const task of tasks.slice(501)) await delegate(client(), 'alpha', 'beta', task);
    await well.next(({ task }) => task === 't599');
    expect(well.got.map(({ task }) => task)).toEqual(tasks.slice(100));
    await well.close();
    await expect
      .poll(async () => (await poll(client({ modern: true, secret }), 'beta')).count)
      .toBe(0);
  });

  it('does once what a sender repeats under one id', async () => {
    const { client } = await started({ kept });
    const own = client({ modern: true, secret: secretOf('alpha') });
    await register(own, 'alpha');
    const id = 'peerage:0190c0de';
    const sent = await delegate(own, 'alpha', 'beta', 'once', { message_id: id });
    expect(sent.json()).toMatchObject({ message_id: id, known: false });
    await delegate(own, 'alpha', 'beta', 'once', { message_id: id });
    const { messages } = await poll(client(), 'beta');
    expect(messages.map(({ message_id }) => message_id)).toEqual([id]);
  });

  it('hands on what a sender signed', async () => {
    const { client } = await started({ kept });
    const signature = { key: 'k', value: 'v' };
    await delegate(client(), 'alpha', 'beta', 't', { signature });
    expect((await poll(client(), 'beta')).messages[0]).toMatchObject({ signature });
  });

  it('refuses to overwrite what somebody saved since', async () => {
    const { client } = await started({ kept });
    const own = client({ modern: true, secret: secretOf('alpha') });
    await register(own, 'alpha');
    const put = (content: string, base?: number) =>
      own.post('/files', {
        file_key: 'notes',
        content,
        agent_id: 'alpha',
        ...(base === undefined ? {} : { base_version: base }),
      });
    const hash = createHash('sha256').update('one').digest('hex');
    expect((await put('one', 0)).json()).toEqual({
      status: 'saved',
      version: 1,
      content_hash: hash,
    });
    expect((await put('two', 1)).json()).toMatchObject({ version: 2 });
    const late = await put('three', 1);
    expect([late.status, late.json()]).toMatchObject([
      409,
      { code: 'relay.file_conflict', current: { version: 2, last_editor: 'alpha' } },
    ]);
    const fresh = await put('three', 0);
    expect(fresh.status).toBe(409);
    expect((await own.get('/files/notes')).json()).toMatchObject({ content: 'two', version: 2 });
    expect((await own.get('/files/notes?version=1')).json()).toMatchObject({
      content: 'one',
      content_hash: hash,
    });
    expect((await own.get('/files/notes/versions')).json()).toMatchObject({
      count: 2,
      versions: [{ version: 2 }, { version: 1, bytes: 3, content_hash: hash }],
    });
    expect((await own.get('/files/notes?version=9')).status).toBe(404);
    // For others that path is not there.
    expect((await client().get('/files/notes/versions')).text).toBe('404: Not Found');
    expect((await client().raw('POST', '/ack', '{}')).text).toBe('404: Not Found');
  });

  it('keeps twenty versions of a file', async () => {
    const { client } = await started({ kept });
    const old = client();
    for (let i = 1; i <= 25; i++) {
      await old.post('/files', { file_key: 'k', content: `c${i}`, agent_id: 'a' });
    }
    const modern = client({ modern: true });
    const { versions } = (await modern.get('/files/k/versions')).json<{
      versions: { version: number }[];
    }>();
    expect(versions.map(({ version }) => version)).toEqual(
      Array.from({ length: 20 }, (_, i) => 25 - i),
    );
    expect((await modern.get('/files/k?version=5')).status).toBe(404);
    expect((await modern.get('/files/k?version=6')).json()).toMatchObject({ content: 'c6' });
  });

  it.each([
    ['/delegate', '{bad', 400, 'relay.bad_json'],
    ['/delegate', '{}', 400, 'relay.bad_request'],
    ['/nowhere', '{}', 404, 'relay.not_found'],
    ['/discover', '{}', 405, 'relay.wrong_method'],
    ['/files', `{"content":"${'x'.repeat(1_048_576)}"}`, 413, 'relay.too_large'],
  ])('refuses %s with a coded error', async (path, body, status, code) => {
    const { client } = await started({ kept });
    const reply = await client({ modern: true }).raw('POST', path, body);
    expect([reply.status, reply.type, reply.json()]).toEqual([
      status,
      'application/json; charset=utf-8',
      { error: expect.any(String), code },
    ]);
  });
});
