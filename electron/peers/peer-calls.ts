/** The peer book's answers to calls of the contract. */
import type { LinkId, PeerId, PeerRow, Result } from '../contract/index.ts';
import type { NewLink } from './book-context.ts';
import type { PeerBook, PeerHandlers } from './peer-book.ts';
import { comparePeers } from './status.ts';

interface More {
  addLink(peerId: PeerId, link: NewLink): Promise<Result<LinkId>>;
  acknowledgeFirstUse(id: PeerId): Promise<Result<void>>;
}

/** Handlers over the book; the app adds what opens, closes and probes connections. */
export function peerHandlers(book: Omit<PeerBook, 'handlers'>, more: More): PeerHandlers {
  return {
    'peer.add': async (input) => {
      const added = await book.add(input);
      return added.ok ? { ok: true, value: { peerId: added.value.peerId } } : added;
    },
    'peer.update': async ({ peerId, changes }) => done(await book.update(peerId, changes)),
    'peer.remove': ({ peerId }) => book.remove(peerId),
    'peer.restore': async ({ peerId }) => done(await book.restore(peerId)),
    'peer.resolve': ({ text }) => {
      const matches = book.resolve(text).flatMap((peer): PeerRow[] => {
        const row = book.row(peer.id);
        return row ? [row] : [];
      });
      return { ok: true, value: { matches: matches.sort(comparePeers) } };
    },
    'peer.list': () => ({ ok: true, value: { peers: book.rows().sort(comparePeers) } }),
    'peer.acknowledgeFirstUse': async ({ peerId }) => done(await more.acknowledgeFirstUse(peerId)),
    'link.add': async ({ peerId, link }) => {
      const added = await more.addLink(peerId, link);
      return added.ok ? { ok: true, value: { linkId: added.value } } : added;
    },
    'link.update': async ({ linkId, changes }) => done(await book.updateLink(linkId, changes)),
    'link.remove': async ({ linkId }) => done(await book.removeLink(linkId)),
  };
}

const done = (result: Result<void>): Result<Record<string, never>> =>
  result.ok ? { ok: true, value: {} } : result;
