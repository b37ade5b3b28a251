/** How one service hears of another: small adapters, so that none of them knows its neighbour. */
import type { AgentCardView, LinkId, LinkState, PeerId } from '../contract/index.ts';
import type { Conversations, PeerDirectory } from '../conversations/index.ts';
import type { Health, HealthLink, HealthTarget } from '../health/index.ts';
import type { Pins } from '../links/gateway/index.ts';
import type { LinkEvent } from '../links/link.ts';
import {
  hostOf,
  type LinkListener,
  type LinkRecord,
  linkCondition,
  type PeerBook,
} from '../peers/index.ts';
import type { Relays } from '../relays/index.ts';
import type { LinkAudience, LinkRegistry } from './link-registry.ts';

/** Services that need each other are looked up when they are used, not when they are built. */
export interface Services {
  readonly peers: PeerBook;
  readonly registry: LinkRegistry;
  readonly conversations: Conversations;
  readonly health: Health;
  readonly relays: Pick<Relays, 'link' | 'unlink' | 'networkBack'>;
  readonly log: (line: string) => void;
}

/** Gives the services; to be called when something happens, not while they are being built. */
export type LateServices = () => Services;

const target = (peers: PeerBook, link: LinkRecord): HealthTarget => ({
  linkId: link.id,
  peerId: link.peerId,
  peerName: peers.peer(link.peerId)?.name ?? '',
  url: link.url,
  kind: link.kind,
  agentId: link.agentId,
  pinnedIdentity: link.pinnedIdentity,
  pinnedTls: link.pinnedTls,
});

/** Health asks the link that runs at that moment, and has none to ask while there is none. */
const healthLink = (registry: LinkRegistry, id: LinkId): HealthLink => ({
  ping: async (signal) => {
    const link = registry.link(id);
    if (!link) throw new Error('not connected');
    return link.ping(signal);
  },
  agents: async (signal) => (await registry.link(id)?.agents(signal)) ?? [],
  reconnect: () => registry.reconnect(id),
});

/** Tells health what it watches; also after a pin or a name changed. */
export function watchHealth(services: LateServices, id: LinkId): void {
  const { peers, health, registry } = services();
  const link = peers.link(id);
  if (!link) return;
  health.watch(target(peers, link), healthLink(registry, id), registry.state(id), {
    ...(link.lastGoodAt === null ? {} : { lastGoodAt: link.lastGoodAt }),
    ...(link.lastError === null ? {} : { lastError: link.lastError }),
  });
}

/** Who hears what the links tell. */
export function linkAudience(services: LateServices): LinkAudience {
  const state = (linkId: LinkId, now: LinkState): void => {
    services().health.noteState(linkId, now);
    services().peers.noteLinkState(linkId);
  };
  return {
    attached: (linkId) => services().conversations.linkAttached(linkId),
    event: (linkId: LinkId, event: LinkEvent) => {
      if (event.kind === 'state') state(linkId, event.state);
      if (event.kind === 'run_final') services().health.noteAnswer(linkId);
      services().conversations.linkEvent(linkId, event);
    },
    detached: (linkId) => {
      services().relays.unlink(linkId);
      services().conversations.linkDetached(linkId);
    },
  };
}

/** What the peer book's changes mean for the running links. */
export function linkListener(services: LateServices): LinkListener {
  const background = (work: Promise<unknown>): void => {
    work.catch((error: unknown) => services().log(`a link did not follow: ${String(error)}`));
  };
  return {
    wanted: (link) => {
      watchHealth(services, link.id);
      services().registry.hold(link);
    },
    unwanted: (linkId) => {
      services().health.forget(linkId);
      background(services().registry.drop(linkId));
    },
    changed: (link, what) => {
      const { health, registry, conversations } = services();
      if (what.url) health.forget(link.id);
      background(
        (async () => {
          if (what.url) await conversations.linkRetargeted(link.id);
          await registry.renew(link, what.host || (what.credential && link.credential !== 'none'));
          watchHealth(services, link.id);
        })(),
      );
    },
  };
}

/** Pins are kept before anything else may rely on them. */
export function pinKeeper(services: LateServices): (linkId: LinkId, pins: Pins) => void {
  return (linkId, pins) => {
    services()
      .peers.setPins(linkId, pins)
      .then(() => watchHealth(services, linkId))
      .catch((error: unknown) => services().log(`a pin was not kept: ${String(error)}`));
  };
}

/** The card of an agent is kept as it was last trusted, so that it is on show while it is away. */
export function cardKeeper(services: LateServices): (linkId: LinkId, card: AgentCardView) => void {
  return (linkId, card) => {
    const { peers, log } = services();
    if (JSON.stringify(peers.link(linkId)?.card) === JSON.stringify(card)) return;
    peers
      .setCard(linkId, card)
      .catch((error: unknown) => log(`a card was not kept: ${String(error)}`));
  };
}

/** What a peer tells of its agent's skills stands beside the tags that the person typed. */
export function capabilityKeeper(
  services: LateServices,
): (linkId: LinkId, tags: readonly string[]) => Promise<void> {
  return async (linkId, tags) => {
    const { peers, log } = services();
    const link = peers.link(linkId);
    const known = link && peers.detail(link.peerId)?.capabilities;
    if (!link || !known) return;
    const read = known.filter((one) => one.source === 'peer').map((one) => one.tag);
    const typed = new Set(known.filter((one) => one.source === 'typed').map((one) => one.tag));
    const wanted = tags.filter((tag) => !typed.has(tag));
    if (read.join('\n') === wanted.join('\n')) return;
    await peers
      .setPeerCapabilities(link.peerId, wanted)
      .catch((error: unknown) => log(`capabilities were not kept: ${String(error)}`));
  };
}

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** What conversations ask about peers. */
export const peerDirectory = (services: LateServices): PeerDirectory => ({
  peerName: (peerId: PeerId) => services().peers.peer(peerId)?.name ?? null,
  linkFor: ({ peerId, linkId }) => {
    const links = services().peers.linksOf(peerId);
    return (links.find((link) => link.id === linkId) ?? links[0])?.id ?? null;
  },
  agentName: (linkId, agentId) => services().registry.agentName(linkId, agentId),
  audience: () => {
    const { peers, registry, health } = services();
    const all = peers.peers().toSorted((a, b) => byName.compare(a.name, b.name));
    return all.map(({ id, name, group, practice, own }) => {
      const links = peers.linksOf(id).map((link) => {
        const state = health.seen(link.id, registry.state(link.id));
        return {
          linkId: link.id,
          kind: link.kind,
          address: hostOf(link.url),
          agentId: link.agentId,
          state,
          stateText: linkCondition(state).statusText,
          blocked: link.policy === 'block',
        };
      });
      return { peerId: id, name, group, practice, own, links };
    });
  },
});
