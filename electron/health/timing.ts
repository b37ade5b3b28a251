/** When a link is looked at: rarely, and the less often the worse it answers. */
import { assertNever, type LinkState } from '../contract/index.ts';

/** `ping` = a round trip over the open connection; `probe` = port and /health; `none` = nothing. */
export type Plan = 'ping' | 'probe' | 'none';

/** The steady pace, ms. */
export const STEADY_MS = 60_000;
const SLOWEST_MS: Readonly<Record<Exclude<Plan, 'none'>, number>> = {
  ping: 300_000,
  probe: 600_000,
};
/** How far a look may be moved so that looks do not fall together: a tenth either way. */
const JITTER = 0.1;
/** *Soon* is anywhere within this, ms. */
export const SOON_MS = 2_000;

/** What to do about a link in this state. While it only tries, what was planned goes on. */
export function planFor(state: LinkState, current: Plan): Plan {
  switch (state.kind) {
    case 'online':
    case 'degraded':
      return 'ping';
    case 'idle':
    case 'connecting':
      return current;
    case 'restarting':
    case 'needs_secret':
      return 'probe';
    case 'offline':
      return state.cause === 'insecure_url' ? 'none' : 'probe';
    // It answered, and says itself what is missing: looking lower tells nothing.
    case 'starting':
    case 'needs_approval':
    case 'rate_limited':
    case 'bad_credential':
    case 'revoked':
    case 'identity_changed':
    case 'protocol_mismatch':
      return 'none';
    default:
      return assertNever(state);
  }
}

/** Time until the next look, ms; null for none. @param streak slow or failed looks in a row */
export function lookDelay(plan: Plan, streak: number, random: () => number): number | null {
  if (plan === 'none') return null;
  const pace = Math.min(STEADY_MS * 2 ** Math.min(streak, 10), SLOWEST_MS[plan]);
  return pace * (1 - JITTER + 2 * JITTER * random());
}
