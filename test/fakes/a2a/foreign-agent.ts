/**
 * An agent of somebody else: the A2A kit's own server on a loopback port, with a scripted executor and
 * faults. It forgets its tasks on a restart, as OpenClaw does, unless it is told to keep them.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type AgentCard,
  formatSSEEvent,
  type Message,
  type Part,
  type Task,
  type TaskStatus,
} from '@a2a-js/sdk';
import { LegacyJsonRpcTransportHandler } from '@a2a-js/sdk/compat/v0_3/server';
import {
  AgentEvent,
  DefaultRequestHandler,
  type ExecutionEventBus,
  InMemoryTaskStore,
  JsonRpcTransportHandler,
  type RequestContext,
  ServerCallContext,
} from '@a2a-js/sdk/server';

/** Numbers of `lf.a2a.v1`. */
export const STATE = {
  submitted: 1,
  working: 2,
  completed: 3,
  failed: 4,
  canceled: 5,
  inputRequired: 6,
  rejected: 7,
  authRequired: 8,
} as const;

export const text = (value: string): Part => ({
  content: { $case: 'text', value },
  metadata: undefined,
  filename: '',
  mediaType: '',
});

/** One turn of the scripted agent. */
export interface Turn {
  readonly text: string;
  readonly message: Message;
  readonly taskId: string;
  readonly contextId: string;
  /** The task goes on: this is an answer to what the agent asked. */
  readonly resumed: boolean;
  status(state: number, said?: string | readonly Part[], messageId?: string): void;
  artifact(id: string, parts: readonly Part[], append?: boolean): void;
  /** Answers with a message and no task; only as the first thing. */
  reply(said: string): void;
}

export type Script = (turn: Turn) => Promise<void> | void;

export interface ForeignAgentOptions {
  readonly token?: string | null;
  readonly streaming?: boolean;
  readonly legacy?: boolean;
  readonly card?: Partial<AgentCard>;
  /** Refuses to cancel, as OpenClaw does. */
  readonly noCancel?: boolean;
  readonly port?: number;
}

/** Answers a request in its own way; true = it did. */
export type Fault = (request: IncomingMessage, response: ServerResponse, body: string) => boolean;

const PATH = '/a2a/v1';

export class ForeignAgent {
  /** What each executor turn was given, in order. */
  readonly turns: Turn[] = [];
  /** Bodies of all requests to the endpoint. */
  readonly requests: { readonly headers: IncomingMessage['headers']; readonly body: string }[] = [];
  token: string | null;
  fault: Fault | null = null;
  /** The card's raw JSON, where it is not to be the honest one. */
  rawCard: (() => string) | null = null;
  options: ForeignAgentOptions;
  port = 0;
  private server: Server | null = null;
  private store = new InMemoryTaskStore();
  private readonly scripts: { match: string; script: Script }[] = [];
  private handlers: {
    current: JsonRpcTransportHandler;
    legacy: LegacyJsonRpcTransportHandler;
  } | null = null;
  private life = 0;

  private constructor(options: ForeignAgentOptions) {
    this.options = options;
    this.token = options.token === undefined ? 'a-token-of-the-foreign-agent' : options.token;
  }

  static async start(options: ForeignAgentOptions = {}): Promise<ForeignAgent> {
    const agent = new ForeignAgent(options);
    await agent.listen(options.port ?? 0);
    return agent;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** The newest matching script wins; without one it echoes. */
  script(match: string, script: Script): void {
    this.scripts.unshift({ match, script });
  }

  calls(match: string): number {
    return this.turns.filter((turn) => turn.text.includes(match)).length;
  }

  card(): AgentCard {
    const { streaming = true, legacy = false, card } = this.options;
    return {
      name: 'Foreign agent',
      description: 'Does what the test says.',
      supportedInterfaces: [
        {
          url: `${this.origin}${PATH}`,
          protocolBinding: 'JSONRPC',
          tenant: '',
          protocolVersion: legacy ? '0.3' : '1.0',
        },
      ],
      provider: { organization: 'Somebody', url: 'https://somebody.example' },
      version: '7.1',
      capabilities: { streaming, pushNotifications: false, extensions: [] },
      securitySchemes: {},
      securityRequirements: [],
      defaultInputModes: ['text/plain', 'application/octet-stream'],
      defaultOutputModes: ['text/plain'],
      skills: [
        {
          id: 'sums',
          name: 'Sums',
          description: 'Adds numbers.',
          tags: ['maths', 'sums'],
          examples: [],
          inputModes: [],
          outputModes: [],
          securityRequirements: [],
        },
      ],
      signatures: [],
      ...card,
    };
  }

  /** Ends the process and begins another on the same port. @param keep the tasks survive it */
  async restart(keep = false): Promise<void> {
    await this.kill();
    await this.revive(keep);
  }

  async kill(): Promise<void> {
    this.life++;
    const server = this.server;
    this.server = null;
    server?.closeAllConnections();
    await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  }

  async revive(keep = false): Promise<void> {
    if (!keep) this.store = new InMemoryTaskStore();
    await this.listen(this.port);
  }

  stop(): Promise<void> {
    return this.kill();
  }

  private async listen(port: number): Promise<void> {
    const server = createServer((request, response) => {
      void this.serve(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
    const executor = {
      execute: (context: RequestContext, bus: ExecutionEventBus) => this.execute(context, bus),
      cancelTask: async (taskId: string, bus: ExecutionEventBus) => {
        const turn = this.turns.findLast((one) => one.taskId === taskId);
        bus.publish(
          AgentEvent.statusUpdate({
            taskId,
            contextId: turn?.contextId ?? '',
            status: statusOf(STATE.canceled, undefined, taskId, turn?.contextId ?? ''),
            metadata: undefined,
          }),
        );
        bus.finished();
      },
    };
    const handler = new DefaultRequestHandler(this.card(), this.store, executor);
    this.handlers = {
      current: new JsonRpcTransportHandler(handler),
      legacy: new LegacyJsonRpcTransportHandler(handler),
    };
  }

  private async execute(context: RequestContext, bus: ExecutionEventBus): Promise<void> {
    const life = this.life;
    const { taskId, contextId, userMessage: message } = context;
    const said = message.parts
      .map((part) => (part.content?.$case === 'text' ? part.content.value : ''))
      .join(' ');
    const publish = (event: Parameters<ExecutionEventBus['publish']>[0]): void => {
      if (life === this.life) bus.publish(event);
    };
    const { task } = context;
    let begun = false;
    const begin = (state: number): void => {
      if (begun) return;
      begun = true;
      const status = statusOf(state, undefined, taskId, contextId);
      const fresh: Task = {
        id: taskId,
        contextId,
        status,
        artifacts: [],
        history: [message],
        metadata: undefined,
      };
      publish(AgentEvent.task(task ? { ...task, status } : fresh));
    };
    const turn: Turn = {
      text: said,
      message,
      taskId,
      contextId,
      resumed: task !== undefined,
      status: (state, what, messageId) => {
        begin(state === STATE.submitted ? STATE.submitted : STATE.working);
        const status = statusOf(state, what, taskId, contextId, messageId);
        publish(AgentEvent.statusUpdate({ taskId, contextId, status, metadata: undefined }));
      },
      artifact: (artifactId, parts, append = false) => {
        begin(STATE.working);
        publish(
          AgentEvent.artifactUpdate({
            taskId,
            contextId,
            append,
            lastChunk: false,
            metadata: undefined,
            artifact: {
              artifactId,
              name: '',
              description: '',
              parts: [...parts],
              metadata: undefined,
              extensions: [],
            },
          }),
        );
      },
      reply: (answer) => {
        begun = true;
        publish(AgentEvent.message(messageOf([text(answer)], '', contextId, `reply-${taskId}`)));
      },
    };
    this.turns.push(turn);
    const found = this.scripts.find(({ match }) => said.includes(match));
    if (found) await found.script(turn);
    else {
      turn.artifact('answer', [text(`echo: ${said}`)]);
      turn.status(STATE.completed);
    }
    if (life === this.life) bus.finished();
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const raw = Buffer.concat(chunks).toString();
    if (this.fault?.(request, response, raw)) return;
    const { pathname } = new URL(request.url ?? '/', this.origin);
    if (request.method === 'GET' && pathname === '/.well-known/agent-card.json') {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(this.rawCard ? this.rawCard() : JSON.stringify(await this.cardOnWire()));
      return;
    }
    if (request.method !== 'POST' || pathname !== PATH) {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('nothing here');
      return;
    }
    this.requests.push({ headers: request.headers, body: raw });
    if (this.token !== null && request.headers.authorization !== `Bearer ${this.token}`) {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: `not you: ${request.headers.authorization ?? ''}` }));
      return;
    }
    const body = JSON.parse(raw) as { id: unknown; method: string };
    if (this.options.noCancel && /cancel/i.test(body.method)) {
      const error = { code: -32_004, message: 'Unsupported operation' };
      json(response, { jsonrpc: '2.0', id: body.id, error });
      return;
    }
    const legacy = this.options.legacy === true;
    const handler = legacy ? this.handlers?.legacy : this.handlers?.current;
    const requestedVersion = legacy ? '0.3' : '1.0';
    const answer = await handler?.handle(raw, new ServerCallContext({ requestedVersion }));
    if (!answer || !(Symbol.asyncIterator in answer)) {
      json(response, answer);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for await (const event of answer) response.write(formatSSEEvent(event));
    response.end();
  }

  private async cardOnWire(): Promise<unknown> {
    if (!this.options.legacy) {
      const { AgentCard: codec } = await import('@a2a-js/sdk');
      return codec.toJSON(this.card());
    }
    const { name, description, version, capabilities, defaultInputModes, skills } = this.card();
    return {
      protocolVersion: '0.3.0',
      name,
      description,
      version,
      url: `${this.origin}${PATH}`,
      preferredTransport: 'JSONRPC',
      capabilities: { streaming: capabilities?.streaming },
      defaultInputModes,
      defaultOutputModes: ['text/plain'],
      skills: skills.map(({ id, name: skill, description: about, tags }) => ({
        id,
        name: skill,
        description: about,
        tags,
      })),
    };
  }
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

const messageOf = (
  parts: readonly Part[],
  taskId: string,
  contextId: string,
  messageId: string,
): Message => ({
  messageId,
  contextId,
  taskId,
  role: 2,
  parts: [...parts],
  metadata: undefined,
  extensions: [],
  referenceTaskIds: [],
});

let said = 0;

function statusOf(
  state: number,
  what: string | readonly Part[] | undefined,
  taskId: string,
  contextId: string,
  messageId = `said-${++said}`,
): TaskStatus {
  const parts = typeof what === 'string' ? [text(what)] : what;
  return {
    state,
    message: parts ? messageOf(parts, taskId, contextId, messageId) : undefined,
    timestamp: new Date().toISOString(),
  };
}
