/** What happened at the door, kept for the person: append-only, never a secret. */
import type { Clock } from '../clock/clock.ts';
import type { PeerId } from '../contract/index.ts';
import type { Store } from '../store/store.ts';

/** What is noted, as it stands in the database: a name that was once used keeps its meaning. */
export type AuditEvent =
  | 'token_issued'
  | 'token_revoked'
  | 'caller_refused'
  | 'caller_contradicted'
  | 'caller_locked_out'
  | 'caller_unknown'
  | 'invite_created'
  | 'invite_redeemed'
  | 'invite_refused'
  | 'invite_ended'
  | 'partnership_ended'
  | 'policy_changed'
  | 'task_blocked'
  | 'task_chain_ended'
  | 'task_held'
  | 'task_accepted'
  | 'task_declined'
  | 'task_answered'
  | 'task_stopped'
  | 'task_asked_back';

/** One line as the person reads it; `at` in ms since the epoch. */
export interface AuditRow {
  readonly at: number;
  readonly what: AuditEvent;
  readonly detail: string;
}

/** The log of the door, in the home's database; it outlives the peer that a line is about. */
export interface Audit {
  /** Inside `store.write`. */
  note(what: AuditEvent, peerId: PeerId | null, detail: string): void;
  /** The newest of a peer, newest first. */
  newestOf(peerId: PeerId, limit: number): readonly AuditRow[];
  /** On its own; a failure is logged, since nobody waits for it. */
  write(what: AuditEvent, peerId: PeerId | null, detail: string): void;
}

/** Rows kept; the oldest go first. */
const KEPT = 20_000;

/** Writes to the table `audit`. */
export function createAudit(store: Store, clock: Clock, log: (line: string) => void): Audit {
  const insert = store.prepare<never, [number, string, string | null, string]>(
    'INSERT INTO audit (at, what, peer_id, detail) VALUES (?, ?, ?, ?)',
  );
  const trim = store.prepare<never, [number]>(
    'DELETE FROM audit WHERE row <= (SELECT max(row) FROM audit) - ?',
  );
  const note: Audit['note'] = (what, peerId, detail) => {
    insert.run(clock.now(), what, peerId, detail.slice(0, 500));
    trim.run(KEPT);
  };
  const newest = store.prepare<AuditRow, [string, number]>(
    'SELECT at, what, detail FROM audit WHERE peer_id = ? ORDER BY row DESC LIMIT ?',
  );
  return {
    note,
    newestOf: (peerId, limit) => newest.all(peerId, limit),
    write: (what, peerId, detail) => {
      store
        .write(() => note(what, peerId, detail))
        .catch((error: unknown) => log(`an audit row was not kept: ${String(error)}`));
    },
  };
}
