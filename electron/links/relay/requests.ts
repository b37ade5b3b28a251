/**
 * The routes of a ClawLink relay, each asked once, its answer checked. Source: ClawLink 1.0.1's routes
 * and shapes as observed; what a guarded relay adds stands beside them and is absent from the old one.
 */
import * as z from 'zod';
import type { Clock } from '../../clock/clock.ts';
import { RELAY_BODY_BYTES } from '../../contract/index.ts';
import { within } from '../http/limits.ts';
import { originFetch } from '../http/origin-fetch.ts';
import { RelayError } from './failures.ts';
import type { RelaySelf, RelayTask } from './options.ts';
import { readAgent, type WireAgent, WireId, wireLine, wireText, wireTime } from './wire.ts';

/** How long a relay may take to answer, ms: that of the published client. */
const ANSWER_MS = 10_000;
/** The most that an answer may hold, bytes: 5,000 agents with long descriptions fit. */
const ANSWER_BYTES = 16 * 1_048_576;

/** How the secret of an agent is shown to a guarded relay; the published one does not look at it. */
const SECRET_HEADER = 'x-agent-secret';
/** Says that we acknowledge what we were given, and name our own messages. */
const VERSION_HEADER = 'x-relay-version';

/** Where the relay is and what we prove ourselves with there; never logged. */
export interface RelayDoor {
  readonly url: string;
  readonly tls: string | null;
  readonly token: string | null;
  /** The agent's own; null = nobody in particular asks. */
  readonly secret: string | null;
  readonly clock: Clock;
}

/** The headers that prove who asks. */
export const proofOf = ({ token, secret }: RelayDoor): Record<string, string> => ({
  // Headers are bytes: whatever the token is written in goes as UTF-8, as the published client sends it.
  ...(token === null ? {} : { authorization: Buffer.from(`Bearer ${token}`).toString('latin1') }),
  ...(secret === null ? {} : { [SECRET_HEADER]: secret, [VERSION_HEADER]: '2' }),
});

/** A shared file without its content. Untrusted; `updatedAt` by the relay's clock, ms. */
export interface RelayFile {
  readonly key: string;
  readonly type: string;
  readonly version: number;
  readonly editor: string;
  readonly updatedAt: number | null;
}

/** The relay's list of agents, ourselves among them. */
export interface Roll {
  readonly agents: readonly WireAgent[];
  /** The relay's clock as it answered; null = not told. */
  readonly serverTime: number | null;
}

/** What stands at the address: a relay of the old kind, or a guarded one. */
export interface RelayInfo {
  readonly version: string;
  /** It gives each agent a secret, and keeps messages until they are acknowledged. */
  readonly guarded: boolean;
}

const Version = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const Info = z.object({
  service: z.string(),
  version: z.string().catch(''),
  protocol: z.number().catch(1),
});
const Delegated = z.object({ message_id: WireId });
const BroadcastSent = z.object({ status: z.string(), recipients: z.number().catch(0) });
const Status = z.object({ status: z.string() });
const Agents = z.object({ agents: z.array(z.unknown()).max(100_000), server_time: z.unknown() });
const Messages = z.object({ messages: z.array(z.unknown()).max(100_000) });
const Files = z.object({ files: z.array(z.unknown()).max(100_000) });
const Saved = z.object({ version: Version });
const File = z.object({
  file_key: z.string(),
  file_type: z.string().catch('text'),
  version: Version,
  last_editor: z.unknown(),
  updated_at: z.unknown(),
});

/** One relay, as one agent asks it. All methods reject with a RelayError or HttpFailure. */
export class RelayRequests {
  readonly #door: RelayDoor;
  readonly #fetch: typeof fetch;

  constructor(door: RelayDoor) {
    this.#door = door;
    const { url, tls } = door;
    const headers = proofOf(door);
    this.#fetch = originFetch({ origin: url, tls, headers, limitBytes: ANSWER_BYTES });
  }

  /** What stands there. @throws RelayError not_a_relay */
  async info(signal: AbortSignal): Promise<RelayInfo> {
    const { service, version, protocol } = this.#read(Info, await this.#get('/', signal));
    if (!/clawlink/i.test(service)) {
      throw new RelayError({ kind: 'not_a_relay', detail: 'It is another service.' });
    }
    return { version: wireLine(version, 40), guarded: protocol >= 2 };
  }

  async register(self: RelaySelf, signal: AbortSignal): Promise<void> {
    const body = {
      agent_id: self.agentId,
      name: self.name,
      capabilities: self.capabilities,
      machine: self.machine,
      description: self.description,
    };
    const { status } = this.#read(Status, await this.#post('/register', body, signal));
    if (status !== 'registered') throw nonsense();
  }

  /** @returns false where the relay does not know us (any more). */
  async heartbeat(agentId: string, signal: AbortSignal): Promise<boolean> {
    const { status } = this.#read(
      Status,
      await this.#post('/heartbeat', { agent_id: agentId }, signal),
    );
    if (status === 'unknown_agent') return false;
    if (status !== 'ok') throw nonsense();
    return true;
  }

  async discover(signal: AbortSignal): Promise<Roll> {
    const { agents, server_time } = this.#read(Agents, await this.#get('/discover', signal));
    const found = new Map<string, WireAgent>();
    for (const raw of agents) {
      const agent = readAgent(raw);
      if (agent) found.set(agent.id, agent);
    }
    return { agents: [...found.values()], serverTime: wireTime(server_time) };
  }

  async poll(agentId: string, signal: AbortSignal): Promise<readonly unknown[]> {
    const path = `/poll/${encodeURIComponent(agentId)}`;
    return this.#read(Messages, await this.#get(path, signal)).messages;
  }

  /** Tells a guarded relay that these are safe here. */
  async acknowledge(agentId: string, ids: readonly number[], signal: AbortSignal): Promise<void> {
    await this.#post('/ack', { agent_id: agentId, delivery_ids: ids }, signal);
  }

  /**
   * @param messageId ours: a guarded relay takes it over, and takes a message once.
   * @returns the id that it has there.
   */
  async delegate(
    from: string,
    to: string,
    messageId: string,
    task: RelayTask,
    signal: AbortSignal,
  ): Promise<string> {
    const body = { from_agent: from, to_agent: to, message_id: messageId, ...task };
    return this.#read(Delegated, await this.#post('/delegate', body, signal)).message_id;
  }

  async respond(
    from: string,
    answer: {
      readonly to: string;
      readonly messageId: string;
      /** Ours, the same for the same answer: a guarded relay takes it over. */
      readonly responseId: string;
      readonly result: unknown;
      readonly status: string;
    },
    signal: AbortSignal,
  ): Promise<void> {
    const { to, messageId, responseId, result, status } = answer;
    const ids = { from_agent: from, to_agent: to, message_id: messageId };
    const body = { ...ids, response_id: responseId, result, status };
    this.#read(Status, await this.#post('/respond', body, signal));
  }

  /**
   * @param messageId ours: a guarded relay takes it over, and takes a message once.
   * @returns how many agents the relay says to have told.
   */
  async broadcast(
    from: string,
    messageId: string,
    said: { readonly content: string; readonly topic: string; readonly tags: readonly string[] },
    signal: AbortSignal,
  ): Promise<number> {
    const body = { from_agent: from, message_id: messageId, ...said };
    const answer = await this.#post('/broadcast', body, signal);
    return Math.max(0, Math.round(this.#read(BroadcastSent, answer).recipients));
  }

  async files(signal: AbortSignal): Promise<readonly RelayFile[]> {
    const { files } = this.#read(Files, await this.#get('/files', signal));
    return files.flatMap((raw) => {
      const file = File.safeParse(raw);
      return file.success ? [fileOf(file.data)] : [];
    });
  }

  /** @returns null where there is none. */
  async file(
    key: string,
    signal: AbortSignal,
  ): Promise<(RelayFile & { readonly content: string }) | null> {
    try {
      const raw = await this.#get(`/files/${encodeURIComponent(key)}`, signal);
      const { content } = this.#read(z.object({ content: z.unknown() }), raw);
      return { ...fileOf(this.#read(File, raw)), key, content: wireText(content) };
    } catch (error) {
      if (error instanceof RelayError && error.failure.kind === 'refused') {
        if (error.failure.status === 404) return null;
      }
      throw error;
    }
  }

  /** @param base the version that it is based on; the published relay does not look at it. */
  async putFile(
    agentId: string,
    file: { readonly key: string; readonly content: string; readonly type: string },
    base: number | null,
    signal: AbortSignal,
  ): Promise<number> {
    const answer = await this.#post(
      '/files',
      {
        file_key: file.key,
        content: file.content,
        file_type: file.type,
        agent_id: agentId,
        base_version: base ?? 0,
      },
      signal,
    );
    return this.#read(Saved, answer).version;
  }

  #get(path: string, signal: AbortSignal): Promise<unknown> {
    return this.#ask(path, {}, signal);
  }

  #post(path: string, value: unknown, signal: AbortSignal): Promise<unknown> {
    const body = JSON.stringify(value);
    if (Buffer.byteLength(body) > RELAY_BODY_BYTES) throw new RelayError({ kind: 'too_large' });
    const headers = { 'content-type': 'application/json' };
    return this.#ask(path, { method: 'POST', headers, body }, signal);
  }

  async #ask(path: string, init: RequestInit, signal: AbortSignal): Promise<unknown> {
    return within(this.#door.clock, ANSWER_MS, signal, async (inner) => {
      const response = await this.#fetch(`${this.#door.url}${path}`, { ...init, signal: inner });
      const text = await response.text();
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        throw nonsense();
      }
      if (response.status < 400) return value;
      const said = z.object({ error: z.unknown() }).safeParse(value);
      const detail = said.success ? wireLine(said.data.error, 300) : '';
      if (response.status === 413) throw new RelayError({ kind: 'too_large' });
      throw new RelayError(
        response.status >= 500
          ? { kind: 'lost', timedOut: false, detail: detail || `Status ${response.status}.` }
          : { kind: 'refused', status: response.status, detail },
      );
    });
  }

  #read<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
    const parsed = schema.safeParse(value);
    if (!parsed.success) throw nonsense();
    return parsed.data;
  }
}

const nonsense = (): RelayError =>
  new RelayError({ kind: 'not_a_relay', detail: 'Its answer is not what a ClawLink relay says.' });

const fileOf = (file: z.output<typeof File>): RelayFile => ({
  key: wireText(file.file_key).slice(0, 400),
  type: wireLine(file.file_type, 120) || 'text',
  version: file.version,
  editor: wireLine(file.last_editor, 200),
  updatedAt: wireTime(file.updated_at),
});
