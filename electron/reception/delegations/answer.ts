/**
 * What an agent's answer brings: its words, and the files of its workspace that it names. OpenClaw's own
 * way of naming one is a line `MEDIA:<path>` outside code blocks (its docs, *Rich output protocol*); a run
 * by the `agent` method leaves such lines in the text as they are (seen with 2026.9.6).
 */
import { assertNever, jsonDepth, RECEPTION_LIMITS, withoutHidden } from '../../contract/index.ts';
import { oneLine } from '../framing.ts';
import type { AgentDoor, RunFile } from '../options.ts';

/** An answer as it goes back. */
export interface Answer {
  readonly text: string;
  readonly files: readonly RunFile[];
}

/** A line of an answer. */
type Line =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'file'; readonly path: string };

const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const MEDIA = /^ {0,3}MEDIA:\s*(?:"([^"]+)"|(\S.*?))\s*$/;
const WEB = /^https?:\/\//i;

/** Splits an answer into its text and the files that it names, in their order. Pure. */
export function linesOf(answer: string): readonly Line[] {
  let fence = '';
  return answer.split('\n').map((text): Line => {
    const mark = FENCE.exec(text)?.[1] ?? '';
    if (fence !== '') {
      if (mark.startsWith(fence)) fence = '';
      return { kind: 'text', text };
    }
    fence = mark;
    const named = MEDIA.exec(text);
    const path = named?.[1] ?? named?.[2];
    if (path === undefined) return { kind: 'text', text };
    // What lies on the web is a link for whoever reads it; nothing is fetched here.
    return WEB.test(path) ? { kind: 'text', text: path } : { kind: 'file', path };
  });
}

const namesSteps = (path: string): readonly string[] =>
  path.split(/[\\/]/).filter((step) => step !== '' && step !== '.');

/** How the file is called over there: the last step of its path, in one line. */
const nameOf = (path: string): string => oneLine(namesSteps(path).at(-1) ?? '', 120) || 'file';

/** Settings and keys have names that begin with a dot, and are no answer. */
const isHidden = (path: string): boolean =>
  namesSteps(path).some((step) => step.startsWith('.') && step !== '..');

/** Where in the workspace; a path of the whole machine is nothing for a peer to know. */
function placeOf(path: string): string {
  const isInside = !/^(?:[\\/~@]|[a-z]+:)/i.test(path) && !namesSteps(path).includes('..');
  return isInside ? ` It lies at “${oneLine(path, 300)}” in the agent’s workspace.` : '';
}

type NotSent = 'hidden' | 'missing' | 'too_large' | 'not_readable' | 'too_many';

/** Why a file did not come, and where whoever needs it finds it. */
function notSent(path: string, why: NotSent, bytes: number | null = null): string {
  const name = nameOf(path);
  const place = placeOf(path);
  switch (why) {
    case 'hidden':
      return `(${name} was not sent: hidden files are not sent.)`;
    case 'missing':
      return `(${name} was not sent: it is not in the agent’s workspace.)`;
    case 'too_large': {
      const size = bytes === null ? '' : `, with ${bytes} bytes`;
      return `(${name} was not sent: it is too large for the gateway to hand out${size}.${place})`;
    }
    case 'not_readable':
      return `(${name} was not sent: the gateway hands out text and images only.${place})`;
    case 'too_many':
      return `(${name} was not sent: an answer takes ${RECEPTION_LIMITS.answerFiles} files at most.${place})`;
    default:
      return assertNever(why);
  }
}

/**
 * Reads the files that an answer names, and takes the lines that name them out of it; for each that cannot
 * be had, a line says why.
 * @returns null where the gateway cannot be asked just now
 */
export async function bringAnswer(
  agents: Pick<AgentDoor, 'file'>,
  sessionKey: string,
  answer: string,
  signal: AbortSignal,
): Promise<Answer | null> {
  const files: RunFile[] = [];
  const texts: string[] = [];
  const seen = new Set<string>();
  let asked = 0;
  for (const line of linesOf(answer)) {
    if (line.kind === 'text') {
      texts.push(line.text);
      continue;
    }
    const { path } = line;
    if (seen.has(path)) continue;
    seen.add(path);
    if (isHidden(path)) {
      texts.push(notSent(path, 'hidden'));
      continue;
    }
    // Those that cannot be had count too: an answer may be nothing but such lines.
    if (asked >= RECEPTION_LIMITS.answerFiles) {
      texts.push(notSent(path, 'too_many'));
      continue;
    }
    asked += 1;
    const found = await agents.file(sessionKey, path, signal);
    if (found.kind === 'not_now') return null;
    if (found.kind !== 'found') {
      texts.push(notSent(path, found.kind, found.kind === 'too_large' ? found.bytes : null));
      continue;
    }
    const { mediaType, data } = found;
    files.push({ name: nameOf(path), mediaType, data });
  }
  const text = seen.size === 0 ? answer : texts.join('\n').trim();
  return { text, files };
}

const ALONE = /^\s*```json[^\S\n]*\n([\s\S]*?)\n```\s*$/i;

/** The value of an answer that is one fenced block of JSON and nothing else; undefined for any other. */
export function dataOf(answer: string): unknown {
  const json = ALONE.exec(answer)?.[1];
  if (json === undefined || jsonDepth(json) > RECEPTION_LIMITS.depth) return undefined;
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** The answer for ways that carry text alone: with the names of what they do not carry. */
export function textAlone(answer: string, parts: readonly { readonly name: string }[]): string {
  if (parts.length === 0) return answer;
  const names = parts.map(({ name }) => withoutHidden(name).text).join(', ');
  return [answer, `(Not sent along, since only text goes this way: ${names}.)`]
    .filter((text) => text !== '')
    .join('\n\n');
}
