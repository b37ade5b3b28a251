/** Adding, editing and removing links, and what is learnt about them. */
import {
  type AgentCardView,
  assertNever,
  codedError,
  isDevicePin,
  type LinkId,
  type PeerId,
} from '../contract/index.ts';
import {
  assertOurs,
  type BookContext,
  type LinkCredential,
  type NewLink,
  newLinkRecord,
  presentLink,
  presentPeer,
  sameHost,
  tellPeer,
} from './book-context.ts';
import {
  type LastError,
  type LinkRecord,
  type LinkSecretKind,
  type LinkSecrets,
  secretKindOf,
} from './records.ts';

/** What a person changes about a link; what is left out stays as it is. */
export interface LinkChanges {
  readonly url?: string | undefined;
  readonly credential?: LinkCredential | undefined;
  readonly agentId?: string | null | undefined;
  readonly sessionKey?: string | null | undefined;
}

/** What is pinned at first trust; an absent member stays as it is. */
export interface Pins {
  readonly identity?: string | null;
  readonly tls?: string | null;
}

/** What the last looks at a link found; an absent member stays as it is. */
export interface Outcome {
  readonly lastGoodAt?: number;
  readonly lastError?: LastError;
}

/** Adds a link to a peer; its secret goes to the keychain first. @throws CodedError */
export async function addLink(
  context: BookContext,
  peerId: PeerId,
  input: NewLink,
): Promise<LinkId> {
  const { store, table, index, ledger } = context;
  assertOurs(presentPeer(context, peerId));
  const link = newLinkRecord(context.clock, peerId, {
    ...input,
    url: context.normaliseUrl(input.url, input.kind),
    credential: input.credential.kind,
  });
  const kind = secretKindOf(link.credential);
  if (kind !== null && input.credential.kind !== 'none')
    await ledger.bring(link.id, kind, input.credential.value);
  try {
    await store.write(() => {
      assertOurs(presentPeer(context, peerId));
      table.putLink(link);
      if (kind !== null) ledger.keep(link.id, kind);
    });
  } catch (error) {
    await ledger.takeBack(link.id);
    throw error;
  }
  index.putLink(link);
  tellPeer(context, peerId);
  // Removed while the commit ran: it comes back only with its peer.
  if (index.link(link.id)) context.links.wanted(link);
  return link.id;
}

/**
 * Changes a link. A token or password was given for one address: another host or port needs its own,
 * and gets neither the old one nor the pinned certificate. The pinned identity stays, so that a
 * different gateway is noticed.
 * @throws CodedError link.credential_missing, link.url_*, secrets.*
 */
export async function updateLink(
  context: BookContext,
  secrets: LinkSecrets,
  id: LinkId,
  changes: LinkChanges,
): Promise<void> {
  const { store, table, index, ledger } = context;
  const before = presentLink(context, id);
  assertOurs(presentPeer(context, before.peerId));
  const url =
    changes.url === undefined ? undefined : context.normaliseUrl(changes.url, before.kind);
  const elsewhere = url !== undefined && !sameHost(url, before.url);
  if (elsewhere && before.credential !== 'none' && changes.credential === undefined)
    throw codedError(
      'link.credential_missing',
      `The ${before.credential} of this link was given for another address, and is not sent to this one.`,
    );
  const brought = await bringCredential(context, secrets, before, changes.credential);
  let link: LinkRecord;
  try {
    link = await store.write(() => {
      const now = presentLink(context, id);
      const next: LinkRecord = {
        ...now,
        url: url ?? now.url,
        credential: changes.credential?.kind ?? now.credential,
        agentId: changes.agentId === undefined ? now.agentId : changes.agentId,
        sessionKey: changes.sessionKey === undefined ? now.sessionKey : changes.sessionKey,
        pinnedTls: elsewhere ? null : now.pinnedTls,
        // A card names its own address, so it is another one wherever it is read elsewhere.
        // A device key stays the same wherever it is.
        ...(elsewhere && now.kind === 'a2a'
          ? {
              card: null,
              pinnedIdentity:
                now.pinnedIdentity !== null && isDevicePin(now.pinnedIdentity)
                  ? now.pinnedIdentity
                  : null,
            }
          : {}),
      };
      table.putLink(next);
      if (brought !== null) ledger.keep(id, brought);
      const old = secretKindOf(now.credential);
      if (old !== null && old !== secretKindOf(next.credential)) ledger.forget(id, [old]);
      return next;
    });
  } catch (error) {
    if (brought !== null) await ledger.takeBack(id);
    throw error;
  }
  index.putLink(link);
  tellPeer(context, link.peerId);
  if (index.link(id))
    context.links.changed(link, {
      url: link.url !== before.url,
      host: elsewhere,
      credential: changes.credential !== undefined,
    });
  if (changes.credential !== undefined) void ledger.sweep();
}

/** @returns the kind that was newly brought, and would have to be taken back. */
async function bringCredential(
  { ledger }: BookContext,
  secrets: LinkSecrets,
  link: LinkRecord,
  credential: LinkCredential | undefined,
): Promise<LinkSecretKind | null> {
  if (credential === undefined) return null;
  switch (credential.kind) {
    case 'none':
      return null;
    case 'token':
    case 'password':
    case 'setup': {
      const kind = secretKindOf(credential.kind);
      if (kind === null) return null;
      if (link.credential === credential.kind) {
        // Replaced in place: the row already names this entry, whether its commit goes well or not.
        await secrets.set(link.id, kind, credential.value);
        return null;
      }
      await ledger.bring(link.id, kind, credential.value);
      return kind;
    }
    default:
      return assertNever(credential);
  }
}

/** Removes a link for good, with its secrets. Threads that used it stay, without a link. */
export async function removeLink(context: BookContext, id: LinkId): Promise<void> {
  const { store, table, index, ledger } = context;
  const link = await store.write(() => {
    const found = presentLink(context, id);
    assertOurs(presentPeer(context, found.peerId));
    table.deleteLink(id);
    ledger.forget(id);
    return found;
  });
  index.removeLink(id);
  context.links.unwanted(id);
  tellPeer(context, link.peerId);
  void ledger.sweep();
}

/** Pins what was seen at first trust, or what the person compared and trusts now. */
export const setPins = (context: BookContext, id: LinkId, pins: Pins): Promise<void> =>
  learn(context, id, (link) => ({
    ...link,
    pinnedIdentity: pins.identity === undefined ? link.pinnedIdentity : pins.identity,
    pinnedTls: pins.tls === undefined ? link.pinnedTls : pins.tls,
  }));

/** Keeps an agent's card as it was read and trusted. */
export const setCard = (context: BookContext, id: LinkId, card: AgentCardView): Promise<void> =>
  learn(context, id, (link) => ({ ...link, card }));

/** Keeps the last good time beside the last error. */
export const setOutcome = (context: BookContext, id: LinkId, outcome: Outcome): Promise<void> =>
  learn(context, id, (link) => ({
    ...link,
    lastGoodAt: outcome.lastGoodAt ?? link.lastGoodAt,
    lastError: outcome.lastError ?? link.lastError,
  }));

/** What a connection learnt. A link that is gone by now learns nothing, which is no error. */
async function learn(
  context: BookContext,
  id: LinkId,
  change: (link: LinkRecord) => LinkRecord,
): Promise<void> {
  if (!context.index.link(id)) return;
  const link = await context.store.write(() => {
    const found = context.table.link(id);
    if (!found) return null;
    const next = change(found);
    context.table.putLink(next);
    return next;
  });
  if (!link || !context.index.link(id)) return;
  context.index.putLink(link);
  context.changed({ type: 'peerDetail', id: link.peerId, peerId: link.peerId });
}
