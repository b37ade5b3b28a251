import type { PeerRow } from '../../electron/contract/index.ts';

/** One line of the list: a heading, or a peer. */
export type ListLine =
  | {
      readonly kind: 'heading';
      readonly key: string;
      readonly text: string;
      readonly count: number;
    }
  | { readonly kind: 'peer'; readonly key: string; readonly peerId: string };

const collator = new Intl.Collator(undefined, { sensitivity: 'base', numeric: true });

/** True for what belongs on top: a person has something to do, or something does not work. */
export const isTrouble = (peer: PeerRow): boolean => {
  switch (peer.status) {
    case 'needs_you':
    case 'degraded':
    case 'down':
      return true;
    case 'up':
    case 'connecting':
    case 'blocked':
      return false;
  }
};

const urgency = (peer: PeerRow): number =>
  peer.status === 'needs_you' ? 0 : peer.status === 'degraded' ? 1 : 2;

/**
 * Orders peers for the list: trouble first, then favourites, then groups, then the rest; by name
 * within. A change of anything that the order does not look at (latency, unread, texts) gives the
 * very same lines again, so nothing is drawn anew because a number changed.
 */
export class PeerOrder {
  #seen: ReadonlyMap<string, PeerRow> = new Map();
  #byName: PeerRow[] = [];
  #lines: readonly ListLine[] = [];
  #filter = '';

  /** The lines for these peers, of which only those that match the filter. */
  lines(peers: ReadonlyMap<string, PeerRow>, filter: string): readonly ListLine[] {
    const wanted = filter.trim().toLocaleLowerCase();
    if (peers === this.#seen && wanted === this.#filter) return this.#lines;
    const change = peers === this.#seen ? 'none' : this.#compare(peers);
    this.#seen = peers;
    if (change === 'none' && wanted === this.#filter) return this.#lines;
    if (change === 'names') {
      this.#byName = [...peers.values()].sort((a, b) => collator.compare(a.name, b.name));
    } else if (change === 'sections') {
      this.#byName = this.#byName.map((old) => peers.get(old.id) ?? old);
    }
    this.#filter = wanted;
    this.#lines = toLines(this.#byName.filter((peer) => matches(peer, wanted)));
    return this.#lines;
  }

  #compare(peers: ReadonlyMap<string, PeerRow>): 'none' | 'sections' | 'names' {
    if (peers.size !== this.#seen.size) return 'names';
    let change: 'none' | 'sections' = 'none';
    for (const [id, peer] of peers) {
      const old = this.#seen.get(id);
      if (old === peer) continue;
      if (!old || old.name !== peer.name) return 'names';
      if (
        old.status !== peer.status ||
        old.favourite !== peer.favourite ||
        old.group !== peer.group ||
        old.nickname !== peer.nickname
      ) {
        change = 'sections';
      }
    }
    return change;
  }
}

const lowered = new WeakMap<PeerRow, string>();

function matches(peer: PeerRow, wanted: string): boolean {
  if (wanted === '') return true;
  let text = lowered.get(peer);
  if (text === undefined) {
    text = `${peer.name}\n${peer.nickname ?? ''}\n${peer.group ?? ''}`.toLocaleLowerCase();
    lowered.set(peer, text);
  }
  return text.includes(wanted);
}

function toLines(sorted: readonly PeerRow[]): ListLine[] {
  const trouble: PeerRow[] = [];
  const favourites: PeerRow[] = [];
  const rest: PeerRow[] = [];
  const groups = new Map<string, PeerRow[]>();
  for (const peer of sorted) {
    if (isTrouble(peer)) trouble.push(peer);
    else if (peer.favourite) favourites.push(peer);
    else if (peer.group === null) rest.push(peer);
    else pushTo(groups, peer.group, peer);
  }
  trouble.sort((a, b) => urgency(a) - urgency(b));
  const named = [...groups].sort(([a], [b]) => collator.compare(a, b));
  const plain = trouble.length + favourites.length + named.length > 0 ? 'Others' : 'Peers';
  return [
    ...section('trouble', 'Trouble', trouble),
    ...section('favourites', 'Favourites', favourites),
    ...named.flatMap(([name, peers]) => section(`group:${name}`, name, peers)),
    ...section('rest', plain, rest),
  ];
}

function section(key: string, text: string, peers: readonly PeerRow[]): ListLine[] {
  if (peers.length === 0) return [];
  return [
    { kind: 'heading', key, text, count: peers.length },
    ...peers.map((peer): ListLine => ({ kind: 'peer', key: peer.id, peerId: peer.id })),
  ];
}

function pushTo(groups: Map<string, PeerRow[]>, name: string, peer: PeerRow): void {
  const known = groups.get(name);
  if (known) known.push(peer);
  else groups.set(name, [peer]);
}
