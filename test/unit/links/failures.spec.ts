import { createServer as createHttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { classifyEnd, socketFailure } from '../../../electron/links/gateway/failures.ts';
import type { WireEnd } from '../../../electron/links/gateway/wire.ts';
import { fakeClock } from '../../fakes/clock.ts';
import { FakeGateway } from '../../fakes/gateway/fake-gateway.ts';
import { startRig } from '../../fakes/gateway/link-rig.ts';

const open: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const part of open.splice(0).reverse()) await part.stop();
});

const end = (more: Partial<WireEnd>): WireEnd => ({
  code: 1006,
  reason: '',
  greeted: true,
  socketOpened: true,
  error: null,
  timedOut: false,
  ...more,
});
const errno = (code: string, message = code): Error => Object.assign(new Error(message), { code });

describe('what the end of a connection means', () => {
  it.each([
    [{ code: 1012, reason: 'service restart' }, { kind: 'restarting' }],
    [
      { code: 1013, reason: 'gateway starting' },
      { kind: 'starting', retryAfterMs: 500 },
    ],
    [{ code: 4001, reason: 'device removed' }, { kind: 'revoked' }],
    [
      { code: 4001, reason: 'gateway auth changed' },
      { kind: 'offline', cause: 'closed' },
    ],
    [
      { code: 4000, reason: 'silence' },
      { kind: 'offline', cause: 'unanswered' },
    ],
    [{ code: 1006 }, { kind: 'offline', cause: 'closed' }],
    [
      { code: 1008, reason: 'slow consumer' },
      { kind: 'offline', cause: 'closed' },
    ],
    [{ code: 1009 }, { kind: 'offline', cause: 'closed' }],
    [{ code: 1007 }, { kind: 'offline', cause: 'closed' }],
    [
      { code: 1002, greeted: false },
      { kind: 'protocol_mismatch', theirs: null },
    ],
    [
      { greeted: false, timedOut: true },
      { kind: 'offline', cause: 'unanswered' },
    ],
  ] as const)('%j → %j', (more, expected) => {
    expect(classifyEnd(end(more))).toMatchObject(expected);
  });

  it.each([
    ['ECONNREFUSED', 'refused'],
    ['ETIMEDOUT', 'timeout'],
    ['ENOTFOUND', 'host_unknown'],
    ['EAI_AGAIN', 'host_unknown'],
    ['EHOSTUNREACH', 'unreachable'],
    ['ENETUNREACH', 'unreachable'],
    ['ENETDOWN', 'local_network_down'],
    ['ECONNRESET', 'closed'],
    ['EPROTO', 'tls_failed'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls_failed'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls_failed'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls_failed'],
    ['CERT_HAS_EXPIRED', 'tls_failed'],
    ['HPE_INVALID_CONSTANT', 'not_a_gateway'],
    ['SOMETHING_NEW', 'closed'],
  ])('%s → %s', (code, cause) => {
    expect(socketFailure(errno(code))).toMatchObject({ kind: 'offline', cause });
  });

  it.each([
    [200, { kind: 'offline', cause: 'not_a_gateway' }],
    [404, { kind: 'offline', cause: 'not_a_gateway' }],
    [502, { kind: 'offline', cause: 'refused' }],
    [503, { kind: 'starting' }],
    [429, { kind: 'rate_limited' }],
  ])('an HTTP %d instead of a WebSocket', (status, expected) => {
    const error = new Error(`Unexpected server response: ${status}`);
    expect(socketFailure(error)).toMatchObject(expected);
  });
});

const listening = (server: Server): Promise<string> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      open.push({ stop: () => server.close() });
      resolve(`127.0.0.1:${(server.address() as AddressInfo).port}`);
    });
  });

const offlineCause = async (
  url: string,
  more: Parameters<typeof startRig>[1] = {},
): Promise<string> => {
  const rig = startRig({ url, credential: { kind: 'token', value: 'x' } }, more);
  open.push(rig);
  return (await rig.state('offline')).cause;
};

describe('things that are not a gateway, or not there', () => {
  it('a closed port', async () => {
    const server = createServer();
    const host = await listening(server);
    server.close();
    expect(await offlineCause(`ws://${host}`)).toBe('refused');
  });

  it('a name that nobody knows', async () => {
    expect(await offlineCause('ws://nobody-knows-this.local:1')).toBe('host_unknown');
  });

  it('a public host over plain ws, without a packet', async () => {
    const rig = startRig({
      url: 'ws://gw.example.org:18789',
      credential: { kind: 'token', value: 'x' },
    });
    open.push(rig);
    const state = await rig.state('offline');
    expect([state.cause, state.retryAt]).toEqual(['insecure_url', null]);
  });

  it('a web server', async () => {
    const server = createHttpServer((_request, response) => response.end('<h1>hello</h1>'));
    expect(await offlineCause(`ws://${await listening(server)}`)).toBe('not_a_gateway');
  });

  it('something that speaks no HTTP', async () => {
    const server = createServer((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    expect(await offlineCause(`ws://${await listening(server)}`)).toBe('not_a_gateway');
  });

  it('a port that cuts at once', async () => {
    const server = createServer((socket) => socket.destroy());
    expect(await offlineCause(`ws://${await listening(server)}`)).toBe('closed');
  });

  it('TLS asked of a port without it, and the other way round', async () => {
    const server = createHttpServer();
    expect(await offlineCause(`wss://${await listening(server)}`)).toBe('tls_failed');
    const fake = await FakeGateway.start({ tls: true });
    open.push(fake);
    const plain = await offlineCause(fake.url.replace('wss:', 'ws:'));
    expect(['closed', 'not_a_gateway']).toContain(plain);
  });

  it('a port that takes connections and says nothing; a gateway without a challenge', async () => {
    const sockets: { destroy(): void }[] = [];
    const server = createServer((socket) => sockets.push(socket));
    open.push({ stop: () => sockets.map((socket) => socket.destroy()) });
    const fake = await FakeGateway.start();
    fake.mute = true;
    open.push(fake);
    for (const [url, opened] of [
      [`ws://${await listening(server)}`, () => sockets.length > 0],
      [fake.url, () => fake.connections.size > 0],
    ] as const) {
      const clock = fakeClock();
      const rig = startRig({ url, credential: { kind: 'token', value: 'x' } }, { clock });
      open.push(rig);
      await rig.until('the connection', opened);
      await clock.advance(15_000);
      expect((await rig.state('offline')).cause).toBe('unanswered');
    }
  });

  it('a gateway that greets and then answers nothing', async () => {
    const fake = await FakeGateway.start();
    open.push(fake);
    fake.swallowed.add('gateway.identity.get');
    const clock = fakeClock();
    const credential = { kind: 'token', value: fake.token } as const;
    const rig = startRig({ url: fake.url, credential }, { clock });
    open.push(rig);
    await rig.until('the question', () => fake.requests.length > 1);
    await clock.advance(10_000);
    expect((await rig.state('offline')).cause).toBe('unanswered');
  });
});
