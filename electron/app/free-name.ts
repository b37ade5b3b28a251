import { CodedError, type PeerId } from '../contract/index.ts';
import type { NewLink, PeerBook } from '../peers/index.ts';

const NAME_UNITS = 80;
const MOST_TRIES = 50;

/**
 * Adds a peer. Where somebody has the name already, a number makes it free. Without a link nobody can
 * be asked. @throws CodedError peer.*, link.*, secrets.*
 */
export async function addUnderFreeName(
  peers: Pick<PeerBook, 'add' | 'addAlone'>,
  name: string,
  link: NewLink | null,
  id?: PeerId,
): Promise<PeerId> {
  for (let round = 1; ; round++) {
    const tail = round === 1 ? '' : ` ${round}`;
    const tried = `${name.slice(0, NAME_UNITS - tail.length)}${tail}`;
    const result =
      link === null
        ? await peers.addAlone(tried, id)
        : await peers.add({ name: tried, link, ...(id === undefined ? {} : { id }) });
    if (result.ok) return result.value.peerId;
    if (result.error.code !== 'peer.name_taken' || round > MOST_TRIES) {
      throw new CodedError(result.error);
    }
  }
}
