import type { ChangeKey, PeerId, PeerStatus } from '../contract/index.ts';
import type { Conversations } from '../conversations/index.ts';
import type { PeerBook } from '../peers/index.ts';

/** What the tray and the badge are made of, kept up to date peer by peer. */
export interface Summary {
  /** Told of every change; only peers that changed are looked at again. */
  note(key: ChangeKey): void;
  statuses(): Iterable<PeerStatus>;
  /** Messages that nobody read, over all peers. */
  unread(): number;
}

/** Keeps the status of each peer, so that one change among ten thousand peers costs one look. */
export function createSummary(peers: PeerBook, conversations: Conversations): Summary {
  const statuses = new Map<PeerId, PeerStatus>();
  const stale = new Set<PeerId>(peers.peers().map((peer) => peer.id));
  const refresh = (): void => {
    for (const id of stale) {
      const row = peers.row(id);
      if (row) statuses.set(id, row.status);
      else statuses.delete(id);
    }
    stale.clear();
  };
  return {
    note: (key) => {
      if (key.type !== 'peer') return;
      const id = key.id as PeerId;
      if (peers.peer(id)) stale.add(id);
      else {
        // Nobody may ever ask: without a tray what is gone would be kept for good.
        stale.delete(id);
        statuses.delete(id);
      }
    },
    statuses: () => {
      refresh();
      return statuses.values();
    },
    unread: () => {
      let unread = 0;
      for (const [id, total] of conversations.peerTotals())
        if (peers.peer(id)) unread += total.unread;
      return unread;
    },
  };
}
