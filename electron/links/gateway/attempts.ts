/**
 * Which process of the gateway a key was last given to. A key protects against doing the work twice
 * only within one process (docs/delivery-matrix.md), so another one may be given it only after the
 * history was asked there.
 */
const REMEMBERED = 500;

export class Attempts {
  private known: Map<string, string> | null = null;

  note(key: string, bootId: string | null): void {
    if (bootId === null) return;
    const known = this.known ?? new Map<string, string>();
    this.known = known;
    known.delete(key);
    known.set(key, bootId);
    const oldest = known.keys().next().value;
    if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest);
  }

  /** True where the key was given to another process than this one. */
  crossed(key: string, bootId: string | null): boolean {
    const last = this.known?.get(key);
    return last !== undefined && bootId !== null && last !== bootId;
  }
}
