import type { CallOutput } from '../../../electron/contract/index.ts';

/** A peer that work could be given to, as the app lists it. */
export type Candidate = CallOutput<'outgoing.candidates'>['peers'][number];

/** A peer that seems able, and by which of its tags. */
export interface Suggestion {
  readonly peer: Candidate;
  readonly because: readonly string[];
}

const words = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}+#]+/u)
    .filter((word) => word.length > 1);

/** Endings that do not change what a word is about: *reviewing*, *reviews*, *review*. */
const stem = (word: string): string => {
  const short = word.replace(/(?:ing|ers|er|ions|ion|es|ed|s)$/u, '');
  return short.length >= 3 ? short : word;
};

/** Peers whose capabilities occur in what is to be done, the best first, at most three. */
export function suggest(peers: readonly Candidate[], text: string): readonly Suggestion[] {
  const said = new Set(words(text).map(stem));
  if (said.size === 0) return [];
  return peers
    .map((peer) => ({
      peer,
      because: peer.capabilities.filter((tag) => {
        const parts = words(tag).map(stem);
        return parts.length > 0 && parts.every((part) => said.has(part));
      }),
    }))
    .filter(({ because }) => because.length > 0)
    .toSorted(
      (a, b) => b.because.length - a.because.length || a.peer.name.localeCompare(b.peer.name),
    )
    .slice(0, 3);
}

/** Every tag once, with how many peers have it; the most common first. */
export function commonTags(peers: readonly Candidate[]): readonly string[] {
  const counted = new Map<string, { tag: string; count: number }>();
  for (const { capabilities } of peers) {
    for (const tag of capabilities) {
      const key = tag.toLowerCase();
      const known = counted.get(key) ?? { tag, count: 0 };
      counted.set(key, { ...known, count: known.count + 1 });
    }
  }
  return [...counted.values()]
    .toSorted((a, b) => b.count - a.count || a.tag.localeCompare(b.tag))
    .map(({ tag }) => tag);
}

/** Peers that have a tag; all of them where none is asked for. */
export const able = (peers: readonly Candidate[], tag: string): readonly Candidate[] =>
  tag === ''
    ? peers
    : peers.filter(({ capabilities }) =>
        capabilities.some((one) => one.toLowerCase() === tag.toLowerCase()),
      );
