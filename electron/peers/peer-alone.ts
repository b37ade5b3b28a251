/** A peer whom we cannot ask: it has no link, and may still ask us. */
import type { PeerId } from '../contract/index.ts';
import { assertFree, type BookContext, newPeerId, tellPeer } from './book-context.ts';
import type { PeerRecord } from './records.ts';

/** Adds a peer without a link. @throws CodedError peer.name_taken, call.invalid_input */
export async function addPeerAlone(
  context: BookContext,
  name: string,
  id: PeerId = newPeerId(context.clock),
): Promise<PeerId> {
  const { clock, store, table, index } = context;
  const peer: PeerRecord = {
    id,
    name,
    nickname: null,
    group: null,
    favourite: false,
    practice: false,
    own: false,
    provisionKey: null,
    firstUseAcknowledged: false,
    createdAt: clock.now(),
  };
  await store.write(() => {
    assertFree(context, peer);
    table.putPeer(peer);
    table.putText(peer.id, { notes: '', capabilities: [] });
  });
  index.putPeer(peer);
  tellPeer(context, peer.id);
  context.changed({ type: 'app' });
  return peer.id;
}
