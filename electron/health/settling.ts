/** Waiting until a link has an answer to a new attempt. */
import type { Clock } from '../clock/clock.ts';
import { deadline } from '../clock/deadline.ts';

/** Those who wait for the outcome of an attempt. */
export class Settling {
  readonly #waiters = new Set<() => void>();

  /** It has an answer: whoever waits goes on. */
  settled(): void {
    for (const wake of [...this.#waiters]) wake();
  }

  /** Until then, or until the time is up, ms, or the outer signal aborted. Never rejects. */
  async wait(clock: Clock, limitMs: number, outer: AbortSignal): Promise<void> {
    const limit = deadline(clock, limitMs, outer);
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        this.#waiters.delete(wake);
        resolve();
      };
      this.#waiters.add(wake);
      limit.signal.addEventListener('abort', wake);
      if (limit.signal.aborted) wake();
    });
    limit.done();
  }
}
