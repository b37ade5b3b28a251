/** The last time that all was well beside the last thing that was not, remembered sparingly. */
import type { Clock } from '../clock/clock.ts';
import type { LadderView, RungView } from '../contract/index.ts';
import { errorRegistry } from '../contract/index.ts';

/** What is worth keeping over a restart. */
export interface Outcome {
  readonly lastGoodAt?: number;
  readonly lastError?: NonNullable<LadderView['lastError']>;
}

/** While all stays well, the time is written this often, ms. */
const SAVE_MS = 600_000;

/** Remembers one link’s last good time and last error. */
export class Outcomes {
  readonly #clock: Clock;
  readonly #remember: (outcome: Outcome) => void;
  #lastGoodAt: number | null;
  #lastError: LadderView['lastError'];
  #good = false;
  #savedAt = 0;
  #fault: string | null = null;

  constructor(clock: Clock, known: Outcome, remember: (outcome: Outcome) => void) {
    this.#clock = clock;
    this.#remember = remember;
    this.#lastGoodAt = known.lastGoodAt ?? null;
    this.#lastError = known.lastError ?? null;
  }

  get known(): Pick<LadderView, 'lastGoodAt' | 'lastError'> {
    return { lastGoodAt: this.#lastGoodAt, lastError: this.#lastError };
  }

  /** @param fault the lowest rung that failed; null where none did, or nothing is known yet */
  note(good: boolean, fault: RungView | null): void {
    if (good || this.#good) {
      this.#lastGoodAt = this.#clock.now();
      if (good !== this.#good || this.#lastGoodAt - this.#savedAt >= SAVE_MS) {
        this.#savedAt = this.#lastGoodAt;
        this.#remember({ lastGoodAt: this.#lastGoodAt });
      }
    }
    this.#good = good;
    // The same fault again after a mere retry is no new one.
    if (good) this.#fault = null;
    if (fault === null || fault.code === null || fault.code === this.#fault) return;
    this.#fault = fault.code;
    this.#lastError = {
      at: this.#clock.now(),
      code: fault.code,
      title: titleOf(fault.code) ?? fault.title,
      detail: fault.seen,
    };
    this.#remember({ lastError: this.#lastError });
  }
}

function titleOf(code: string): string | null {
  return Object.entries(errorRegistry).find(([key]) => key === code)?.[1].title ?? null;
}
