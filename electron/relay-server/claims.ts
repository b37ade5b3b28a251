/** Whose an id is under which nobody is registered. In memory, the newest of them. */
import { timingSafeEqual } from 'node:crypto';

/** Who calls, as far as the connection and its headers tell. */
export interface Caller {
  /** The address that the connection came from. */
  readonly address: string;
  /** Whether it sends the header of the second version. */
  readonly modern: boolean;
  /** SHA-256 of the agent's secret that it presents. */
  readonly secret: Buffer | null;
}

/** Whether this caller presents that secret. @param own its SHA-256 */
export const isSecret = ({ secret }: Caller, own: Buffer): boolean =>
  secret !== null && timingSafeEqual(secret, own);

const MOST = 10_000;

/**
 * Keeps an id that nobody registered, or that was forgotten, from being taken by a second caller. A
 * restart forgets it all.
 */
export class Claims {
  /** The address that used it first, or the hash of the secret of who was forgotten under it. */
  readonly #claims = new Map<string, string | Buffer>();

  /** What an agent was known by is not free for others once it is forgotten. */
  keep(agentId: string, secret: Buffer): void {
    this.#set(agentId, secret);
  }

  drop(agentId: string): void {
    this.#claims.delete(agentId);
  }

  /** Whether this caller may use the id; from then on it is that address's. */
  mayUse(agentId: string, caller: Caller): boolean {
    const claimed = this.#claims.get(agentId);
    if (typeof claimed === 'string') return claimed === caller.address;
    if (claimed) return isSecret(caller, claimed);
    this.#set(agentId, caller.address);
    return true;
  }

  /** Whether this caller may register under it: an address that only used it has no right to it. */
  mayRegister(agentId: string, caller: Caller): boolean {
    const claimed = this.#claims.get(agentId);
    return !(claimed instanceof Buffer) || isSecret(caller, claimed);
  }

  #set(agentId: string, by: string | Buffer): void {
    this.#claims.delete(agentId);
    this.#claims.set(agentId, by);
    const oldest = this.#claims.size > MOST ? this.#claims.keys().next() : null;
    if (oldest && !oldest.done) this.#claims.delete(oldest.value);
  }
}
