/**
 * The peer that an invite leads to. It is named in the invite before it is made, so that a crash in
 * between leaves no peer that nobody knows: it is taken up again, or taken away.
 */
import { v7 } from 'uuid';
import { type InviteId, PeerId } from '../../contract/index.ts';
import type { PartnerGateway, PartnerLink, ReceptionOptions } from '../options.ts';
import type { InviteBook } from './book.ts';

/** Makes, finds again, or takes away the peer of an invite; each may be done twice. */
export interface PeerMaker {
  /** The peer, made if need be; `link` is set, or replaced, where there is one. */
  withLink(id: InviteId, link: PartnerLink | null): Promise<PeerId>;
  /** The peer that is reached at this gateway; one that was there before is it. */
  withGateway(id: InviteId, gateway: PartnerGateway): Promise<PeerId>;
  /** Takes away what was made for invites that came to nothing. */
  tidy(): Promise<void>;
}

/** Makes peers in the book of the home. */
export function createPeerMaker(
  { partners, clock }: Pick<ReceptionOptions, 'partners' | 'clock'>,
  book: InviteBook,
): PeerMaker {
  const planned = async (id: InviteId): Promise<PeerId> => {
    const made = PeerId.parse(v7({ msecs: clock.now() }));
    const invite = await book.change(id, ({ peerId, exchange }) =>
      peerId === null && exchange.plannedPeerId === null
        ? { exchange: { plannedPeerId: made } }
        : {},
    );
    return invite?.peerId ?? invite?.exchange.plannedPeerId ?? made;
  };

  return {
    withLink: async (id, link) => {
      const peerId = await planned(id);
      if (partners.name(peerId) === null) {
        return partners.add(book.get(id).peerName, link, peerId);
      }
      if (link) await partners.setLink(peerId, link);
      return peerId;
    },
    withGateway: async (id, gateway) =>
      partners.addGateway(book.get(id).peerName, gateway, await planned(id)),
    tidy: async () => {
      for (const { id, exchange } of book.table.unfinished()) {
        const peerId = exchange.plannedPeerId;
        // Perhaps it is being made just now: then it is found the next time.
        if (peerId === null || partners.name(peerId) === null) continue;
        await partners.remove(peerId);
        await book.change(id, () => ({ exchange: { plannedPeerId: null } }));
      }
    },
  };
}
