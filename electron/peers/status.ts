/** What a row of the peer list says: the best of a peer's links, in a few words, and its place. */
import {
  assertNever,
  type DegradedReason,
  type LinkState,
  type OfflineCause,
  type PeerRow,
  type PeerStatus,
  type SecretNeed,
} from '../contract/index.ts';

/** How a peer is, over all of its links. */
export interface PeerCondition {
  readonly status: PeerStatus;
  /** A few words, without a full stop. */
  readonly statusText: string;
  readonly latencyMs: number | null;
}

/** Best first: with several links the best one speaks for the peer. */
const RANK: Readonly<Record<PeerStatus, number>> = {
  up: 0,
  degraded: 1,
  connecting: 2,
  needs_you: 3,
  down: 4,
  blocked: 5,
};

/** The condition of a peer from the states of its links; the first of equals wins. */
export function peerCondition(states: readonly LinkState[]): PeerCondition {
  let best: PeerCondition | null = null;
  for (const state of states) {
    const condition = linkCondition(state);
    if (best === null || RANK[condition.status] < RANK[best.status]) best = condition;
  }
  return best ?? { status: 'down', statusText: 'No link', latencyMs: null };
}

/** The condition that one link alone would give. */
export function linkCondition(state: LinkState): PeerCondition {
  switch (state.kind) {
    case 'idle':
      return plain('connecting', 'Not connected yet');
    case 'connecting':
      // A retry after a failure is no news: the row stays down instead of jumping to and fro.
      return state.attempt > 1 ? plain('down', 'Trying again') : plain('connecting', 'Connecting');
    case 'starting':
      return plain('connecting', 'Starting');
    case 'restarting':
      return plain('connecting', 'Restarting');
    case 'needs_approval':
      return plain('needs_you', 'Needs approval');
    case 'online':
      return { status: 'up', statusText: 'Up', latencyMs: state.latencyMs };
    case 'degraded':
      return {
        status: 'degraded',
        statusText: DEGRADED[state.reason],
        latencyMs: state.latencyMs,
      };
    case 'rate_limited':
      return plain('down', 'Asked to wait');
    case 'bad_credential':
      return plain('needs_you', 'Refused the token or password');
    case 'revoked':
      return plain('needs_you', 'Revoked this device');
    case 'identity_changed':
      return plain(
        'needs_you',
        state.what === 'tls_fingerprint' ? 'Certificate changed' : 'Identity changed',
      );
    case 'protocol_mismatch':
      return plain('needs_you', 'Other protocol version');
    case 'needs_secret':
      return plain('needs_you', NEEDS_SECRET[state.reason]);
    case 'offline':
      return state.cause === 'insecure_url'
        ? plain('needs_you', OFFLINE.insecure_url)
        : plain('down', OFFLINE[state.cause]);
    default:
      return assertNever(state);
  }
}

const plain = (status: PeerStatus, statusText: string): PeerCondition => ({
  status,
  statusText,
  latencyMs: null,
});

const DEGRADED: Readonly<Record<DegradedReason, string>> = {
  slow: 'Slow',
  too_few_scopes: 'Too few permissions',
  no_scopes: 'No permissions',
  agent_missing: 'Agent missing',
  agent_silent: 'Agent silent',
};

const NEEDS_SECRET: Readonly<Record<SecretNeed, string>> = {
  absent: 'Token or password missing',
  locked: 'Keychain locked',
  unavailable: 'No keychain',
};

const OFFLINE: Readonly<Record<OfflineCause, string>> = {
  refused: 'Nothing listens there',
  timeout: 'No answer',
  unanswered: 'Takes connections, says nothing',
  host_unknown: 'Host name unknown',
  unreachable: 'No route',
  closed: 'Connection cut',
  tls_failed: 'Encryption failed',
  insecure_url: 'Not encrypted',
  not_a_gateway: 'Not a gateway',
  not_an_agent: 'No A2A agent there',
  not_a_relay: 'No relay there',
  local_network_down: 'No network here',
  tailscale_down: 'Tailscale is off here',
  tailnet_offline: 'Offline in the tailnet',
};

/** Trouble first (what needs a person before what is merely down), then favourites, then the rest. */
function place(row: PeerRow): number {
  switch (row.status) {
    case 'needs_you':
      return 0;
    case 'blocked':
      return 1;
    case 'down':
      return 2;
    case 'degraded':
      return 3;
    case 'up':
    case 'connecting':
      return row.favourite ? 4 : 5;
    default:
      return assertNever(row.status);
  }
}

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** The order of the peer list, for `sort`. Total: equal names are ordered by id. */
export function comparePeers(a: PeerRow, b: PeerRow): number {
  return (
    place(a) - place(b) ||
    Number(b.favourite) - Number(a.favourite) ||
    byName.compare(a.name, b.name) ||
    (a.id < b.id ? -1 : Number(a.id > b.id))
  );
}
