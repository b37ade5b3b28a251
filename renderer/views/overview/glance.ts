import {
  isOver,
  type OutgoingDelegationView,
  type PeerId,
  type PeerRow,
} from '../../../electron/contract/index.ts';

/** A peer, or work at a peer, that stands in the overview. */
export type GlanceRow =
  | { readonly kind: 'peer'; readonly key: string; readonly peer: PeerRow }
  | { readonly kind: 'work'; readonly key: string; readonly work: OutgoingDelegationView };

/** The most that a list shows of what it has. */
export const MOST_ROWS = 5;

/** One list of the overview, cut where it would be too long to take in. */
export interface GlanceList {
  readonly rows: readonly GlanceRow[];
  /** So many more than the rows. */
  readonly more: number;
}

/** What a person wants to know first, of peers and of work that was given to them. */
export interface Glance {
  /** Peers with which only the person can go on, and work about which they asked back. */
  readonly needsYou: GlanceList;
  /** Unread, the newest first. */
  readonly cameBack: GlanceList;
  /** What was asked and is not answered: messages and work. */
  readonly asked: GlanceList;
}

const peerRow = (peer: PeerRow): GlanceRow => ({ kind: 'peer', key: peer.id, peer });
const workRow = (work: OutgoingDelegationView): GlanceRow => ({ kind: 'work', key: work.id, work });
const newest = (a: PeerRow, b: PeerRow): number =>
  (b.lastActivityAt ?? 0) - (a.lastActivityAt ?? 0);

const cut = (rows: readonly GlanceRow[]): GlanceList => ({
  rows: rows.slice(0, MOST_ROWS),
  more: Math.max(0, rows.length - MOST_ROWS),
});

/** Sorts out of all peers and all given work what belongs into the overview. */
export function glance(
  peers: Iterable<PeerRow>,
  outgoing: Iterable<OutgoingDelegationView>,
): Glance {
  const all = [...peers];
  const open = [...outgoing]
    .filter((work) => !isOver(work.state))
    .sort((a, b) => b.changedAt - a.changedAt);
  const askedBack = open.filter((work) => work.state === 'asked_back');
  const given = open.filter((work) => work.state !== 'asked_back');
  const atWork = new Set<PeerId>(given.map((work) => work.peerId));
  return {
    needsYou: cut([
      ...askedBack.map(workRow),
      ...all.filter((peer) => peer.status === 'needs_you').map(peerRow),
    ]),
    cameBack: cut(
      all
        .filter((peer) => peer.unread > 0)
        .sort(newest)
        .map(peerRow),
    ),
    asked: cut([
      ...given.map(workRow),
      ...all
        .filter((peer) => (peer.running || peer.waiting > 0) && !atWork.has(peer.id))
        .sort(newest)
        .map(peerRow),
    ]),
  };
}
