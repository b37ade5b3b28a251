/** When to try again, and when slow is slow: numbers and nothing else. */
export { backoffMs } from '../backoff.ts';

/** An approval takes a person: ask at 15, 30, then every 60 s. */
export function approvalMs(asked: number, random: () => number): number {
  const base = asked <= 0 ? 15_000 : asked === 1 ? 30_000 : 60_000;
  return Math.round(base * (1 + 0.1 * random()));
}

/** Answers over this many ms are slow. */
export const SLOW_MS = 2000;
/** A slow link has to answer within this to count as well again. */
const WELL_MS = 1500;

/**
 * Hysteresis of slowness: it takes two slow answers in a row to be slow, and two quick ones to be
 * well again, so that one hiccup changes nothing on the screen.
 */
export class Pace {
  private slow = false;
  private against = 0;

  /** @returns whether the verdict changed, and whether a second opinion is wanted soon. */
  add(ms: number): { changed: boolean; unsure: boolean } {
    const disagrees = this.slow ? ms < WELL_MS : ms > SLOW_MS;
    this.against = disagrees ? this.against + 1 : 0;
    if (this.against < 2) return { changed: false, unsure: disagrees };
    this.slow = !this.slow;
    this.against = 0;
    return { changed: true, unsure: false };
  }

  get isSlow(): boolean {
    return this.slow;
  }

  reset(): void {
    this.slow = false;
    this.against = 0;
  }
}
