/** Reads the fields of a request's body. Each function throws {@link Refusal} with status 400. */
import { TEXT_LIMITS } from './limits.ts';
import { Refusal } from './protocol.ts';

/** The JSON object of a request's body, nothing in it checked yet. */
export type Fields = Readonly<Record<string, unknown>>;

const bad = (message: string): Refusal => new Refusal(400, 'relay.bad_request', message);

/** What Python calls true: the published relay asks no more of a needed field. */
function isGiven(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === 0) return false;
  if (typeof value === 'string' || Array.isArray(value)) return value.length > 0;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}

/** @throws Refusal with the published words where one of them is missing. */
export function need(fields: Fields, names: readonly string[], message: string): void {
  if (!names.every((name) => isGiven(fields[name]))) throw bad(message);
}

/** A text of at most so many characters; `otherwise` where it is absent or null. */
export function text(fields: Fields, name: string, longest: number, otherwise: string): string {
  const value = fields[name];
  if (value === undefined || value === null) return otherwise;
  if (typeof value !== 'string') throw bad(`${name} must be a text`);
  if (value.length > longest) throw bad(`${name} may have ${longest} characters at most`);
  return value;
}

/** A list of short texts. */
export function texts(fields: Fields, name: string, most: number, longest: number): string[] {
  const value = fields[name] ?? [];
  if (!Array.isArray(value) || value.some((entry) => typeof entry !== 'string')) {
    throw bad(`${name} must be a list of texts`);
  }
  if (value.length > most || value.some((entry: string) => entry.length > longest)) {
    throw bad(`${name} may have ${most} entries of ${longest} characters at most`);
  }
  return value as string[];
}

const AGENT_ID = new RegExp(`^[A-Za-z0-9_][A-Za-z0-9._:@~-]{0,${TEXT_LIMITS.agentId - 1}}$`);
/** What a client without an id asks by: nobody can be called so. */
const NOBODY = new Set(['none', 'null', 'undefined']);

/** Whether a value can be an agent's id at all; `none`, `null` and `undefined` cannot. */
export const isAgentId = (value: unknown): value is string =>
  typeof value === 'string' && AGENT_ID.test(value) && !NOBODY.has(value.toLowerCase());

/** An agent's id: letters, digits and `._:@~-`. */
export function agentId(fields: Fields, name: string): string {
  const value = fields[name];
  if (!isAgentId(value)) throw bad(`${name} is not an agent id`);
  return value;
}

/** The sender's own id for a message, so that a repeated one is known again; null = none given. */
export function givenMessageId(fields: Fields): string | null {
  const value = fields.message_id;
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(value)) {
    throw bad('message_id may have 128 visible characters at most');
  }
  return value;
}

/** Control characters, and those that turn the direction of text round. */
const UNSEEN = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;

/** The name of a shared file: any text that is no path out of a folder. */
export function fileKey(value: unknown): string {
  if (typeof value !== 'string' || value.length === 0) throw bad('file_key must be a text');
  if (value.length > TEXT_LIMITS.fileKey) {
    throw bad(`file_key may have ${TEXT_LIMITS.fileKey} characters at most`);
  }
  if (UNSEEN.test(value) || !value.isWellFormed()) throw bad('file_key has unseen characters');
  const parts = value.split(/[/\\]/);
  if (parts.some((part) => part === '..' || part === '.' || part === '')) {
    throw bad('file_key may not be a path that leads elsewhere');
  }
  return value;
}

/** A file's content: text that survives being written as UTF-8. */
export function content(fields: Fields): Buffer {
  const value = fields.content;
  if (typeof value !== 'string' || !value.isWellFormed()) {
    throw bad('content must be a text; encode what is not');
  }
  return Buffer.from(value, 'utf8');
}

/** The version that an editor began from; null = not told. */
export function baseVersion(fields: Fields): number | null {
  const value = fields.base_version;
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw bad('base_version must be a whole number');
  }
  return value;
}
