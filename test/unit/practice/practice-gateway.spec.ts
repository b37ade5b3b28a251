import { sign } from 'node:crypto';
import { GatewayClient } from '@openclaw/gateway-client';
import * as protocol from '@openclaw/gateway-protocol';
import { Value } from 'typebox/value';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../electron/clock/clock.ts';
import { gatewayIdentity } from '../../../electron/practice/device-proof.ts';
import { type PracticeGateway, startPracticeGateway } from '../../../electron/practice/index.ts';
import { PATIENCE_MS } from '../../patience.ts';

type Frame = Record<string, unknown>;

const clock = systemClock();
const open: { stop(): unknown }[] = [];
afterEach(async () => {
  for (const part of open.splice(0)) await part.stop();
});

const quick = (text: string) => () => ({
  chunks: text.match(/\S+\s*/g) ?? [text],
  firstMs: 0,
  chunkMs: 0,
});

async function start(
  options: Partial<Parameters<typeof startPracticeGateway>[0]> = {},
): Promise<PracticeGateway> {
  const gateway = await startPracticeGateway({ clock, agent: quick('one two three'), ...options });
  open.push(gateway);
  return gateway;
}

/** A plain official client, without anything of ours. */
async function connect(
  gateway: PracticeGateway,
  options: { token?: string; scopes?: string[]; caps?: string[] } = {},
) {
  const device = gatewayIdentity();
  const events: { event: string; payload: Frame }[] = [];
  const hello = Promise.withResolvers<Frame>();
  const client = new GatewayClient({
    url: gateway.url,
    token: options.token ?? gateway.token,
    clientName: 'gateway-client',
    mode: 'ui',
    clientDisplayName: 'Plain client',
    clientVersion: '1',
    platform: 'linux',
    scopes: options.scopes ?? ['operator.read', 'operator.write'],
    caps: options.caps ?? [],
    minProtocol: 4,
    maxProtocol: 4,
    deviceIdentity: {
      deviceId: device.deviceId,
      privateKeyPem: device.privateKeyPem,
      publicKeyPem: '',
    },
    hostDeps: {
      signDevicePayload: (pem, payload) =>
        sign(null, Buffer.from(payload), pem).toString('base64url'),
      publicKeyRawBase64UrlFromPem: () => device.publicKey,
    },
    onEvent: (event) => events.push(event as { event: string; payload: Frame }),
    onHelloOk: (value) => hello.resolve(value as unknown as Frame),
    onConnectError: (error) => hello.reject(error),
  });
  client.start();
  open.push(client);
  return { client, events, hello: await hello.promise };
}

const until = async (test: () => boolean): Promise<void> => {
  const end = Date.now() + PATIENCE_MS;
  while (!test()) {
    if (Date.now() > end) throw new Error('not in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

describe('the practice gateway, with the official client', () => {
  it('answers a handshake that fits the official schema', async () => {
    const { hello } = await connect(await start());
    expect(protocol.validateRequestFrame({ type: 'req', id: '1', method: 'x' })).toBe(true);
    expect(checkHello(hello)).toEqual([]);
    expect(hello.auth).toMatchObject({ scopes: ['operator.read', 'operator.write'] });
  });

  it('streams an answer whose frames all fit the official schema', async () => {
    const gateway = await start();
    const { client, events } = await connect(gateway, { caps: ['session-scoped-events'] });
    const sessionKey = 'agent:main:peerage-test';
    await client.request('sessions.messages.subscribe', { key: sessionKey });
    const ack = await client.request('chat.send', {
      sessionKey,
      message: 'hello',
      idempotencyKey: 'peerage:1',
    });
    expect(ack).toEqual({ runId: 'peerage:1', status: 'started' });
    await until(() => events.some((event) => event.payload.state === 'final'));
    const chats = events.filter((event) => event.event === 'chat').map((event) => event.payload);
    for (const payload of chats) expect(errorsOf(protocol.ChatEventSchema, payload)).toEqual([]);
    expect(chats.map((payload) => payload.state)).toEqual([
      'status',
      'status',
      'status',
      'delta',
      'delta',
      'delta',
      'final',
    ]);
    const history = await client.request('chat.history', { sessionKey });
    expect(history.messages).toMatchObject([
      { role: 'user', content: 'hello', idempotencyKey: 'peerage:1:user' },
      { role: 'assistant', content: [{ text: 'one two three' }] },
    ]);
  });

  it('does nothing twice under one key', async () => {
    const gateway = await start();
    const { client, events } = await connect(gateway);
    const send = () =>
      client.request('chat.send', {
        sessionKey: 'agent:main:x',
        message: 'hello',
        idempotencyKey: 'peerage:1',
      });
    await send();
    await until(() => events.some((event) => event.payload.state === 'final'));
    expect(await send()).toEqual({ runId: 'peerage:1', status: 'ok' });
    const history = await client.request('chat.history', { sessionKey: 'agent:main:x' });
    expect(history.totalMessages).toBe(2);
  });

  it('refuses a wrong token, an unknown agent, an unknown property and an unknown method', async () => {
    const gateway = await start();
    await expect(connect(gateway, { token: 'wrong' })).rejects.toMatchObject({
      details: { code: 'AUTH_TOKEN_MISMATCH' },
    });
    const { client } = await connect(gateway);
    const send = { message: 'x', idempotencyKey: 'k', sessionKey: 'agent:nope:x' };
    await expect(client.request('chat.send', send)).rejects.toThrow('no longer exists');
    await expect(client.request('chat.send', { ...send, nope: 1 })).rejects.toThrow(
      'invalid chat.send',
    );
    await expect(client.request('config.patch', {})).rejects.toMatchObject({
      details: { code: 'MISSING_SCOPE' },
    });
  });

  it('keeps identity, token, devices and history over a restart of the app', async () => {
    const first = await start();
    const { client, events } = await connect(first);
    const sessionKey = 'agent:main:x';
    await client.request('chat.send', { sessionKey, message: 'hello', idempotencyKey: 'k1' });
    await until(() => events.some((event) => event.payload.state === 'final'));
    const state = JSON.parse(JSON.stringify(first.exportState()));
    client.stop();
    await first.stop();
    const second = await start({ state });
    expect([second.identity, second.token, second.port]).toEqual([
      first.identity,
      first.token,
      first.port,
    ]);
    const again = await connect(second);
    expect((await again.client.request('chat.history', { sessionKey })).totalMessages).toBe(2);
  });

  it('answers GET /health', async () => {
    const gateway = await start();
    const http = gateway.url.replace('ws:', 'http:');
    expect(await (await fetch(`${http}/health`)).json()).toEqual({ ok: true, status: 'live' });
  });
});

/** What does not fit, in the package's own words. */
function errorsOf(schema: unknown, value: unknown): string[] {
  return [...Value.Errors(schema as never, value)].map((error) => JSON.stringify(error));
}

const checkHello = (hello: unknown): string[] => errorsOf(protocol.HelloOkSchema, hello);
