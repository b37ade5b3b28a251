/** How often somebody may knock, and for how long nobody opens after wrong keys. Pure but for its clock. */
import type { Clock } from './clock.ts';

/** A bucket of tokens: each knock takes one, and they come back with time. */
export interface RateOptions {
  /** How many at once. */
  readonly burst: number;
  /** How many come back in a second. */
  readonly perSecond: number;
}

/** Who is remembered at most; the longest silent go first. */
const REMEMBERED = 10_000;

/** Makes room for one more: the one that was set longest ago goes. */
function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= REMEMBERED) return;
  const oldest = map.keys().next();
  if (!oldest.done) map.delete(oldest.value);
}

/** A token bucket per caller. */
export class RateLimiter {
  readonly #clock: Clock;
  readonly #options: RateOptions;
  readonly #buckets = new Map<string, { left: number; at: number }>();

  constructor(clock: Clock, options: RateOptions) {
    this.#clock = clock;
    this.#options = options;
  }

  /** 0 = go on; else after how many ms to come again. */
  take(key: string): number {
    const now = this.#clock.monotonic();
    const left = this.#left(key, now);
    remember(this.#buckets, key, { left: left < 1 ? left : left - 1, at: now });
    return left < 1 ? this.#msUntil(1 - left) : 0;
  }

  /**
   * For what came already and is done all the same: it is owed where there is none left.
   * @returns 0, or for how many ms nothing more should be heard.
   */
  owe(key: string): number {
    const now = this.#clock.monotonic();
    const left = this.#left(key, now) - 1;
    remember(this.#buckets, key, { left, at: now });
    return left < 0 ? this.#msUntil(-left) : 0;
  }

  #left(key: string, now: number): number {
    const { burst, perSecond } = this.#options;
    const before = this.#buckets.get(key) ?? { left: burst, at: now };
    return Math.min(burst, before.left + ((now - before.at) / 1000) * perSecond);
  }

  #msUntil(lacking: number): number {
    return Math.ceil((lacking / this.#options.perSecond) * 1000);
  }
}

/** So many failures within this time, ms, and the door stays shut for a while. */
export const LOCKOUT = { failures: 10, withinMs: 60_000, forMs: 300_000 } as const;

/** Counts wrong tokens and codes per caller. */
export class Lockout {
  readonly #clock: Clock;
  readonly #seen = new Map<string, { failures: number[]; until: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Ms until the door opens again; 0 = it is open. */
  left(key: string): number {
    const until = this.#seen.get(key)?.until ?? 0;
    return Math.max(0, until - this.#clock.monotonic());
  }

  /** Notes one failure. True where that shut the door. */
  fail(key: string): boolean {
    const now = this.#clock.monotonic();
    const seen = this.#seen.get(key);
    // Failures that were under way when the door shut do not open it again.
    if (seen && seen.until > now) return false;
    const before = seen?.failures ?? [];
    const failures = [...before.filter((at) => now - at < LOCKOUT.withinMs), now];
    const shut = failures.length >= LOCKOUT.failures;
    remember(this.#seen, key, {
      failures: shut ? [] : failures,
      until: shut ? now + LOCKOUT.forMs : 0,
    });
    return shut;
  }
}
