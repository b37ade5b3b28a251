/** So many sent messages are remembered by sender and id. */
const REMEMBERED = 20_000;

/**
 * Does a thing once per key, for senders that repeat themselves after an answer that did not come. What
 * failed may be tried again. Nothing is remembered over a restart: recipients know a message by its id.
 */
export class Repeats {
  readonly #done = new Map<string, Promise<void>>();

  /** Resolves when it is done, by this call or an earlier one. */
  once(key: string, task: () => Promise<void>): Promise<void> {
    const before = this.#done.get(key);
    if (before) return before;
    const done = task();
    this.#done.set(key, done);
    done.catch(() => this.#done.delete(key));
    if (this.#done.size > REMEMBERED) {
      const oldest = this.#done.keys().next();
      if (!oldest.done) this.#done.delete(oldest.value);
    }
    return done;
  }
}
