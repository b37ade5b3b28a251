import type { Clock } from '../../clock/clock.ts';

/** Sets a key as the newest one, and lets the oldest go where there are more than `most`. */
export function remember<V>(map: Map<string, V>, key: string, value: V, most: number): void {
  map.delete(key);
  map.set(key, value);
  const oldest = map.keys().next().value;
  if (map.size > most && oldest !== undefined) map.delete(oldest);
}

/** What is over is told twice within moments, or not at all: ms for which it is remembered. */
const KEEP_MS = 15 * 60_000;

/** A short memory of what is over: bounded in number and in age. */
export class Recent<V> {
  private readonly clock: Clock;
  private readonly most: number;
  private held: Map<string, { readonly value: V; readonly at: number }> | null = null;

  /** @param most so many keys at the most; the oldest goes first. */
  constructor(clock: Clock, most: number) {
    this.clock = clock;
    this.most = most;
  }

  /** Remembers a key from now on. What has become too old is let go. */
  set(key: string, value: V): void {
    const now = this.clock.monotonic();
    this.held ??= new Map();
    for (const [old, { at }] of this.held) {
      if (at > now - KEEP_MS) break;
      this.held.delete(old);
    }
    remember(this.held, key, { value, at: now }, this.most);
  }

  get(key: string): V | undefined {
    return this.held?.get(key)?.value;
  }

  has(key: string): boolean {
    return this.held?.has(key) ?? false;
  }

  delete(key: string): void {
    this.held?.delete(key);
  }

  get size(): number {
    return this.held?.size ?? 0;
  }
}
