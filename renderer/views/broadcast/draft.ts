import { createStore, type StoreApi, useStore } from 'zustand';
import type { Audience, PeerId } from '../../../electron/contract/index.ts';
import type { Client } from '../../store/client.ts';
import { useClient } from '../../store/hooks.ts';

/** A broadcast that is being written. Kept while the window is open, and nowhere else. */
export interface BroadcastDraft {
  readonly everyone: boolean;
  readonly peerIds: readonly PeerId[];
  readonly groups: readonly string[];
  readonly topic: string;
  /** As typed: with commas between them. */
  readonly tags: string;
  readonly text: string;
}

const EMPTY: BroadcastDraft = {
  everyone: true,
  peerIds: [],
  groups: [],
  topic: '',
  tags: '',
  text: '',
};

const drafts = new WeakMap<Client, StoreApi<BroadcastDraft>>();

function storeOf(client: Client): StoreApi<BroadcastDraft> {
  const there = drafts.get(client);
  if (there) return there;
  const made = createStore<BroadcastDraft>(() => EMPTY);
  drafts.set(client, made);
  return made;
}

/** The draft, and how it is changed. */
export function useDraft(): readonly [BroadcastDraft, (changes: Partial<BroadcastDraft>) => void] {
  const store = storeOf(useClient());
  return [useStore(store), (changes) => store.setState(changes)];
}

/** Begins anew with this; what was written before is gone. */
export const startDraft = (client: Client, changes: Partial<BroadcastDraft> = {}): void =>
  storeOf(client).setState({ ...EMPTY, ...changes });

/** The tags of what was typed, each once. */
export const tagsOf = (typed: string): string[] => [
  ...new Set(
    typed
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
  ),
];

/** The draft as the app takes it. */
export const inputOf = (draft: BroadcastDraft) => ({
  audience: audienceOf(draft),
  topic: draft.topic,
  tags: tagsOf(draft.tags),
  text: draft.text.toWellFormed().replaceAll('\u0000', ''),
});

const audienceOf = ({ everyone, peerIds, groups }: BroadcastDraft): Audience =>
  everyone ? { kind: 'all' } : { kind: 'chosen', peerIds: [...peerIds], groups: [...groups] };
