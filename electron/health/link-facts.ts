/** Which facts a peer's links add up to: at most one about reaching it, and those that need a person. */
import {
  type AppError,
  assertNever,
  type ErrorCode,
  errorRegistry,
  type LinkState,
  WarningId,
} from '../contract/index.ts';
import { needsNetwork } from './ladder.ts';
import type { Describe, HealthTarget } from './rung-draft.ts';
import type { Fact } from './warnings.ts';

/** Our own outage: the one fact that explains all others that need the network. */
export const OWN_NETWORK = WarningId.parse('link.local_network_down');

/** Our own Tailscale's outage, in each of its forms: explains all that is in the tailnet. */
export const TAILSCALE_FACTS: readonly WarningId[] = (
  [
    'setup.tailscale_not_installed',
    'setup.tailscale_hangs',
    'setup.tailscale_gui_error',
    'setup.tailscale_not_tailscale',
    'setup.tailscale_unreadable',
    'setup.tailscale_version_unknown',
    'setup.tailscale_not_running',
    'setup.tailscale_no_state',
    'setup.tailscale_other_user',
    'setup.tailscale_needs_login',
    'setup.tailscale_key_expired',
    'setup.tailscale_needs_approval',
    'setup.tailscale_stopped',
    'setup.tailscale_starting',
    'setup.tailscale_failed',
  ] as const
).map((code) => WarningId.parse(code));

/** No network: how long before it is shown, ms. As in Tailscale's health package. */
export const NETWORK_MS = 5_000;
/** No way to a machine of the tailnet: how long before it is shown, ms. As in Tailscale's health package. */
export const PATH_MS = 10_000;
/** Slow answers: how long before they are shown, ms. */
export const SLOW_ANSWER_MS = 30_000;
/** A gateway that starts: how long before it is shown, ms. Busy ones were seen to take four minutes. */
export const START_MS = 240_000;

/** One link of a peer, as it is now. */
export interface LinkCondition {
  readonly target: HealthTarget;
  readonly state: LinkState;
  /** The last round trips were slow. */
  readonly slow: boolean;
  /** Its address is one of a tailnet. */
  readonly inTailnet?: boolean;
}

/** How a state counts. `pending` = nothing new is known: what was said before still holds. */
type Weight = 'well' | 'pending' | 'person' | 'unreached';

function weigh(state: LinkState): Weight {
  switch (state.kind) {
    case 'online':
      return 'well';
    case 'degraded':
      return state.reason === 'slow' ? 'well' : 'person';
    case 'idle':
    case 'connecting':
      return 'pending';
    case 'starting':
    case 'restarting':
    case 'rate_limited':
      return 'unreached';
    case 'offline':
      return state.cause === 'insecure_url' ? 'person' : 'unreached';
    case 'needs_approval':
    case 'bad_credential':
    case 'revoked':
    case 'identity_changed':
    case 'protocol_mismatch':
    case 'needs_secret':
      return 'person';
    default:
      return assertNever(state);
  }
}

/**
 * The facts about one peer. Null where nothing new is known, so that a retry does not clear what it
 * is about to find again.
 */
export function peerFacts(links: readonly LinkCondition[], describe: Describe): Fact[] | null {
  const weights = links.map((link) => weigh(link.state));
  const facts = new Map<WarningId, Fact>();
  const add = (fact: Fact | null): void => {
    if (fact && !facts.has(fact.id)) facts.set(fact.id, fact);
  };
  links.forEach((link, i) => {
    if (weights[i] === 'person') add(factOf(link, describe));
  });
  if (!weights.includes('well')) {
    if (weights.includes('pending')) return null;
    const unreached = links[weights.indexOf('unreached')];
    if (unreached && facts.size === 0) add(factOf(unreached, describe));
  }
  const slow = links.find(
    ({ slow, state }) => slow || (state.kind === 'degraded' && state.reason === 'slow'),
  );
  if (slow) add(slowFact(slow));
  return [...facts.values()];
}

function factOf({ target, state, inTailnet }: LinkCondition, describe: Describe): Fact | null {
  const { text, error } = describe(state, target);
  if (!error) return null;
  return fact(target, error, {
    title: `${target.peerName}: ${error.title}`,
    detail: text,
    needsYou: weigh(state) === 'person',
    inTailnet: inTailnet ?? false,
  });
}

function slowFact({ target }: LinkCondition): Fact {
  const entry = errorRegistry['link.slow'];
  return fact(
    target,
    {
      code: 'link.slow',
      title: entry.title,
      detail: '',
      remedy: { text: entry.remedy, actions: [] },
    },
    { title: `${target.peerName}: ${entry.title}`, detail: entry.remedy, needsYou: false },
  );
}

function fact(
  target: HealthTarget,
  error: AppError,
  words: { title: string; detail: string; needsYou: boolean; inTailnet?: boolean },
): Fact {
  const code = error.code as ErrorCode;
  const entry: { severity: Fact['severity'] } | undefined = errorRegistry[code];
  return {
    id: WarningId.parse(`${code}:${target.peerId}`),
    code,
    severity: entry?.severity ?? 'warning',
    title: words.title,
    detail: words.detail,
    remedy: error.remedy ?? null,
    peerId: target.peerId,
    dependsOn: [
      ...(needsNetwork(target) && !words.needsYou ? [OWN_NETWORK] : []),
      ...(words.inTailnet && !words.needsYou ? TAILSCALE_FACTS : []),
      // One keychain for all: its own warning says it once.
      ...(code.startsWith('secrets.') && code !== 'secrets.absent' ? KEYCHAIN_FACTS : []),
    ],
    timeToVisibleMs: timeToVisible(code),
    impactsConnectivity: code !== 'link.slow',
    needsYou: words.needsYou,
  };
}

/** Facts of the keychain, which the app sets by {@link Warnings.set}. */
const KEYCHAIN_FACTS: readonly WarningId[] = (
  [
    'secrets.locked',
    'secrets.no_service',
    'secrets.no_bus',
    'secrets.denied',
    'secrets.hung',
    'secrets.broken',
  ] as const
).map((code) => WarningId.parse(code));

/** How long a fault must last before a person hears of it. What only a person can end shows at once. */
export function timeToVisible(code: ErrorCode): number {
  switch (code) {
    case 'link.slow':
      return SLOW_ANSWER_MS;
    case 'link.starting':
    case 'link.restarting':
      return START_MS;
    case 'link.closed':
    case 'link.unanswered':
    case 'link.rate_limited':
      return PATH_MS;
    case 'link.refused':
    case 'link.timeout':
    case 'link.host_unknown':
    case 'link.unreachable':
    case 'link.tls_failed':
    case 'link.not_a_gateway':
    case 'link.not_an_agent':
    case 'link.local_network_down':
    case 'link.tailscale_down':
    case 'link.tailnet_offline':
      return NETWORK_MS;
    default:
      return 0;
  }
}
