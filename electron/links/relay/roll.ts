/** Who is at one relay, as far as we know: what it lists, and who joined since. */
import type { Roll } from './requests.ts';
import type { WireAgent } from './wire.ts';

/** An agent that the relay lists, with when it was last heard by our clock. */
export interface KnownAgent extends WireAgent {
  readonly seenAt: number | null;
}

/** So many are known at once, the newest of them: a relay may name as many as it likes. */
const MOST = 10_000;

/** The list, kept over a lost connection until the relay gives another. */
export class AgentRoll {
  #agents = new Map<string, KnownAgent>();
  /** Who joined since the list was asked for, which may not have them yet. */
  #joined = new Map<string, KnownAgent>();
  #asking = false;

  get agents(): ReadonlyMap<string, KnownAgent> {
    return this.#agents;
  }

  /** The relay is asked for its list. */
  ask(): void {
    this.#asking = true;
    this.#joined.clear();
  }

  /**
   * Its list: whoever is not on it is gone.
   * @param us left out.
   * @param now ms since the epoch, by our clock.
   */
  read({ agents, serverTime }: Roll, us: string, now: number): void {
    const known = agents
      .filter(({ id }) => id !== us)
      .map((agent) => ({ ...agent, seenAt: seenAt(agent, serverTime, now) }));
    this.#agents = new Map(known.slice(-MOST).map((agent) => [agent.id, agent]));
    for (const agent of this.#joined.values()) this.#add(this.#agents, agent);
    this.#forget();
  }

  /** The list did not come. */
  missed(): void {
    this.#forget();
  }

  /** Somebody was announced. */
  join(agent: WireAgent, now: number): void {
    const known = { ...agent, seenAt: now };
    this.#add(this.#agents, known);
    if (this.#asking) this.#add(this.#joined, known);
  }

  #forget(): void {
    this.#asking = false;
    this.#joined.clear();
  }

  /** The newest last; the oldest makes room. */
  #add(to: Map<string, KnownAgent>, agent: KnownAgent): void {
    to.delete(agent.id);
    to.set(agent.id, agent);
    const oldest = to.size > MOST ? to.keys().next() : null;
    if (oldest && !oldest.done) to.delete(oldest.value);
  }
}

/** How long ago the relay heard it, by the relay's own clock, counted back from now by ours. */
function seenAt(agent: WireAgent, serverTime: number | null, now: number): number | null {
  if (agent.heartbeatAt === null || serverTime === null) return null;
  const age = serverTime - agent.heartbeatAt;
  // A relay that contradicts itself tells nothing.
  return age < -5_000 || age > 86_400_000 ? null : now - Math.max(0, age);
}
