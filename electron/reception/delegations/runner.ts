/** Looks for accepted work that can begin or go on, and takes it up: one at a time in each session. */
import type { Cancel } from '../../clock/clock.ts';
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
  readonly #forgetReady: () => void;

  constructor(options: CourseOptions) {
    this.#options = options;
    this.#course = new Course(options, this.#stop.signal);
    this.#forgetReady = options.agents.onReady(() => this.wake());
  }

  /** Looks for work: after a decision, when the gateway is back, when incoming work goes on. */
  wake(): void {
    if (this.#stop.signal.aborted || this.#options.agents.trouble()) return;
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
      .then((againInMs) => {
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

  /** Stops its run at the gateway, where there is one. False where that could not be done now. */
  halt(d: Delegation): Promise<boolean> {
    return this.#course.halt(d);
  }
}
