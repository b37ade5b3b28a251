/** The peers as a file for another machine, or for safe keeping: everything but secrets. */
import type { PeerDetail } from '../contract/index.ts';

/** What the file says that it is. Readers must refuse a version that they do not know. */
export const EXPORT_FORMAT = 'peerage-peers';
/** Of the form of the file; grows when an older reader would misread it. */
export const EXPORT_VERSION = 1;

/**
 * Writes the file: names, addresses, notes, tags that were typed, and pins. No token, password or
 * key, no thread, and not the practice peer, which exists on this machine alone.
 */
export function exportPeers(
  details: readonly PeerDetail[],
  now: number,
): { readonly fileName: string; readonly text: string; readonly peers: number } {
  const peers = details.filter((peer) => !peer.practice).map(exported);
  const at = new Date(now).toISOString();
  const file = { format: EXPORT_FORMAT, version: EXPORT_VERSION, exportedAt: at, peers };
  return {
    fileName: `peerage-peers-${at.slice(0, 10)}.json`,
    text: `${JSON.stringify(file, null, 2)}\n`,
    peers: peers.length,
  };
}

/** Named one by one, so that a new member of the view is not given out by itself. */
const exported = (peer: PeerDetail) => ({
  name: peer.name,
  nickname: peer.nickname,
  group: peer.group,
  favourite: peer.favourite,
  own: peer.own,
  notes: peer.notes,
  capabilities: peer.capabilities.filter((one) => one.source === 'typed').map((one) => one.tag),
  links: peer.links.map((link) => ({
    kind: link.kind,
    url: link.url,
    /** Which kind of secret the link needs; the secret itself stays in the keychain. */
    credential: link.credential,
    agentId: link.agentId,
    sessionKey: link.sessionKey,
    pinnedIdentity: link.pinnedIdentity,
    pinnedTls: link.pinnedTls,
  })),
});
