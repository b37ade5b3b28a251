import type { HookOutcome, MessageId, PeerId } from '../contract/index.ts';
import type { Store } from '../store/store.ts';

/** A row of `hooks`. */
export interface HookRow {
  /** Empty = of all peers without one of their own. */
  readonly peer_id: PeerId | '';
  readonly program: string;
  readonly arguments: string;
  readonly timeout_seconds: number;
  readonly mode: 'offer' | 'automatic';
}

/** A row of `hook_runs`; times in ms since the epoch. */
export interface RunRow {
  readonly id: number;
  readonly message_id: MessageId;
  readonly program: string;
  readonly by_itself: number;
  readonly started_at: number;
  readonly ended_at: number | null;
  readonly outcome: HookOutcome | null;
  readonly exit_code: number | null;
  readonly output: string;
}

/** Every statement over `hooks` and `hook_runs`. */
export function hookTable(store: Store) {
  return {
    all: store.prepare<HookRow>('SELECT * FROM hooks ORDER BY peer_id'),
    of: store.prepare<HookRow, [string]>(
      "SELECT * FROM hooks WHERE peer_id IN (?, '') ORDER BY peer_id DESC LIMIT 1",
    ),
    set: store.prepare<never, [string, string, string, number, string]>(
      `INSERT INTO hooks (peer_id, program, arguments, timeout_seconds, mode) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (peer_id) DO UPDATE SET program = excluded.program, arguments = excluded.arguments,
         timeout_seconds = excluded.timeout_seconds, mode = excluded.mode`,
    ),
    remove: store.prepare<never, [string]>('DELETE FROM hooks WHERE peer_id = ?'),
    begin: store.prepare<{ id: number }, [MessageId, string, number, number]>(
      `INSERT INTO hook_runs (message_id, program, by_itself, started_at) VALUES (?, ?, ?, ?)
       RETURNING id`,
    ),
    end: store.prepare<never, [number, string, number | null, string, number]>(
      'UPDATE hook_runs SET ended_at = ?, outcome = ?, exit_code = ?, output = ? WHERE id = ?',
    ),
    run: store.prepare<RunRow, [number]>('SELECT * FROM hook_runs WHERE id = ?'),
    runsOf: store.prepare<RunRow, [MessageId]>(
      'SELECT * FROM hook_runs WHERE message_id = ? ORDER BY id DESC LIMIT 20',
    ),
    /** Of an earlier start: nobody saw how they ended. */
    open: store.prepare<RunRow>('SELECT * FROM hook_runs WHERE ended_at IS NULL'),
  };
}
