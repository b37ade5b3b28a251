/** The numbers of deliveries: they grow, and none is given twice, whatever was undone and whenever it crashed. */
import type { Store } from '../../store/store.ts';

/** So many are reserved at once: a crash loses the rest of a block, and there are 2^53. */
const BLOCK = 100_000;
const NAME = 'inbox';

/** Numbers for one open `relay.db`, handed out of blocks that are reserved on the disk. */
export class DeliveryNumbers {
  readonly #reserve: (upTo: number) => void;
  /** The last that was given. */
  #last: number;
  /** Up to here they are reserved on the disk, as far as a commit has shown it. */
  #reserved: number;
  /** What the write that runs now asked for; 0 = nothing. */
  #asked = 0;

  constructor(store: Store) {
    const read = store.prepare<{ up_to: number }, [string]>(
      'SELECT up_to FROM reserved WHERE name = ?',
    );
    const put = store.prepare<never, [string, number]>(
      `INSERT INTO reserved (name, up_to) VALUES (?, ?)
       ON CONFLICT (name) DO UPDATE SET up_to = excluded.up_to`,
    );
    this.#reserve = (upTo) => void put.run(NAME, upTo);
    this.#last = read.get(NAME)?.up_to ?? 0;
    this.#reserved = this.#last;
  }

  /**
   * Call inside the write that uses it, and give that write to {@link DeliveryNumbers.within}. A number
   * that is not reserved for sure yet is reserved by the same write: they stay together or go together.
   */
  next(): number {
    if (this.#last >= Math.max(this.#reserved, this.#asked)) {
      const upTo = this.#last + BLOCK;
      this.#reserve(upTo);
      this.#asked = upTo;
    }
    return ++this.#last;
  }

  /** Runs a write that takes numbers. A write that is undone reserved nothing. */
  within<T>(write: () => Promise<T>): Promise<T> {
    this.#asked = 0;
    const written = write();
    const asked = this.#asked;
    this.#asked = 0;
    if (asked === 0) return written;
    return written.then((value) => {
      this.#reserved = Math.max(this.#reserved, asked);
      return value;
    });
  }
}
