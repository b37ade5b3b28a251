/**
 * Which process of the gateway a key was last given to. A key protects against doing the work twice
 * only within one process (docs/delivery-matrix.md), so another one may be given it only after the
 * history was asked there.
 */
const OPEN_REMEMBERED = 500;
/** Nobody sends an answered message again by itself: a short memory is enough for what is late. */
const ANSWERED_REMEMBERED = 64;

function remember(known: Map<string, string>, key: string, bootId: string, most: number): void {
  known.delete(key);
  known.set(key, bootId);
  const oldest = known.keys().next().value;
  if (known.size > most && oldest !== undefined) known.delete(oldest);
}

export class Attempts {
  private open: Map<string, string> | null = null;
  private done: Map<string, string> | null = null;

  /** The key was given to this process of the gateway. */
  note(key: string, bootId: string | null): void {
    if (bootId === null) return;
    this.open ??= new Map();
    this.done?.delete(key);
    remember(this.open, key, bootId, OPEN_REMEMBERED);
  }

  /** The message of this key was answered. */
  answered(key: string): void {
    const bootId = this.open?.get(key);
    if (bootId === undefined) return;
    this.open?.delete(key);
    this.done ??= new Map();
    remember(this.done, key, bootId, ANSWERED_REMEMBERED);
  }

  /** True where the key was given to another process than this one. */
  crossed(key: string, bootId: string | null): boolean {
    const last = this.open?.get(key) ?? this.done?.get(key);
    return last !== undefined && bootId !== null && last !== bootId;
  }

  /** How many keys are remembered. */
  get size(): number {
    return (this.open?.size ?? 0) + (this.done?.size ?? 0);
  }
}
