/** The ladder of one link: what was found on each rung, put together. Pure. */
import type { LinkState, RungId, RungView } from '../contract/index.ts';
import { addressOf, isLoopback } from './address.ts';
import { agentRungs, isAgentRung } from './agent-rungs.ts';
import { lowerRungs, type Reach } from './lower-rungs.ts';
import { type HealthTarget, type LadderInput, type RungDraft, skipped } from './rung-draft.ts';
import { tailnetRungs } from './tailnet-rungs.ts';
import { upperRungs } from './upper-rungs.ts';

const RUNGS: readonly { id: RungId; title: string }[] = [
  { id: 'tailscale_running', title: 'Tailscale runs here' },
  { id: 'tailnet_peer', title: 'Machine online in the tailnet' },
  { id: 'tailnet_path', title: 'Path to it' },
  { id: 'tcp_port', title: 'Port open' },
  { id: 'http_health', title: 'Gateway alive' },
  { id: 'handshake', title: 'Handshake' },
  { id: 'identity', title: 'Identity as pinned' },
  { id: 'approval', title: 'This device approved' },
  { id: 'agent', title: 'Agent present' },
  { id: 'last_answer', title: 'Last answer' },
];

/** The same for an A2A agent, where it differs. */
const AGENT_TITLES: Partial<Record<RungId, string>> = {
  http_health: 'Agent card there',
  handshake: 'Answers over A2A',
  identity: 'Card as pinned',
  approval: 'Token accepted',
};
const AGENT_TRIED: Partial<Record<RungId, string>> = {
  http_health: 'Fetch the agent card at HOST',
  handshake: 'Ask for a task that nobody has',
  identity: 'Compare the card with what is pinned',
  approval: 'Show our token',
  last_answer: 'Look for the last answer of the agent',
};

/** The same for an agent behind a relay. */
const RELAY_TITLES: Partial<Record<RungId, string>> = {
  http_health: 'Relay alive',
  handshake: 'Registered at the relay',
  identity: 'Certificate and key as pinned',
  approval: 'Token accepted',
  agent: 'Agent heard of lately',
};
const RELAY_TRIED: Partial<Record<RungId, string>> = {
  http_health: 'Ask the relay at HOST what it is',
  handshake: 'Send the relay a sign of life',
  identity: 'Compare keys and certificate with what is pinned',
  approval: 'Show our token',
  agent: 'Look for the agent among those that the relay lists',
  last_answer: 'Look for the last answer of the agent',
};

/** The words of a kind of link, where they are not a gateway's. */
function wordsOf({ kind = 'gateway' }: HealthTarget) {
  switch (kind) {
    case 'gateway':
      return null;
    case 'a2a':
      return { titles: AGENT_TITLES, tried: AGENT_TRIED };
    case 'relay':
      return { titles: RELAY_TITLES, tried: RELAY_TRIED };
  }
}

/** What each rung tries, in words. */
function triedText(id: RungId, target: HealthTarget): string {
  const host = addressOf(target.url)?.text ?? 'the address';
  const ofAgent = wordsOf(target)?.tried[id];
  if (ofAgent) return ofAgent.replace('HOST', host);
  switch (id) {
    case 'tailscale_running':
      return 'Ask Tailscale on this machine';
    case 'tailnet_peer':
      return `Look for ${host} in the tailnet`;
    case 'tailnet_path':
      return `Ping ${host} through the tailnet`;
    case 'tcp_port':
      return `Open ${host}`;
    case 'http_health':
      return `GET /health at ${host}`;
    case 'handshake':
      return 'Connect as this device';
    case 'identity':
      return target.pinnedIdentity === null && target.pinnedTls === null
        ? 'Ask who answers'
        : 'Compare who answers with what is pinned';
    case 'approval':
      return 'Read which permissions were granted';
    case 'agent':
      return target.agentId === null ? 'Look for its default agent' : `Look for ${target.agentId}`;
    case 'last_answer':
      return 'Look for the last answer of its agent';
  }
}

/** What the state of a link proves about the rungs below the handshake. */
export function reachOf(state: LinkState): Reach {
  switch (state.kind) {
    case 'online':
    case 'degraded':
      return 'connected';
    case 'starting':
    case 'needs_approval':
    case 'rate_limited':
    case 'bad_credential':
    case 'revoked':
    case 'protocol_mismatch':
      return 'reached';
    case 'identity_changed':
      return state.what === 'tls_fingerprint' ? 'unknown' : 'reached';
    case 'restarting':
    case 'idle':
    case 'connecting':
    case 'needs_secret':
    case 'offline':
      return 'unknown';
  }
}

/** True where our own outage concerns the target. */
export function needsNetwork(target: HealthTarget): boolean {
  const address = addressOf(target.url);
  return address !== null && !isLoopback(address.host);
}

/** All rungs that a link has, lowest first: ten of a gateway or a relay, nine of an agent. Above a failed one, the rest is skipped, not failed. */
export function composeLadder(input: LadderInput): RungView[] {
  const words = wordsOf(input.target);
  const drafts: Record<RungId, RungDraft> = {
    ...tailnetRungs(input, input.lost ? 'unknown' : reachOf(input.state)),
    ...lowerRungs(input, reachOf(input.state)),
    ...(words ? agentRungs(input) : upperRungs(input)),
  };
  let broken = false;
  const isAgent = input.target.kind === 'a2a';
  const rungs = isAgent ? RUNGS.filter(({ id }) => isAgentRung(id)) : RUNGS;
  return rungs.map(({ id, title: plain }): RungView => {
    const draft = drafts[id];
    const title = words?.titles[id] ?? plain;
    const base = { id, title, tried: triedText(id, input.target) };
    if (input.running === id) return { ...base, ...draft, status: 'checking', seen: 'Looking now' };
    // What was true once is still worth reading: the last answer keeps its time.
    if (broken && !(id === 'last_answer' && draft.at !== null)) return { ...base, ...skipped() };
    broken ||= draft.status === 'failed' || draft.status === 'needs_you';
    return { ...base, ...draft };
  });
}

/** The lowest rung that is not as it should be; null where all is well or still unknown. */
export function faultOf(rungs: readonly RungView[]): RungView | null {
  return rungs.find((rung) => rung.status === 'failed' || rung.status === 'needs_you') ?? null;
}
