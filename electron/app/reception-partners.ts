/** The peer book and the keychain, as the reception knows them. */
import type { Clock } from '../clock/clock.ts';
import { within } from '../clock/deadline.ts';
import { CodedError, devicePin, isDevicePin, type LinkId, type PeerId } from '../contract/index.ts';
import { tellEnded } from '../links/a2a/index.ts';
import type { LinkRecord, NewLink, PeerBook } from '../peers/index.ts';
import type { PartnerGateway, PartnerLink, Partners } from '../reception/index.ts';
import type { SecretStore } from '../secrets/index.ts';
import { addUnderFreeName } from './free-name.ts';
import { credentialOf } from './link-secrets.ts';

/** Where partners are kept: their rows in the peer book, their tokens in the keychain. */
export interface ReceptionPartnersOptions {
  readonly clock: Clock;
  readonly peers: PeerBook;
  readonly secrets: SecretStore;
  readonly homeId: string;
}

/** How long a peer has to hear that it is over, ms. */
const TELL_MS = 5_000;

const linkOf = (link: PartnerLink): NewLink => ({
  kind: 'a2a',
  url: link.origin,
  credential: { kind: 'token', value: link.token },
  agentId: null,
  sessionKey: null,
  // The six words stood for this key: it has to be proven before our token goes there.
  pins: { identity: devicePin(link.identity), ...(link.tls === null ? {} : { tls: link.tls }) },
});

const gatewayLinkOf = (gateway: PartnerGateway): NewLink => ({
  kind: 'gateway',
  url: gateway.url,
  credential: { kind: 'setup', value: gateway.code },
  agentId: null,
  sessionKey: null,
  pins: { identity: gateway.identity, tls: gateway.tls },
});

/** Made by an invite; of former ones, before keys were pinned, the card tells. */
const isToReception = ({ kind, pinnedIdentity, card }: LinkRecord): boolean =>
  kind === 'a2a' &&
  (pinnedIdentity !== null && isDevicePin(pinnedIdentity) ? true : !!card?.peerage);

/** An A2A agent that has no reception: there a partnership is nothing, and nobody can be told of its end. */
const isOtherAgent = (link: LinkRecord): boolean =>
  link.kind === 'a2a' && !!link.card && !isToReception(link);

/** Makes the adapter. */
export function receptionPartners(options: ReceptionPartnersOptions): Omit<Partners, 'noteDevice'> {
  const { clock, peers, secrets, homeId } = options;

  const orThrow = <T>(
    result: { ok: true; value: T } | { ok: false; error: CodedError['error'] },
  ): T => {
    if (!result.ok) throw new CodedError(result.error);
    return result.value;
  };

  const a2aLinks = (peerId: PeerId) => peers.linksOf(peerId).filter((link) => link.kind === 'a2a');

  const addNamed = (name: string, link: NewLink | null, id: PeerId | undefined): Promise<PeerId> =>
    addUnderFreeName(peers, name, link, id);

  const tokenOf = async (linkId: LinkId): Promise<string | null> => {
    const link = peers.link(linkId);
    const found = link && (await credentialOf(secrets, homeId, link));
    return found?.kind === 'token' ? found.value : null;
  };

  return {
    name: (peerId) => peers.peer(peerId)?.name ?? null,
    fixedPolicy: (peerId) => {
      if (peers.peer(peerId)?.provisionKey == null) return null;
      return peers.linksOf(peerId).some((link) => link.policy === 'block') ? 'block' : 'ask';
    },
    add: (name, link, id) => addNamed(name, link && linkOf(link), id),
    addGateway: async (name, gateway, id) => {
      const link = gatewayLinkOf(gateway);
      const there = peers.links().find((one) => one.kind === 'gateway' && one.url === gateway.url);
      const peer = there && peers.peer(there.peerId);
      if (!there || !peer || peer.own) return addNamed(name, link, id);
      // What was asked for there before is asked for anew; another way in stays as the person made it.
      if (there.credential === 'setup')
        orThrow(await peers.updateLink(there.id, { credential: link.credential }));
      return peer.id;
    },
    setLink: async (peerId, link) => {
      const there = a2aLinks(peerId).find((one) => one.url === link.origin);
      if (there) {
        const { pins, credential } = linkOf(link);
        // First the pins: the connection is made anew with the token, and keeps those that it began with.
        if (pins) await peers.setPins(there.id, pins);
        orThrow(await peers.updateLink(there.id, { credential }));
      } else orThrow(await peers.addLink(peerId, linkOf(link)));
    },
    links: (peerId) =>
      peers
        .linksOf(peerId)
        .filter((link) => link.credential !== 'none')
        .map((link) => link.url),
    staysThere: (peerId) =>
      peers.linksOf(peerId).flatMap((link) => {
        if (link.kind === 'gateway') {
          return `At ${link.url} this device stays let in, until its person removes it there.`;
        }
        return isOtherAgent(link)
          ? `The token that you were given for ${link.url} stays good, until its person takes it out there.`
          : [];
      }),
    tellEnded: async (peerId) => {
      const links = peers.linksOf(peerId).filter(isToReception);
      // Nobody to tell is told.
      if (links.length === 0) return true;
      let heard = false;
      for (const link of links) {
        const token = await tokenOf(link.id);
        if (token === null) continue;
        const pins = { identity: link.pinnedIdentity, tls: link.pinnedTls };
        const told = await within(clock, TELL_MS, null, (signal) =>
          tellEnded({ url: link.url, pins, clock, signal }, token),
        );
        if (told) heard = true;
      }
      return heard;
    },
    dropLinks: async (peerId, which) => {
      for (const link of peers.linksOf(peerId)) {
        if (which === 'all' || isToReception(link)) orThrow(await peers.removeLink(link.id));
      }
    },
    remove: async (peerId) => {
      orThrow(await peers.remove(peerId));
    },
  };
}
