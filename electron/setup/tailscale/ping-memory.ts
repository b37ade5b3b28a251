/** The last ping of each machine, as long as the machine is in the list. */
import type { TailnetPath } from '../../contract/index.ts';

/** In memory only: after a restart every machine counts as not pinged. */
export class PingMemory {
  readonly #paths = new Map<string, TailnetPath>();

  /** By a machine's id. */
  get paths(): ReadonlyMap<string, TailnetPath> {
    return this.#paths;
  }

  note(nodeId: string, path: TailnetPath): void {
    this.#paths.set(nodeId, path);
  }

  /** Forgets those of machines that are gone. */
  keepOnly(machines: readonly { readonly id: string }[]): void {
    const ids = new Set(machines.map(({ id }) => id));
    for (const id of [...this.#paths.keys()]) if (!ids.has(id)) this.#paths.delete(id);
  }
}
