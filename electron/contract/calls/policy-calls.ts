/** Calls about what a peer may do here without the person. Only a window may make them. */
import * as z from 'zod';
import { PeerId } from '../ids.ts';
import { PeerPolicy, PolicyDecision, PolicyTargets, PolicyView } from '../views/index.ts';
import { nothing } from './app-calls.ts';
import { command, query } from './call.ts';

/** Seeing and setting a peer's policy, and what was decided by it. */
export const policyCalls = {
  'policy.view': query('window', z.object({ peerId: PeerId }), PolicyView),
  /**
   * From now on. What waits already goes on waiting. Fails with policy.unasked or policy.unproven
   * where `auto` is refused, policy.fixed where the configuration file forbids it.
   * `before` is what an undo sets again.
   */
  'policy.set': command(
    'window',
    z.object({ peerId: PeerId, policy: PeerPolicy }),
    z.object({ before: PeerPolicy, view: PolicyView }),
  ),
  /** The newest twenty decisions about a peer's work. */
  'policy.decisions': query(
    'window',
    z.object({ peerId: PeerId }),
    z.object({ decisions: z.array(PolicyDecision) }),
  ),
  /** The own gateway's agents, each looked at, and its sessions. */
  'policy.targets': query('window', nothing, PolicyTargets),
} as const;
