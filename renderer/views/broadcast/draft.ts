import { createStore, type StoreApi, useStore } from 'zustand';
import type { Audience, PeerId, RelayId } from '../../../electron/contract/index.ts';
import type { Client } from '../../store/client.ts';
import { useClient } from '../../store/hooks.ts';

/** To all peers, to chosen ones, or to all agents of a relay. */
export type BroadcastTo = 'all' | 'chosen' | 'relay';

/** A broadcast that is being written. Kept while the window is open, and nowhere else. */
export interface BroadcastDraft {
  readonly to: BroadcastTo;
  /** The relay that all are told on; null = the first. */
  readonly relayId: RelayId | null;
  readonly peerIds: readonly PeerId[];
  readonly groups: readonly string[];
  readonly topic: string;
  /** As typed: with commas between them. */
  readonly tags: string;
  readonly text: string;
  /** What a relay was given last, and under which id: null once it has it. */
  readonly telling: { readonly words: string; readonly id: string } | null;
}

const EMPTY: BroadcastDraft = {
  to: 'all',
  relayId: null,
  peerIds: [],
  groups: [],
  topic: '',
  tags: '',
  text: '',
  telling: null,
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

/**
 * Remembers how the draft stands. What a dry run shows must be what goes: the answer to an older draft is
 * thrown away. @returns whether it still stands so
 */
export function draftMark(client: Client): () => boolean {
  const store = storeOf(client);
  const words = (): string => JSON.stringify({ ...store.getState(), telling: null });
  const before = words();
  return () => words() === before;
}

/** Begins anew with this; what was written before is gone. */
export const startDraft = (client: Client, changes: Partial<BroadcastDraft> = {}): void =>
  storeOf(client).setState({ ...EMPTY, ...changes });

/** The same words have the same id until the draft begins anew: sent again, they are told once. */
export function tellingId(client: Client, words: string): string {
  const store = storeOf(client);
  const { telling } = store.getState();
  if (telling?.words === words) return telling.id;
  const id = crypto.randomUUID();
  store.setState({ telling: { words, id } });
  return id;
}

/** The tags of what was typed, each once. */
export const tagsOf = (typed: string): string[] => [
  ...new Set(
    typed
      .split(',')
      .map((tag) => tag.trim())
      .filter((tag) => tag !== ''),
  ),
];

const textOf = ({ text }: BroadcastDraft): string => text.toWellFormed().replaceAll('\u0000', '');

/** The draft as the app takes it for peers. */
export const inputOf = (draft: BroadcastDraft) => ({
  audience: audienceOf(draft),
  topic: draft.topic,
  tags: tagsOf(draft.tags),
  text: textOf(draft),
});

/** The draft as the app takes it for a relay. */
export const relayInputOf = (draft: BroadcastDraft, relayId: RelayId) => ({
  relayId,
  topic: draft.topic,
  tags: tagsOf(draft.tags),
  content: textOf(draft),
});

const audienceOf = ({ to, peerIds, groups }: BroadcastDraft): Audience =>
  to === 'all' ? { kind: 'all' } : { kind: 'chosen', peerIds: [...peerIds], groups: [...groups] };
