/** Peers and links in memory, as committed: every look-up and every change costs the same at any size. */
import type { LinkId, PeerId } from '../contract/index.ts';
import { nameKey } from './name-key.ts';
import type { LinkRecord, PeerRecord } from './records.ts';

interface Entry {
  readonly peer: PeerRecord;
  readonly nameKey: string;
  readonly nicknameKey: string | null;
  readonly links: readonly LinkId[];
}

/** Holds the peers that are present; removed ones are not in it. */
export class PeerIndex {
  readonly #peers = new Map<PeerId, Entry>();
  readonly #links = new Map<LinkId, LinkRecord>();
  readonly #byName = new Map<string, PeerId>();
  readonly #byNickname = new Map<string, PeerId>();

  get size(): number {
    return this.#peers.size;
  }

  peers(): PeerRecord[] {
    return [...this.#peers.values()].map((entry) => entry.peer);
  }

  links(): LinkRecord[] {
    return [...this.#links.values()];
  }

  peer(id: PeerId): PeerRecord | null {
    return this.#peers.get(id)?.peer ?? null;
  }

  link(id: LinkId): LinkRecord | null {
    return this.#links.get(id) ?? null;
  }

  /** A peer's links in the order in which they were added. */
  linksOf(id: PeerId): LinkRecord[] {
    return (this.#peers.get(id)?.links ?? []).flatMap((link) => this.#links.get(link) ?? []);
  }

  /** Adds a peer, or replaces its record. */
  putPeer(peer: PeerRecord): void {
    const before = this.#peers.get(peer.id);
    if (before) this.#dropNames(before);
    const entry: Entry = {
      peer,
      nameKey: nameKey(peer.name),
      nicknameKey: peer.nickname === null ? null : nameKey(peer.nickname),
      links: before?.links ?? [],
    };
    this.#peers.set(peer.id, entry);
    this.#byName.set(entry.nameKey, peer.id);
    if (entry.nicknameKey !== null) this.#byNickname.set(entry.nicknameKey, peer.id);
  }

  /** Forgets a peer and its links. */
  removePeer(id: PeerId): void {
    const entry = this.#peers.get(id);
    if (!entry) return;
    this.#dropNames(entry);
    for (const link of entry.links) this.#links.delete(link);
    this.#peers.delete(id);
  }

  /** Adds a link to a peer that is present, or replaces its record. */
  putLink(link: LinkRecord): void {
    const entry = this.#peers.get(link.peerId);
    if (!entry) return;
    if (!this.#links.has(link.id))
      this.#peers.set(link.peerId, { ...entry, links: [...entry.links, link.id] });
    this.#links.set(link.id, link);
  }

  removeLink(id: LinkId): void {
    const link = this.#links.get(id);
    if (!link) return;
    this.#links.delete(id);
    const entry = this.#peers.get(link.peerId);
    if (entry)
      this.#peers.set(link.peerId, {
        ...entry,
        links: entry.links.filter((other) => other !== id),
      });
  }

  /**
   * Finds peers by what a person types: the exact name, else the nickname, else every peer whose
   * name or nickname begins with it. One result is an answer; several must be asked about.
   */
  resolve(text: string): PeerRecord[] {
    const key = nameKey(text);
    if (key === '') return [];
    const exact = this.#byName.get(key) ?? this.#byNickname.get(key);
    const found = exact === undefined ? null : this.peer(exact);
    if (found) return [found];
    const matches: PeerRecord[] = [];
    for (const entry of this.#peers.values())
      if (entry.nameKey.startsWith(key) || entry.nicknameKey?.startsWith(key))
        matches.push(entry.peer);
    return matches;
  }

  #dropNames(entry: Entry): void {
    if (this.#byName.get(entry.nameKey) === entry.peer.id) this.#byName.delete(entry.nameKey);
    if (entry.nicknameKey !== null && this.#byNickname.get(entry.nicknameKey) === entry.peer.id)
      this.#byNickname.delete(entry.nicknameKey);
  }
}
