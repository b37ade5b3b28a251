/** Remembers marks, the newest `limit` of them: a relay pushes some messages and queues them too. */
export class Seen {
  readonly #marks = new Set<string>();
  readonly #limit: number;

  constructor(limit = 5_000) {
    this.#limit = limit;
  }

  /** @returns true the first time. */
  first(mark: string): boolean {
    if (this.#marks.has(mark)) return false;
    this.#marks.add(mark);
    if (this.#marks.size > this.#limit) {
      for (const oldest of this.#marks) {
        this.#marks.delete(oldest);
        break;
      }
    }
    return true;
  }

  /** It was not taken after all: let it come again. */
  forget(mark: string): void {
    this.#marks.delete(mark);
  }

  clear(): void {
    this.#marks.clear();
  }
}
