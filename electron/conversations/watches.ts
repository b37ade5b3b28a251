import type { LinkId, ThreadId } from '../contract/index.ts';
import { linkIdOf, type Parts, type Place, routeOf } from './parts.ts';
import type { ThreadRow } from './rows.ts';

/** At most this many sessions of one link are watched; the ones used longest ago are let go. */
const PER_LINK = 64;
/** This many of a link's newest threads are watched from the start. */
const RECENT = 20;

interface Watch {
  readonly linkId: LinkId;
  readonly sessionKey: string;
  readonly unwatch: () => void;
  /** Grows with each use; the smallest is let go first. */
  usedAt: number;
}

/** Which sessions the links watch for us: those on show, busy, or used lately. */
export interface Watches {
  /** Watches a thread's session. @returns true where it was not watched before. */
  ensure(thread: Place): boolean;
  /** A window shows the thread: it is watched as long as it does. */
  opened(threadId: ThreadId, connectionId: string): void;
  closed(threadId: ThreadId, connectionId: string): void;
  connectionClosed(connectionId: string): void;
  /** The link object is there, or is another one: everything worth it is watched on it anew. */
  attached(linkId: LinkId): void;
  /** The link object is gone. */
  detached(linkId: LinkId): void;
  drop(threadId: ThreadId): void;
  on(linkId: LinkId): readonly ThreadId[];
  stop(): void;
}

/** @param isBusy a thread with open work is never let go. */
export function createWatches(parts: Parts, isBusy: (thread: ThreadRow) => boolean): Watches {
  const { threads } = parts;
  const watches = new Map<ThreadId, Watch>();
  const openIn = new Map<ThreadId, Set<string>>();
  let uses = 0;

  const drop = (threadId: ThreadId): void => {
    watches.get(threadId)?.unwatch();
    watches.delete(threadId);
  };

  const makeRoom = (linkId: LinkId): void => {
    const here = [...watches].filter(([, watch]) => watch.linkId === linkId);
    if (here.length < PER_LINK) return;
    const idle = here
      .filter(([id]) => {
        const thread = threads.byId(id);
        return !openIn.has(id) && !(thread && isBusy(thread));
      })
      .sort(([, a], [, b]) => a.usedAt - b.usedAt);
    const oldest = idle[0];
    if (oldest) drop(oldest[0]);
  };

  const ensure = (thread: Place): boolean => {
    const route = routeOf(parts, thread);
    if (!route) return false;
    const there = watches.get(thread.id);
    if (there && there.linkId === route.linkId && there.sessionKey === route.sessionKey) {
      there.usedAt = ++uses;
      return false;
    }
    drop(thread.id);
    makeRoom(route.linkId);
    const unwatch = route.link.watch(route.sessionKey);
    const { linkId, sessionKey } = route;
    watches.set(thread.id, { linkId, sessionKey, unwatch, usedAt: ++uses });
    return true;
  };

  const close = (threadId: ThreadId, connectionId: string): void => {
    const by = openIn.get(threadId);
    if (by?.delete(connectionId) && by.size === 0) openIn.delete(threadId);
  };

  return {
    ensure,
    opened: (threadId, connectionId) => {
      const by = openIn.get(threadId) ?? new Set();
      openIn.set(threadId, by.add(connectionId));
    },
    closed: close,
    connectionClosed: (connectionId) => {
      for (const threadId of [...openIn.keys()]) close(threadId, connectionId);
    },
    attached: (linkId) => {
      const wanted = new Map<ThreadId, ThreadRow>();
      const want = (thread: ThreadRow | undefined): void => {
        if (thread && linkIdOf(parts, thread) === linkId) wanted.set(thread.id, thread);
      };
      for (const [id, watch] of watches) {
        if (watch.linkId !== linkId) continue;
        want(threads.byId(id));
        drop(id);
      }
      for (const id of openIn.keys()) want(threads.byId(id));
      for (const thread of threads.recent.all(linkId, RECENT)) want(thread);
      for (const thread of wanted.values()) ensure(thread);
    },
    detached: (linkId) => {
      for (const [id, watch] of [...watches]) if (watch.linkId === linkId) drop(id);
    },
    drop,
    on: (linkId) => [...watches].filter(([, w]) => w.linkId === linkId).map(([id]) => id),
    stop: () => {
      for (const id of [...watches.keys()]) drop(id);
    },
  };
}
