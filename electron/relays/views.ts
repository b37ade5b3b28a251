/** Relays and their agents as windows are told of them. */
import { RELAY_AGENTS_NAMED, type RelayAgentView, type RelayView } from '../contract/index.ts';
import { type KnownAgent, type RelayHub, readAnnounced } from '../links/relay/index.ts';
import type { RelayPeer, RelaysOptions } from './options.ts';
import type { RelayRecord } from './table.ts';

const agentView = (agent: KnownAgent, peer: RelayPeer | null): RelayAgentView => {
  const { words, fingerprint } = readAnnounced(agent.description);
  return {
    id: agent.id,
    name: agent.name,
    capabilities: [...agent.capabilities],
    machine: agent.machine,
    description: words,
    lastSeenAt: agent.seenAt,
    online: true,
    fingerprint,
    pinned: peer?.pinned ?? null,
    peerId: peer?.peerId ?? null,
    linkId: peer?.linkId ?? null,
  };
};

const silentView = (peer: RelayPeer): RelayAgentView => ({
  id: peer.agentId,
  name: peer.name,
  capabilities: [],
  machine: '',
  description: '',
  lastSeenAt: null,
  online: false,
  fingerprint: null,
  pinned: peer.pinned,
  peerId: peer.peerId,
  linkId: peer.linkId,
});

/** Peers first, those that wait for an answer to be possible among them; then whom the relay heard last. */
export function agentViews(hub: RelayHub, peers: readonly RelayPeer[]): RelayAgentView[] {
  const byAgent = new Map(peers.map((peer) => [peer.agentId, peer]));
  const listed = [...hub.agents.values()].map((agent) =>
    agentView(agent, byAgent.get(agent.id) ?? null),
  );
  const silent = peers.filter((peer) => !hub.agents.has(peer.agentId)).map(silentView);
  const rank = (agent: RelayAgentView): number =>
    agent.peerId === null ? 2 : agent.online ? 0 : 1;
  return [...listed, ...silent].sort(
    (a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1),
  );
}

/** One relay. */
export function relayView(
  record: RelayRecord,
  hub: RelayHub,
  peers: readonly RelayPeer[],
  describe: RelaysOptions['describe'],
): RelayView {
  const { text, error } = describe(hub.state, record.url);
  return {
    id: record.id,
    name: record.name,
    url: record.url,
    token: record.credential === 'token',
    state: hub.state,
    stateText: text,
    error,
    agentId: record.agentId,
    agentName: record.agentName,
    capabilities: [...record.capabilities],
    description: record.description,
    joinAll: record.joinAll,
    incoming: hub.incoming,
    guarded: hub.guarded,
    tls: record.tls,
    forgotAt: record.forgotAt,
    agentsTotal: hub.agents.size,
    agents: agentViews(hub, peers).slice(0, RELAY_AGENTS_NAMED),
  };
}
