/**
 * A relay as the published one is (openclaw-link 1.0.1, by its observed behaviour): everything in
 * memory, no identity, a poll that empties the queue at once, broadcasts and news of files pushed and
 * queued. Kept honest by running the same specs as against the embedded relay.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

export interface OriginalOptions {
  readonly token?: string | null;
  /** From aiohttp 3.12 on, delegations and responses are pushed and not queued; before, never pushed. */
  readonly pushes?: boolean;
}

type Json = Record<string, unknown>;
interface Agent extends Json {
  agent_id: string;
  last_heartbeat: number;
}
interface File extends Json {
  file_key: string;
  content: string;
  version: number;
}

const LIMIT = 1_048_576;

export class OriginalRelay {
  readonly #options: OriginalOptions;
  readonly #sockets = new Map<string, WebSocket>();
  #server: Server | null = null;
  #upgrades = new WebSocketServer({ noServer: true });
  #agents = new Map<string, Agent>();
  #queues = new Map<string, Json[]>();
  #files = new Map<string, File>();
  port = 0;
  /** All that was asked, newest last. */
  readonly asked: { readonly path: string; readonly body: Json }[] = [];
  /** Answers this path once in another way; true = it was answered. */
  interfere: (path: string, request: IncomingMessage, response: ServerResponse) => boolean = () =>
    false;
  /** Sockets open once this has resolved. */
  opens: Promise<void> = Promise.resolve();
  /** Added to the relay's clock, ms. */
  clockError = 0;

  private constructor(options: OriginalOptions) {
    this.#options = options;
  }

  static async start(options: OriginalOptions = {}): Promise<OriginalRelay> {
    const relay = new OriginalRelay(options);
    await relay.listen();
    return relay;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async listen(): Promise<void> {
    const server = createServer((request, response) => void this.#serve(request, response));
    server.on('upgrade', (request, socket, head) => {
      const id = decodeURIComponent((request.url ?? '').replace(/^\/ws\//, '').split('?')[0] ?? '');
      if (!this.#lets(request)) {
        socket.end('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n');
        return;
      }
      void this.opens.then(() =>
        this.#upgrades.handleUpgrade(request, socket, head, (made) => this.#socket(id, made)),
      );
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.port, '127.0.0.1', resolve));
    this.port = (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets.values()) socket.terminate();
    this.#sockets.clear();
    const server = this.#server;
    this.#server = null;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  /** As a crash: everything that it held is gone. */
  async restart(): Promise<void> {
    await this.stop();
    this.forget();
    await this.listen();
  }

  forget(): void {
    this.#agents = new Map();
    this.#queues = new Map();
    this.#files = new Map();
  }

  /** Pushes whatever it is to one agent, as a relay that lies may. */
  push(agentId: string, frame: string | Buffer): void {
    this.#sockets.get(agentId)?.send(frame);
  }

  /** The socket of an agent, while one stands. */
  socketOf(agentId: string): WebSocket | undefined {
    return this.#sockets.get(agentId);
  }

  /** How much was pushed to an agent and has not left, bytes. */
  unsent(agentId: string): number {
    return this.#sockets.get(agentId)?.bufferedAmount ?? 0;
  }

  /** Puts whatever it is into a queue. */
  queue(agentId: string, message: unknown): void {
    const queue = this.#queues.get(agentId) ?? [];
    queue.push(message as Json);
    this.#queues.set(agentId, queue);
  }

  agent(name: string): Agent | undefined {
    return [...this.#agents.values()].find((one) => one.name === name);
  }

  /** Nothing was heard of it for long. */
  silence(name: string): void {
    const agent = this.agent(name);
    if (agent) agent.last_heartbeat -= 1_000;
  }

  #now(): string {
    return new Date(Date.now() + this.clockError).toISOString().replace('Z', '+00:00');
  }

  #lets(request: IncomingMessage): boolean {
    const { token = null } = this.#options;
    if (token === null) return true;
    const header = request.headers.authorization ?? '';
    const query = new URL(request.url ?? '/', 'http://x').searchParams.get('token');
    return header.startsWith('Bearer ') ? header.slice(7) === token : query === token;
  }

  #socket(id: string, socket: WebSocket): void {
    this.#sockets.set(id, socket);
    // Whichever socket the entry is for by then, as observed.
    socket.on('close', () => this.#sockets.delete(id));
    socket.on('error', () => undefined);
    socket.on('message', (data) => {
      let message: Json;
      try {
        message = JSON.parse(String(data)) as Json;
      } catch {
        socket.close();
        return;
      }
      if (message.type === 'delegate') {
        this.#deliver(String(message.to_agent), { ...message, from_agent: id });
      }
      if (message.type === 'broadcast') {
        for (const [other, one] of this.#sockets) {
          if (other !== id) one.send(JSON.stringify({ ...message, from_agent: id }));
        }
      }
    });
  }

  #deliver(to: string, message: Json): 'websocket' | 'queued' {
    const socket = this.#sockets.get(to);
    if (this.#options.pushes === true && socket) {
      socket.send(JSON.stringify(message));
      return 'websocket';
    }
    this.queue(to, { ...message, queued_at: this.#now() });
    return 'queued';
  }

  /** Pushed, and queued as well. */
  #spread(from: unknown, message: Json): void {
    for (const id of this.#agents.keys()) {
      if (id === from) continue;
      this.#sockets.get(id)?.send(JSON.stringify(message));
      this.queue(id, { ...message, queued_at: this.#now() });
    }
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (status: number, body: unknown): void => {
      const isText = typeof body === 'string';
      response.writeHead(status, {
        'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
      });
      response.end(isText ? body : JSON.stringify(body));
    };
    const { pathname: path } = new URL(request.url ?? '/', 'http://x');
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const raw = Buffer.concat(chunks);
    if (this.interfere(path, request, response)) return;
    if (!this.#lets(request)) {
      send(401, { error: 'Unauthorized. Provide Authorization: Bearer <token>' });
      return;
    }
    if (raw.byteLength > LIMIT) {
      send(413, 'Maximum request body size 1048576 exceeded');
      return;
    }
    let body: Json = {};
    if (request.method === 'POST') {
      try {
        body = JSON.parse(raw.toString('utf8')) as Json;
      } catch {
        send(500, '500 Internal Server Error');
        return;
      }
    }
    this.asked.push({ path, body });
    this.#answer(`${request.method} ${path}`, path, body, send);
  }

  #answer(
    route: string,
    path: string,
    body: Json,
    send: (status: number, body: unknown) => unknown,
  ): unknown {
    const messageId = randomUUID().slice(0, 12);
    const timestamp = this.#now();
    const online = [...this.#agents.values()].filter(
      (agent) => Date.now() / 1000 - agent.last_heartbeat < 120,
    );
    switch (route) {
      case 'GET /':
        return send(200, {
          service: 'ClawLink Relay',
          version: '1.0.1',
          auth_required: (this.#options.token ?? null) !== null,
          agents_online: online.length,
          server_time: timestamp,
        });
      case 'POST /register': {
        const id = String(body.agent_id ?? randomUUID().slice(0, 8));
        const agent: Agent = {
          agent_id: id,
          name: body.name ?? `agent-${id.slice(0, 4)}`,
          capabilities: body.capabilities ?? [],
          machine: body.machine ?? '127.0.0.1',
          description: body.description ?? '',
          registered_at: timestamp,
          last_heartbeat: Date.now() / 1000,
          status: 'online',
        };
        this.#agents.set(id, agent);
        if (!this.#queues.has(id)) this.#queues.set(id, []);
        for (const [other, socket] of this.#sockets) {
          if (other !== id) socket.send(JSON.stringify({ type: 'agent_joined', agent, timestamp }));
        }
        return send(200, { status: 'registered', agent, server_time: timestamp });
      }
      case 'GET /discover':
        return send(200, { agents: online, count: online.length, server_time: timestamp });
      case 'POST /heartbeat': {
        const agent = this.#agents.get(String(body.agent_id));
        if (!agent) return send(200, { status: 'unknown_agent' });
        agent.last_heartbeat = Date.now() / 1000;
        return send(200, { status: 'ok' });
      }
      case 'POST /delegate': {
        if (!body.from_agent || !body.to_agent || !body.task) {
          return send(400, { error: 'from_agent, to_agent, and task are required' });
        }
        const delivery = this.#deliver(String(body.to_agent), {
          type: 'task_delegation',
          message_id: messageId,
          from_agent: body.from_agent,
          to_agent: body.to_agent,
          task: body.task,
          context: body.context ?? {},
          priority: body.priority ?? 'normal',
          timestamp,
        });
        return send(200, { status: 'delegated', delivery, message_id: messageId });
      }
      case 'POST /broadcast': {
        if (!body.from_agent || !body.content) {
          return send(400, { error: 'from_agent and content required' });
        }
        this.#spread(body.from_agent, {
          type: 'knowledge_broadcast',
          message_id: messageId,
          from_agent: body.from_agent,
          content: body.content,
          topic: body.topic ?? 'general',
          tags: body.tags ?? [],
          timestamp,
        });
        return send(200, {
          status: 'broadcast_sent',
          message_id: messageId,
          recipients: this.#agents.size - 1,
        });
      }
      case 'POST /respond': {
        const delivery = this.#deliver(String(body.to_agent), {
          type: 'task_response',
          message_id: body.message_id,
          response_id: messageId,
          from_agent: body.from_agent,
          to_agent: body.to_agent,
          result: body.result,
          status: body.status ?? 'completed',
          timestamp,
        });
        return send(200, { status: 'response_sent', delivery });
      }
      case 'POST /files': {
        if (!body.file_key || !body.content || !body.agent_id) {
          return send(400, { error: 'file_key, content, and agent_id required' });
        }
        const key = String(body.file_key);
        const version = (this.#files.get(key)?.version ?? 0) + 1;
        this.#files.set(key, {
          file_key: key,
          content: String(body.content),
          file_type: body.file_type ?? 'text',
          last_editor: body.agent_id,
          version,
          updated_at: timestamp,
        });
        this.#spread(body.agent_id, {
          type: 'file_updated',
          file_key: key,
          version,
          last_editor: body.agent_id,
          timestamp,
        });
        return send(200, { status: 'saved', version });
      }
      case 'GET /files': {
        const files = [...this.#files.values()].map(({ content: _, ...file }) => file);
        return send(200, { files, count: files.length });
      }
      default:
        return this.#named(path, send);
    }
  }

  #named(path: string, send: (status: number, body: unknown) => unknown): void {
    const [, room, raw = '', ...more] = path.split('/');
    const subject = decodeURIComponent(raw);
    if (more.length === 0 && room === 'poll') {
      const agent = this.#agents.get(subject);
      if (agent) agent.last_heartbeat = Date.now() / 1000;
      const messages = this.#queues.get(subject) ?? [];
      this.#queues.set(subject, []);
      send(200, { messages, count: messages.length });
    } else if (more.length === 0 && room === 'files') {
      const file = this.#files.get(subject);
      if (file) send(200, file);
      else send(404, { error: 'file not found' });
    } else send(404, '404: Not Found');
  }
}
