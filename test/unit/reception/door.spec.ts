import { connect } from 'node:net';
import { AgentCard } from '@a2a-js/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DELEGATION_EXTENSION } from '../../../electron/contract/index.ts';
import { tagsOf } from '../../../electron/links/a2a/card.ts';
import { type Rig, rpc, startRig, until, userMessage } from './parts/rig.ts';

const MACHINE = { nodeId: 'n1', node: 'bea.example.ts.net', user: 'bea@example.org' };

describe('the door', () => {
  let rig: Rig;
  let token: string;
  beforeEach(async () => {
    rig = await startRig();
    ({ token } = await rig.peer('Bea'));
  });
  afterEach(() => rig.stop());

  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    fetch(`${rig.origin()}${path}`, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
    });
  const send = (message: unknown) =>
    rpc(rig.origin(), token, 'SendMessage', {
      message,
      configuration: { returnImmediately: true },
    });

  it('shows its card to anybody who gets through, naming no peer and no agent', async () => {
    const response = await fetch(`${rig.origin()}/.well-known/agent-card.json`);
    const card = (await response.json()) as { supportedInterfaces: { url: string }[] };
    expect(card.supportedInterfaces[0]?.url).toBe(`${rig.origin()}/a2a/v1`);
    expect(JSON.stringify(card)).not.toMatch(/\bBea\b|\bmain\b/);
  });

  it('says on its card what the agents here are good at, as the person tells it now', async () => {
    const told = async (): Promise<readonly string[]> => {
      const card = await fetch(`${rig.origin()}/.well-known/agent-card.json`);
      return tagsOf(AgentCard.fromJSON(await card.json()));
    };
    expect(await told()).toEqual([]);
    rig.settings.capabilities = ['Code review', 'translate'];
    expect(await told()).toEqual(['Code review', 'translate']);
    rig.settings.capabilities = [];
    expect(await told()).toEqual([]);
  });

  it('answers under an address or a name of its own only, so that no page in a browser reads it', async () => {
    const named = await startRig({ tailnet: { names: () => ['ada.example.ts.net'] } });
    const { port, hostname } = new URL(named.origin());
    const under = (host: string) =>
      new Promise<string>((resolve) => {
        const socket = connect(Number(port), hostname, () =>
          socket.write(
            `GET /.well-known/agent-card.json HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\n\r\n`,
          ),
        );
        let text = '';
        socket.on('data', (chunk) => {
          text += chunk.toString();
        });
        socket.on('close', () => resolve(text.slice(9, 12)));
      });
    for (const host of [
      `127.0.0.1:${port}`,
      'localhost',
      '100.64.0.1',
      '[::1]:80',
      'ada.example.ts.net',
    ])
      expect([host, await under(host)]).toEqual([host, '200']);
    for (const host of [
      'evil.example',
      `evil.example:${port}`,
      'ada.example.ts.net.evil.example',
      'a@b',
      '',
    ])
      expect([host, await under(host)]).not.toEqual([host, '200']);
    await named.stop();
  });

  it('says the same for a missing, a wrong and a revoked token, and notes each', async () => {
    const other = await rig.peer('Cal');
    await rig.call('partnership.end', { peerId: other.peerId, removePeer: false });
    const answers = [];
    for (const one of [null, 'x'.repeat(43), other.token]) {
      const { status, body } = await rpc(rig.origin(), one, 'GetTask', { id: 'a' });
      answers.push(JSON.stringify({ status, body }));
    }
    expect(new Set(answers).size).toBe(1);
    expect(answers[0]).toContain('401');
    await until(() => rig.audit().filter((row) => row.what === 'caller_refused').length === 3);
    expect(JSON.stringify(rig.audit())).not.toContain(other.token);
  });

  it('shuts for five minutes after ten wrong tokens, also for the right one', async () => {
    for (let i = 0; i < 10; i++)
      await rpc(rig.origin(), `wrong-token-number-${i}`, 'GetTask', { id: 'a' });
    const shut = await rpc(rig.origin(), token, 'GetTask', { id: 'a' });
    expect(shut.status).toBe(429);
    expect(Number(shut.headers.get('retry-after'))).toBe(300);
    await rig.clock.advance(300_000);
    expect((await rpc(rig.origin(), token, 'GetTask', { id: 'a' })).status).toBe(200);
  });

  it('lets nobody knock too often, and says when to come again', async () => {
    const answers = await Promise.all(
      Array.from({ length: 130 }, () => rpc(rig.origin(), null, 'GetTask', {}, { origin: 'x' })),
    );
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(10);
    expect(refused[0]?.headers.get('retry-after')).toBe('1');
  });

  it('refuses more than a megabyte before reading it', async () => {
    const response = await post('/a2a/v1', JSON.stringify({ text: 'x'.repeat(1_100_000) })).catch(
      () => null,
    );
    // The connection may be closed while the rest is still being written.
    if (response) expect(response.status).toBe(413);
    expect(rig.reception.delegations()).toEqual([]);
  });

  it('refuses deep JSON, broken JSON, and what is not JSON', async () => {
    const deep = `${'['.repeat(10_000)}${']'.repeat(10_000)}`;
    expect((await post('/a2a/v1', `{"a":${deep}}`)).status).toBe(400);
    expect((await post('/a2a/v1', '{"a":')).status).toBe(400);
    expect((await post('/a2a/v1', '{}', { 'content-type': 'text/plain' })).status).toBe(415);
  });

  it('refuses 10,000 parts and texts over 64 KiB by A2A’s own code', async () => {
    const many = await send(
      userMessage('', { parts: Array.from({ length: 10_000 }, () => ({ text: 'x' })) }),
    );
    expect(many.body.error).toMatchObject({ code: -32_602 });
    const long = await send(userMessage('é'.repeat(40_000)));
    expect(long.body.error).toMatchObject({ code: -32_602 });
    expect(rig.reception.delegations()).toEqual([]);
  });

  it('shows addresses and never fetches them, and takes no path from a file’s name', async () => {
    await send(
      userMessage('look', {
        parts: [
          { text: 'look' },
          { url: 'http://169.254.169.254/latest/meta-data', filename: 'meta' },
          { url: 'http://127.0.0.1:1/secret', filename: '../../etc/passwd' },
          {
            raw: Buffer.from('hello').toString('base64'),
            filename: '/etc/cron.d/evil',
            mediaType: 'text/plain',
          },
        ],
      }),
    );
    const [card] = rig.reception.delegations();
    expect(card?.parts.map((part) => part.name)).toEqual(['meta', 'passwd', 'evil']);
    const wrong = await send(userMessage('', { parts: [{ url: 'file:///etc/passwd' }] }));
    expect(wrong.body.error?.code).toBe(-32_602);
  });

  it('reads what a Peerage adds, and the tags that people write', async () => {
    await send(
      userMessage('do it', {
        metadata: { [DELEGATION_EXTENSION]: { topic: 'Release', priority: 'urgent', hops: 2 } },
      }),
    );
    await send(userMessage('[Delegation] → Docs\nPriority: high\nTask: mend the page'));
    expect(
      rig.reception.delegations().map(({ topic, priority, hops }) => ({ topic, priority, hops })),
    ).toEqual([
      { topic: 'Docs', priority: 'high', hops: 0 },
      { topic: 'Release', priority: 'urgent', hops: 2 },
    ]);
  });

  it('serves no page of a browser, and no other version of the protocol', async () => {
    expect((await post('/a2a/v1', '{}', { origin: 'http://evil.example' })).status).toBe(403);
    const odd = await rpc(rig.origin(), token, 'GetTask', { id: 'a' }, { 'a2a-version': '2.0' });
    expect(odd.body.error?.code).toBe(-32_009);
  });
});

describe('the door on the tailnet', () => {
  it('hears nobody whom Tailscale does not know, before a byte is read', async () => {
    let asked = 0;
    const rig = await startRig({
      config: { listen: 'tailnet', port: 0 },
      tailnet: {
        addresses: () => ['127.0.0.2'],
        whois: async () => {
          asked++;
          return null;
        },
      },
    });
    try {
      const [outside] = rig.reception.view().addresses;
      const { hostname, port } = new URL(outside ?? '');
      expect(hostname).toBe('127.0.0.2');
      const got = await new Promise<string>((resolve) => {
        const socket = connect(Number(port), hostname, () =>
          socket.write('GET / HTTP/1.1\r\n\r\n'),
        );
        let text = '';
        socket.on('data', (chunk) => {
          text += chunk;
        });
        socket.on('error', () => resolve(text));
        socket.on('close', () => resolve(text));
      });
      expect(got).toBe('');
      expect(asked).toBe(1);
      expect(rig.audit().map((row) => row.what)).toContain('caller_unknown');
    } finally {
      await rig.stop();
    }
  });

  it('notes a stranger once a minute, however often it knocks', async () => {
    const rig = await startRig({
      config: { listen: 'tailnet', port: 0 },
      tailnet: { addresses: () => ['127.0.0.2'], whois: async () => null },
    });
    const knock = () =>
      new Promise<void>((resolve) => {
        const { hostname, port } = new URL(rig.reception.view().addresses[0] ?? '');
        const socket = connect(Number(port), hostname);
        socket.on('error', () => undefined);
        socket.on('close', () => resolve());
        socket.resume();
      });
    const noted = () => rig.audit().filter((row) => row.what === 'caller_unknown').length;
    try {
      for (let i = 0; i < 20; i++) await knock();
      expect(noted()).toBe(1);
      await rig.clock.advance(60_000);
      await knock();
      expect(noted()).toBe(2);
    } finally {
      await rig.stop();
    }
  });

  it('names the machine and its owner, and refuses the token from any other machine', async () => {
    let machine = MACHINE;
    const rig = await startRig({
      config: { listen: 'tailnet', port: 0 },
      tailnet: { addresses: () => ['127.0.0.2'], whois: async () => machine },
    });
    try {
      const [outside = ''] = rig.reception.view().addresses;
      const { token } = await rig.peer('Bea', MACHINE);
      const params = { message: userMessage('hi'), configuration: { returnImmediately: true } };
      await rpc(outside, token, 'SendMessage', params);
      expect(rig.reception.delegations()[0]?.proof).toEqual({
        kind: 'tailnet',
        node: MACHINE.node,
        owner: MACHINE.user,
      });
      machine = { nodeId: 'n2', node: 'eve.example.ts.net', user: 'eve@example.org' };
      const stolen = await rpc(outside, token, 'SendMessage', params, { connection: 'close' });
      expect(stolen.status).toBe(401);
      // Also from here: whoever took it to this machine is no machine of the tailnet.
      const [, here = ''] = rig.reception.view().addresses;
      expect((await rpc(here, token, 'GetTask', { id: 'a' })).status).toBe(401);
      expect(rig.audit().map((row) => row.what)).toContain('caller_contradicted');
    } finally {
      await rig.stop();
    }
  });

  it('listens on this machine only, and says why, while there is no tailnet', async () => {
    const rig = await startRig({ config: { listen: 'tailnet', port: 0 } });
    try {
      expect(rig.reception.view()).toMatchObject({
        state: 'listening',
        addresses: [expect.stringContaining('127.0.0.1')],
        error: { code: 'reception.no_tailnet' },
      });
    } finally {
      await rig.stop();
    }
  });
});
