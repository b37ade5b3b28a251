/** Makes the provisioned peers match what the configuration file says; doing it again changes nothing. */
import {
  appError,
  CodedError,
  type CredentialKind,
  codedError,
  type LinkId,
  type PeerId,
} from '../contract/index.ts';
import {
  assertFree,
  type BookContext,
  newLinkRecord,
  newPeerId,
  sameHost,
  tellPeer,
} from './book-context.ts';
import { typedCapabilities } from './peer-changes.ts';
import type { IncomingPolicy, LinkRecord, PeerRecord } from './records.ts';
import type { Removals } from './removal.ts';

/** A link as the file gives it. `key` is unique within its peer and stays when the rest changes. */
export interface ProvisionedLink {
  readonly key: string;
  readonly kind: 'gateway';
  readonly url: string;
  readonly credential: CredentialKind;
  readonly secretRef: string | null;
  readonly policy: IncomingPolicy;
  readonly agentId: string | null;
  readonly sessionKey: string | null;
  /** Pins of the file win over what was pinned here; null leaves those. */
  readonly pinnedIdentity: string | null;
  readonly pinnedTls: string | null;
}

/** A peer as the file gives it. `key` is unique in the file and stays when the name changes. */
export interface ProvisionedPeer {
  readonly key: string;
  readonly name: string;
  readonly nickname: string | null;
  readonly group: string | null;
  readonly favourite: boolean;
  readonly notes: string;
  readonly capabilities: readonly string[];
  readonly links: readonly ProvisionedLink[];
}

/** How many peers the file added, changed and hid. */
export interface ProvisionOutcome {
  readonly added: number;
  readonly updated: number;
  readonly removed: number;
}

interface Plan {
  readonly put: PeerRecord[];
  readonly added: PeerId[];
  readonly updated: PeerId[];
  readonly gone: PeerId[];
  readonly back: PeerId[];
  readonly linksPut: LinkRecord[];
  readonly linksGone: LinkId[];
}

/**
 * All or nothing, in one commit. A peer that the file no longer names is hidden, and comes back with
 * its threads if the file names it again in time.
 * @throws CodedError setup.config_invalid where a name is taken by a peer that a person made
 */
export async function provision(
  context: BookContext,
  removals: Removals,
  peers: readonly ProvisionedPeer[],
): Promise<ProvisionOutcome> {
  const { store, index, ledger } = context;
  const plan = await store.write(() => carryOut(context, peers));
  for (const id of plan.gone) removals.hide(id);
  for (const id of plan.back) removals.keep(id);
  for (const peer of plan.put) index.putPeer(peer);
  for (const id of plan.linksGone) {
    index.removeLink(id);
    context.links.unwanted(id);
  }
  for (const link of plan.linksPut) {
    const before = index.link(link.id);
    index.putLink(link);
    if (before)
      context.links.changed(link, {
        url: before.url !== link.url,
        host: !sameHost(before.url, link.url),
        credential: before.credential !== link.credential || before.secretRef !== link.secretRef,
      });
    else context.links.wanted(link);
  }
  const touched = new Set([...plan.added, ...plan.updated]);
  for (const id of touched) tellPeer(context, id);
  if (plan.added.length > 0) context.changed({ type: 'app' });
  void ledger.sweep();
  return {
    added: plan.added.length,
    updated: plan.updated.length,
    removed: plan.gone.length,
  };
}

function carryOut(context: BookContext, peers: readonly ProvisionedPeer[]): Plan {
  const { table, clock } = context;
  const plan: Plan = {
    put: [],
    added: [],
    updated: [],
    gone: [],
    back: [],
    linksPut: [],
    linksGone: [],
  };
  const present = new Map<string, PeerRecord>();
  for (const peer of table.present()) if (peer.provisionKey) present.set(peer.provisionKey, peer);
  const hidden = new Map<string, PeerRecord>();
  for (const { peer } of table.removed())
    if (peer.provisionKey) hidden.set(peer.provisionKey, peer);
  const wanted = new Set(peers.map((peer) => peer.key));

  // First those that leave, so that their names are free for those that come.
  for (const [key, peer] of present) {
    if (wanted.has(key)) continue;
    table.setRemoved(peer.id, clock.now());
    plan.gone.push(peer.id);
  }
  // Names may be swapped within the file: set all aside before any is set.
  for (const [key, peer] of present)
    if (wanted.has(key)) table.putPeer({ ...peer, name: `\u0001${peer.id}`, nickname: null });

  for (const wish of peers) {
    const old = present.get(wish.key) ?? hidden.get(wish.key) ?? null;
    const peer = peerFrom(context, wish, old);
    claimNames(context, peer);
    const returning = old !== null && !present.has(wish.key);
    if (returning) table.setRemoved(peer.id, null);
    const textChanged = putText(context, peer.id, wish, () => table.putPeer(peer));
    const linksChanged = matchLinks(context, plan, peer.id, wish.links, returning);
    plan.put.push(peer);
    if (returning) plan.back.push(peer.id);
    if (old === null || returning) plan.added.push(peer.id);
    else if (textChanged || linksChanged || !samePeer(old, peer)) plan.updated.push(peer.id);
  }
  return plan;
}

function peerFrom(
  { clock }: BookContext,
  wish: ProvisionedPeer,
  old: PeerRecord | null,
): PeerRecord {
  return {
    id: old?.id ?? newPeerId(clock),
    name: wish.name,
    nickname: wish.nickname,
    group: wish.group,
    favourite: old?.favourite ?? wish.favourite,
    practice: false,
    own: false,
    provisionKey: wish.key,
    firstUseAcknowledged: old?.firstUseAcknowledged ?? false,
    createdAt: old?.createdAt ?? clock.now(),
  };
}

function claimNames(context: BookContext, peer: PeerRecord): void {
  try {
    assertFree(context, peer);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    throw codedError(
      'setup.config_invalid',
      `The peer “${peer.provisionKey}”: ${error.error.detail}`,
      { remedy: { text: appError('peer.name_taken', '').remedy?.text ?? '' } },
    );
  }
}

function putText(
  { table }: BookContext,
  id: PeerId,
  wish: ProvisionedPeer,
  putPeer: () => void,
): boolean {
  const before = table.text(id);
  putPeer();
  const capabilities = typedCapabilities(wish.capabilities, before.capabilities);
  table.putText(id, { notes: wish.notes, capabilities });
  return (
    before.notes !== wish.notes ||
    JSON.stringify(before.capabilities) !== JSON.stringify(capabilities)
  );
}

/** @returns whether anything about the links changed. */
function matchLinks(
  context: BookContext,
  plan: Plan,
  peerId: PeerId,
  wishes: readonly ProvisionedLink[],
  returning: boolean,
): boolean {
  const { table, clock, ledger } = context;
  const old = new Map(table.linksOf(peerId).map((link) => [link.provisionKey, link]));
  let changed = false;
  for (const wish of wishes) {
    const before = old.get(wish.key);
    old.delete(wish.key);
    const url = context.normaliseUrl(wish.url, wish.kind);
    const fresh = before ?? newLinkRecord(clock, peerId, { ...wish, url });
    const next: LinkRecord = {
      ...fresh,
      url,
      credential: wish.credential,
      secretRef: wish.secretRef,
      provisionKey: wish.key,
      policy: wish.policy,
      agentId: wish.agentId,
      sessionKey: wish.sessionKey,
      pinnedIdentity: wish.pinnedIdentity ?? fresh.pinnedIdentity,
      pinnedTls: wish.pinnedTls ?? fresh.pinnedTls,
    };
    const same = before !== undefined && JSON.stringify(before) === JSON.stringify(next);
    if (!same) {
      table.putLink(next);
      changed = true;
    }
    if (!same || returning) plan.linksPut.push(next);
  }
  for (const link of old.values()) {
    table.deleteLink(link.id);
    ledger.forget(link.id);
    plan.linksGone.push(link.id);
    changed = true;
  }
  return changed;
}

const samePeer = (a: PeerRecord, b: PeerRecord): boolean => JSON.stringify(a) === JSON.stringify(b);
