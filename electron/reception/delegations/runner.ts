/** Looks for accepted work that can begin or go on, and takes it up: one at a time in each session. */
import type { Cancel } from '../../clock/clock.ts';
import { type DelegationId, isOver } from '../../contract/index.ts';
import {
  Course,
  type CourseOptions,
  isPlaced,
  isUnderWay,
  type Placed,
  RETRY_MS,
} from './course.ts';
import type { Delegation } from './rows.ts';

/** One lane per session: OpenClaw puts a second message into a run that goes on. */
export class Runner {
  readonly #options: CourseOptions;
  readonly #stop = new AbortController();
  readonly #course: Course;
  /** Sessions with work under way. */
  readonly #busy = new Map<string, Promise<void>>();
  readonly #timers = new Set<Cancel>();
  /** Over, while a run of theirs may go on that could not be stopped; null = nobody looked yet. */
  #left: Map<DelegationId, Delegation> | null = null;
  readonly #forgetReady: () => void;

  constructor(options: CourseOptions) {
    this.#options = options;
    this.#course = new Course(options, this.#stop.signal);
    this.#forgetReady = options.agents.onReady(() => this.wake());
  }

  /** Looks for work: after a decision, when the gateway is back, when incoming work goes on. */
  wake(): void {
    if (this.#stop.signal.aborted || this.#options.agents.trouble()) return;
    // First, as nothing more may go into their sessions meanwhile.
    for (const d of this.#leftOver().values()) {
      if (isPlaced(d) && !this.#busy.has(d.sessionKey)) this.#begin(d);
    }
    for (const d of this.#options.ledger.table.open()) {
      if (!isUnderWay(d) || !isPlaced(d) || this.#busy.has(d.sessionKey)) continue;
      if (d.phase === 'none' && this.#options.paused()) continue;
      this.#begin(d);
    }
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    this.#forgetReady();
    for (const cancel of this.#timers) cancel();
    await Promise.all(this.#busy.values());
  }

  #begin(d: Placed): void {
    const work = this.#course
      .run(d)
      .catch((error: unknown) => {
        this.#options.log(`delegation ${d.id}: ${String(error)}`);
        return RETRY_MS;
      })
      .then(async (againInMs) => {
        await this.#noteEnd(d, againInMs !== null);
        this.#busy.delete(d.sessionKey);
        if (againInMs === null) this.wake();
        else this.#later(againInMs);
      });
    this.#busy.set(d.sessionKey, work);
  }

  #later(ms: number): void {
    if (this.#stop.signal.aborted) return;
    const cancel = this.#options.clock.after(ms, () => {
      this.#timers.delete(cancel);
      this.wake();
    });
    this.#timers.add(cancel);
  }

  #leftOver(): Map<DelegationId, Delegation> {
    const { table } = this.#options.ledger;
    this.#left ??= new Map(table.leftByHand().map((d) => [d.id, d]));
    return this.#left;
  }

  /** Never rejects. @param goesOn a run of it may still be there. */
  async #noteEnd({ id }: Delegation, goesOn: boolean): Promise<void> {
    const { ledger, log } = this.#options;
    const now = ledger.table.byId(id);
    if (now && isOver(now.state) && goesOn) {
      this.#leftOver().set(id, now);
      return;
    }
    this.#leftOver().delete(id);
    const isDoubtful = now?.decision?.what === 'answered' && now.phase !== 'none';
    if (!isDoubtful) return;
    // Or it would be looked for again after the next start.
    await ledger
      .change(id, ({ changedAt }) => ({ phase: 'none', changedAt }))
      .catch((error: unknown) => log(`delegation ${id}: ${String(error)}`));
  }

  /**
   * Stops its run at the gateway, where there is one. False where that could not be done now: one that is
   * over by then is stopped as soon as it can be.
   */
  async halt(d: Delegation): Promise<boolean> {
    const stopped = await this.#course.halt(d);
    const isWatched = d.sessionKey !== null && this.#busy.has(d.sessionKey);
    if (!stopped || !isWatched) await this.#noteEnd(d, !stopped);
    if (!stopped && !isWatched) this.#later(RETRY_MS);
    return stopped;
  }
}
