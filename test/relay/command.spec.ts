/** `npm run relay`: its options, its token, its ends, and TLS. */
import { readFileSync, statSync } from 'node:fs';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { delegate, poll, register, tasksOf } from './parts/agents.ts';
import { client } from './parts/http-client.ts';
import { atEnd, endAll, TOKEN, tempHome } from './parts/relay.ts';
import { type ProcessOptions, startProcess } from './parts/relay-process.ts';
import { openSocket } from './parts/socket-client.ts';

afterEach(endAll);

const run = async (args: readonly string[], more: Partial<ProcessOptions> = {}) => {
  const relay = await startProcess({ args: ['--port', '0', ...args], ...more });
  atEnd(() => relay.kill());
  return relay;
};
const withToken = { env: { CLAWLINK_TOKEN: TOKEN } };
const statusWith = async (base: string, token: string | null) =>
  (await client(base, { token }).get('/')).status;

describe('the relay from the command line', () => {
  it('keeps all that it has over a stop and a start', async () => {
    const home = tempHome();
    const first = await run(['--home', home], withToken);
    const old = client(first.base, { token: TOKEN });
    await register(old, 'alpha');
    await register(old, 'beta', { capabilities: ['code'] });
    await delegate(old, 'alpha', 'beta', 'over the stop');
    await old.post('/broadcast', { from_agent: 'alpha', content: 'this too' });
    await old.post('/files', { file_key: 'k', content: 'kept', agent_id: 'alpha' });
    expect(await first.stop()).toBe(0);
    const second = await run(['--home', home], withToken);
    const again = client(second.base, { token: TOKEN });
    expect((await again.get('/discover')).json()).toMatchObject({
      count: 2,
      agents: [{ agent_id: 'alpha' }, { agent_id: 'beta', capabilities: ['code'] }],
    });
    const { messages } = await poll(again, 'beta');
    expect(messages.map(({ task, content, type }) => task ?? content ?? type)).toEqual([
      'over the stop',
      'this too',
      'file_updated',
    ]);
    expect((await again.get('/files/k')).json()).toMatchObject({ content: 'kept', version: 1 });
    expect((await again.get('/')).json()).toMatchObject({ total_broadcasts: 1, shared_files: 1 });
    expect(statSync(join(home, 'relay.db')).mode & 0o777).toBe(0o600);
  });

  it('with --memory keeps nothing, and writes nothing', async () => {
    const home = tempHome();
    const first = await run(['--home', join(home, 'none'), '--memory', '--tls'], withToken);
    await delegate(client(first.base, { token: TOKEN }), 'alpha', 'beta', 'gone');
    await first.stop();
    expect(() => statSync(join(home, 'none'))).toThrow('ENOENT');
    const second = await run(['--memory'], withToken);
    expect(tasksOf(await poll(client(second.base, { token: TOKEN }), 'beta'))).toEqual([]);
  });

  it('tells connected agents that it stops', async () => {
    const relay = await run(['--home', tempHome()], withToken);
    const socket = await openSocket(relay.base, 'alpha', { token: TOKEN });
    await relay.stop();
    expect(await socket.closed).toBe(1001);
  });

  it('takes its token from the environment, or from standard input', async () => {
    const fromEnv = await run(['--memory'], withToken);
    expect([await statusWith(fromEnv.base, TOKEN), await statusWith(fromEnv.base, null)]).toEqual([
      200, 401,
    ]);
    const fromStdin = await run(['--memory'], { stdin: `${TOKEN}\nmore\n` });
    expect(await statusWith(fromStdin.base, TOKEN)).toBe(200);
    expect(await statusWith(fromStdin.base, 'more')).toBe(401);
    for (const relay of [fromEnv, fromStdin]) expect(relay.printed()).not.toContain(TOKEN);
  });

  it('warns of a token as an argument, and takes it', async () => {
    const relay = await run(['--memory', '--token', TOKEN, '--no-mdns']);
    expect(relay.printed()).toContain('--token can be read by others');
    expect(relay.printed()).not.toContain(TOKEN);
    expect(await statusWith(relay.base, TOKEN)).toBe(200);
  });

  it('does not start on an open address without a token', async () => {
    const refused = run(['--memory', '--host', '0.0.0.0']);
    await expect(refused).rejects.toThrow(/ended with 1: The relay needs a token/);
  });

  it.each([['--port', '70000'], ['--port', 'x'], ['--nonsense']])(
    'says what it does not understand (%s %s)',
    async (...args) => {
      await expect(startProcess({ args })).rejects.toThrow(/ended with 2: [\s\S]*Usage: npm run/);
    },
  );

  it('runs by its script, which ends with it', async () => {
    const relay = await run(['--home', tempHome()], { ...withToken, script: true });
    expect(await statusWith(relay.base, TOKEN)).toBe(200);
    expect(await relay.stop()).toBe(0);
  });
});

describe('the relay with TLS', () => {
  const fingerprintIn = (printed: string) => /SHA-256\): ([0-9A-F:]+)/.exec(printed)?.[1];
  const seenBy = (port: number) =>
    new Promise<{ fingerprint: string; status: number }>((resolve, reject) => {
      const call = httpsRequest(
        {
          host: '127.0.0.1',
          port,
          path: '/',
          agent: false,
          rejectUnauthorized: false,
          headers: { Authorization: `Bearer ${TOKEN}` },
        },
        (response) => {
          const { fingerprint256 } = (response.socket as TLSSocket).getPeerCertificate();
          response.resume();
          resolve({ fingerprint: fingerprint256, status: response.statusCode ?? 0 });
        },
      );
      call.on('error', reject);
      call.end();
    });

  it('takes both on one port, with a certificate that stays the same', async () => {
    const home = tempHome();
    const first = await run(['--home', home, '--tls'], withToken);
    const port = Number(new URL(first.base).port);
    const fingerprint = fingerprintIn(first.printed());
    expect(await seenBy(port)).toEqual({ fingerprint, status: 200 });
    const old = client(first.base, { token: TOKEN });
    await delegate(old, 'alpha', 'beta', 'plain');
    expect(tasksOf(await poll(old, 'beta'))).toEqual(['plain']);
    expect(tasksOf(await poll(old, 'beta'))).toEqual([]);
    await first.stop();
    const second = await run(['--home', home, '--tls-only'], withToken);
    expect(fingerprintIn(second.printed())).toBe(fingerprint);
    expect(statSync(join(home, 'relay-tls.pem')).mode & 0o777).toBe(0o600);
    expect(second.printed()).not.toContain('PRIVATE');
    expect(readFileSync(join(home, 'relay-tls.pem'), 'utf8')).toContain('PRIVATE KEY');
  });

  it('takes sockets too', async () => {
    const relay = await run(['--memory', '--tls'], withToken);
    const port = Number(new URL(relay.base).port);
    const socket = new WebSocket(`wss://127.0.0.1:${port}/ws/beta`, {
      rejectUnauthorized: false,
      headers: { Authorization: `Bearer ${TOKEN}` },
    });
    atEnd(() => socket.terminate());
    const got = new Promise((resolve) => socket.on('message', (data) => resolve(String(data))));
    await new Promise((resolve) => socket.on('open', resolve));
    await delegate(client(relay.base, { token: TOKEN }), 'alpha', 'beta', 'by TLS');
    expect(await got).toContain('by TLS');
  });

  it('with --tls-only answers nothing that is plain', async () => {
    const relay = await run(['--memory', '--tls-only'], withToken);
    const port = Number(new URL(relay.base).port);
    await expect(client(`http://127.0.0.1:${port}`, { token: TOKEN }).get('/')).rejects.toThrow();
    expect((await seenBy(port)).status).toBe(200);
  });
});
