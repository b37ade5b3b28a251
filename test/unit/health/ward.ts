import type { ChangeKey, LinkState } from '../../../electron/contract/index.ts';
import { appError, LinkId, PeerId } from '../../../electron/contract/index.ts';
import {
  createHealth,
  type Describe,
  type Health,
  type HealthLink,
  type HealthTarget,
  type NetworkMonitor,
  type Outcome,
  type Probes,
} from '../../../electron/health/index.ts';
import type { HttpFinding, TcpFinding } from '../../../electron/health/probes.ts';
import { type FakeClock, fakeClock } from '../../fakes/clock.ts';

/** Numbers that look random and are the same each time (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** How the machine behind a host behaves towards probes. Delays are ms of the fake clock. */
export interface Behaviour {
  tcp: TcpFinding;
  http: HttpFinding;
  delayMs: number;
  pingMs: number | 'silent';
  agents: readonly string[];
}

export const alive = (): Behaviour => ({
  tcp: { kind: 'open', ip: null },
  http: { kind: 'live' },
  delayMs: 5,
  pingMs: 12,
  agents: ['main'],
});

/** Words for states, in the shape of the peer book's, without its room. */
export const describeState: Describe = (state) => {
  switch (state.kind) {
    case 'idle':
    case 'connecting':
    case 'online':
      return { text: state.kind, error: null };
    case 'offline':
      return { text: state.cause, error: appError(`link.${state.cause}`, state.detail) };
    case 'degraded':
      return { text: state.reason, error: appError(`link.${state.reason}`, '') };
    case 'needs_secret':
      return { text: state.reason, error: appError('secrets.locked', '') };
    default:
      return { text: state.kind, error: appError(`link.${state.kind}`, '') };
  }
};

export const online = (): LinkState => ({
  kind: 'online',
  since: 0,
  scopes: ['operator.read', 'operator.write'],
  serverVersion: '2026.9.6',
  latencyMs: 12,
});

export const offline = (
  cause: Extract<LinkState, { kind: 'offline' }>['cause'] = 'refused',
): LinkState => ({ kind: 'offline', cause, detail: '', since: 0, retryAt: null });

/** Health with everything around it faked. */
export interface Ward {
  readonly clock: FakeClock;
  readonly health: Health;
  readonly changes: ChangeKey[];
  readonly remembered: { linkId: LinkId; outcome: Outcome }[];
  readonly network: { set(up: boolean): void; swap(): void };
  readonly told: boolean[];
  /** How many probes and pings are under way, and the most there ever were. */
  readonly flight: { now: number; most: number; total: number };
  readonly reconnects: LinkId[];
  behaviourOf(target: HealthTarget): Behaviour;
  /** Watches one more link; `host` decides whether it is on this machine. */
  patient(options?: {
    host?: string;
    peer?: number;
    state?: LinkState;
    known?: Outcome;
  }): HealthTarget;
  /** What a test does when the ladder asks the link to try again. */
  onReconnect: (target: HealthTarget) => void;
}

export function openWard(seed = 1): Ward {
  const clock = fakeClock();
  const changes: ChangeKey[] = [];
  const remembered: Ward['remembered'] = [];
  const behaviours = new Map<string, Behaviour>();
  const flight = { now: 0, most: 0, total: 0 };
  const listeners = new Set<() => void>();
  const told: boolean[] = [];
  const reconnects: LinkId[] = [];
  let up = true;
  let count = 0;

  const behaviour = (host: string): Behaviour => {
    const known = behaviours.get(host) ?? alive();
    behaviours.set(host, known);
    return known;
  };
  const fly = <T>(delayMs: number | 'silent', value: T, late: T, signal: AbortSignal): Promise<T> =>
    new Promise((resolve) => {
      flight.now++;
      flight.total++;
      flight.most = Math.max(flight.most, flight.now);
      const land = (result: T): void => {
        cancel();
        signal.removeEventListener('abort', onAbort);
        flight.now--;
        resolve(result);
      };
      const onAbort = (): void => land(late);
      const cancel = delayMs === 'silent' ? () => {} : clock.after(delayMs, () => land(value));
      signal.addEventListener('abort', onAbort);
    });
  const probes: Probes = {
    tcp: (address, signal) => {
      const { tcp, delayMs } = behaviour(address.host);
      const late: TcpFinding = { kind: 'failed', cause: 'timeout', code: 'ETIMEDOUT' };
      return fly(delayMs, tcp, late, signal);
    },
    http: (address, signal) => {
      const { http, delayMs } = behaviour(address.host);
      const late: HttpFinding = { kind: 'failed', cause: 'unanswered', code: 'ETIMEDOUT' };
      return fly(delayMs, http, late, signal);
    },
  };
  const network: NetworkMonitor = {
    up: () => up,
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop: () => {},
  };
  const health = createHealth({
    clock,
    changed: (key) => changes.push(key),
    probes,
    network,
    describe: describeState,
    remember: (linkId, outcome) => remembered.push({ linkId, outcome }),
    networkChanged: (now) => told.push(now),
    random: seeded(seed),
  });

  const ward: Ward = {
    clock,
    health,
    changes,
    remembered,
    told,
    flight,
    reconnects,
    network: {
      set: (now) => {
        up = now;
        for (const listener of [...listeners]) listener();
      },
      swap: () => {
        for (const listener of [...listeners]) listener();
      },
    },
    behaviourOf: (target) => behaviour(new URL(target.url).hostname),
    patient: ({ host, peer, state = offline(), known = {} } = {}) => {
      const n = ++count;
      const target: HealthTarget = {
        linkId: LinkId.parse(`01890000-0000-7000-8000-${String(n).padStart(12, '0')}`),
        peerId: PeerId.parse(`01890000-0000-7000-9000-${String(peer ?? n).padStart(12, '0')}`),
        peerName: `Peer ${peer ?? n}`,
        url: `ws://${host ?? `100.64.0.${n}`}:18789`,
        agentId: 'main',
        pinnedIdentity: 'ab'.repeat(32),
        pinnedTls: null,
      };
      const name = new URL(target.url).hostname;
      const link: HealthLink = {
        ping: async (signal) => {
          const { pingMs } = behaviour(name);
          const ms = await fly<number | 'silent' | 'late'>(pingMs, pingMs, 'late', signal);
          if (typeof ms !== 'number') throw new Error('timed out');
          return ms;
        },
        agents: async (signal) => {
          const { agents, delayMs } = behaviour(name);
          const names = await fly(delayMs, agents, [], signal);
          return names.map((id, i) => ({ id, name: id, isDefault: i === 0 }));
        },
        reconnect: () => {
          reconnects.push(target.linkId);
          ward.onReconnect(target);
        },
      };
      health.watch(target, link, state, known);
      return target;
    },
    onReconnect: () => {},
  };
  return ward;
}
