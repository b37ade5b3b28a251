/** The policies of peers, and what of a day's budget each used. */
import type { Clock } from '../../clock/clock.ts';
import { DEFAULT_POLICY, type PeerId, PeerPolicy } from '../../contract/index.ts';
import type { Store } from '../../store/store.ts';
import type { Partners } from '../options.ts';
import { dayOf } from './judge.ts';

/** What was let through without the person today. */
export interface Use {
  readonly tasks: number;
  readonly busyMs: number;
}

/** Kept by peer, in the database. Days are those of this machine's clock and time zone. */
export interface Policies {
  /** As it counts now: what the person chose, as far as the configuration file allows it. */
  of(peerId: PeerId): PeerPolicy;
  /** What the person chose. */
  chosen(peerId: PeerId): PeerPolicy;
  /** When it was last changed; 0 = never. */
  changedAt(peerId: PeerId): number;
  /** @param note writes in the same commit. */
  set(peerId: PeerId, policy: PeerPolicy, note: () => void): Promise<void>;
  used(peerId: PeerId): Use;
  /**
   * Inside `store.write`.
   * @param at on the day of which it counts; now where it is left out. What is given back belongs to the
   * day from which it was taken.
   */
  use(peerId: PeerId, more: Partial<Use>, at?: number): void;
}

/** Days of use that are kept, for whoever looks back. */
const KEPT_DAYS = 90;
const DAY_MS = 24 * 3_600_000;

/** Keeps the tables `peer_policies` and `policy_use`. */
export function createPolicies(
  store: Store,
  clock: Clock,
  partners: Pick<Partners, 'fixedPolicy'>,
  log: (line: string) => void,
): Policies {
  const byPeer = store.prepare<{ policy: string; changed_at: number }, [string]>(
    'SELECT policy, changed_at FROM peer_policies WHERE peer_id = ?',
  );
  const put = store.prepare<never, [string, string, number]>(
    `INSERT INTO peer_policies (peer_id, policy, changed_at) VALUES (?, ?, ?)
     ON CONFLICT (peer_id) DO UPDATE SET policy = excluded.policy, changed_at = excluded.changed_at`,
  );
  const usedOn = store.prepare<{ tasks: number; busy_ms: number }, [string, string]>(
    'SELECT tasks, busy_ms FROM policy_use WHERE peer_id = ? AND day = ?',
  );
  const add = store.prepare<never, [string, string, number, number]>(
    `INSERT INTO policy_use (peer_id, day, tasks, busy_ms) VALUES (?, ?, ?, ?)
     ON CONFLICT (peer_id, day) DO UPDATE SET tasks = tasks + excluded.tasks,
       busy_ms = busy_ms + excluded.busy_ms`,
  );
  const forget = store.prepare<never, [string]>('DELETE FROM policy_use WHERE day < ?');
  // Read for each task that comes, and rarely changed.
  const held = new Map<PeerId, PeerPolicy>();

  const chosen: Policies['chosen'] = (peerId) => {
    const known = held.get(peerId);
    if (known) return known;
    const row = byPeer.get(peerId);
    let policy = DEFAULT_POLICY;
    if (row) {
      const parsed = PeerPolicy.safeParse(JSON.parse(row.policy));
      // What is not understood lets nothing through.
      if (parsed.success) policy = parsed.data;
      else log(`the policy of ${peerId} is not usable; its tasks wait for the person`);
    }
    if (held.size > 10_000) held.clear();
    held.set(peerId, policy);
    return policy;
  };

  return {
    chosen,
    of: (peerId) => {
      const policy = chosen(peerId);
      const fixed = partners.fixedPolicy(peerId);
      if (fixed === 'block') return { ...policy, mode: 'block' };
      return fixed === 'ask' && policy.mode === 'auto' ? { ...policy, mode: 'ask' } : policy;
    },
    changedAt: (peerId) => byPeer.get(peerId)?.changed_at ?? 0,
    set: async (peerId, policy, note) => {
      await store.write(() => {
        put.run(peerId, JSON.stringify(policy), clock.now());
        note();
      });
      held.set(peerId, policy);
    },
    used: (peerId) => {
      const row = usedOn.get(peerId, dayOf(clock.now()));
      return { tasks: row?.tasks ?? 0, busyMs: row?.busy_ms ?? 0 };
    },
    use: (peerId, { tasks = 0, busyMs = 0 }, at) => {
      const now = clock.now();
      add.run(peerId, dayOf(at ?? now), tasks, Math.round(busyMs));
      forget.run(dayOf(now - KEPT_DAYS * DAY_MS));
    },
  };
}
