/** The methods that the practice gateway answers, with the scope that each needs. */

import type { Connection } from './connection.ts';
import { invalidRequest, isJson, type Json, missingScope } from './frames.ts';
import type { Handler, MethodAnswer, MethodContext } from './method-types.ts';
import { pairingMethods } from './pairing-methods.ts';
import type { TurnFile } from './script.ts';
import { skillsStatus } from './skills.ts';
import type { Question } from './speaking.ts';
import { agentOf, rowMessage, type Session } from './transcripts.ts';

const text = (value: unknown): string => (typeof value === 'string' ? value : '');
/** OpenClaw lowers session keys. */
const sessionOf = (value: unknown): string => text(value).toLowerCase();
const number = (value: unknown): number | undefined =>
  typeof value === 'number' ? value : undefined;

function health(context: MethodContext): MethodAnswer {
  const now = context.clock.now();
  const [first] = context.agents;
  const agents = context.agents.map((agent) => ({
    agentId: agent.id,
    isDefault: agent.id === first?.id,
  }));
  const sessions = { count: context.transcripts.list().length, recent: [] };
  const base = { ok: true, ts: now, durationMs: 0, channels: {}, heartbeatSeconds: 1800 };
  return { payload: { ...base, defaultAgentId: first?.id ?? 'practice', agents, sessions } };
}

function agentsList(context: MethodContext): MethodAnswer {
  const [first] = context.agents;
  return {
    payload: {
      defaultId: first?.id ?? 'practice',
      ownership: 'explicit',
      selectionRequired: false,
      mainKey: 'main',
      scope: 'per-sender',
      agents: context.agents.map((agent) => ({ id: agent.id, name: agent.name })),
    },
  };
}

const sessionRow = (session: Session, lastMessage: boolean): Json => ({
  key: session.key,
  agentId: session.agentId,
  sessionId: session.sessionId,
  kind: 'direct',
  createdVia: 'operator',
  createdAt: session.createdAt,
  updatedAt: session.updatedAt,
  archived: false,
  ...(lastMessage && session.rows.length > 0
    ? { lastMessagePreview: session.rows.at(-1)?.text.slice(0, 120) }
    : {}),
});

function sessionsList(context: MethodContext, params: Json): MethodAnswer {
  const agentId = text(params.agentId);
  const search = text(params.search).toLowerCase();
  const all = context.transcripts
    .list()
    .filter((session) => !agentId || session.agentId === agentId)
    .filter((session) => session.key.toLowerCase().includes(search));
  const limit = number(params.limit) ?? 100;
  const offset = number(params.offset) ?? 0;
  const page = all.slice(offset, offset + limit);
  return {
    payload: {
      ts: context.clock.now(),
      count: page.length,
      totalCount: all.length,
      limitApplied: limit,
      hasMore: offset + page.length < all.length,
      sessions: page.map((session) => sessionRow(session, params.includeLastMessage === true)),
    },
  };
}

function readFiles(params: Json, maxBytes: number): TurnFile[] {
  const entries = Array.isArray(params.attachments) ? params.attachments.filter(isJson) : [];
  return entries.map((entry) => {
    const name = text(entry.fileName) || 'file';
    const bytes = Buffer.byteLength(text(entry.content), 'base64');
    if (bytes > maxBytes) {
      throw invalidRequest(`attachment ${name}: exceeds size limit (${bytes} > ${maxBytes} bytes)`);
    }
    return { name, mimeType: text(entry.mimeType), bytes };
  });
}

function chatSend(context: MethodContext, params: Json, connection: Connection): MethodAnswer {
  const sessionKey = sessionOf(params.sessionKey);
  const fallback = context.agents[0]?.id ?? 'practice';
  return take(context, params, connection, { sessionKey, agentId: agentOf(sessionKey, fallback) });
}

/** A run by an outsider's words; it answers as `chat.send` does (observed on OpenClaw 2026.9.6). */
function agentRun(context: MethodContext, params: Json, connection: Connection): MethodAnswer {
  const fallback = text(params.agentId) || (context.agents[0]?.id ?? 'practice');
  const sessionKey = sessionOf(params.sessionKey) || `agent:${fallback}:main`;
  const { kind } = isJson(params.inputProvenance) ? params.inputProvenance : {};
  return take(context, params, connection, {
    sessionKey,
    agentId: agentOf(sessionKey, fallback),
    ...(typeof kind === 'string' ? { provenance: kind } : {}),
  });
}

function take(
  context: MethodContext,
  params: Json,
  connection: Connection,
  to: Pick<Question, 'sessionKey' | 'agentId' | 'provenance'>,
): MethodAnswer {
  const { agentId } = to;
  const files = readFiles(params, context.maxAttachmentBytes);
  if (!text(params.message).trim() && files.length === 0) {
    throw invalidRequest('message or attachment required');
  }
  if (!context.agents.some((agent) => agent.id === agentId)) {
    throw invalidRequest(`Agent "${agentId}" no longer exists in configuration`);
  }
  const key = text(params.idempotencyKey);
  const accepted = context.runs.accept({
    ...to,
    key,
    text: text(params.message),
    files,
    sender: connection.admission?.client.displayName ?? '',
  });
  return { payload: { runId: key, status: accepted.status }, after: accepted.begin };
}

function chatHistory(context: MethodContext, params: Json): MethodAnswer {
  const sessionKey = sessionOf(params.sessionKey);
  const page = context.transcripts.page(sessionKey, number(params.limit), number(params.offset));
  return { payload: { ...page, ...context.runs.live(sessionKey) } };
}

function chatAbort(context: MethodContext, params: Json): MethodAnswer {
  const runId = text(params.runId) || undefined;
  const runIds = context.runs.abort(sessionOf(params.sessionKey), runId);
  return { payload: { ok: true, aborted: runIds.length > 0, runIds } };
}

async function agentWait(context: MethodContext, params: Json): Promise<MethodAnswer> {
  const runId = text(params.runId);
  const outcome = await context.runs.outcomes.wait(runId, number(params.timeoutMs) ?? 30_000);
  if (!outcome) return { payload: { runId, status: 'timeout' } };
  const terminalReply = { disposition: 'visible', text: outcome.text };
  return { payload: { runId, status: outcome.status, endedAt: outcome.endedAt, terminalReply } };
}

const READ = 'operator.read';
const WRITE = 'operator.write';
const ADMIN = 'operator.admin';

const methods: Readonly<Record<string, { scope: string | null; handler: Handler }>> = {
  health: { scope: null, handler: health },
  status: {
    scope: READ,
    handler: (context) => ({
      payload: {
        runtimeVersion: 'practice',
        sessions: { count: context.transcripts.list().length },
        uptimeMs: context.clock.now() - context.startedAt,
      },
    }),
  },
  'gateway.identity.get': {
    scope: READ,
    handler: ({ identity }) => ({
      payload: { deviceId: identity.deviceId, publicKey: identity.publicKey },
    }),
  },
  'agents.list': { scope: READ, handler: agentsList },
  // As far as OpenClaw 2026.9.6 tells by them what agents may run.
  'config.get': {
    scope: READ,
    handler: ({ execMode, agents }) => {
      const entries = Object.fromEntries(agents.map(({ id }) => [id, {}]));
      const tools = { exec: { mode: execMode } };
      return { payload: { valid: true, runtimeConfig: { tools, agents: { entries } } } };
    },
  },
  'exec.approvals.get': {
    scope: ADMIN,
    handler: () => ({ payload: { exists: true, file: { version: 1, defaults: {}, agents: {} } } }),
  },
  agent: { scope: WRITE, handler: agentRun },
  'agent.wait': { scope: WRITE, handler: agentWait },
  'skills.status': { scope: READ, handler: skillsStatus },
  'sessions.list': { scope: READ, handler: sessionsList },
  'sessions.describe': {
    scope: READ,
    handler: (context, params) => {
      const session = context.transcripts.find(sessionOf(params.key));
      const row = session ? sessionRow(session, true) : null;
      const last = session?.rows.at(-1);
      return { payload: { session: row && last ? { ...row, last: rowMessage(last) } : row } };
    },
  },
  'sessions.subscribe': {
    scope: READ,
    handler: (_context, _params, connection) => {
      connection.subscribedToAll = true;
      return { payload: { subscribed: true } };
    },
  },
  'sessions.messages.subscribe': {
    scope: READ,
    handler: (_context, params, connection) => {
      if (params.includeApprovals === true && !connection.has('operator.approvals')) {
        throw invalidRequest(
          'sessions.messages.subscribe includeApprovals requires a paired device and gateway scope: operator.approvals',
        );
      }
      connection.subscribed.add(sessionOf(params.key));
      return { payload: { subscribed: true, key: params.key } };
    },
  },
  'sessions.messages.unsubscribe': {
    scope: READ,
    handler: (_context, params, connection) => {
      connection.subscribed.delete(sessionOf(params.key));
      return { payload: { subscribed: false, key: params.key } };
    },
  },
  'chat.send': { scope: WRITE, handler: chatSend },
  'chat.history': { scope: READ, handler: chatHistory },
  'chat.abort': { scope: WRITE, handler: chatAbort },
  ...pairingMethods,
};

/** The methods as `hello.features.methods` lists them. */
export const methodNames: readonly string[] = Object.keys(methods);

/** The handler of a method. An unknown one answers as OpenClaw does: as if admin were missing. */
export function methodFor(method: string, connection: Connection): Handler {
  const entry = methods[method];
  if (!entry) throw missingScope('operator.admin');
  if (entry.scope !== null && !connection.has(entry.scope)) throw missingScope(entry.scope);
  return entry.handler;
}
