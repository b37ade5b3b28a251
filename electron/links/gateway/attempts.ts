/**
 * Which process of the gateway a key was last given to. A key protects against doing the work twice
 * only within one process (docs/delivery-matrix.md), so another one may be given it only after the
 * history was asked there.
 */
import type { Clock } from '../../clock/clock.ts';
import { Recent, remember } from './recent.ts';

const OPEN_REMEMBERED = 500;
/** Nobody sends an answered message again by itself: a short memory is enough for what is late. */
const ANSWERED_REMEMBERED = 64;

/** Keys of one link with the boot ids that they went to; in memory, bounded in number. */
export class Attempts {
  private open: Map<string, string> | null = null;
  private readonly done: Recent<string>;

  constructor(clock: Clock) {
    this.done = new Recent(clock, ANSWERED_REMEMBERED);
  }

  /** The key was given to this process of the gateway. */
  note(key: string, bootId: string | null): void {
    if (bootId === null) return;
    this.open ??= new Map();
    this.done.delete(key);
    remember(this.open, key, bootId, OPEN_REMEMBERED);
  }

  /** The message of this key was answered. */
  answered(key: string): void {
    const bootId = this.open?.get(key);
    if (bootId === undefined) return;
    this.open?.delete(key);
    this.done.set(key, bootId);
  }

  /** True where the key was given to another process than this one. */
  crossed(key: string, bootId: string | null): boolean {
    const last = this.open?.get(key) ?? this.done.get(key);
    return last !== undefined && bootId !== null && last !== bootId;
  }

  /** How many keys are remembered. */
  get size(): number {
    return (this.open?.size ?? 0) + this.done.size;
  }
}
