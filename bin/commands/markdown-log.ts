/** The dated log that peers of the Tailscale skill keep: one heading a day, `- [Tag] → [Topic] text`. */
import type { LogEntry } from '../../electron/contract/index.ts';
import { plainLine } from '../terminal.ts';

const TAGS: Readonly<Record<LogEntry['kind'], string>> = {
  message: 'Message',
  status: 'Morning Status',
  insight: 'Insight',
  review: 'Review Request',
  feedback: 'Feedback',
  milestone: 'Milestone',
  blocker: 'Blocker',
  question: 'Question',
  delegation: 'Delegation',
  broadcast: 'Insight',
  close: 'Thread Close',
};
const MOST = 500;
const KNOWN: ReadonlySet<string> = new Set([...Object.values(TAGS), 'Broadcast', 'Status']);

/** The line of the form that a text begins with, which stands in the log's own words. */
function headOf(text: string): { tag: string | null; topic: string; rest: string } {
  const found = /^\[([^\]\n]{1,40})\](?: (?:→|->) ?([^\n]*))?\n+/.exec(text);
  const [line = '', tag = '', topic = ''] = found ?? [];
  if (!found || !KNOWN.has(tag)) return { tag: null, topic: '', rest: text };
  return { tag, topic, rest: text.slice(line.length) };
}

/** Text of others must not open a heading, a list or HTML of its own. */
const inline = (text: string): string =>
  plainLine(text)
    .replace(/[\\`*_[\]<>#|]/g, (mark) => `\\${mark}`)
    .slice(0, MOST);

/** @param entries oldest first */
export function markdownLog(entries: readonly LogEntry[], us: string, peer: string): string {
  const lines = ['# Peer Collaboration Log', ''];
  let day = '';
  for (const entry of entries) {
    const today = localDay(entry.at);
    if (today !== day) {
      day = today;
      lines.push(`## ${day}`, '', `**${inline(us)} ↔ ${inline(peer)}**`, '');
    }
    const head = headOf(entry.text);
    const plainAnswer = entry.direction === 'in' && entry.kind === 'message';
    const tag = plainAnswer ? (head.tag ?? 'Answer') : TAGS[entry.kind];
    const topic = inline(head.topic) || inline(entry.thread) || 'General';
    lines.push(`- [${tag}] → [${topic}] ${inline(head.rest)}`);
  }
  return `${lines.join('\n')}\n`;
}

function localDay(at: number): string {
  const date = new Date(at);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
