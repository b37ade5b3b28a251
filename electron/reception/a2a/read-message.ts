/** Reads what a caller sent, within limits; what does not fit is refused by A2A's own codes. */
import type { Message, Part } from '@a2a-js/sdk';
import { RequestMalformedError } from '@a2a-js/sdk/errors';
import {
  DELEGATION_EXTENSION,
  DelegationNote,
  type DelegationPart,
  type DelegationPriority,
  RECEPTION_LIMITS,
} from '../../contract/index.ts';
import { oneLine } from '../framing.ts';
import type { RunFile } from '../options.ts';

/** A message, as far as we take it in. */
export interface Intake {
  readonly messageId: string;
  /** Empty = a new context is to be made. */
  readonly contextId: string;
  /** Empty = a new task is asked for. */
  readonly taskId: string;
  readonly text: string;
  readonly textBytes: number;
  /** Text and parts together. */
  readonly bytes: number;
  readonly parts: readonly DelegationPart[];
  readonly files: readonly RunFile[];
  readonly topic: string | null;
  readonly priority: DelegationPriority;
  readonly deadlineAt: number | null;
  readonly expected: string | null;
  readonly hops: number;
  /** Messages before it that no person wrote; null = the caller says nothing about it. */
  readonly turns: number | null;
  /** The caller said that it takes JSON as data. */
  readonly takesData: boolean;
}

/** The most UTF-16 units of JSON that is set in, level by level. */
const SET_IN_UNITS = 16_384;

const ID = /^[\x21-\x7e]{1,256}$/;

const refuse = (message: string): never => {
  throw new RequestMalformedError(message);
};

/** A name for showing: the last step of a path, and never a path. */
function fileName(part: Part, position: number): string {
  const last = oneLine(part.filename, 1_000).split(/[\\/]/).at(-1)?.trim() ?? '';
  const name = last.slice(0, 120);
  return name === '' || /^\.+$/.test(name) ? `file ${position + 1}` : name;
}

/** JSON for reading; set in only where that is short, since deep lists grow many times by it. */
function readable(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= SET_IN_UNITS ? JSON.stringify(value, null, 2) : text;
}

function readUrl(text: string): string {
  const url = oneLine(text, 2_048);
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)
    ? url
    : refuse('A part names an address that is not http or https.');
}

/** `[Delegation] → topic` at the start of a text, as people and agents write it by hand. */
const TAGGED = /^\[(?:Delegation|Review Request|Question|Blocker)\]\s*(?:→|->)\s*(.+)/u;
const PRIORITY = /^Priority:\s*(low|normal|medium|high|urgent)\s*$/imu;

function noteOf(message: Message, text: string): DelegationNote {
  const given = DelegationNote.safeParse(message.metadata?.[DELEGATION_EXTENSION] ?? {});
  const note = given.success ? given.data : {};
  const topic = TAGGED.exec(text)?.[1];
  const said = PRIORITY.exec(text)?.[1]?.toLowerCase();
  const priority = said === 'medium' ? 'normal' : said;
  return {
    ...(topic === undefined ? {} : { topic: oneLine(topic, 200) }),
    ...(topic !== undefined && priority ? { priority: priority as DelegationPriority } : {}),
    ...note,
  };
}

const JSON_MODE = /^(?:application\/(?:json|\*)|\*\/\*)$/i;

/**
 * @param modes what the caller takes (`acceptedOutputModes`)
 * @throws RequestMalformedError over a limit, or where the message makes no sense.
 */
export function readMessage(message: Message | undefined, modes: readonly string[] = []): Intake {
  if (!message) return refuse('A message is missing.');
  const { messageId, contextId, taskId, parts } = message;
  if (!ID.test(messageId)) refuse('messageId must be 1 to 256 printable characters.');
  if (contextId !== '' && !ID.test(contextId)) refuse('contextId is not a usable id.');
  if (taskId !== '' && !ID.test(taskId)) refuse('taskId is not a usable id.');
  if (parts.length === 0) refuse('A message needs at least one part.');
  if (parts.length > RECEPTION_LIMITS.parts) {
    refuse(`A message has at most ${RECEPTION_LIMITS.parts} parts.`);
  }
  const texts: string[] = [];
  const others: DelegationPart[] = [];
  const files: RunFile[] = [];
  for (const [position, part] of parts.entries()) {
    const mediaType = oneLine(part.mediaType, 120) || 'application/octet-stream';
    switch (part.content?.$case) {
      case 'text':
        texts.push(part.content.value);
        break;
      case 'raw': {
        const data = new Uint8Array(part.content.value);
        const name = fileName(part, position);
        files.push({ name, mediaType, data });
        others.push({ kind: 'file', name, mediaType, bytes: data.byteLength, url: null });
        break;
      }
      case 'url': {
        const url = readUrl(part.content.value);
        others.push({ kind: 'link', name: fileName(part, position), mediaType, bytes: 0, url });
        break;
      }
      case 'data': {
        const data = new TextEncoder().encode(readable(part.content.value ?? null));
        const name = part.filename === '' ? `data ${position + 1}` : fileName(part, position);
        files.push({ name, mediaType: 'application/json', data });
        const bytes = data.byteLength;
        others.push({ kind: 'data', name, mediaType: 'application/json', bytes, url: null });
        break;
      }
      default:
        refuse('A part holds neither text, a file, an address nor data.');
    }
  }
  const text = texts.join('\n\n').toWellFormed().replaceAll('\u0000', '');
  const textBytes = Buffer.byteLength(text);
  if (textBytes > RECEPTION_LIMITS.textBytes) {
    refuse(`The text has ${textBytes} bytes; at most ${RECEPTION_LIMITS.textBytes} are taken.`);
  }
  if (text.trim() === '' && others.length === 0) refuse('The message is empty.');
  const note = noteOf(message, text);
  return {
    messageId,
    contextId,
    taskId,
    text,
    textBytes,
    bytes: textBytes + others.reduce((sum, part) => sum + part.bytes, 0),
    parts: others,
    files,
    topic: note.topic === undefined ? null : oneLine(note.topic, 200) || null,
    priority: note.priority ?? 'normal',
    deadlineAt: note.deadlineAt ?? null,
    expected: note.expected ?? null,
    hops: note.hops ?? 0,
    turns: note.turns ?? null,
    takesData: modes.some((mode) => JSON_MODE.test(mode)),
  };
}
