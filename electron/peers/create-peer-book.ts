/**
 * The peer book: who our peers are and how they are reached. Truth is in the store; what stands in
 * memory is what is committed, so a row costs the same with ten peers and with ten thousand.
 */
import type { PeerId, PeerRow } from '../contract/index.ts';
import { type BookContext, resultOf } from './book-context.ts';
import { addLink, removeLink, setCard, setOutcome, setPins, updateLink } from './link-changes.ts';
import { addPeerAlone } from './peer-alone.ts';
import type { PeerBook, PeerBookOptions } from './peer-book.ts';
import { peerHandlers } from './peer-calls.ts';
import { acknowledgeFirstUse, addPeer, setPeerCapabilities, updatePeer } from './peer-changes.ts';
import { PeerIndex } from './peer-index.ts';
import { peerTable } from './peer-table.ts';
import { peerDetail, peerRow } from './peer-views.ts';
import { provision } from './provisioning.ts';
import { removals, UNDO_MS } from './removal.ts';
import { secretLedger } from './secret-ledger.ts';

/** Loads the peers and takes up what the last run left unfinished. */
export function createPeerBook(options: PeerBookOptions): PeerBook {
  const { store, clock, changed, secrets, links, live, normaliseUrl } = options;
  const table = peerTable(store);
  const index = new PeerIndex();
  const ledger = secretLedger(store, secrets);
  const context: BookContext = {
    store,
    clock,
    table,
    index,
    ledger,
    links,
    changed,
    normaliseUrl,
  };
  const removing = removals(
    context,
    options.purging ?? (async () => {}),
    options.purged ?? (() => {}),
  );
  for (const peer of table.present()) index.putPeer(peer);
  for (const link of table.links()) index.putLink(link);
  removing.resume();

  const row = (id: PeerId): PeerRow | null => {
    const peer = index.peer(id);
    return peer && peerRow(peer, index.linksOf(id), live);
  };

  const book: PeerBook = {
    get handlers() {
      return handlers;
    },
    get size() {
      return index.size;
    },
    peers: () => index.peers(),
    peer: (id) => index.peer(id),
    links: () => index.links(),
    link: (id) => index.link(id),
    linksOf: (id) => index.linksOf(id),
    rows: () => index.peers().map((peer) => peerRow(peer, index.linksOf(peer.id), live)),
    row,
    detail: (id) => {
      const peer = index.peer(id);
      return peer && peerDetail(peer, table.text(id), index.linksOf(id), live, clock.now());
    },
    capabilities: () => table.capabilities(),
    resolve: (text) => index.resolve(text),
    add: (peer) => resultOf(() => addPeer(context, peer)),
    addAlone: (name, id) =>
      resultOf(async () => ({ peerId: await addPeerAlone(context, name, id) })),
    addLink: (id, link) => resultOf(() => addLink(context, id, link)),
    update: (id, changes) => resultOf(() => updatePeer(context, id, changes)),
    remove: (id) =>
      resultOf(async () => {
        await removing.remove(id);
        return { undoMs: UNDO_MS };
      }),
    restore: (id) => resultOf(() => removing.restore(id)),
    updateLink: (id, changes) => resultOf(() => updateLink(context, secrets, id, changes)),
    removeLink: (id) => resultOf(() => removeLink(context, id)),
    setPins: (id, pins) => setPins(context, id, pins),
    setCard: (id, card) => setCard(context, id, card),
    setOutcome: (id, outcome) => setOutcome(context, id, outcome),
    setPeerCapabilities: (id, tags) => resultOf(() => setPeerCapabilities(context, id, tags)),
    provision: (peers) => resultOf(() => provision(context, removing, peers)),
    noteLinkState: (id) => {
      const link = index.link(id);
      if (!link) return;
      changed({ type: 'peer', id: link.peerId });
      changed({ type: 'peerDetail', id: link.peerId, peerId: link.peerId });
    },
    sweepSecrets: () => ledger.sweep(),
    stop: () => removing.stop(),
  };
  const handlers = peerHandlers(book, {
    addLink: (peerId, link) => resultOf(() => addLink(context, peerId, link)),
    acknowledgeFirstUse: (id) => resultOf(() => acknowledgeFirstUse(context, id)),
  });
  return book;
}
