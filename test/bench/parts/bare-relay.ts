/**
 * Entry of a process: what a relay is at the least. Node's http and `ws`, a map from agents to sockets,
 * no check, nothing kept. Tells its `{port}`; answers any message with its memory.
 */
import { createServer } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { answerMemory } from './memory.ts';

const sockets = new Map<string, WebSocket>();
let last = 0;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const told = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>;
    const messageId = String(++last);
    sockets
      .get(String(told.to_agent))
      ?.send(JSON.stringify({ type: 'task_delegation', message_id: messageId, ...told }));
    const text = JSON.stringify({ status: 'delegated', message_id: messageId });
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(text),
    });
    response.end(text);
  });
});
const upgrades = new WebSocketServer({ server, perMessageDeflate: false });
upgrades.on('connection', (socket, request) => {
  const agentId = (request.url ?? '').slice('/ws/'.length);
  sockets.set(agentId, socket);
  socket.on('close', () => sockets.delete(agentId));
});
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as { port: number }).port });
});
answerMemory();
process.on('disconnect', () => process.exit());
