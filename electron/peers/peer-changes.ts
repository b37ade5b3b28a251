/** Adding and editing peers. Each is one commit; memory and listeners follow once it is on the disk. */
import { codedError, type LinkId, type PeerId } from '../contract/index.ts';
import {
  assertFree,
  assertOurs,
  type BookContext,
  type NewLink,
  newLinkRecord,
  newPeerId,
  presentPeer,
  tellPeer,
} from './book-context.ts';
import { nameKey } from './name-key.ts';
import { type Capability, type PeerRecord, secretKindOf } from './records.ts';

/** A new peer as callers give it. */
export interface NewPeer {
  readonly name: string;
  readonly nickname?: string | null | undefined;
  readonly group?: string | null | undefined;
  readonly notes?: string | undefined;
  readonly capabilities?: readonly string[] | undefined;
  readonly link: NewLink;
  /** The built-in practice peer. */
  readonly practice?: boolean;
  /** An agent of the own gateway. */
  readonly own?: boolean;
  /** Of an invite, which names its peer before it is made. */
  readonly id?: PeerId | undefined;
}

/** What a person changes about a peer; what is left out stays as it is. */
export interface PeerChanges {
  readonly name?: string | undefined;
  readonly nickname?: string | null | undefined;
  readonly group?: string | null | undefined;
  readonly notes?: string | undefined;
  readonly capabilities?: readonly string[] | undefined;
  readonly favourite?: boolean | undefined;
}

/** Adds a peer with its first link; its secret goes to the keychain first. @throws CodedError */
export async function addPeer(
  context: BookContext,
  input: NewPeer,
): Promise<{ peerId: PeerId; linkId: LinkId }> {
  const { clock, store, table, index, ledger } = context;
  const peer: PeerRecord = {
    id: input.id ?? newPeerId(clock),
    name: input.name,
    nickname: blankToNull(input.nickname),
    group: blankToNull(input.group),
    favourite: false,
    practice: input.practice ?? false,
    own: input.own ?? false,
    provisionKey: null,
    firstUseAcknowledged: false,
    createdAt: clock.now(),
  };
  const link = newLinkRecord(clock, peer.id, {
    ...input.link,
    url: context.normaliseUrl(input.link.url, input.link.kind),
    credential: input.link.credential.kind,
  });
  // Before the keychain is touched, so that a taken name starts no prompt.
  assertFree(context, peer);
  const kind = secretKindOf(link.credential);
  if (kind !== null && input.link.credential.kind !== 'none')
    await ledger.bring(link.id, kind, input.link.credential.value);
  try {
    await store.write(() => {
      assertFree(context, peer);
      table.putPeer(peer);
      table.putText(peer.id, {
        notes: input.notes ?? '',
        capabilities: typedCapabilities(input.capabilities ?? [], []),
      });
      table.putLink(link);
      if (kind !== null) ledger.keep(link.id, kind);
    });
  } catch (error) {
    await ledger.takeBack(link.id);
    throw error;
  }
  index.putPeer(peer);
  index.putLink(link);
  tellPeer(context, peer.id);
  context.changed({ type: 'app' });
  context.links.wanted(link);
  return { peerId: peer.id, linkId: link.id };
}

/** Changes what the person may change. Of a provisioned peer that is only the favourite mark. */
export async function updatePeer(
  context: BookContext,
  id: PeerId,
  changes: PeerChanges,
): Promise<void> {
  const { favourite, ...rest } = changes;
  const beyondFavourite = Object.values(rest).some((value) => value !== undefined);
  await editPeer(context, id, (peer) => {
    if (beyondFavourite) assertOurs(peer);
    const next: PeerRecord = {
      ...peer,
      name: changes.name ?? peer.name,
      nickname: changes.nickname === undefined ? peer.nickname : blankToNull(changes.nickname),
      group: changes.group === undefined ? peer.group : blankToNull(changes.group),
      favourite: favourite ?? peer.favourite,
    };
    if (next.name !== peer.name || next.nickname !== peer.nickname) assertFree(context, next);
    if (changes.notes !== undefined) context.table.putText(id, { notes: changes.notes });
    if (changes.capabilities !== undefined) {
      const known = context.table.text(id).capabilities;
      context.table.putText(id, { capabilities: typedCapabilities(changes.capabilities, known) });
    }
    return next;
  });
}

/** Notes that the sentence before the first message was read and agreed to. */
export const acknowledgeFirstUse = (context: BookContext, id: PeerId): Promise<void> =>
  editPeer(context, id, (peer) => ({ ...peer, firstUseAcknowledged: true }));

/** Replaces the tags that were read from the peer; typed ones stay, and win over the same tag. */
export async function setPeerCapabilities(
  context: BookContext,
  id: PeerId,
  tags: readonly string[],
): Promise<void> {
  await editPeer(context, id, (peer) => {
    const typed = context.table.text(id).capabilities.filter((one) => one.source === 'typed');
    const read = tags.map((tag): Capability => ({ tag, source: 'peer' }));
    context.table.putText(id, { capabilities: distinct([...typed, ...read]) });
    return peer;
  });
}

async function editPeer(
  context: BookContext,
  id: PeerId,
  change: (peer: PeerRecord) => PeerRecord,
): Promise<void> {
  const next = await context.store.write(() => {
    const record = change(presentPeer(context, id));
    context.table.putPeer(record);
    return record;
  });
  // It may have been removed in the meantime.
  if (!context.index.peer(id)) throw codedError('peer.not_found', 'It was removed meanwhile.');
  context.index.putPeer(next);
  tellPeer(context, id);
}

/** Typed tags as they shall be stored, with the ones that the peer itself named kept. */
export function typedCapabilities(
  tags: readonly string[],
  known: readonly Capability[],
): Capability[] {
  const typed = tags.map((tag): Capability => ({ tag, source: 'typed' }));
  return distinct([...typed, ...known.filter((one) => one.source === 'peer')]);
}

function distinct(capabilities: readonly Capability[]): Capability[] {
  const seen = new Set<string>();
  return capabilities.filter(({ tag }) => {
    const key = nameKey(tag);
    if (key === '' || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

const blankToNull = (text: string | null | undefined): string | null => text || null;
