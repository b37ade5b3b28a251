import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sleep } from './process.ts';

/** What the stub answers to a prompt. */
export interface StubReply {
  /** The answer; it is streamed word by word. Default: `echo: <prompt>`. */
  text?: string;
  /** Pause between two chunks. */
  chunkMs?: number;
  /** Waits here after `gateAfter` chunks (default 1) until it is opened. */
  gate?: Gate;
  gateAfter?: number;
  /** Answers with this HTTP status instead. */
  failStatus?: number;
  /** Asks for a tool instead of speaking. Used once per prompt; the next call answers with text. */
  tool?: { name: string; args: Record<string, unknown> };
}

/** One request that reached the model. This is what *the work was done* is counted by. */
export interface StubCall {
  prompt: string;
  /** The session key of the run, from the facts that the gateway adds to the prompt. */
  session: string;
  at: number;
  /** Role and text of every message that was sent, in order. */
  messages: { role: string; text: string }[];
  state: 'running' | 'held' | 'finished' | 'cut' | 'failed';
}

/** Holds a streamed answer in the middle. */
export interface Gate {
  readonly open: Promise<void>;
  release(): void;
}

/** A closed gate. */
export function createGate(): Gate {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { open: promise, release: resolve };
}

/** A running stub provider. */
export interface StubModel {
  baseUrl: string;
  calls: StubCall[];
  /** Calls whose prompt contains `text`. */
  callsFor(text: string): StubCall[];
  /** Calls made for a session, whatever the prompt: a retry need not repeat the words. */
  callsIn(session: string): StubCall[];
  /** Sets the reply to prompts that contain `match`; the newest matching script wins. */
  script(match: string, reply: StubReply | ((call: StubCall) => StubReply)): void;
  /** The reply where no script matches. */
  fallback: StubReply;
  close(): Promise<void>;
}

interface WireMessage {
  role: string;
  content?: string | { type: string; text?: string }[] | null;
}

/** What the gateway puts before a person's words: time stamp, then facts about the sender. */
const PRELUDE =
  /^\s*\[\w{3} [\d-]+ [\d:]+ \w+\] (?:Conversation info: [^\n]*\n```json\n[\s\S]*?\n```\s*)?/;
const INTERNAL = '<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>';

/** Starts an OpenAI-compatible streaming provider. `host` is where the gateway can reach it. */
export async function startStubModel(options: { host?: string } = {}): Promise<StubModel> {
  const host = options.host ?? '127.0.0.1';
  const scripts: { match: string; reply: StubReply | ((call: StubCall) => StubReply) }[] = [];
  const calls: StubCall[] = [];
  const model: StubModel = {
    baseUrl: '',
    calls,
    callsFor: (text) => calls.filter((call) => call.prompt.includes(text)),
    callsIn: (session) => calls.filter((call) => call.session === session),
    script: (match, reply) => void scripts.unshift({ match, reply }),
    fallback: { chunkMs: 5 },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const server = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy());
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!request.url?.endsWith('/chat/completions')) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ object: 'list', data: [{ id: 'stub', object: 'model' }] }));
      return;
    }
    const body = JSON.parse(await readBody(request)) as {
      messages: WireMessage[];
      stream?: boolean;
    };
    const call = toCall(body.messages);
    calls.push(call);
    const script = scripts.find((entry) => call.prompt.includes(entry.match));
    const made = typeof script?.reply === 'function' ? script.reply(call) : script?.reply;
    await answer(response, call, { ...model.fallback, ...made }, body.stream !== false);
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, host, resolve);
  });
  model.baseUrl = `http://${host}:${(server.address() as AddressInfo).port}/v1`;
  return model;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function textOf(message: WireMessage): string {
  if (typeof message.content === 'string') return message.content;
  return (message.content ?? []).map((part) => part.text ?? '').join('\n');
}

/** The prompt is the newest user message that a person could have written. */
function toCall(wire: WireMessage[]): StubCall {
  const messages = wire.map((message) => ({ role: message.role, text: textOf(message) }));
  const spoken = messages.findLast(
    (message) => message.role === 'user' && !message.text.trimStart().startsWith(INTERNAL),
  );
  const prompt =
    (spoken?.text ?? '')
      .replace(PRELUDE, '')
      .split(/\n+Runtime: agent=/)[0]
      ?.trim() ?? '';
  const facts = messages.map((message) => /session=(agent:[^ |]+)/.exec(message.text)?.[1]);
  const session = facts.find((found) => found !== undefined) ?? '';
  return { prompt, session, at: Date.now(), messages, state: 'running' };
}

async function answer(
  response: ServerResponse,
  call: StubCall,
  reply: StubReply,
  stream: boolean,
): Promise<void> {
  response.once('close', () => {
    if (call.state === 'running' || call.state === 'held') call.state = 'cut';
  });
  if (reply.failStatus !== undefined) {
    call.state = 'failed';
    response.writeHead(reply.failStatus, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message: 'stub failure', type: 'stub' } }));
    return;
  }
  const text = reply.text ?? `echo: ${call.prompt}`;
  const base = { id: 'stub-1', created: 1, model: 'stub-model' };
  const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
  if (!stream) {
    const choice = {
      index: 0,
      finish_reason: 'stop',
      message: { role: 'assistant', content: text },
    };
    call.state = 'finished';
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ ...base, object: 'chat.completion', choices: [choice], usage }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const send = (delta: Record<string, unknown>, finish: string | null = null): void => {
    const choices = [{ index: 0, delta, finish_reason: finish }];
    const last = finish === null ? {} : { usage };
    const frame = { ...base, object: 'chat.completion.chunk', choices, ...last };
    response.write(`data: ${JSON.stringify(frame)}\n\n`);
  };
  const toolDone = call.messages.at(-1)?.role === 'tool' || call.messages.at(-2)?.role === 'tool';
  if (reply.tool !== undefined && !toolDone) {
    const { name, args } = reply.tool;
    const tool = { name, arguments: JSON.stringify(args) };
    const id = `call_${Math.random().toString(36).slice(2)}`;
    send({ role: 'assistant', tool_calls: [{ index: 0, id, type: 'function', function: tool }] });
    send({}, 'tool_calls');
  } else {
    const chunks = text.match(/\S+\s*/g) ?? [text];
    for (const [index, content] of chunks.entries()) {
      if (reply.gate !== undefined && index === (reply.gateAfter ?? 1)) {
        call.state = 'held';
        await reply.gate.open;
        if (response.destroyed) return;
        call.state = 'running';
      }
      send(index === 0 ? { role: 'assistant', content } : { content });
      if (reply.chunkMs !== undefined) await sleep(reply.chunkMs);
      if (response.destroyed) return;
    }
    send({}, 'stop');
  }
  call.state = 'finished';
  response.end('data: [DONE]\n\n');
}
