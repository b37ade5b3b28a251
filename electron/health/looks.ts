/** Active looks, one per rung that can be looked at, each turned into a finding. None rejects. */
import type { Clock } from '../clock/clock.ts';
import type { AgentView, ErrorCode } from '../contract/index.ts';
import type { Link } from '../links/link.ts';
import type { Address } from './address.ts';
import type { HttpFinding, Probes } from './probes.ts';
import type { Finding, HealthTarget } from './rung-draft.ts';

/** What health needs of a link. */
export type HealthLink = Pick<Link, 'ping' | 'agents' | 'reconnect'>;

/** A round trip that takes longer than this is slow, which is not down, ms. */
export const SLOW_MS = 3_000;

/** Opens the port. `netUnreachable` tells that this machine itself had no route. */
export async function lookAtPort(
  clock: Clock,
  probes: Probes,
  address: Address,
  signal: AbortSignal,
): Promise<{ finding: Finding; netUnreachable: boolean }> {
  const begun = clock.monotonic();
  const result = await probes.tcp(address, signal);
  const durationMs = clock.monotonic() - begun;
  const base = { durationMs, at: clock.now() };
  if (result.kind === 'open') {
    const via = result.ip === null || result.ip === address.host ? '' : ` at ${result.ip}`;
    return {
      finding: { ...base, status: 'ok', seen: `Open${via}`, code: null },
      netUnreachable: false,
    };
  }
  const seen = `${TCP_TEXT[result.cause]} (${result.code})`;
  return {
    finding: { ...base, status: 'failed', seen, code: `link.${result.cause}` },
    netUnreachable: result.code === 'ENETUNREACH' || result.code === 'ENETDOWN',
  };
}

const TCP_TEXT = {
  refused: 'Refused',
  timeout: 'No answer in time',
  host_unknown: 'The name is not known',
  unreachable: 'No route',
  closed: 'Failed',
} as const;

/** Asks for `/health`. */
export async function lookAtHealth(
  clock: Clock,
  probes: Probes,
  address: Address,
  signal: AbortSignal,
): Promise<Finding> {
  const begun = clock.monotonic();
  const result = await probes.http(address, signal);
  const durationMs = clock.monotonic() - begun;
  return { ...judgeHealth(result, address, durationMs), durationMs, at: clock.now() };
}

const isGateway = ({ path }: Address): boolean => path === '/health';

/** What is expected at an address, and the error where something else answers. */
function expected({ path }: Address): { readonly who: string; readonly code: ErrorCode } {
  if (path === '/health') return { who: 'a gateway', code: 'link.not_a_gateway' };
  return path === '/'
    ? { who: 'a relay', code: 'link.not_a_relay' }
    : { who: 'an agent', code: 'link.not_an_agent' };
}

function judgeHealth(
  result: HttpFinding,
  address: Address,
  durationMs: number,
): Pick<Finding, 'status' | 'seen' | 'code'> {
  switch (result.kind) {
    case 'live':
      return durationMs > SLOW_MS
        ? { status: 'slow', seen: 'Live, but slow to say so', code: 'link.slow' }
        : { status: 'ok', seen: 'Live', code: null };
    case 'other':
      return {
        status: 'failed',
        seen:
          result.status === 0
            ? 'Something answers that is not HTTP'
            : `Answered with status ${result.status}, not as ${expected(address).who} does`,
        code: expected(address).code,
      };
    case 'failed': {
      const code: ErrorCode = `link.${result.cause}`;
      const hint =
        !address.secure && result.cause === 'closed'
          ? `; perhaps it wants ${isGateway(address) ? 'wss' : 'https'}:// instead`
          : '';
      return { status: 'failed', seen: `No answer (${result.code})${hint}`, code };
    }
  }
}

/** One round trip over the open connection; null where it could not be made for another reason. */
export async function lookAtConnection(
  clock: Clock,
  link: HealthLink,
  signal: AbortSignal,
): Promise<Finding | null> {
  const begun = clock.monotonic();
  try {
    const durationMs = await link.ping(signal);
    const slow = durationMs > SLOW_MS;
    return {
      status: slow ? 'slow' : 'ok',
      seen: slow ? 'Answers, slowly' : 'Answers',
      code: slow ? 'link.slow' : null,
      durationMs,
      at: clock.now(),
    };
  } catch {
    if (!signal.aborted) return null;
    // Slow is not down: whether it is lost, the link's own watchdog finds out.
    return {
      status: 'slow',
      seen: 'No answer in time on an open connection',
      code: 'link.slow',
      durationMs: clock.monotonic() - begun,
      at: clock.now(),
    };
  }
}

/** Looks for the agent of this link among those over there; null where they could not be read. */
export async function lookForAgent(
  clock: Clock,
  link: HealthLink,
  target: HealthTarget,
  signal: AbortSignal,
): Promise<Finding | null> {
  const begun = clock.monotonic();
  let agents: readonly AgentView[];
  try {
    agents = await link.agents(signal);
  } catch {
    return null;
  }
  const base = { durationMs: clock.monotonic() - begun, at: clock.now() };
  const agent = agents.find((one) =>
    target.agentId === null ? one.isDefault : one.id === target.agentId,
  );
  if (agent) return { ...base, status: 'ok', seen: `Found ${agent.name}`, code: null };
  return {
    ...base,
    status: 'needs_you',
    seen:
      agents.length === 0
        ? 'It lists no agent at all'
        : `Not among its ${agents.length === 1 ? 'one agent' : `${agents.length} agents`}`,
    code: 'link.agent_missing',
  };
}
