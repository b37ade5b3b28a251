/** Used idempotency keys and the ends of runs, kept in memory for a while as OpenClaw does. */
import type { Clock } from '../clock/clock.ts';

/** How long a used key is remembered (observed: 300 s, in memory only). */
const KEY_MEMORY_MS = 300_000;
const ENTRIES = 1000;

/** Keeps a map to its newest entries. */
function trim(map: Map<string, unknown>): void {
  const oldest = map.keys().next().value;
  if (map.size > ENTRIES && oldest !== undefined) map.delete(oldest);
}

interface UsedKey {
  readonly at: number;
  readonly sessionKey: string;
  readonly text: string;
  done: boolean;
}

/** The newest 1,000 keys of one process: gone with it, as with OpenClaw. */
export class UsedKeys {
  private readonly clock: Clock;
  private readonly keys = new Map<string, UsedKey>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** `forgotten` = used in this process, but more than five minutes ago. */
  state(key: string): 'unused' | 'running' | 'done' | 'forgotten' {
    const entry = this.keys.get(key);
    if (!entry) return 'unused';
    if (this.clock.now() - entry.at >= KEY_MEMORY_MS) return 'forgotten';
    return entry.done ? 'done' : 'running';
  }

  /** The same key with another text in the same session is refused (observed). */
  conflicts(key: string, sessionKey: string, text: string): boolean {
    const entry = this.keys.get(key);
    return entry !== undefined && entry.sessionKey === sessionKey && entry.text !== text;
  }

  use(key: string, sessionKey: string, text: string): void {
    this.keys.delete(key);
    this.keys.set(key, { at: this.clock.now(), sessionKey, text, done: false });
    trim(this.keys);
  }

  done(key: string): void {
    const entry = this.keys.get(key);
    if (entry) entry.done = true;
  }
}

/** How a run ended; `text`: as far as it had answered. `endedAt`: ms since the epoch. */
export interface RunOutcome {
  readonly status: 'ok' | 'error' | 'aborted';
  readonly text: string;
  readonly endedAt: number;
}

/** Ends of the newest 1,000 runs, by run id, and whoever waits for one. */
export class Outcomes {
  private readonly clock: Clock;
  private readonly known = new Map<string, RunOutcome>();
  private readonly waiters = new Map<string, Set<(outcome: RunOutcome) => void>>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  settle(runId: string, outcome: RunOutcome): void {
    this.known.set(runId, outcome);
    trim(this.known);
    for (const wake of this.waiters.get(runId) ?? []) wake(outcome);
    this.waiters.delete(runId);
  }

  /** Waits for a run's end (`agent.wait`); undefined when the time is up. */
  wait(runId: string, timeoutMs: number): Promise<RunOutcome | undefined> {
    const known = this.known.get(runId);
    if (known) return Promise.resolve(known);
    return new Promise((resolve) => {
      const waiters = this.waiters.get(runId) ?? new Set();
      this.waiters.set(runId, waiters);
      const wake = (outcome: RunOutcome): void => {
        cancel();
        resolve(outcome);
      };
      const cancel = this.clock.after(timeoutMs, () => {
        waiters.delete(wake);
        resolve(undefined);
      });
      waiters.add(wake);
    });
  }
}
