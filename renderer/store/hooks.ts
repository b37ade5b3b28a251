import { createContext, useContext, useMemo } from 'react';
import { useStore } from 'zustand';
import { useShallow } from 'zustand/react/shallow';
import type {
  LadderView,
  LinkView,
  PeerDetail,
  PeerRow,
  ThreadView,
} from '../../electron/contract/index.ts';
import type { Client } from './client.ts';
import type { Mirror } from './mirror.ts';
import { byActivity } from './navigation.ts';
import type { UiState } from './ui-state.ts';

const ClientContext = createContext<Client | null>(null);

/** Gives the views below it their client. */
export const ClientProvider = ClientContext.Provider;

/** The client of this window. */
export function useClient(): Client {
  const client = useContext(ClientContext);
  if (!client) throw new Error('no client above this view');
  return client;
}

/** A part of the mirror; the view is drawn again only when that part changes. */
export function useMirror<T>(select: (mirror: Mirror) => T): T {
  return useStore(useClient().mirror, select);
}

/** A part of what the person looks at. */
export function useUi<T>(select: (ui: UiState) => T): T {
  return useStore(useClient().ui, select);
}

/** One peer of the list. */
export const usePeer = (id: string | null): PeerRow | null =>
  useMirror((mirror) => (id === null ? null : (mirror.peers.get(id) ?? null)));

/** The open peer's detail. */
export const useDetail = (id: string | null): PeerDetail | null =>
  useMirror((mirror) => (id === null ? null : (mirror.details.get(id) ?? null)));

/** One thread. */
export const useThread = (id: string | null): ThreadView | null =>
  useMirror((mirror) => (id === null ? null : (mirror.threads.get(id) ?? null)));

/** The link that a thread goes over. */
export function useThreadLink(id: string | null): LinkView | null {
  const thread = useThread(id);
  const links = useDetail(thread?.peerId ?? null)?.links;
  return links?.find((link) => link.id === thread?.linkId) ?? links?.[0] ?? null;
}

/** The threads of a peer, the newest first. */
export function useThreads(peerId: string): readonly ThreadView[] {
  const threads = useMirror(
    useShallow((mirror) => [...mirror.threads.values()].filter((one) => one.peerId === peerId)),
  );
  return useMemo(() => threads.toSorted(byActivity), [threads]);
}

/** The ladder of a link. */
export const useLadder = (linkId: string): LadderView | null =>
  useMirror((mirror) => mirror.ladders.get(linkId) ?? null);
