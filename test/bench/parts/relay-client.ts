/** Sends to a relay over kept connections, and takes what it delivers by socket. */
import { Agent, request } from 'node:http';
import { WebSocket } from 'ws';

export interface RelayEnds {
  /** Sends one task; resolves when it was both answered and delivered. */
  deliver(): Promise<void>;
  stop(): void;
}

const HEADERS = {
  Authorization: 'Bearer a-token-of-the-bench',
  'X-Relay-Version': '2',
  'Content-Type': 'application/json',
} as const;
const secretOf = (name: string) => name.padEnd(40, 's');
const TASK = 'Please look at the failing test of the parser and tell me what you find. '.repeat(3);

/** One request, its answer read to the end. */
export function ask(
  agent: Agent,
  port: number,
  method: string,
  path: string,
  sender: string,
  body?: object,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const text = body ? JSON.stringify(body) : '';
    const call = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        agent,
        headers: {
          ...HEADERS,
          'X-Agent-Secret': secretOf(sender),
          'Content-Length': Buffer.byteLength(text),
        },
      },
      (response) => {
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.byteLength;
        });
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode === 200) resolve(bytes);
          else reject(new Error(`${path} answered ${response.statusCode}`));
        });
      },
    );
    call.on('error', reject);
    call.end(text);
  });
}

/** Opens a socket for an agent. */
export function openAgent(port: number, name: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws/${name}`, {
    headers: { ...HEADERS, 'X-Agent-Secret': secretOf(name) },
    perMessageDeflate: false,
  });
  return new Promise((resolve, reject) => {
    socket.on('open', () => resolve(socket));
    socket.on('error', reject);
  });
}

/** A sender and a recipient at one relay. `registers`: it wants to know them first. */
export async function relayEnds(port: number, registers: boolean): Promise<RelayEnds> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64, scheduling: 'fifo' });
  if (registers) {
    for (const name of ['alpha', 'beta']) {
      await ask(agent, port, 'POST', '/register', name, { agent_id: name });
    }
  }
  const socket = await openAgent(port, 'beta');
  const waiting = new Map<string, () => void>();
  let acknowledged: number[] = [];
  socket.on('message', (data) => {
    const { context, delivery_id: row } = JSON.parse(String(data)) as {
      context: { key: string };
      delivery_id?: number;
    };
    if (row !== undefined && acknowledged.push(row) === 1) {
      setImmediate(() => {
        socket.send(JSON.stringify({ type: 'ack', delivery_ids: acknowledged }));
        acknowledged = [];
      });
    }
    waiting.get(context.key)?.();
    waiting.delete(context.key);
  });
  let last = 0;
  return {
    deliver: async () => {
      const key = String(++last);
      const delivered = new Promise<void>((resolve) => waiting.set(key, resolve));
      const body = { from_agent: 'alpha', to_agent: 'beta', task: TASK, context: { key } };
      await Promise.all([delivered, ask(agent, port, 'POST', '/delegate', 'alpha', body)]);
    },
    stop: () => {
      socket.terminate();
      agent.destroy();
    },
  };
}
