/** What windows are told of peers, from the records and what is alive. */
import type {
  LinkId,
  LinkState,
  LinkView,
  PeerDetail,
  PeerId,
  PeerRow,
} from '../contract/index.ts';
import { describeLinkState } from './link-state-text.ts';
import type { PeerText } from './peer-table.ts';
import type { LinkRecord, PeerRecord } from './records.ts';
import { peerCondition } from './status.ts';

/** What the threads of a peer add up to. */
export interface PeerTotals {
  readonly unread: number;
  readonly waiting: number;
  readonly running: boolean;
  readonly lastActivityAt: number | null;
  readonly preview: string;
}

/** What the peer book does not keep itself. Both are asked often, and must be cheap. */
export interface Live {
  linkState(id: LinkId): LinkState;
  totals(id: PeerId): PeerTotals;
}

/** One row of the list. */
export function peerRow(peer: PeerRecord, links: readonly LinkRecord[], live: Live): PeerRow {
  return {
    id: peer.id,
    name: peer.name,
    nickname: peer.nickname,
    group: peer.group,
    favourite: peer.favourite,
    practice: peer.practice,
    own: peer.own,
    ...peerCondition(links.map((link) => live.linkState(link.id))),
    ...live.totals(peer.id),
  };
}

/** A link with its state in words. */
export function linkView(link: LinkRecord, state: LinkState, now: number): LinkView {
  const { text, error } = describeLinkState(state, {
    peerId: link.peerId,
    linkId: link.id,
    url: link.url,
    kind: link.kind,
    now,
  });
  return {
    id: link.id,
    peerId: link.peerId,
    kind: link.kind,
    url: link.url,
    credential: link.credential,
    agentId: link.agentId,
    sessionKey: link.sessionKey,
    state,
    stateText: text,
    error,
    card: link.card,
    pinnedIdentity: link.pinnedIdentity,
    pinnedTls: link.pinnedTls,
  };
}

/** The page of one peer. */
export function peerDetail(
  peer: PeerRecord,
  text: PeerText,
  links: readonly LinkRecord[],
  live: Live,
  now: number,
): PeerDetail {
  return {
    id: peer.id,
    name: peer.name,
    nickname: peer.nickname,
    group: peer.group,
    favourite: peer.favourite,
    practice: peer.practice,
    own: peer.own,
    notes: text.notes,
    capabilities: [...text.capabilities],
    links: links.map((link) => linkView(link, live.linkState(link.id), now)),
    firstUseAcknowledged: peer.firstUseAcknowledged,
    createdAt: peer.createdAt,
  };
}
