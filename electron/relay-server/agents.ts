/** Who is registered, who is online, and who may speak for whom. */
import { hash, timingSafeEqual } from 'node:crypto';
import type { Cancel, Clock } from '../clock/clock.ts';
import { type RelayLimits, STALE_MS } from './limits.ts';
import { agentView, isoTime, Refusal } from './protocol.ts';
import type { AgentRecord, RegistryStorage } from './storage/storage.ts';

/** Who calls, as far as the connection and its headers tell. */
export interface Caller {
  /** The address that the connection came from. */
  readonly address: string;
  /** Whether it sends the header of the second version. */
  readonly modern: boolean;
  /** SHA-256 of the agent's secret that it presents. */
  readonly secret: Buffer | null;
}

/** What an agent says of itself. */
export type Introduction = Pick<
  AgentRecord,
  'agentId' | 'name' | 'capabilities' | 'machine' | 'description'
>;

/** Times of heartbeats are written this often, ms: a restart forgets no more of them. */
const HEARTBEATS_MS = 15_000;
/** Ids that nobody registered and that somebody used; the oldest are forgotten. */
const CLAIMS = 10_000;

const SECRET = /^[A-Za-z0-9_-]{32,128}$/;

/** SHA-256 of a secret; null where it has not the form of one. */
export const secretHash = (secret: unknown): Buffer | null =>
  typeof secret === 'string' && SECRET.test(secret) ? hash('sha256', secret, 'buffer') : null;

interface Entry {
  record: AgentRecord;
  /** The hash of its secret, as bytes. */
  readonly secret: Buffer | null;
  /** As it is listed; null = to be made anew. */
  listed: string | null;
  /** How long that was as it registered, UTF-8. */
  readonly bytes: number;
}

function entryOf(record: AgentRecord): Entry {
  const listed = JSON.stringify(agentView(record));
  const { secretHash: own } = record;
  const secret = own === null ? null : Buffer.from(own, 'hex');
  return { record, secret, listed, bytes: Buffer.byteLength(listed) };
}

export class Agents {
  readonly #storage: RegistryStorage;
  readonly #clock: Clock;
  readonly #limits: RelayLimits;
  readonly #agents = new Map<string, Entry>();
  readonly #claims = new Map<string, string>();
  readonly #seen = new Map<string, number>();
  readonly #trouble: (error: unknown) => void;
  /** What all of them say of themselves. */
  #bytes = 0;
  /** The whole list, good until somebody changes or becomes stale. */
  #list: { readonly head: Buffer; readonly count: number; readonly until: number } | null = null;
  #stop: Cancel = () => undefined;

  constructor(options: {
    readonly storage: RegistryStorage;
    readonly clock: Clock;
    readonly limits: RelayLimits;
    readonly trouble: (error: unknown) => void;
  }) {
    this.#storage = options.storage;
    this.#clock = options.clock;
    this.#limits = options.limits;
    this.#trouble = options.trouble;
  }

  async start(): Promise<void> {
    for (const record of await this.#storage.load()) {
      this.#keep(entryOf(record));
    }
    this.#stop = this.#clock.every(HEARTBEATS_MS, () => {
      this.flush().catch(this.#trouble);
    });
  }

  async stop(): Promise<void> {
    this.#stop();
    await this.flush();
  }

  get size(): number {
    return this.#agents.size;
  }

  has(agentId: string): boolean {
    return this.#agents.has(agentId);
  }

  name(agentId: string): string | null {
    return this.#agents.get(agentId)?.record.name ?? null;
  }

  ids(): Iterable<string> {
    return this.#agents.keys();
  }

  records(): AgentRecord[] {
    return [...this.#agents.values()].map(({ record }) => record);
  }

  isOnline({ lastHeartbeat }: AgentRecord): boolean {
    return this.#clock.now() - lastHeartbeat < STALE_MS;
  }

  /**
   * Whether this caller may speak for the agent: by its secret where it has one, else from the address
   * that it registered from. An id that nobody registered belongs to the address that used it first,
   * until it is registered.
   */
  mayBe(agentId: string, caller: Caller): boolean {
    const entry = this.#agents.get(agentId);
    if (!entry) {
      const claimed = this.#claims.get(agentId);
      if (claimed !== undefined) return claimed === caller.address;
      this.#claims.set(agentId, caller.address);
      const oldest = this.#claims.size > CLAIMS ? this.#claims.keys().next() : null;
      if (oldest && !oldest.done) this.#claims.delete(oldest.value);
      return true;
    }
    const { record, secret } = entry;
    if (secret === null) return record.address === caller.address;
    return caller.secret !== null && timingSafeEqual(caller.secret, secret);
  }

  /** @throws Refusal where this caller may not speak for the agent. */
  prove(agentId: string, caller: Caller): void {
    if (this.mayBe(agentId, caller)) return;
    throw new Refusal(401, 'relay.not_your_agent', `Unauthorized. ${agentId} is another agent`);
  }

  /**
   * Registers, or registers anew. The secret that the caller presents becomes the agent's own, where it
   * has none yet.
   * @throws Refusal not the caller's own id; no room for more agents.
   */
  async register(told: Introduction, caller: Caller): Promise<AgentRecord> {
    const entry = this.#agents.get(told.agentId);
    const before = entry?.record;
    if (before) this.prove(told.agentId, caller);
    else if (this.#agents.size >= this.#limits.agents) throw full();
    const now = this.#clock.now();
    const record: AgentRecord = {
      ...told,
      registeredAt: now,
      lastHeartbeat: now,
      address: caller.address,
      secretHash: before?.secretHash ?? caller.secret?.toString('hex') ?? null,
    };
    const made = entryOf(record);
    const more = made.bytes - (entry?.bytes ?? 0);
    // Who says no more than before comes back, also where more is known than would be taken now.
    if (more > 0 && this.#bytes + more > this.#limits.agentBytes) throw full();
    // Taken at once: two that register the same id in one moment must not both get it.
    this.#keep(made);
    this.#claims.delete(record.agentId);
    this.#list = null;
    await this.#storage.save(record);
    return record;
  }

  #keep(entry: Entry): void {
    const { agentId } = entry.record;
    this.#bytes += entry.bytes - (this.#agents.get(agentId)?.bytes ?? 0);
    this.#agents.set(agentId, entry);
  }

  /** A sign of life. False where nobody registered under this id. */
  touch(agentId: string): boolean {
    const entry = this.#agents.get(agentId);
    if (!entry) return false;
    const at = this.#clock.now();
    entry.record = { ...entry.record, lastHeartbeat: at };
    entry.listed = null;
    this.#list = null;
    this.#seen.set(agentId, at);
    return true;
  }

  /** How many are online, and the answer to `/discover` up to its time: encoded once, for all who ask. */
  list(): { readonly head: Buffer; readonly count: number } {
    const now = this.#clock.now();
    if (this.#list && now < this.#list.until) return this.#list;
    const texts: string[] = [];
    let until = Number.POSITIVE_INFINITY;
    for (const entry of this.#agents.values()) {
      const stale = entry.record.lastHeartbeat + STALE_MS;
      if (now >= stale) continue;
      until = Math.min(until, stale);
      entry.listed ??= JSON.stringify(agentView(entry.record));
      texts.push(entry.listed);
    }
    const head = Buffer.from(`{"agents":[${texts.join(',')}],"count":${texts.length}`);
    this.#list = { head, count: texts.length, until };
    return this.#list;
  }

  /** The answer to `/discover`, in two parts. */
  discovered(): { readonly head: Buffer; readonly text: string } {
    const { head } = this.list();
    return { head, text: `,"server_time":"${isoTime(this.#clock.now())}"}` };
  }

  /** Forgets who was silent for too long. @returns their ids. */
  async forgetSilent(): Promise<string[]> {
    const now = this.#clock.now();
    const { silentMs, silentWithSecretMs } = this.#limits;
    const gone = this.records()
      .filter(
        ({ lastHeartbeat, secretHash: own }) =>
          now - lastHeartbeat > (own === null ? silentMs : silentWithSecretMs),
      )
      .map(({ agentId }) => agentId);
    for (const agentId of gone) {
      this.#bytes -= this.#agents.get(agentId)?.bytes ?? 0;
      this.#agents.delete(agentId);
    }
    if (gone.length > 0) await this.#storage.remove(gone);
    return gone;
  }

  /** Writes the times of heartbeats that were seen since the last time. */
  async flush(): Promise<void> {
    if (this.#seen.size === 0) return;
    const seen = new Map(this.#seen);
    this.#seen.clear();
    await this.#storage.heartbeats(seen);
  }
}

const full = (): Refusal =>
  new Refusal(429, 'relay.full', 'no more agents can register here', {
    headers: { 'retry-after': '60' },
  });
