/**
 * What is being typed, per thread. It is kept over a restart, but for the lines that look like a secret:
 * nobody said yet that those are to be sent, so they stay in memory and are gone when the app stops.
 */
import type { Draft, ThreadId } from '../contract/index.ts';
import { findSecrets } from '../send-guard/index.ts';
import { saveDraft } from './draft.ts';
import type { ThreadRow } from './rows.ts';
import type { ThreadTable } from './thread-table.ts';

/** The drafts of all threads. */
export interface Drafts {
  /** The whole draft, as it was typed. */
  of(row: Pick<ThreadRow, 'id' | 'draft_text' | 'draft_revision'>): Draft;
  /**
   * Keeps a text, inside a write.
   * @param revision the one that the saving window had loaded.
   * @returns what the draft is now, and whether another window's text had to be kept with it.
   */
  keep(
    row: Pick<ThreadRow, 'id' | 'draft_text' | 'draft_revision'>,
    text: string,
    revision: number,
  ): { readonly draft: Draft; readonly conflict: boolean };
  /** The thread is gone. */
  forget(id: ThreadId): void;
}

/** The text without the lines that look like a secret. */
export function withoutSecrets(text: string): string {
  let rest = text;
  // The guard tells of the first twenty.
  for (let found = findSecrets(rest); found.length > 0; found = findSecrets(rest)) {
    let kept = '';
    let from = 0;
    for (const { offset, length } of found) {
      const begin = rest.lastIndexOf('\n', offset - 1) + 1;
      const end = rest.indexOf('\n', offset + length);
      if (begin > from) kept += rest.slice(from, begin);
      from = Math.max(from, end < 0 ? rest.length : end + 1);
    }
    rest = kept + rest.slice(from);
  }
  return rest;
}

/** @param threads where the rest of a draft is written down. */
export function createDrafts(threads: Pick<ThreadTable, 'setDraft'>): Drafts {
  /** Drafts that hold more than their row does. */
  const whole = new Map<ThreadId, Draft>();

  const of: Drafts['of'] = (row) =>
    whole.get(row.id) ?? { text: row.draft_text, revision: row.draft_revision };

  return {
    of,
    keep: (row, text, revision) => {
      const now = of(row);
      const saved = saveDraft(now, text, revision);
      if (saved.draft === now) return saved;
      const harmless = withoutSecrets(saved.draft.text);
      if (harmless === saved.draft.text) whole.delete(row.id);
      else whole.set(row.id, saved.draft);
      threads.setDraft.run(harmless, saved.draft.revision, row.id);
      return saved;
    },
    forget: (id) => void whole.delete(id),
  };
}
