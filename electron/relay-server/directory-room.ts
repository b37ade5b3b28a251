/**
 * How much all agents, and those of each address, may say of themselves, and who is forgotten where one
 * more would be too much. One member that registers without end fills the part of its own address.
 */
import type { RelayLimits } from './limits.ts';
import type { AgentRecord } from './storage/storage.ts';

interface Amount {
  readonly agents: number;
  readonly bytes: number;
}

/** What is too much. */
export interface Excess extends Amount {
  /** Of whom; null = of all together. */
  readonly address: string | null;
  /** What is freed if anything is: some to spare, so that not each newcomer looks through all of them. */
  readonly wish: Amount;
}

/** An agent that might be forgotten. */
export type Candidate = Pick<
  AgentRecord,
  'agentId' | 'address' | 'registeredAt' | 'lastHeartbeat' | 'secretHash'
> & { readonly bytes: number };

/** This part of a limit is freed to spare. */
const FREED_AT_ONCE = 1 / 64;

const NOTHING: Amount = { agents: 0, bytes: 0 };

/**
 * Counts agents and what they say of themselves (UTF-8 bytes), by address and in all. It forgets
 * nobody by itself.
 */
export class DirectoryRoom {
  readonly #limits: RelayLimits;
  readonly #of = new Map<string, Amount>();
  #all: Amount = NOTHING;

  constructor(limits: RelayLimits) {
    this.#limits = limits;
  }

  add(address: string, bytes: number): void {
    this.#change(address, { agents: 1, bytes });
  }

  remove(address: string, bytes: number): void {
    this.#change(address, { agents: -1, bytes: -bytes });
  }

  /** What would be too much with this much more from an address; null = there is room. */
  excess(address: string, more: Amount): Excess | null {
    const { agents, agentBytes, addressShare } = this.#limits;
    const own = over(this.#of.get(address) ?? NOTHING, more, {
      agents: Math.floor(agents * addressShare),
      bytes: Math.floor(agentBytes * addressShare),
    });
    if (own) return { ...own, address };
    const all = over(this.#all, more, { agents, bytes: agentBytes });
    return all && { ...all, address: null };
  }

  #change(address: string, by: Amount): void {
    this.#all = sum(this.#all, by);
    const of = sum(this.#of.get(address) ?? NOTHING, by);
    if (of.agents === 0) this.#of.delete(address);
    else this.#of.set(address, of);
  }
}

const sum = (a: Amount, b: Amount): Amount => ({
  agents: a.agents + b.agents,
  bytes: a.bytes + b.bytes,
});

function over(held: Amount, more: Amount, limit: Amount): Omit<Excess, 'address'> | null {
  const agents = held.agents + more.agents - limit.agents;
  const bytes = held.bytes + more.bytes - limit.bytes;
  const isOver = (more.agents > 0 && agents > 0) || (more.bytes > 0 && bytes > 0);
  if (!isOver) return null;
  const spare = (excess: number, of: number): number =>
    excess > 0 ? excess + Math.floor(of * FREED_AT_ONCE) : 0;
  return {
    agents: Math.max(0, agents),
    bytes: Math.max(0, bytes),
    wish: { agents: spare(agents, limit.agents), bytes: spare(bytes, limit.bytes) },
  };
}

/**
 * Chooses who goes: first who was never heard of again after it registered, then who has no secret (such
 * clients come back under another id), and of both who is absent longest.
 * @param absent who is neither connected nor online, and has nothing waiting.
 * @returns null where all of them would not be enough.
 */
export function whoGoes<C extends Candidate>(absent: readonly C[], excess: Excess): C[] | null {
  const worth = ({ lastHeartbeat, registeredAt, secretHash }: C): number =>
    lastHeartbeat <= registeredAt ? 0 : secretHash === null ? 1 : 2;
  const sorted = absent.toSorted(
    (a, b) => worth(a) - worth(b) || a.lastHeartbeat - b.lastHeartbeat,
  );
  const gone: C[] = [];
  let bytes = 0;
  for (const one of sorted) {
    if (gone.length >= excess.wish.agents && bytes >= excess.wish.bytes) break;
    gone.push(one);
    bytes += one.bytes;
  }
  return gone.length >= excess.agents && bytes >= excess.bytes ? gone : null;
}
