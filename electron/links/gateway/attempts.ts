/**
 * Which process of the gateway a key was last given to. A key protects against doing the work twice
 * only within one process (docs/delivery-matrix.md), so another one may be given it only after the
 * history was asked there.
 */
const REMEMBERED = 500;

export class Attempts {
  private readonly bootIds = new Map<string, string>();

  note(key: string, bootId: string | null): void {
    if (bootId === null) return;
    this.bootIds.delete(key);
    this.bootIds.set(key, bootId);
    const oldest = this.bootIds.keys().next().value;
    if (this.bootIds.size > REMEMBERED && oldest !== undefined) this.bootIds.delete(oldest);
  }

  /** True where the key was given to another process than this one. */
  crossed(key: string, bootId: string | null): boolean {
    const last = this.bootIds.get(key);
    return last !== undefined && bootId !== null && last !== bootId;
  }
}
