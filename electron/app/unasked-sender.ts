/** Whose the name is under which somebody writes to the own gateway. */
import type { PeerId } from '../contract/index.ts';
import { nameKey, type PeerBook } from '../peers/index.ts';

/** How a Peerage introduces its machine. */
const ON_MACHINE = /^Peerage on (.+)$/u;
/** Tells an address from a name that a machine was given. */
const ADDRESS = /^[\d.]+$|:/u;

/**
 * The peer whose name, nickname or machine a sender's name is. Null where it is nobody's, or that of
 * more than one: a filter must not put somebody's work at another's door.
 */
export function peerOfSender(
  sender: string,
  peers: Pick<PeerBook, 'rows' | 'detail'>,
): PeerId | null {
  const wanted = nameKey(ON_MACHINE.exec(sender)?.[1] ?? sender);
  if (wanted === '') return null;
  const found = peers
    .rows()
    .filter(({ id, name, nickname, own }) => {
      if (own) return false;
      const names = [name, nickname ?? '', ...(peers.detail(id)?.links ?? []).map(machineOf)];
      return names.some((one) => one !== '' && nameKey(one) === wanted);
    })
    .map(({ id }) => id);
  return found.length === 1 ? (found[0] ?? null) : null;
}

/** `ben-mini` of `wss://ben-mini.tail1234.ts.net:18789`; empty where the link goes to a bare address. */
function machineOf({ url }: { readonly url: string }): string {
  const host = URL.parse(url)?.hostname ?? '';
  return ADDRESS.test(host) ? '' : (host.split('.')[0] ?? '');
}
