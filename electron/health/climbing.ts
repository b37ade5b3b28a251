/** Looks in their order, each within its limit: downwards the port and /health, upwards the connection. */
import type { Clock } from '../clock/clock.ts';
import { deadline } from '../clock/deadline.ts';
import type { RungId } from '../contract/index.ts';
import type { Address } from './address.ts';
import {
  type HealthLink,
  lookAtConnection,
  lookAtHealth,
  lookAtPort,
  lookForAgent,
} from './looks.ts';
import type { Probes } from './probes.ts';
import type { Finding, HealthTarget } from './rung-draft.ts';

const TCP_LIMIT_MS = 5_000;
const HTTP_LIMIT_MS = 8_000;

/** Where a climb tells what it does and finds. */
export interface Climber {
  readonly clock: Clock;
  readonly probes: Probes;
  readonly signal: AbortSignal;
  /** A rung is being looked at. */
  at(rung: RungId): void;
  /** A rung was looked at. False where the finding came too late to mean anything: then it ends. */
  take(rung: 'path' | 'tcp' | 'http' | 'ping' | 'agent', finding: Finding | null): boolean;
}

/** @returns whether something that speaks as a gateway does is there; null where it came too late. */
export async function lookDownwards(
  climber: Climber,
  address: Address,
  noteUnroutable: (unroutable: boolean) => void,
): Promise<boolean | null> {
  const { clock, probes } = climber;
  climber.at('tcp_port');
  const tcp = await within(climber, TCP_LIMIT_MS, (signal) =>
    lookAtPort(clock, probes, address, signal),
  );
  if (!climber.take('tcp', tcp.finding)) return null;
  noteUnroutable(tcp.netUnreachable);
  climber.take('http', null);
  if (tcp.finding.status !== 'ok') return false;
  climber.at('http_health');
  const http = await within(climber, HTTP_LIMIT_MS, (signal) =>
    lookAtHealth(clock, probes, address, signal),
  );
  return climber.take('http', http) ? http.status === 'ok' || http.status === 'slow' : null;
}

/** @returns whether it answered in good time; null where it came too late. */
export async function lookUpwards(
  climber: Climber,
  link: HealthLink,
  limitMs: number,
  agentOf: HealthTarget | null,
): Promise<boolean | null> {
  const { clock } = climber;
  climber.at('handshake');
  const ping = await within(climber, limitMs, (signal) => lookAtConnection(clock, link, signal));
  if (!climber.take('ping', ping)) return null;
  if (agentOf !== null) {
    climber.at('agent');
    const agent = await within(climber, limitMs, (signal) =>
      lookForAgent(clock, link, agentOf, signal),
    );
    if (!climber.take('agent', agent)) return null;
  }
  return ping?.status === 'ok';
}

async function within<T>(
  { clock, signal }: Climber,
  limitMs: number,
  look: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = deadline(clock, limitMs, signal);
  try {
    return await look(limit.signal);
  } finally {
    limit.done();
  }
}
