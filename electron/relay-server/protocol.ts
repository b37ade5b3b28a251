/**
 * The ClawLink relay's words on the wire, as published (openclaw-link 1.0.1), and what Peerage added
 * for clients that say so in a header. Old clients never see an added field.
 */
import { randomUUID } from 'node:crypto';
import type { AgentRecord, FileVersion } from './storage/storage.ts';

/** The published relay that this one is compatible with; old clients show it. */
export const RELAY_VERSION = '1.0.1';

/** A client that sends this header with `2` knows secrets, acknowledgements and coded errors. */
export const VERSION_HEADER = 'x-relay-version';
/** The agent's own secret, 32 to 128 characters of base64url. */
export const SECRET_HEADER = 'x-agent-secret';

/** Why a request was refused, for clients that send {@link VERSION_HEADER}. */
export type RefusalCode =
  | 'relay.unauthorized'
  | 'relay.not_your_agent'
  | 'relay.bad_request'
  | 'relay.bad_json'
  | 'relay.too_large'
  | 'relay.too_many_requests'
  | 'relay.inbox_full'
  | 'relay.full'
  | 'relay.not_found'
  | 'relay.wrong_method'
  | 'relay.file_conflict'
  | 'relay.browser'
  | 'relay.stopping'
  | 'relay.failed';

/** What a {@link Refusal} adds to its status, code and message. */
export interface RefusalMore {
  /** The text is sent as such, without JSON, as aiohttp does by itself. */
  readonly plain?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  /** Further fields of the JSON answer. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** A request that is not done. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: RefusalCode;
  readonly more: RefusalMore;
  constructor(status: number, code: RefusalCode, message: string, more: RefusalMore = {}) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
    this.more = more;
  }
}

/** The refusal of a token, word for word. */
export const UNAUTHORIZED = 'Unauthorized. Provide Authorization: Bearer <token>';

let written = { at: Number.NaN, text: '' };

/** ISO 8601 as Python writes it: microseconds and `+00:00`. Many are asked for the same millisecond. */
export function isoTime(at: number): string {
  if (at !== written.at) {
    written = { at, text: `${new Date(at).toISOString().slice(0, -1)}000+00:00` };
  }
  return written.text;
}

/** The first twelve characters of a UUID. */
export const newMessageId = (): string => randomUUID().slice(0, 12);

/** An agent as it is listed; who is listed is online. */
export const agentView = (agent: AgentRecord): Record<string, unknown> => ({
  agent_id: agent.agentId,
  name: agent.name,
  capabilities: agent.capabilities,
  machine: agent.machine,
  description: agent.description,
  registered_at: isoTime(agent.registeredAt),
  last_heartbeat: agent.lastHeartbeat / 1000,
  status: 'online',
});

/** A shared file without its content. */
export const fileView = (file: FileVersion): Record<string, unknown> => ({
  file_key: file.fileKey,
  file_type: file.fileType,
  last_editor: file.editor,
  version: file.version,
  updated_at: isoTime(file.at),
});

/** Adds one field to the text of a JSON object that has some already. */
const withField = (body: string, field: string): string => `${body.slice(0, -1)},${field}}`;

/** A message as it is read from a queue. */
export const asQueued = (body: string, at: number): string =>
  withField(body, `"queued_at":"${isoTime(at)}"`);

/** A message for a client that acknowledges. */
export const asNumbered = (body: string, row: number): string =>
  withField(body, `"delivery_id":${row}`);

/** What the info answer lists: the routes of the published relay, without what Peerage added. */
export const ENDPOINTS = {
  register: 'POST /register',
  discover: 'GET /discover',
  heartbeat: 'POST /heartbeat',
  delegate: 'POST /delegate',
  broadcast: 'POST /broadcast',
  respond: 'POST /respond',
  poll: 'GET /poll/<agent_id>',
  files_put: 'POST /files',
  files_get: 'GET /files/<file_key>',
  files_list: 'GET /files',
  websocket: 'GET /ws/<agent_id>',
} as const;
