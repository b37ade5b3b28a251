/** A draft that two windows may write: what one of them lost is worth more than a tidy text. */
import type { Draft } from '../contract/index.ts';

/**
 * @param revision the one that the saving window had loaded.
 * @returns the draft to keep, and whether both texts had to be kept.
 */
export function saveDraft(
  now: Draft,
  text: string,
  revision: number,
): { readonly draft: Draft; readonly conflict: boolean } {
  if (text === now.text) return { draft: now, conflict: false };
  if (revision === now.revision) {
    return { draft: { text, revision: now.revision + 1 }, conflict: false };
  }
  // One holds the other whole: the longer one is both.
  const kept = text.includes(now.text)
    ? text
    : now.text.includes(text)
      ? now.text
      : `${now.text}\n\n${text}`;
  return { draft: { text: kept, revision: now.revision + 1 }, conflict: true };
}
