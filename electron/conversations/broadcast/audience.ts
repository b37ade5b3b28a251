/** Who gets a broadcast, over which link, and why or why not. Pure. */
import {
  type Audience,
  assertNever,
  type LinkId,
  type LinkKind,
  type LinkState,
  type PeerId,
  type RecipientReason,
} from '../../contract/index.ts';

/** One way to a peer, as it is now. */
export interface AudienceLink {
  readonly linkId: LinkId;
  readonly kind: LinkKind;
  /** Host and port. */
  readonly address: string;
  readonly agentId: string | null;
  readonly state: LinkState;
  /** The state in a few words. */
  readonly stateText: string;
  /** The person blocked this link. */
  readonly blocked: boolean;
}

/** A peer as far as broadcasts go. */
export interface AudiencePeer {
  readonly peerId: PeerId;
  readonly name: string;
  /** Its group in the peer list. */
  readonly group: string | null;
  readonly practice: boolean;
  readonly own: boolean;
  readonly links: readonly AudienceLink[];
}

/** A group that the person made. */
export interface NamedGroup {
  readonly name: string;
  readonly peerIds: readonly PeerId[];
}

/** One peer of an audience, and whether a message goes to it; `why` is said to the person. */
export interface Choice {
  readonly peer: AudiencePeer;
  readonly included: boolean;
  readonly reason: RecipientReason;
  readonly why: string;
  /** The best of its links; null where none can be used. */
  readonly link: AudienceLink | null;
}

/** Names of groups are the same whatever their case. */
export const groupKey = (name: string): string => name.normalize('NFKC').toLocaleLowerCase('en');

/** How one link stands: goes now, waits, or cannot be used until a person does something. */
function standing(link: AudienceLink): { reason: RecipientReason; why: string } {
  const { state, stateText } = link;
  const waits = { reason: 'waits', why: `${stateText}: it waits in the outbox.` } as const;
  if (link.blocked) return { reason: 'blocked', why: 'You blocked this peer.' };
  switch (state.kind) {
    case 'online':
      return { reason: 'ready', why: 'Connected: it goes at once.' };
    case 'degraded':
      return mayWrite(state)
        ? { reason: 'ready', why: `${stateText}: it goes all the same.` }
        : { reason: 'may_not_write', why: 'This device may not write there.' };
    case 'idle':
    case 'connecting':
    case 'starting':
    case 'restarting':
    case 'rate_limited':
      return waits;
    case 'offline':
      return state.cause === 'insecure_url'
        ? { reason: 'refused', why: 'Its address is not encrypted.' }
        : waits;
    case 'needs_secret':
      return state.reason === 'absent'
        ? { reason: 'no_secret', why: 'Its token or password is missing here.' }
        : waits;
    case 'needs_approval':
      return { reason: 'needs_approval', why: 'This device was not let in there yet.' };
    case 'bad_credential':
      return { reason: 'refused', why: 'It refused the token or password.' };
    case 'revoked':
      return { reason: 'refused', why: 'It revoked this device.' };
    case 'protocol_mismatch':
      return { reason: 'refused', why: 'It speaks another protocol version.' };
    case 'identity_changed':
      return { reason: 'changed', why: 'It is not who it was: its identity changed.' };
    default:
      return assertNever(state);
  }
}

const mayWrite = (state: Extract<LinkState, { kind: 'degraded' }>): boolean =>
  state.reason !== 'no_scopes' &&
  (state.reason !== 'too_few_scopes' || !state.missingScopes.includes('operator.write'));

const rank = (reason: RecipientReason): number =>
  reason === 'ready' ? 0 : reason === 'waits' ? 1 : 2;

/** How one peer stands, by the best of its links; the first of equals. */
export function choosePeer(peer: AudiencePeer): Choice {
  let best: { link: AudienceLink; reason: RecipientReason; why: string } | null = null;
  for (const link of peer.links) {
    const found = { link, ...standing(link) };
    if (best === null || rank(found.reason) < rank(best.reason)) best = found;
  }
  if (!best) {
    return { peer, included: false, reason: 'no_link', why: 'It has no link.', link: null };
  }
  return { peer, included: rank(best.reason) < 2, ...best };
}

/**
 * Everybody that an audience means, in the order of `peers`.
 * @returns the choices, and the names of groups that nobody has.
 */
export function chooseAudience(
  audience: Audience,
  peers: readonly AudiencePeer[],
  groups: readonly NamedGroup[],
): { readonly choices: readonly Choice[]; readonly unknownGroups: readonly string[] } {
  if (audience.kind === 'all') {
    return { choices: peers.map((peer) => notByItself(peer)), unknownGroups: [] };
  }
  const keys = new Set(audience.groups.map(groupKey));
  const made = groups.filter((group) => keys.has(groupKey(group.name)));
  const listed = peers.filter((peer) => peer.group !== null && keys.has(groupKey(peer.group)));
  const known = new Set([
    ...made.map((group) => groupKey(group.name)),
    ...listed.map((peer) => groupKey(peer.group ?? '')),
  ]);
  const wanted = new Set<PeerId>([
    ...audience.peerIds,
    ...made.flatMap((group) => group.peerIds),
    ...listed.map((peer) => peer.peerId),
  ]);
  return {
    choices: peers.filter((peer) => wanted.has(peer.peerId)).map(choosePeer),
    unknownGroups: audience.groups.filter((name) => !known.has(groupKey(name))),
  };
}

/** Of everyone, those are left out whom only a name can mean. */
function notByItself(peer: AudiencePeer): Choice {
  const choice = choosePeer(peer);
  if (peer.practice) {
    const why = 'The practice peer gets it only where it is chosen by name.';
    return { ...choice, included: false, reason: 'practice', why };
  }
  if (peer.own) {
    const why = 'An agent of your own gateway gets it only where it is chosen by name.';
    return { ...choice, included: false, reason: 'own', why };
  }
  return choice;
}
