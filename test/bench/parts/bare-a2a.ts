/**
 * Entry of a process: a server of the SDK and nothing else, which keeps each message by one INSERT
 * before it answers, and tells it then. Told nothing; tells its `{url}` first, then `{heard}`.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { AgentCard } from '@a2a-js/sdk';
import {
  AgentEvent,
  DefaultRequestHandler,
  type ExecutionEventBus,
  InMemoryTaskStore,
  JsonRpcTransportHandler,
  type RequestContext,
  ServerCallContext,
} from '@a2a-js/sdk/server';
import { agentCard } from '../../../electron/reception/a2a/card.ts';
import { bareRows } from './bare-rows.ts';
import { emptyHome } from './big-home.ts';

const SUBMITTED = 1;
const rows = bareRows(join(emptyHome('bare-a2a-server'), 'bare.db'));

const executor = {
  execute: async ({ taskId, contextId, userMessage }: RequestContext, bus: ExecutionEventBus) => {
    const [part] = userMessage.parts;
    const text = part?.content?.$case === 'text' ? part.content.value : '';
    rows.insert(taskId, text);
    process.send?.({ heard: text });
    const status = { state: SUBMITTED, message: undefined, timestamp: new Date().toISOString() };
    const history = [userMessage];
    bus.publish(
      AgentEvent.task({
        id: taskId,
        contextId,
        status,
        artifacts: [],
        history,
        metadata: undefined,
      }),
    );
  },
  cancelTask: async () => undefined,
};

let handler: JsonRpcTransportHandler | null = null;
let card = '';

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const json = { 'content-type': 'application/json' };
  if (request.method === 'GET') {
    response.writeHead(200, json).end(card);
    return;
  }
  const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
  const context = new ServerCallContext({ requestedVersion: '1.0' });
  const answer = await handler?.handle(body, context);
  response.writeHead(200, json).end(JSON.stringify(answer));
});
server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const own = agentCard(url, 'Bare', '0.1.0');
  card = JSON.stringify(AgentCard.toJSON(own));
  handler = new JsonRpcTransportHandler(
    new DefaultRequestHandler(own, new InMemoryTaskStore(), executor),
  );
  process.send?.({ url });
});
process.on('disconnect', () => process.exit());
