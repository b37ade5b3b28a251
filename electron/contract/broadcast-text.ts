/**
 * A broadcast as text that any agent, and any person, can read: a first line `[Broadcast] → topic`,
 * a line of tags where there are some, an empty line, and what is said. The form of the first line is
 * that of the published skill agent-peer-tailscale 1.0.0 (references/peer-communication.md).
 */

import { TAG_LIMIT, TAGS_LIMIT } from './views/broadcast-view.ts';

/** What a broadcast says. */
export interface BroadcastContent {
  readonly topic: string | null;
  readonly tags: readonly string[];
  readonly text: string;
}

const FIRST = /^\[Broadcast\](?: (?:→|->) (?<topic>[^\n]{1,200}))?\r?\n/;
const TAGS = /^Tags: (?<tags>[^\n]{1,1000})\r?\n/;

/** Writes it, the same for every link. */
export function writeBroadcast({ topic, tags, text }: BroadcastContent): string {
  const first = topic === null ? '[Broadcast]' : `[Broadcast] → ${topic}`;
  const second = tags.length === 0 ? '' : `Tags: ${tags.join(', ')}\n`;
  return `${first}\n${second}\n${text}`;
}

/**
 * Reads it back, or null for a text that is none. The text may come from anybody: a line of tags that
 * holds more than tags stays with what is said, where all of it is shown.
 */
export function readBroadcast(written: string): BroadcastContent | null {
  const first = FIRST.exec(written);
  if (!first) return null;
  const rest = written.slice(first[0].length);
  const second = TAGS.exec(rest);
  const found = second ? tagsOf(second.groups?.tags ?? '') : [];
  const areTags = found.length <= TAGS_LIMIT && found.every((one) => one.length <= TAG_LIMIT);
  const body = second && areTags ? rest.slice(second[0].length) : rest;
  return {
    topic: first.groups?.topic?.trim() || null,
    tags: areTags ? found : [],
    text: body.replace(/^\r?\n/, ''),
  };
}

const tagsOf = (line: string): string[] => [
  ...new Set(
    line
      .split(',')
      .map((one) => one.trim())
      .filter((one) => one !== ''),
  ),
];
