import {
  appError,
  devicePin,
  fail,
  type LinkState,
  type LinkView,
  ok,
  type PeerDetail,
  type PeerId,
  type ProbeResult,
  type ThreadView,
} from '../../../electron/contract/index.ts';
import { ids } from './ids.ts';
import { online, seedPeer } from './seed-peers.ts';
import type { MockHandlers } from './session.ts';
import type { World } from './world.ts';

const UNDO_MS = 8_000;

const agents = [
  { id: 'main', name: 'Main', isDefault: true },
  { id: 'builder', name: 'Builder', isDefault: false },
];
const sessions = [
  { key: 'agent:main:main', label: 'Main chat', agentId: 'main', updatedAt: null },
  { key: 'agent:builder:nightly', label: 'Nightly', agentId: 'builder', updatedAt: null },
];

/**
 * What a probe finds is told by its address: a host that holds the name of a state gives that
 * state, so that a test can reach each of them by typing.
 */
export function probeOf(world: World, url: string): ProbeResult {
  const found = (state: LinkState, stateText: string, more: Partial<ProbeResult> = {}) => ({
    url: /^wss?:/.test(url) ? url : `wss://${url}`,
    state,
    stateText,
    error: null,
    agents: [],
    sessions: [],
    identity: null,
    tlsFingerprint: null,
    card: null,
    durationMs: 84,
    ...more,
  });
  const offline = (cause: 'refused' | 'insecure_url' | 'host_unknown'): LinkState => ({
    kind: 'offline',
    cause,
    detail: cause,
    since: world.now,
    retryAt: null,
  });
  if (url.includes('refused')) {
    return found(offline('refused'), 'Nothing listens there.', {
      error: appError('link.refused', 'The machine answers, but refuses the port.'),
    });
  }
  if (url.includes('public')) {
    return found(offline('insecure_url'), 'Not sent unencrypted.', {
      error: appError('link.insecure_url', 'The address is public and ws:// is not encrypted.'),
    });
  }
  if (url.includes('token')) {
    return found({ kind: 'bad_credential', detail: 'unauthorized' }, 'It refused the token.', {
      error: appError('link.bad_credential', 'It answered: unauthorized.'),
    });
  }
  if (url.includes('approval')) {
    return found(
      {
        kind: 'needs_approval',
        requestId: '77ab01c2-9d40',
        reason: 'not_paired',
        command: 'openclaw devices approve 77ab01c2-9d40',
        retryAt: world.now + 5_000,
      },
      'The token is right. The person over there must approve this device once.',
    );
  }
  return found(online(world, 21), 'Connected.', {
    agents,
    sessions,
    identity: '9f2c61d07b8843a1e5520fd6b3a97c8e41f0d2b95a6c7e83104fd9bb26ce7a51',
  });
}

/** Calls about peers and links, on a world. */
export function peerHandlers(world: World): MockHandlers {
  let looks = 0;
  const removed = new Map<string, PeerDetail>();
  const changeLink = (linkId: string, change: (link: LinkView) => LinkView) => {
    for (const detail of world.details.values()) {
      if (!detail.links.some((link) => link.id === linkId)) continue;
      const links = detail.links.map((link) => (link.id === linkId ? change(link) : link));
      world.putDetail({ ...detail, links });
    }
  };
  const add = (name: string, practice: boolean): PeerId => {
    const number = world.nextNumber();
    seedPeer(world, {
      number,
      name,
      row: { practice, latencyMs: 2 },
      detail: { firstUseAcknowledged: false },
      state: online(world, 2),
    });
    return ids.peer(number);
  };
  return {
    'link.probe': ({ url }) => {
      if (url.includes('@')) return fail(appError('link.url_credentials', 'It holds a user name.'));
      // The host `later`: waits for approval, then is out of reach for one look, then is there.
      if (url.includes('later')) {
        looks += 1;
        return ok(probeOf(world, ['approval', 'refused'][looks - 1] ?? 'tower'));
      }
      return ok(probeOf(world, url));
    },
    'peer.add': ({ name }) => {
      const taken = [...world.peers.values()].some((peer) => peer.name === name);
      return taken
        ? fail(appError('peer.name_taken', `There is a peer named ${name}.`))
        : ok({ peerId: add(name, false) });
    },
    'peer.update': ({ peerId, changes }) => {
      const detail = world.details.get(peerId);
      if (!detail) return fail(appError('peer.not_found', peerId));
      const { name, nickname, group, favourite, notes } = changes;
      world.changePeer(peerId, {
        ...(name === undefined ? {} : { name }),
        ...(nickname === undefined ? {} : { nickname }),
        ...(group === undefined ? {} : { group }),
        ...(favourite === undefined ? {} : { favourite }),
      });
      world.putDetail({
        ...detail,
        name: name ?? detail.name,
        nickname: nickname === undefined ? detail.nickname : nickname,
        group: group === undefined ? detail.group : group,
        favourite: favourite ?? detail.favourite,
        notes: notes ?? detail.notes,
        capabilities: changes.capabilities
          ? changes.capabilities.map((tag) => ({ tag, source: 'typed' as const }))
          : detail.capabilities,
      });
      return ok({});
    },
    'peer.remove': ({ peerId }) => {
      const detail = world.details.get(peerId);
      if (detail) removed.set(peerId, detail);
      world.dropPeer(peerId);
      return ok({ undoMs: UNDO_MS });
    },
    'peer.restore': ({ peerId }) => {
      const detail = removed.get(peerId);
      if (!detail) return fail(appError('peer.undo_expired', peerId));
      world.putPeer({ ...rowOf(detail), id: peerId });
      return ok({});
    },
    'peer.open': ({ peerId }) => {
      const detail = world.details.get(peerId);
      if (!detail) return fail(appError('peer.not_found', peerId));
      const ladders = detail.links.flatMap((link) => world.ladders.get(link.id) ?? []);
      const threads = [...world.threads.values()].filter(
        (thread: ThreadView) => thread.peerId === peerId,
      );
      return ok({ detail, threads, ladders });
    },
    'peer.close': () => ok({}),
    'peer.acknowledgeFirstUse': ({ peerId }) => {
      const detail = world.details.get(peerId);
      if (detail) world.putDetail({ ...detail, firstUseAcknowledged: true });
      return ok({});
    },
    'link.update': ({ linkId, changes }) => {
      const { credential, ...plain } = changes;
      changeLink(linkId, (link) => ({
        ...link,
        ...Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined)),
        credential: credential?.kind ?? link.credential,
      }));
      return ok({});
    },
    'link.add': () => ok({ linkId: ids.link(world.nextNumber()) }),
    'link.remove': () => ok({}),
    'link.reconnect': () => ok({}),
    'link.trustIdentity': ({ linkId }) => {
      changeLink(linkId, (link) => ({
        ...link,
        state: online(world, 20),
        stateText: 'Connected.',
        error: null,
      }));
      return ok({});
    },
    'link.deviceKey': () => ok({ fingerprint: 'ab'.repeat(32), ours: 'cd'.repeat(32) }),
    'link.pinDevice': ({ linkId, fingerprint }) => {
      changeLink(linkId, (link) => ({ ...link, pinnedIdentity: devicePin(fingerprint) }));
      return ok({});
    },
    'link.agents': () => ok({ agents }),
    'link.sessions': () => ok({ sessions }),
    'health.check': ({ linkId }) => {
      const ladder = world.ladders.get(linkId);
      return ladder ? ok({ ladder }) : fail(appError('link.not_found', linkId));
    },
    'health.report': () => ok({ text: 'Port: well' }),
    'practice.start': () => ok({ peerId: add('Practice peer', true) }),
    'practice.behave': () => ok({}),
    'ownGateway.detect': () => ok(world.app.ownGateway),
    'ownGateway.readAgain': () =>
      ok({
        links: world.app.ownGateway.kind === 'found' ? world.app.ownGateway.peerIds.length : 0,
      }),
    'ownGateway.connect': ({ name }) => ok({ peerId: add(name, false) }),
  };
}

const rowOf = (detail: PeerDetail) => ({
  name: detail.name,
  nickname: detail.nickname,
  group: detail.group,
  favourite: detail.favourite,
  practice: detail.practice,
  own: detail.own,
  status: 'up' as const,
  statusText: 'Up',
  latencyMs: 20,
  unread: 0,
  waiting: 0,
  running: false,
  lastActivityAt: null,
  preview: '',
});
