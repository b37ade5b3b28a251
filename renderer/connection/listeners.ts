/** A set of listeners of one kind. */
export class Listeners<T> {
  readonly #all = new Set<(value: T) => void>();

  /** Adds a listener. Returns how to take it away. */
  add(listener: (value: T) => void): () => void {
    this.#all.add(listener);
    return () => {
      this.#all.delete(listener);
    };
  }

  /** Tells all of them. */
  tell(value: T): void {
    for (const listener of this.#all) listener(value);
  }
}
