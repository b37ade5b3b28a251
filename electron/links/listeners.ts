/** Who hears what a link tells. */
import type { LinkEvent } from './link.ts';

type Listener = (event: LinkEvent) => void;

/** Listeners of one link, told in the order in which they came. */
export class Listeners {
  #all: readonly Listener[] = [];
  readonly #log: ((level: 'warn', text: string) => void) | undefined;

  /** @param log hears of a listener that fails: the others are told all the same */
  constructor(log: ((level: 'warn', text: string) => void) | undefined) {
    this.#log = log;
  }

  /** @returns how to stop listening */
  on(listener: Listener): () => void {
    this.#all = [...this.#all, listener];
    return () => {
      this.#all = this.#all.filter((entry) => entry !== listener);
    };
  }

  tell(event: LinkEvent): void {
    for (const listener of this.#all) {
      try {
        listener(event);
      } catch (error) {
        this.#log?.('warn', `a listener failed: ${String(error)}`);
      }
    }
  }
}
