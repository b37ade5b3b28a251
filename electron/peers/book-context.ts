/** What the parts of the peer book share. Not exported from the room. */
import { v7 } from 'uuid';
import type { Clock } from '../clock/clock.ts';
import {
  appError,
  type ChangeSink,
  CodedError,
  type CredentialInput,
  type CredentialKind,
  codedError,
  fail,
  LinkId,
  type LinkKind,
  PeerId,
  placeText,
  type Result,
} from '../contract/index.ts';
import type { Store } from '../store/store.ts';
import { nameKey } from './name-key.ts';
import type { PeerIndex } from './peer-index.ts';
import type { PeerTable } from './peer-table.ts';
import type { LinkRecord, PeerRecord } from './records.ts';
import type { SecretLedger } from './secret-ledger.ts';

/** What an update changed that the open connection must know. */
export interface LinkChange {
  readonly url: boolean;
  /** It leads to another host or port: what was kept for the old one is not for this one. */
  readonly host: boolean;
  readonly credential: boolean;
}

/** Told after the commit, so that the app can hold, drop or renew connections. */
export interface LinkListener {
  wanted(link: LinkRecord): void;
  unwanted(linkId: LinkId): void;
  changed(link: LinkRecord, what: LinkChange): void;
}

/** What the parts of the peer book share. */
export interface BookContext {
  readonly store: Store;
  readonly clock: Clock;
  readonly table: PeerTable;
  readonly index: PeerIndex;
  readonly ledger: SecretLedger;
  readonly links: LinkListener;
  readonly changed: ChangeSink;
  /** Fills in scheme and port. @throws CodedError `link.url_*`, `link.insecure_url` */
  readonly normaliseUrl: (text: string, kind: LinkKind) => string;
}

/** What a person may give, and what an invite brings: a code with which this device may ask. */
export type LinkCredential = CredentialInput | { readonly kind: 'setup'; readonly value: string };

/** A new link as callers give it; the URL as typed. */
export interface NewLink {
  readonly kind: LinkKind;
  readonly url: string;
  readonly credential: LinkCredential;
  /** Of a gateway only. */
  readonly agentId?: string | null;
  readonly sessionKey?: string | null;
  /** What is known of the other side before the first contact, by an invite for example. */
  readonly pins?: { readonly identity?: string | null; readonly tls?: string | null };
}

/** A new id: a UUID of version 7, so that ids sort by time. */
export const newPeerId = (clock: Clock): PeerId => PeerId.parse(v7({ msecs: clock.now() }));
/** The same for a link. */
export const newLinkId = (clock: Clock): LinkId => LinkId.parse(v7({ msecs: clock.now() }));

/** Tells every projection of one peer that it changed. */
export function tellPeer({ changed }: BookContext, id: PeerId): void {
  changed({ type: 'peer', id });
  changed({ type: 'peerDetail', id, peerId: id });
}

/** Inside `store.write`: the peer as it stands now, writes of this turn included. */
export function presentPeer({ table }: BookContext, id: PeerId): PeerRecord {
  const peer = table.peer(id);
  if (!peer) throw codedError('peer.not_found', 'No peer has this id, or it was removed.');
  return peer;
}

/** Inside `store.write`: the link as it stands now, where its peer is present. */
export function presentLink({ table }: BookContext, id: LinkId): LinkRecord {
  const link = table.link(id);
  if (!link || !table.peer(link.peerId))
    throw codedError('link.not_found', 'No link has this id, or its peer was removed.');
  return link;
}

/** Refuses changes to what the configuration file owns. */
export function assertOurs(peer: PeerRecord): void {
  if (peer.provisionKey !== null)
    throw codedError('peer.provisioned', `“${peer.name}” is defined in the configuration file.`);
}

/** Inside `store.write`: refuses a name or nickname that does not find this peer and only this one. */
export function assertFree(
  { table }: BookContext,
  peer: Pick<PeerRecord, 'id' | 'name' | 'nickname'>,
): void {
  for (const [what, text] of [
    ['name', peer.name],
    ['nickname', peer.nickname],
  ] as const) {
    if (text === null) continue;
    const key = nameKey(text);
    if (key === '') throw codedError('call.invalid_input', `The ${what} has nothing to see in it.`);
    const holder = table.holder(key, peer.id);
    if (holder)
      throw codedError(
        'peer.name_taken',
        `The ${what} “${text}” would also find the peer “${holder.name}”.`,
        {
          remedy: {
            actions: [
              {
                kind: 'go',
                label: `Show ${holder.name}`,
                to: placeText({ kind: 'peer', peerId: holder.id }),
              },
            ],
          },
        },
      );
  }
}

/** A link's record before anything is known of the other side. */
export function newLinkRecord(
  clock: Clock,
  peerId: PeerId,
  link: Omit<NewLink, 'credential'> & { credential: CredentialKind },
): LinkRecord {
  return {
    id: newLinkId(clock),
    peerId,
    kind: link.kind,
    url: link.url,
    credential: link.credential,
    secretRef: null,
    provisionKey: null,
    policy: 'ask',
    agentId: link.agentId ?? null,
    sessionKey: link.sessionKey ?? null,
    pinnedIdentity: link.pins?.identity ?? null,
    pinnedTls: link.pins?.tls ?? null,
    card: null,
    lastGoodAt: null,
    lastError: null,
    createdAt: clock.now(),
  };
}

/** Turns coded exceptions into results; anything else is a fault of ours, and stays an exception. */
export async function resultOf<T>(work: () => Promise<T>): Promise<Result<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (error instanceof CodedError) return fail(error.error);
    throw error;
  }
}

/** The failure for an id that nothing has. */
export const noPeer = <T>(): Result<T> =>
  fail(appError('peer.not_found', 'No peer has this id, or it was removed.'));

/** True where two addresses lead to one host and port. */
export function sameHost(a: string, b: string): boolean {
  try {
    return new URL(a).host === new URL(b).host;
  } catch {
    return false;
  }
}
