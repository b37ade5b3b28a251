/** Makes messages of what agents ask for, in the published shapes, and sends them on. */
import type { Agents } from './agents.ts';
import type { Caller } from './claims.ts';
import {
  agentId,
  baseVersion,
  content,
  type Fields,
  fileKey,
  givenMessageId,
  isAgentId,
  need,
  text,
  texts,
} from './fields.ts';
import type { Files } from './files.ts';
import type { Inboxes } from './inboxes.ts';
import { TEXT_LIMITS } from './limits.ts';
import { isoTime, newMessageId } from './protocol.ts';
import { Repeats } from './repeats.ts';
import type { Sockets } from './sockets.ts';
import type { FileVersion } from './storage/storage.ts';

/**
 * The rooms of the relay that a message passes through. `trouble` hears of what a socket's sender
 * cannot be told.
 */
export interface MessagesOptions {
  readonly agents: Agents;
  readonly inboxes: Inboxes;
  readonly files: Files;
  /** ms since the epoch. */
  readonly now: () => number;
  readonly sockets: () => Pick<Sockets, 'has' | 'tellAll'>;
  /** Counts one message of this agent. @throws Refusal where it sent too many. */
  readonly count: (agentId: string) => void;
  readonly trouble: (error: unknown) => void;
}

type Delivery = 'websocket' | 'queued';

/**
 * What the sender of a message to one agent is told. `delivery` is as the published relay words it.
 */
export interface Sent {
  readonly messageId: string;
  readonly delivery: Delivery;
  /** Whether anybody is registered under the recipient's id. */
  readonly known: boolean;
}

/**
 * Checks who sends, counts it against their rate, and puts it into the inboxes of those it is for.
 */
export class Messages {
  readonly #options: MessagesOptions;
  readonly #repeats = new Repeats();

  constructor(options: MessagesOptions) {
    this.#options = options;
  }

  /** @throws Refusal */
  async delegate(fields: Fields, caller: Caller): Promise<Sent> {
    need(fields, ['from_agent', 'to_agent', 'task'], 'from_agent, to_agent, and task are required');
    const from = this.#sender(fields, 'from_agent', caller);
    const to = agentId(fields, 'to_agent');
    const given = givenMessageId(fields);
    const messageId = given ?? newMessageId();
    return this.#send(from, to, messageId, given !== null, {
      type: 'task_delegation',
      message_id: messageId,
      from_agent: from,
      to_agent: to,
      task: text(fields, 'task', Number.POSITIVE_INFINITY, ''),
      context: fields.context === undefined ? {} : fields.context,
      priority: text(fields, 'priority', TEXT_LIMITS.priority, 'normal'),
      timestamp: isoTime(this.#options.now()),
      ...signed(fields),
    });
  }

  /** @throws Refusal */
  async respond(fields: Fields, caller: Caller): Promise<Sent> {
    need(
      fields,
      ['from_agent', 'to_agent', 'message_id'],
      'from_agent, to_agent, and message_id are required',
    );
    const from = this.#sender(fields, 'from_agent', caller);
    const to = agentId(fields, 'to_agent');
    const given =
      fields.response_id === undefined ? null : givenMessageId({ message_id: fields.response_id });
    const responseId = given ?? newMessageId();
    return this.#send(from, to, responseId, given !== null, {
      type: 'task_response',
      message_id: text(fields, 'message_id', TEXT_LIMITS.messageId, ''),
      response_id: responseId,
      from_agent: from,
      to_agent: to,
      result: fields.result ?? null,
      status: text(fields, 'status', TEXT_LIMITS.status, 'completed'),
      timestamp: isoTime(this.#options.now()),
      ...signed(fields),
    });
  }

  /** @returns the message's id. @throws Refusal */
  async broadcast(fields: Fields, caller: Caller): Promise<string> {
    need(fields, ['from_agent', 'content'], 'from_agent and content required');
    const from = this.#sender(fields, 'from_agent', caller);
    const messageId = givenMessageId(fields) ?? newMessageId();
    const body = JSON.stringify({
      type: 'knowledge_broadcast',
      message_id: messageId,
      from_agent: from,
      content: text(fields, 'content', Number.POSITIVE_INFINITY, ''),
      topic: text(fields, 'topic', TEXT_LIMITS.topic, 'general'),
      tags: texts(fields, 'tags', TEXT_LIMITS.tags, TEXT_LIMITS.tag),
      timestamp: isoTime(this.#options.now()),
      ...signed(fields),
    });
    await this.#repeats.once(`${from} ${messageId}`, () => this.#spread(from, body, true));
    return messageId;
  }

  /** Saves a file and tells the others. @throws Refusal */
  async saveFile(fields: Fields, caller: Caller): Promise<FileVersion> {
    need(fields, ['file_key', 'content', 'agent_id'], 'file_key, content, and agent_id required');
    const editor = this.#sender(fields, 'agent_id', caller);
    const file = await this.#options.files.put({
      fileKey: fileKey(fields.file_key),
      content: content(fields),
      fileType: text(fields, 'file_type', TEXT_LIMITS.fileType, 'text'),
      editor,
      base: baseVersion(fields),
    });
    const news = JSON.stringify({
      type: 'file_updated',
      file_key: file.fileKey,
      version: file.version,
      last_editor: editor,
      timestamp: isoTime(file.at),
    });
    // It is saved: that others could not be told must not look as if it were not.
    await this.#spread(editor, news, false).catch(this.#options.trouble);
    return file;
  }

  /** By socket, as the agent sent it; there is no way to tell it that something was wrong. */
  forward(from: string, message: Record<string, unknown>): void {
    const to = message.to_agent;
    if (!isAgentId(to)) return;
    const body = JSON.stringify({ ...message, from_agent: from });
    this.#options.inboxes.deliver(to, body).catch(this.#options.trouble);
  }

  /** By socket, as the agent sent it, and not in the log of broadcasts. */
  forwardToAll(from: string, message: Record<string, unknown>): void {
    const timestamp = isoTime(this.#options.now());
    const body = JSON.stringify({ ...message, from_agent: from, timestamp });
    this.#spread(from, body, false).catch(this.#options.trouble);
  }

  #sender(fields: Fields, name: string, caller: Caller): string {
    const from = agentId(fields, name);
    this.#options.agents.prove(from, caller);
    this.#options.count(from);
    return from;
  }

  async #send(
    from: string,
    to: string,
    id: string,
    mayRepeat: boolean,
    message: Readonly<Record<string, unknown>>,
  ): Promise<Sent> {
    const { agents, inboxes, sockets } = this.#options;
    const delivery = sockets().has(to) ? 'websocket' : 'queued';
    const deliver = () => inboxes.deliver(to, JSON.stringify(message));
    // An id of our own cannot come again.
    if (mayRepeat) await this.#repeats.once(`${from} ${id} ${to}`, deliver);
    else await deliver();
    return { messageId: id, delivery, known: agents.has(to) };
  }

  async #spread(from: string, body: string, logged: boolean): Promise<void> {
    const { agents, inboxes } = this.#options;
    const others = [...agents.ids()].filter((agentId) => agentId !== from);
    await inboxes.deliverToMany(others, body, logged);
  }
}

/** What a sender signed, for the recipient's eyes; the relay makes nothing of it. */
const signed = (fields: Fields): { signature?: unknown } =>
  typeof fields.signature === 'object' && fields.signature !== null
    ? { signature: fields.signature }
    : {};
