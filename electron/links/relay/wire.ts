/**
 * The messages of a ClawLink relay, read. Both spellings of each (as queued over HTTP, and as forwarded
 * from a socket) become one value. Everything is a stranger's: bounded, and believed in nothing.
 * Source: ClawLink 1.0.1, its server and protocol notes, as observed.
 */
import * as z from 'zod';
import { jsonDepth } from '../../contract/index.ts';

/** Limits of what is taken over from others, UTF-16 units and counts. */
const NAME = 120;
const LINE = 400;
const TAGS = 32;
const CONTEXT_UNITS = 200_000;
const TEXT_UNITS = 1_048_576;
/** How deep a context may nest: what is compared, shown and signed is walked by recursion. */
const CONTEXT_DEPTH = 64;
/**
 * How deep a socket’s frame may nest at all (answers over HTTP have their own limit). The published relay passes on about 1,000 levels
 * (Python's own limit); far beyond, writing the value as JSON again would overflow the stack.
 */
const FRAME_DEPTH = 1_500;

/** Parses a frame of a relay’s socket. @throws SyntaxError no JSON, or nested too deep. */
export function parseWire(text: string): unknown {
  if (jsonDepth(text) > FRAME_DEPTH) throw new SyntaxError('nested too deep');
  return JSON.parse(text);
}

const CONTROLS = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]+/gu;

/** One line of somebody else's words, cut. */
export const wireLine = (value: unknown, units: number): string =>
  typeof value === 'string'
    ? value.toWellFormed().replace(CONTROLS, ' ').replace(/\s+/gu, ' ').trim().slice(0, units)
    : '';

/** An id as agents and relays choose them: odd ones are taken, unprintable and endless ones are not. */
export const WireId = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Bidi_Control}]+$/u);

const idOf = (value: unknown): string | null => {
  const found = WireId.safeParse(value);
  return found.success ? found.data : null;
};

/** A text as it is meant to be read. What is not text is shown as the JSON that it is. */
export function wireText(value: unknown): string {
  const text = typeof value === 'string' ? value : value == null ? '' : JSON.stringify(value);
  return text.slice(0, TEXT_UNITS).toWellFormed().replaceAll('\u0000', '');
}

/** ms since the epoch; null where it is no time. ISO 8601, or Unix seconds as heartbeats have them. */
export function wireTime(value: unknown): number | null {
  const ms =
    typeof value === 'number' ? value * 1000 : typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isFinite(ms) && Math.abs(ms) <= 8_640_000_000_000_000 ? Math.round(ms) : null;
}

const linesOf = (value: unknown, units: number): string[] =>
  Array.isArray(value)
    ? [...new Set(value.slice(0, TAGS * 4).map((one) => wireLine(one, units)))]
        .filter((one) => one !== '')
        .slice(0, TAGS)
    : [];

/** An agent as the relay lists it: its own words, cut to length. */
export interface WireAgent {
  readonly id: string;
  readonly name: string;
  readonly capabilities: readonly string[];
  readonly machine: string;
  readonly description: string;
  /** By the relay's clock, ms since the epoch. */
  readonly heartbeatAt: number | null;
}

/** Reads an agent; null where it has no usable id. */
export function readAgent(raw: unknown): WireAgent | null {
  if (typeof raw !== 'object' || raw === null) return null;
  const agent = raw as Readonly<Record<string, unknown>>;
  const id = idOf(agent.agent_id);
  if (id === null) return null;
  return {
    id,
    name: wireLine(agent.name, NAME) || wireLine(id, NAME),
    capabilities: linesOf(agent.capabilities, 40),
    machine: wireLine(agent.machine, NAME),
    description: wireLine(agent.description, LINE + 200),
    heartbeatAt: wireTime(agent.last_heartbeat),
  };
}

/** Something parsed and an object, of which nothing else is known. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** What a relay hands on. `at`: by its clock, ms since the epoch; null = nothing usable. */
export type WireMessage =
  | {
      readonly kind: 'task';
      /** Null in the socket's spelling, which carries none. */
      readonly messageId: string | null;
      readonly from: string;
      readonly task: string;
      readonly context: JsonObject;
      readonly priority: string;
      readonly at: number | null;
    }
  | {
      readonly kind: 'response';
      /** Of the task that it answers. */
      readonly messageId: string | null;
      readonly responseId: string | null;
      readonly from: string;
      /** As sent; see {@link wireText}. */
      readonly result: unknown;
      readonly status: string;
      readonly at: number | null;
    }
  | {
      readonly kind: 'broadcast';
      readonly messageId: string | null;
      readonly from: string;
      readonly content: string;
      readonly topic: string;
      readonly tags: readonly string[];
      readonly at: number | null;
    }
  | {
      readonly kind: 'file';
      readonly key: string;
      readonly version: number;
      readonly editor: string;
      readonly at: number | null;
    }
  | { readonly kind: 'joined'; readonly agent: WireAgent };

function contextOf(value: unknown): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const text = JSON.stringify(value);
  const isUsable = text.length <= CONTEXT_UNITS && jsonDepth(text) <= CONTEXT_DEPTH;
  return isUsable ? (value as JsonObject) : {};
}

/** Reads a message in either spelling; null where it is none, or nothing of it can be used. */
export function readMessage(raw: unknown): WireMessage | null {
  if (typeof raw !== 'object' || raw === null) return null;
  const message = raw as Readonly<Record<string, unknown>>;
  const from = idOf(message.from_agent);
  const messageId = idOf(message.message_id);
  const at = wireTime(message.timestamp) ?? wireTime(message.queued_at);
  switch (message.type) {
    case 'task_delegation':
    case 'delegate': {
      const task = wireText(message.task);
      if (from === null || task.trim() === '') return null;
      const priority = wireLine(message.priority, 40) || 'normal';
      const context = contextOf(message.context);
      return { kind: 'task', messageId, from, task, context, priority, at };
    }
    case 'task_response':
    case 'respond': {
      if (from === null) return null;
      const responseId = idOf(message.response_id);
      const status = wireLine(message.status, 40) || 'completed';
      return { kind: 'response', messageId, responseId, from, result: message.result, status, at };
    }
    case 'knowledge_broadcast':
    case 'broadcast': {
      const content = wireText(message.content);
      if (from === null || content.trim() === '') return null;
      const topic = wireLine(message.topic, 80) || 'general';
      const tags = linesOf(message.tags, 700);
      return { kind: 'broadcast', messageId, from, content, topic, tags, at };
    }
    case 'file_updated': {
      const key = wireText(message.file_key).slice(0, LINE);
      const { version } = message;
      if (key === '' || !Number.isSafeInteger(version)) return null;
      const editor = wireLine(message.last_editor, 200);
      return { kind: 'file', key, version: version as number, editor, at };
    }
    case 'agent_joined': {
      const agent = readAgent(message.agent);
      return agent && { kind: 'joined', agent };
    }
    default:
      return null;
  }
}

/** A mark by which the second delivery of a message is known; null where nothing tells it apart. */
export function markOf(message: WireMessage): string | null {
  switch (message.kind) {
    case 'task':
      return message.messageId && `task ${message.from} ${message.messageId}`;
    case 'response':
      return message.responseId && `response ${message.from} ${message.responseId}`;
    case 'broadcast':
      return message.messageId && `broadcast ${message.from} ${message.messageId}`;
    case 'file':
      return `file ${message.version} ${message.key}`;
    case 'joined':
      return null;
  }
}
