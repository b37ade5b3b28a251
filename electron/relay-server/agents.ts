/** Who is registered, who is online, and who may speak for whom. */
import { hash } from 'node:crypto';
import type { Cancel, Clock } from '../clock/clock.ts';
import { type Caller, Claims, isSecret } from './claims.ts';
import { type Candidate, DirectoryRoom, whoGoes } from './directory-room.ts';
import { type RelayLimits, STALE_MS } from './limits.ts';
import { agentView, isoTime, Refusal } from './protocol.ts';
import type { AgentRecord, RegistryStorage } from './storage/storage.ts';

/** What an agent says of itself. */
export type Introduction = Pick<
  AgentRecord,
  'agentId' | 'name' | 'capabilities' | 'machine' | 'description'
>;

/** Times of heartbeats are written this often, ms: a restart forgets no more of them. */
const HEARTBEATS_MS = 15_000;
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

/**
 * The relay's directory: held in memory, written to the storage upon each registration. A {@link
 * Refusal} says why one is turned away.
 */
export class Agents {
  readonly #storage: RegistryStorage;
  readonly #clock: Clock;
  readonly #limits: RelayLimits;
  readonly #agents = new Map<string, Entry>();
  readonly #claims = new Claims();
  readonly #seen = new Map<string, number>();
  readonly #trouble: (error: unknown) => void;
  readonly #isNeeded: (agentId: string) => boolean;
  readonly #room: DirectoryRoom;
  /** The whole list, good until somebody changes or becomes stale. */
  #list: { readonly head: Buffer; readonly count: number; readonly until: number } | null = null;
  #stop: Cancel = () => undefined;

  constructor(options: {
    readonly storage: RegistryStorage;
    readonly clock: Clock;
    readonly limits: RelayLimits;
    /** It is connected, or something waits for it: it is not forgotten to make room for others. */
    readonly isNeeded: (agentId: string) => boolean;
    readonly trouble: (error: unknown) => void;
  }) {
    this.#storage = options.storage;
    this.#clock = options.clock;
    this.#limits = options.limits;
    this.#isNeeded = options.isNeeded;
    this.#trouble = options.trouble;
    this.#room = new DirectoryRoom(options.limits);
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
    if (!entry) return this.#claims.mayUse(agentId, caller);
    const { record, secret } = entry;
    if (secret === null) return record.address === caller.address;
    return isSecret(caller, secret);
  }

  /** @throws Refusal where this caller may not speak for the agent. */
  prove(agentId: string, caller: Caller): void {
    if (!this.mayBe(agentId, caller)) throw another(agentId);
  }

  /**
   * Registers, or registers anew. The secret that the caller presents becomes the agent's own, where it
   * has none yet. Where there is no room, agents that are absent for long are forgotten.
   * @throws Refusal not the caller's own id; no room for more agents.
   */
  async register(told: Introduction, caller: Caller): Promise<AgentRecord> {
    const entry = this.#agents.get(told.agentId);
    const before = entry?.record;
    if (before) this.prove(told.agentId, caller);
    else if (!this.#claims.mayRegister(told.agentId, caller)) throw another(told.agentId);
    const now = this.#clock.now();
    const record: AgentRecord = {
      ...told,
      registeredAt: now,
      lastHeartbeat: now,
      address: caller.address,
      secretHash: before?.secretHash ?? caller.secret?.toString('hex') ?? null,
    };
    const made = entryOf(record);
    const more = { agents: before ? 0 : 1, bytes: made.bytes - (entry?.bytes ?? 0) };
    const gone = this.#makeRoom(record, more);
    // Taken at once: two that register the same id in one moment must not both get it.
    this.#keep(made);
    this.#claims.drop(record.agentId);
    this.#list = null;
    await Promise.all([this.#storage.save(record), this.#strike(gone)]);
    return record;
  }

  /**
   * @returns the ids of those who were forgotten for it.
   * @throws Refusal where not enough of them can be.
   */
  #makeRoom({ agentId, address }: AgentRecord, more: { agents: number; bytes: number }): string[] {
    const gone: string[] = [];
    for (;;) {
      const excess = this.#room.excess(address, more);
      if (!excess) break;
      const going = whoGoes(this.#absent(agentId, excess.address), excess);
      if (!going) {
        this.#strike(gone).catch(this.#trouble);
        throw full();
      }
      for (const { agentId: id, secretHash: own } of going) {
        this.#drop(id);
        if (own) this.#claims.keep(id, Buffer.from(own, 'hex'));
        gone.push(id);
      }
    }
    return gone;
  }

  /** Who could be forgotten: of one address, or of all. */
  #absent(but: string, address: string | null): Candidate[] {
    const found: Candidate[] = [];
    for (const { record, bytes } of this.#agents.values()) {
      if (address !== null && record.address !== address) continue;
      const { agentId } = record;
      if (agentId === but || this.isOnline(record) || this.#isNeeded(agentId)) continue;
      found.push({ ...record, bytes });
    }
    return found;
  }

  async #strike(gone: readonly string[]): Promise<void> {
    if (gone.length === 0) return;
    this.#trouble(new Error(`${gone.length} absent agents were forgotten to make room`));
    await this.#storage.remove(gone);
  }

  #keep(entry: Entry): void {
    const { agentId, address } = entry.record;
    const before = this.#agents.get(agentId);
    if (before) this.#room.remove(before.record.address, before.bytes);
    this.#room.add(address, entry.bytes);
    this.#agents.set(agentId, entry);
  }

  #drop(agentId: string): void {
    const entry = this.#agents.get(agentId);
    if (!entry) return;
    this.#room.remove(entry.record.address, entry.bytes);
    this.#agents.delete(agentId);
    this.#list = null;
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
    for (const agentId of gone) this.#drop(agentId);
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

const another = (agentId: string): Refusal =>
  new Refusal(401, 'relay.not_your_agent', `Unauthorized. ${agentId} is another agent`);

const full = (): Refusal =>
  new Refusal(429, 'relay.full', 'no more agents can register here', {
    headers: { 'retry-after': '60' },
  });
