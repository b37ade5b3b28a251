/** The published routes, and those for clients of the second version. */
import type { ServerResponse } from 'node:http';
import { type Agents, secretHash } from '../agents.ts';
import type { Caller } from '../claims.ts';
import { agentId, type Fields, fileKey, isAgentId, need, text, texts } from '../fields.ts';
import type { Files } from '../files.ts';
import type { Inboxes } from '../inboxes.ts';
import { ACKNOWLEDGED_AT_ONCE, TEXT_LIMITS } from '../limits.ts';
import type { Messages } from '../messages.ts';
import {
  agentView,
  asNumbered,
  asQueued,
  ENDPOINTS,
  fileView,
  isoTime,
  RELAY_VERSION,
  Refusal,
} from '../protocol.ts';
import type { Rates } from '../rates.ts';
import { rowsOf, type Sockets } from '../sockets.ts';
import { type Answer, json, jsonText } from './answer.ts';
import { newAgentId, newSecret } from './issue.ts';
import type { Route } from './routes.ts';
import type { Signs } from './sign.ts';

/**
 * The relay's rooms that the routes bring together. `now` is in ms since the epoch; `broadcasts`
 * counts the log.
 */
export interface Parts {
  readonly agents: Agents;
  readonly inboxes: Inboxes;
  readonly messages: Messages;
  readonly files: Files;
  readonly sockets: Sockets;
  readonly signs: Signs;
  readonly rates: Rates;
  readonly now: () => number;
  readonly asksForToken: boolean;
  readonly durable: boolean;
  readonly broadcasts: () => Promise<number>;
}

/** One request that the {@link Door} let in, its path and its body read. */
export interface Asked {
  readonly route: Route;
  readonly caller: Caller;
  /** The body of a POST; empty otherwise. */
  readonly fields: Fields;
  readonly query: string | null;
  readonly response: ServerResponse;
}

/** What one poll of an old client takes at most; the rest waits for the next. */
const OLD_POLL = { messages: 1_000, bytes: 8 * 1_048_576 } as const;
const MODERN_POLL = 256;

/** Answers everything but sockets. @throws Refusal */
export async function answer(parts: Parts, asked: Asked): Promise<Answer> {
  const { fields, caller, route } = asked;
  const { messages, agents } = parts;
  switch (route.name) {
    case 'info':
      return info(parts, caller);
    case 'register':
      return register(parts, fields, caller);
    case 'discover':
      return { status: 200, ...agents.discovered() };
    case 'heartbeat': {
      need(fields, ['agent_id'], 'agent_id required');
      const known = isAgentId(fields.agent_id) && agents.has(fields.agent_id);
      if (!known) return json({ status: 'unknown_agent' });
      const id = agentId(fields, 'agent_id');
      agents.prove(id, caller);
      agents.touch(id);
      return json({ status: 'ok' });
    }
    case 'delegate': {
      const { delivery, messageId, known } = await messages.delegate(fields, caller);
      const told = { status: 'delegated', delivery, message_id: messageId };
      return json(caller.modern ? { ...told, known } : told);
    }
    case 'respond': {
      const { delivery, messageId, known } = await messages.respond(fields, caller);
      const told = { status: 'response_sent', delivery };
      return json(caller.modern ? { ...told, response_id: messageId, known } : told);
    }
    case 'broadcast': {
      const messageId = await messages.broadcast(fields, caller);
      const recipients = Math.max(0, agents.size - 1);
      return json({ status: 'broadcast_sent', message_id: messageId, recipients });
    }
    case 'poll':
      return poll(parts, asked);
    case 'ack': {
      const id = agentId(fields, 'agent_id');
      agents.prove(id, caller);
      await acknowledge(parts, id, fields.delivery_ids);
      return json({ status: 'ok' });
    }
    case 'putFile': {
      const file = await messages.saveFile(fields, caller);
      const told = { status: 'saved', version: file.version };
      return json(caller.modern ? { ...told, content_hash: file.hash } : told);
    }
    case 'listFiles': {
      const files = await parts.files.list();
      const views = files.map((file) =>
        caller.modern
          ? { ...fileView(file), content_hash: file.hash, bytes: file.bytes }
          : fileView(file),
      );
      return json({ files: views, count: views.length });
    }
    case 'getFile':
      return getFile(parts, asked);
    case 'fileVersions': {
      const versions = await parts.files.versions(fileKey(route.subject));
      if (versions.length === 0) throw noFile();
      return json({
        versions: versions.map((file) => ({
          ...fileView(file),
          content_hash: file.hash,
          bytes: file.bytes,
        })),
        count: versions.length,
      });
    }
    case 'socket':
      throw new Refusal(400, 'relay.bad_request', 'No WebSocket UPGRADE hdr: None', {
        plain: true,
      });
  }
}

/** @throws Refusal too many at once, or too often. */
async function acknowledge(parts: Parts, agentId: string, ids: unknown): Promise<void> {
  parts.rates.acknowledge(agentId);
  const rows = rowsOf(ids);
  if (rows.length > ACKNOWLEDGED_AT_ONCE) {
    const most = `delivery_ids may have ${ACKNOWLEDGED_AT_ONCE} entries at most`;
    throw new Refusal(400, 'relay.bad_request', most);
  }
  await parts.inboxes.acknowledgeNow(agentId, rows);
}

const noFile = (): Refusal => new Refusal(404, 'relay.not_found', 'file not found');

async function info(parts: Parts, caller: Caller): Promise<Answer> {
  const told = {
    service: 'ClawLink Relay',
    version: RELAY_VERSION,
    auth_required: parts.asksForToken,
    agents_online: parts.agents.list().count,
    total_broadcasts: await parts.broadcasts(),
    shared_files: await parts.files.count(),
    note: parts.durable
      ? 'Messages and files are kept on disk until they are delivered or expire.'
      : 'All data is in-memory only. No disk writes.',
    endpoints: ENDPOINTS,
    server_time: isoTime(parts.now()),
  };
  return json(caller.modern ? { ...told, protocol: 2, durable: parts.durable } : told);
}

async function register(parts: Parts, fields: Fields, caller: Caller): Promise<Answer> {
  const { agents, inboxes, sockets, now } = parts;
  parts.rates.register(caller.address);
  const absent = fields.agent_id === undefined || fields.agent_id === null;
  const id = absent ? newAgentId() : agentId(fields, 'agent_id');
  const issued = caller.modern && caller.secret === null ? newSecret() : null;
  const isNew = !agents.has(id);
  const record = await agents.register(
    {
      agentId: id,
      name: text(fields, 'name', TEXT_LIMITS.name, `agent-${id.slice(0, 4)}`),
      capabilities: texts(fields, 'capabilities', TEXT_LIMITS.capabilities, TEXT_LIMITS.capability),
      machine: text(fields, 'machine', TEXT_LIMITS.machine, caller.address || 'unknown'),
      description: text(fields, 'description', TEXT_LIMITS.description, ''),
    },
    issued === null ? caller : { ...caller, secret: secretHash(issued) },
  );
  if (isNew) inboxes.recount();
  const agent = agentView(record);
  const at = isoTime(now());
  sockets.tellAll(JSON.stringify({ type: 'agent_joined', agent, timestamp: at }), id);
  const told = { status: 'registered', agent, server_time: at };
  if (!caller.modern) return json(told);
  return json(issued === null ? told : { ...told, agent_secret: issued });
}

async function poll(parts: Parts, { route, caller, query, response }: Asked): Promise<Answer> {
  const { agents, inboxes, signs } = parts;
  const id = route.subject;
  // A client that never registered asks for `None`, and nobody is called so.
  if (!isAgentId(id)) return json({ messages: [], count: 0 });
  agents.prove(id, caller);
  agents.touch(id);
  // HEAD brings no body: what it took would be lost.
  if (response.req.method === 'HEAD') return json({ messages: [], count: 0 });
  if (caller.modern) {
    const acknowledged = new URLSearchParams(query ?? '').get('ack');
    if (acknowledged) {
      await acknowledge(parts, id, acknowledged.split(',').map(Number));
    }
    const found = await inboxes.waiting(id, 0, MODERN_POLL);
    const texts = found.map(({ body, row }) => asNumbered(body, row));
    const more = found.length === MODERN_POLL;
    return jsonText(`{"messages":[${texts.join(',')}],"count":${texts.length},"more":${more}}`);
  }
  const found = await inboxes.waiting(id, 0, OLD_POLL.messages);
  const rows: number[] = [];
  const texts: string[] = [];
  let bytes = 0;
  for (const delivery of found) {
    if (rows.length > 0 && bytes + delivery.bytes > OLD_POLL.bytes) break;
    // Another poll may have taken it while this one read.
    if (!inboxes.hold(id, delivery.row)) continue;
    bytes += delivery.bytes;
    rows.push(delivery.row);
    texts.push(asQueued(delivery.body, delivery.at));
  }
  if (rows.length > 0) {
    signs.expect(response, (came) => {
      if (came) inboxes.acknowledge(id, rows);
      else inboxes.release(rows);
    });
  }
  return jsonText(`{"messages":[${texts.join(',')}],"count":${texts.length}}`);
}

async function getFile(parts: Parts, { route, caller, query }: Asked): Promise<Answer> {
  const asked = caller.modern ? new URLSearchParams(query ?? '').get('version') : null;
  const found = await parts.files.read(route.subject, asked === null ? null : Number(asked));
  if (!found) throw noFile();
  const { file, content } = found;
  const told = {
    file_key: file.fileKey,
    content: content.toString('utf8'),
    file_type: file.fileType,
    last_editor: file.editor,
    version: file.version,
    updated_at: isoTime(file.at),
  };
  return json(caller.modern ? { ...told, content_hash: file.hash } : told);
}
