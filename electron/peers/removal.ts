/** Removing peers: hidden at once, undone within ten seconds, gone for good after that. */

import type { Cancel } from '../clock/clock.ts';
import { codedError, type PeerId } from '../contract/index.ts';
import { assertFree, assertOurs, type BookContext, presentPeer, tellPeer } from './book-context.ts';

/** How long a removal can be undone, ms. */
export const UNDO_MS = 10_000;

/**
 * A peer that the configuration file no longer names is hidden this long before it is deleted, so
 * that a slip in the file does not cost its threads. 30 days, ms.
 */
export const PROVISIONED_GRACE_MS = 30 * 24 * 3_600_000;

/** Where a purge failed (a full disk), it is tried again after this, ms. */
const PURGE_RETRY_MS = 60_000;

/** Peers that were removed: hidden at once, brought back for a while, then gone. */
export interface Removals {
  /** Arms the timers of removals that a former run left behind. */
  resume(): void;
  remove(id: PeerId): Promise<void>;
  restore(id: PeerId): Promise<void>;
  /** Hides a provisioned peer that is already marked as removed in the store. */
  hide(id: PeerId): void;
  /** A hidden peer came back by other means. */
  keep(id: PeerId): void;
  stop(): void;
}

/**
 * @param purging clears what other rooms keep of the peer, before its row goes; called again where
 *   it or the deletion failed.
 * @param purged told after a peer was deleted for good, with all that hung on it.
 */
export function removals(
  context: BookContext,
  purging: (id: PeerId) => Promise<void>,
  purged: (id: PeerId) => void,
): Removals {
  const { store, clock, table, index, ledger } = context;
  const timers = new Map<PeerId, Cancel>();
  let stopped = false;

  const purge = async (id: PeerId): Promise<void> => {
    timers.delete(id);
    try {
      if (table.removedPeer(id)) await purging(id);
      const gone = await store.write(() => {
        if (!table.removedPeer(id)) return false;
        for (const link of table.linksOf(id)) ledger.forget(link.id);
        table.deletePeer(id);
        return true;
      });
      if (!gone) return;
    } catch {
      arm(id, PURGE_RETRY_MS);
      return;
    }
    purged(id);
    void ledger.sweep();
  };

  const arm = (id: PeerId, delayMs: number): void => {
    if (stopped) return;
    timers.get(id)?.();
    timers.set(
      id,
      clock.after(delayMs, () => void purge(id)),
    );
  };

  const hide = (id: PeerId): void => {
    const links = index.linksOf(id);
    index.removePeer(id);
    for (const link of links) context.links.unwanted(link.id);
    tellPeer(context, id);
    context.changed({ type: 'app' });
  };

  return {
    resume: () => {
      for (const { peer, removedAt } of table.removed()) {
        const grace = peer.provisionKey === null ? UNDO_MS : PROVISIONED_GRACE_MS;
        arm(peer.id, Math.min(grace, Math.max(0, removedAt + grace - clock.now())));
      }
    },
    remove: async (id) => {
      await store.write(() => {
        assertOurs(presentPeer(context, id));
        table.setRemoved(id, clock.now());
      });
      hide(id);
      arm(id, UNDO_MS);
    },
    restore: async (id) => {
      if (table.peer(id)) return;
      const peer = await store.write(() => {
        const found = table.removedPeer(id);
        if (!found || !timers.has(id))
          throw codedError('peer.undo_expired', 'The peer and its secrets are gone.');
        assertOurs(found.peer);
        assertFree(context, found.peer);
        table.setRemoved(id, null);
        return found.peer;
      });
      timers.get(id)?.();
      timers.delete(id);
      index.putPeer(peer);
      const links = table.linksOf(id);
      for (const link of links) index.putLink(link);
      tellPeer(context, id);
      context.changed({ type: 'app' });
      for (const link of links) context.links.wanted(link);
    },
    hide: (id) => {
      hide(id);
      arm(id, PROVISIONED_GRACE_MS);
    },
    keep: (id) => {
      timers.get(id)?.();
      timers.delete(id);
    },
    stop: () => {
      stopped = true;
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
  };
}
