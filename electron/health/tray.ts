/** The one thing that the tray icon says. */
import type { PeerStatus, TrayState } from '../contract/index.ts';

/** What the tray icon is made of. */
export interface TrayFacts {
  readonly network: 'up' | 'down';
  readonly statuses: Iterable<PeerStatus>;
  /** A fact that lasted impairs a connection. */
  readonly impaired: boolean;
  /** A fact that lasted waits for a person. */
  readonly actionNeeded: boolean;
}

/**
 * Few states, so that they can be told apart: what needs a person goes before what is merely down, and
 * what is down shows only once its warning would, so that the icon does not flicker.
 */
export function trayState({ network, statuses, impaired, actionNeeded }: TrayFacts): TrayState {
  const seen = new Set(statuses);
  if (actionNeeded || seen.has('needs_you') || seen.has('blocked')) return 'action_needed';
  const anyUp = seen.has('up') || seen.has('degraded');
  if (seen.size === 0 || (network === 'down' && !anyUp)) return 'off';
  if (impaired) return 'some_down';
  return anyUp ? 'all_well' : 'connecting';
}
