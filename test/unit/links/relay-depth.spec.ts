import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { systemClock } from '../../../electron/clock/clock.ts';
import type { RelayDoor } from '../../../electron/links/relay/requests.ts';
import { openRelaySocket } from '../../../electron/links/relay/socket.ts';
import { readMessage } from '../../../electron/links/relay/wire.ts';

const deep = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels);
const task = (context: string): string =>
  `{"type":"delegate","from_agent":"eve","task":"hello","context":{"a":${context}}}`;
/** Enough that writing it as JSON again overflows the stack. */
const BOTTOMLESS = 400_000;

/** A relay that says whatever it likes. */
describe('what a relay nests without end', () => {
  let server: Server;
  let door: RelayDoor;
  const clock = systemClock();

  beforeEach(async () => {
    server = createServer((_, response) =>
      response.end(`{"messages":[${task(deep(BOTTOMLESS))}],"count":1}`),
    );
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket) => {
      socket.send(task(deep(BOTTOMLESS)));
      socket.send(task('1'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    door = { url: `http://127.0.0.1:${port}`, tls: null, token: null, secret: null, clock };
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('is dropped from the socket, which goes on', async () => {
    const odd: string[] = [];
    const first = await new Promise((resolve) => {
      const socket = openRelaySocket({
        door,
        agentId: 'ada',
        clock,
        message: (raw) => {
          socket.close();
          resolve(readMessage(raw));
        },
        odd: (what) => odd.push(what),
        opened: () => undefined,
        closed: resolve,
      });
    });
    expect(first).toMatchObject({ kind: 'task', context: { a: 1 } });
    expect(odd).toHaveLength(1);
  });

  it('takes no more than its context with it where the published relay would pass it on', () => {
    expect(readMessage(JSON.parse(task(deep(900))))).toMatchObject({ task: 'hello', context: {} });
    expect(readMessage(JSON.parse(task(deep(60))))).toMatchObject({
      context: { a: expect.any(Array) },
    });
  });
});
