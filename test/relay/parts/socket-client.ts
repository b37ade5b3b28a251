/** A WebSocket client that keeps what it gets. */
import { WebSocket } from 'ws';
import { atEnd } from './relay.ts';

export interface SocketClient {
  readonly socket: WebSocket;
  readonly got: Record<string, unknown>[];
  /** The first message that fits, also one that came before. */
  next(fits: (message: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  send(message: unknown): void;
  /** Resolves with the close code. */
  readonly closed: Promise<number>;
  close(): Promise<number>;
}

export interface SocketOptions {
  readonly token?: string | null;
  readonly modern?: boolean;
  readonly secret?: string;
  readonly query?: string;
  readonly from?: string;
  /** Answers pings, as every library does. */
  readonly pongs?: boolean;
  /** Acknowledges whatever comes (second version). */
  readonly acknowledges?: boolean;
}

/** Opens a socket for an agent. Rejects where the relay turns it away, with the status. */
export function openSocket(
  base: string,
  agentId: string,
  options: SocketOptions = {},
): Promise<SocketClient> {
  const url = `${base.replace('http', 'ws')}/ws/${encodeURIComponent(agentId)}${options.query ?? ''}`;
  const socket = new WebSocket(url, {
    autoPong: options.pongs ?? true,
    ...(options.from ? { localAddress: options.from } : {}),
    headers: {
      ...(options.token ? { Authorization: `Bearer ${options.token}` } : {}),
      ...(options.modern ? { 'X-Relay-Version': '2' } : {}),
      ...(options.secret ? { 'X-Agent-Secret': options.secret } : {}),
    },
  });
  const got: Record<string, unknown>[] = [];
  const waiting = new Set<() => void>();
  const closed = new Promise<number>((resolve) => socket.on('close', (code) => resolve(code)));
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as Record<string, unknown>;
    got.push(message);
    if (options.acknowledges && typeof message.delivery_id === 'number') {
      socket.send(JSON.stringify({ type: 'ack', delivery_ids: [message.delivery_id] }));
    }
    for (const look of [...waiting]) look();
  });
  const held: SocketClient = {
    socket,
    got,
    closed,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    next: (fits) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = got.find(fits);
          if (!found) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
    close: () => {
      socket.close();
      return closed;
    },
  };
  return new Promise((resolve, reject) => {
    socket.on('open', () => {
      atEnd(() => socket.terminate());
      resolve(held);
    });
    socket.on('unexpected-response', (_request, response) => {
      reject(new Error(`refused with ${response.statusCode}`));
      socket.on('error', () => undefined);
      socket.terminate();
    });
    socket.on('error', reject);
  });
}
