/** The agents of relays as peers of ours: who is one, and who becomes one. */
import { codedError } from '../contract/index.ts';
import type { Held } from './held.ts';
import type { RelayPeer, RelayPeers } from './options.ts';

/** So many agents of one relay become peers by themselves; a relay can make up any number. */
const PEERS_BY_THEMSELVES = 200;

/** Turns agents of a relay into peers, and finds the peer again that an agent already is. */
export interface AgentPeers {
  /** Our peers on the relay at this address. */
  of(relayUrl: string): RelayPeer[];
  /** The peer that an agent is; null = none. */
  known(relayUrl: string, agentId: string): RelayPeer | null;
  /** Makes a peer of an agent; once it is one, answers with that. @throws CodedError peer.not_found */
  add(relay: Held, agentId: string): Promise<RelayPeer>;
  /** The same for an agent that did something by itself; null where there are too many already. */
  welcome(relay: Held, agentId: string): Promise<RelayPeer | null>;
  /** Makes peers of all that a relay lists, where the person wants that of it. */
  welcomeAll(relay: Held): Promise<void>;
  /** Resolves when nobody is being added. */
  idle(): Promise<void>;
}

/** What the rest of the relays' room lends for it. `changed` is called once a peer was made. */
export interface AgentPeersOptions {
  readonly peers: RelayPeers;
  /** Is this relay still in the list? */
  readonly isHeld: (relay: Held) => boolean;
  readonly changed: () => void;
}

/** Opens it over the peer book. */
export function agentPeers({ peers, isHeld, changed }: AgentPeersOptions): AgentPeers {
  /** One after the other: two messages of a newcomer must not make two peers of it. */
  let adding: Promise<unknown> = Promise.resolve();

  const of = (url: string): RelayPeer[] => peers.all().filter((peer) => peer.url === url);
  const known = (url: string, agentId: string): RelayPeer | null =>
    peers.all().find((peer) => peer.url === url && peer.agentId === agentId) ?? null;

  const add = (relay: Held, agentId: string): Promise<RelayPeer> => {
    const work = adding.then(async () => {
      const there = known(relay.record.url, agentId);
      if (there) return there;
      const name = relay.hub.agents.get(agentId)?.name ?? agentId;
      const { linkId } = await peers.add(name.slice(0, 80), { url: relay.record.url, agentId });
      const made = peers.byLink(linkId);
      if (!made) throw codedError('peer.not_found', 'The new peer was removed again.');
      changed();
      return made;
    });
    adding = work.catch(() => undefined);
    return work;
  };

  const welcome = async (relay: Held, agentId: string): Promise<RelayPeer | null> => {
    const there = known(relay.record.url, agentId);
    if (there) return there;
    if (of(relay.record.url).length >= PEERS_BY_THEMSELVES) return null;
    return isHeld(relay) ? add(relay, agentId) : null;
  };

  return {
    of,
    known,
    add,
    welcome,
    welcomeAll: async (relay) => {
      for (const agentId of relay.hub.agents.keys()) {
        if (!relay.record.joinAll || !isHeld(relay)) return;
        if (!(await welcome(relay, agentId))) return;
      }
    },
    idle: async () => {
      await adding;
    },
  };
}
