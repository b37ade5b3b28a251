/** What an agent said, as text and files: bounded, and nothing of it fetched or opened by itself. */
import type { Artifact, Message, Part, Task } from '@a2a-js/sdk';
import { isValueTooDeep } from '../http/depth.ts';
import type { IncomingAttachment } from '../link.ts';

/** More pieces, besides text, than any answer has that a person reads. */
const MAX_PARTS = 256;
const MAX_FILES = 32;
const MAX_FILE_BYTES = 16 * 1024 * 1024;
const MAX_TEXT_UNITS = 1_048_576;
/** Data that is longer than a page is a file. */
const MAX_DATA_UNITS = 8_192;
const MAX_URL_UNITS = 2_048;

/** What came, ready to be stored. Untrusted; the files are those that came inline. */
export interface Content {
  readonly text: string;
  readonly attachments: readonly IncomingAttachment[];
}

const NOTHING: Content = { text: '', attachments: [] };

class Reader {
  readonly texts: string[] = [];
  readonly files: IncomingAttachment[] = [];
  private units = 0;
  private bytes = 0;
  private parts = 0;
  private leftOut = 0;

  /** @param grows text that follows text goes on with it: artifacts come in chunks. */
  read(parts: readonly Part[], grows: boolean): void {
    const pieces: string[] = [];
    let inText = false;
    for (const part of parts) {
      const isText = part.content?.$case === 'text';
      const before = pieces.length;
      if ((!isText && ++this.parts > MAX_PARTS) || !this.take(part, pieces)) this.leftOut++;
      const added = pieces.length > before;
      if (added && grows && isText && inText) {
        const last = pieces.pop() ?? '';
        pieces.push((pieces.pop() ?? '') + last);
      }
      if (added) inText = isText;
    }
    if (pieces.length > 0) this.texts.push(pieces.join('\n\n'));
  }

  content(): Content {
    const left = this.leftOut;
    const note =
      left === 0
        ? []
        : [`(${left} ${left === 1 ? 'part' : 'parts'} left out: too many or too large.)`];
    return { text: [...this.texts, ...note].join('\n\n'), attachments: this.files };
  }

  private take(part: Part, texts: string[]): boolean {
    const { content } = part;
    switch (content?.$case) {
      case 'text':
        return this.say(content.value, texts);
      case 'url':
        return this.say(linkText(part.filename, content.value), texts);
      case 'raw':
        return this.keep(part.filename || 'file', part.mediaType, content.value);
      case 'data': {
        const json = jsonOf(content.value);
        if (json === null) return false;
        return json.length > MAX_DATA_UNITS
          ? this.keep(part.filename || 'data.json', 'application/json', Buffer.from(json))
          : this.say(`\`\`\`json\n${json}\n\`\`\``, texts);
      }
      default:
        return true;
    }
  }

  private say(text: string, texts: string[]): boolean {
    if (text === '') return true;
    this.units += text.length;
    if (this.units > MAX_TEXT_UNITS) return false;
    texts.push(text);
    return true;
  }

  private keep(name: string, mimeType: string, data: Uint8Array): boolean {
    this.bytes += data.byteLength;
    if (this.files.length >= MAX_FILES || this.bytes > MAX_FILE_BYTES) return false;
    this.files.push({ name, mimeType: mimeType || 'application/octet-stream', data });
    return true;
  }
}

/** JSON as a person reads it, or null where it cannot be written down. */
function jsonOf(value: unknown): string | null {
  if (isValueTooDeep(value)) return null;
  const json: string | undefined = JSON.stringify(value, null, 2);
  return json ?? null;
}

/**
 * A file that lies somewhere else, as a link to be clicked; never fetched by itself. Anything but a
 * plain web address is shown as code, so that it is no link at all.
 */
function linkText(name: string, url: string): string {
  const shown =
    name
      .replace(/[\s[\]<>`*_\\]+/gu, ' ')
      .trim()
      .slice(0, 120) || 'A file';
  const web = URL.canParse(url) && url.length <= MAX_URL_UNITS ? new URL(url) : null;
  const plain = web && /^https?:$/.test(web.protocol) && !web.username && !web.password;
  if (plain) return `${shown}, not fetched: <${web.href}>`;
  return `${shown}, not fetched: \`${url.replace(/[\s`]+/gu, ' ').slice(0, 300)}\``;
}

/** All that a message says. */
export function contentOf(message: Pick<Message, 'parts'> | undefined): Content {
  if (!message) return NOTHING;
  const reader = new Reader();
  reader.read(message.parts, false);
  return reader.content();
}

/** What a task has brought so far: its artifacts or, where there are none, what its status says. */
export function resultOf(task: Pick<Task, 'artifacts' | 'status'>): Content {
  const artifacts = task.artifacts.filter((one) => one.parts.length > 0);
  if (artifacts.length === 0) return contentOf(task.status?.message);
  const reader = new Reader();
  for (const artifact of artifacts) reader.read(artifact.parts, true);
  return reader.content();
}

/** Adds a piece to the artifacts of a task; text that goes on is one text. */
export function withArtifact(
  artifacts: readonly Artifact[],
  piece: Artifact,
  append: boolean,
): Artifact[] {
  const before = artifacts.find((one) => one.artifactId === piece.artifactId);
  if (!before || !append) {
    const others = artifacts.filter((one) => one !== before);
    return [...others, piece].slice(0, MAX_PARTS);
  }
  const parts = [...before.parts];
  for (const part of piece.parts) {
    const last = parts.at(-1);
    if (part.content?.$case === 'text' && last?.content?.$case === 'text') {
      const value = last.content.value + part.content.value;
      parts[parts.length - 1] = { ...last, content: { $case: 'text', value } };
    } else if (parts.length <= MAX_PARTS) parts.push(part);
  }
  return artifacts.map((one) => (one === before ? { ...before, parts } : one));
}
