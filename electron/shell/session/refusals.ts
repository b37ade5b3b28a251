import type { ErrorCode } from '../../contract/index.ts';

/** Counts what was refused at the boundary, by code, over all transports of this run. */
export class Refusals {
  readonly #counts = new Map<string, number>();

  count(code: ErrorCode | string): void {
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1);
  }

  of(code: ErrorCode): number {
    return this.#counts.get(code) ?? 0;
  }

  total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** `call.malformed 3, call.unknown 1`, or `none`; for logs and bug reports. */
  describe(): string {
    const parts = [...this.#counts].sort().map(([code, count]) => `${code} ${count}`);
    return parts.length === 0 ? 'none' : parts.join(', ');
  }
}
