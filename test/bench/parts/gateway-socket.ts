/**
 * The least that a client of protocol 4 takes for a gateway. It checks nothing and answers at once, so
 * that what is measured against it is the client's own work.
 */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

/** A request of a client. */
export interface Request {
  readonly id: string;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

const publicKey = randomBytes(32);
const IDENTITY = {
  deviceId: createHash('sha256').update(publicKey).digest('hex'),
  publicKey: publicKey.toString('base64url'),
};

/** As long as the one of OpenClaw 2026.9.6, some 30 kB: who keeps it whole pays for it. */
const METHODS = Array.from({ length: 400 }, (_, n) => `area.of.methods.number${n}.get`);
const EVENTS = Array.from({ length: 60 }, (_, n) => `area.of.events.number${n}.changed`);
const PRESENCE = Array.from({ length: 40 }, (_, n) => ({
  host: `machine-${n}`,
  version: '2026.9.6',
  platform: 'linux',
  mode: 'ui',
  ts: 1_790_000_000_000 + n,
  instanceId: randomUUID(),
  text: `Node: machine-${n} · app 2026.9.6 · mode ui · reason connect`,
}));

const hello = (): object => ({
  type: 'hello-ok',
  protocol: 4,
  server: { version: '2026.9.6', bootId: randomUUID(), connId: randomUUID() },
  features: {
    methods: ['gateway.identity.get', 'chat.send', 'agents.list', ...METHODS],
    events: ['chat', 'tick', ...EVENTS],
    capabilities: [],
  },
  snapshot: {
    presence: PRESENCE,
    health: {},
    stateVersion: { presence: 1, health: 1 },
    uptimeMs: 1000,
    sessionDefaults: { defaultAgentId: 'main', mainKey: 'main', mainSessionKey: 'agent:main:main' },
  },
  auth: { role: 'operator', scopes: ['operator.read', 'operator.write'] },
  policy: {
    maxPayload: 26_214_400,
    maxBufferedBytes: 52_428_800,
    tickIntervalMs: 30_000,
    attachments: { maxBytes: 19_464_192, maxImageBytes: 6_291_456 },
  },
});

function common(request: Request): object {
  switch (request.method) {
    case 'connect':
      return hello();
    case 'gateway.identity.get':
      return IDENTITY;
    case 'agents.list':
      return { defaultId: 'main', agents: [{ id: 'main', name: 'Agent' }] };
    case 'chat.send':
      return { runId: request.params.idempotencyKey, status: 'started' };
    default:
      return {};
  }
}

export interface GatewaySocket {
  readonly url: string;
  /** Sends an event to whoever is connected. */
  event(name: string, payload: object): void;
}

/** Listens on loopback. @param answer a request's answer, or null for the common one. */
export async function serveGateway(
  answer: (request: Request) => object | null,
): Promise<GatewaySocket> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  server.on('connection', (socket) => {
    const payload = { nonce: randomUUID(), ts: Date.now() };
    socket.send(JSON.stringify({ type: 'event', event: 'connect.challenge', payload }));
    socket.on('message', (data) => {
      const request = JSON.parse(String(data)) as Request;
      const reply = answer(request) ?? common(request);
      socket.send(JSON.stringify({ type: 'res', id: request.id, ok: true, payload: reply }));
    });
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    event: (name, payload) => {
      const text = JSON.stringify({ type: 'event', event: name, payload });
      for (const socket of server.clients) socket.send(text);
    },
  };
}
