/**
 * What waits for whom. A message stays until there is a sign that it came: an acknowledgement, or of
 * old clients that their connection went on or ended well after it.
 */
import type { Cancel, Clock } from '../clock/clock.ts';
import type { RelayLimits } from './limits.ts';
import { Refusal } from './protocol.ts';
import type { BroadcastStorage, Delivery, Depth, InboxStorage } from './storage/storage.ts';
import { NO_DEPTH } from './storage/tally.ts';

/**
 * What {@link Inboxes} works with. `trouble` hears of a removal that failed: no caller waits for
 * it.
 */
export interface InboxOptions {
  readonly storage: InboxStorage;
  readonly broadcasts: BroadcastStorage;
  readonly clock: Clock;
  readonly limits: RelayLimits;
  /** Whether somebody registered under this id. */
  readonly isKnown: (agentId: string) => boolean;
  readonly trouble: (error: unknown) => void;
}

/** Acknowledged messages are removed together: with a write, or this long after the first, ms. */
const REMOVE_MS = 50;
/** From so many on they go with the next write. */
const MANY = 16;
/** A JSON object's own weight in a queue, beside its text. */
const ROW_BYTES = 64;
/** So many are read of a queue at once. */
const PAGE = 512;

/**
 * The inboxes of all agents, over the storage: how full each is, what is on its way, and what may
 * be removed.
 */
export class Inboxes {
  readonly #options: InboxOptions;
  readonly #depths = new Map<string, Depth>();
  /** On its way to somebody, or acknowledged and not yet removed: whose it is. */
  readonly #held = new Map<number, string>();
  /** What is to be removed, by agent. */
  #acknowledged = new Map<string, number[]>();
  #acknowledgedRows = 0;
  #removing: Cancel | null = null;
  #totalBytes = 0;
  #strangers = 0;
  /** Messages that were given up: too old, or pushed out by newer broadcasts. */
  #dropped = 0;
  #listener: (agentId: string, delivery: Delivery) => void = () => undefined;

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    for (const [agentId, depth] of await this.#options.storage.depths()) this.#add(agentId, depth);
  }

  /** Removes what was acknowledged. */
  async stop(): Promise<void> {
    this.#removing?.();
    await this.#remove();
  }

  /** Hears of each message once it is durable. */
  onDelivery(listener: (agentId: string, delivery: Delivery) => void): void {
    this.#listener = listener;
  }

  get dropped(): number {
    return this.#dropped;
  }

  depth(agentId: string): Depth {
    return this.#depths.get(agentId) ?? NO_DEPTH;
  }

  depths(): ReadonlyMap<string, Depth> {
    return this.#depths;
  }

  /** @throws Refusal where the inbox, or the whole relay, is full. */
  async deliver(agentId: string, body: string): Promise<void> {
    const { storage, clock } = this.#options;
    const bytes = Buffer.byteLength(body) + ROW_BYTES;
    // What came already takes no room, also where it was not removed yet.
    if (this.#acknowledgedRows > 0 && this.#isFull(agentId, bytes)) await this.#remove();
    this.#room(agentId, bytes);
    // Counted before it is written: what comes in the same turn must see it.
    this.#add(agentId, { messages: 1, bytes });
    let delivery: Delivery;
    try {
      const added = storage.add(agentId, body, bytes, clock.now());
      // In the same commit, which has to be waited for anyway.
      if (this.#acknowledgedRows >= MANY) this.#remove().catch(this.#options.trouble);
      delivery = await added;
    } catch (error) {
      this.#subtract(agentId, { messages: 1, bytes });
      throw error;
    }
    this.#listener(agentId, delivery);
  }

  /**
   * Puts one body into many inboxes. A full one loses its oldest broadcasts; one that is full of other
   * things is left out.
   */
  async deliverToMany(agentIds: Iterable<string>, body: string, logged: boolean): Promise<void> {
    const { broadcasts, clock, limits } = this.#options;
    const bytes = Buffer.byteLength(body) + ROW_BYTES;
    const takers: string[] = [];
    for (const agentId of agentIds) {
      if (this.#isFull(agentId, bytes) && !(await this.#makeRoom(agentId, bytes))) this.#dropped++;
      else takers.push(agentId);
    }
    if (this.#totalBytes + bytes * takers.length > limits.totalBytes) throw relayFull();
    for (const agentId of takers) this.#add(agentId, { messages: 1, bytes });
    let deliveries: Delivery[];
    try {
      deliveries = await broadcasts.add(takers, body, bytes, clock.now(), logged);
    } catch (error) {
      for (const agentId of takers) this.#subtract(agentId, { messages: 1, bytes });
      throw error;
    }
    for (const [i, agentId] of takers.entries()) {
      const delivery = deliveries[i];
      if (delivery) this.#listener(agentId, delivery);
    }
  }

  /** What waits beyond `after` and is not on its way already, oldest first. */
  async waiting(agentId: string, after: number, most: number): Promise<Delivery[]> {
    const found: Delivery[] = [];
    let from = after;
    while (found.length < most) {
      const page = await this.#options.storage.read(agentId, from, PAGE);
      for (const delivery of page) {
        from = delivery.row;
        if (this.#held.get(delivery.row) !== agentId) found.push(delivery);
      }
      if (page.length < PAGE) break;
    }
    return found.slice(0, most);
  }

  /** From now on it is on its way, and nobody else gets it. False where somebody else has it. */
  hold(agentId: string, row: number): boolean {
    if (this.#held.get(row) === agentId) return false;
    this.#held.set(row, agentId);
    return true;
  }

  /** It did not come, as far as is known: it waits again. */
  release(rows: Iterable<number>): void {
    for (const row of rows) this.#held.delete(row);
  }

  /** It came. Removed a moment later; after a crash in between it comes once more. */
  acknowledge(agentId: string, rows: Iterable<number>): void {
    const known = this.#acknowledged.get(agentId);
    const all = known ?? [];
    for (const row of rows) {
      const holder = this.#held.get(row);
      if (holder === undefined) this.#held.set(row, agentId);
      else if (holder !== agentId) continue;
      all.push(row);
      this.#acknowledgedRows++;
    }
    if (all.length === 0) return;
    if (!known) this.#acknowledged.set(agentId, all);
    this.#removing ??= this.#options.clock.after(REMOVE_MS, () => {
      this.#remove().catch(this.#options.trouble);
    });
  }

  /** The same, and resolves when it cannot come again. */
  async acknowledgeNow(agentId: string, rows: Iterable<number>): Promise<void> {
    this.acknowledge(agentId, rows);
    await this.#remove();
  }

  /** Gives up what is too old. */
  async expire(): Promise<void> {
    const { storage, clock, limits } = this.#options;
    const gone = await storage.expire(clock.now() - limits.messageAgeMs);
    for (const [agentId, depth] of gone) {
      this.#subtract(agentId, depth);
      this.#dropped += depth.messages;
    }
  }

  /** Somebody registered under this id, or was forgotten. */
  recount(): void {
    this.#strangers = [...this.#depths.keys()].filter((id) => !this.#options.isKnown(id)).length;
  }

  async #remove(): Promise<void> {
    this.#removing?.();
    this.#removing = null;
    if (this.#acknowledgedRows === 0) return;
    const all = this.#acknowledged;
    this.#acknowledged = new Map();
    this.#acknowledgedRows = 0;
    // Begun in one turn: they share a commit.
    await Promise.all([...all].map(([agentId, rows]) => this.#removeOf(agentId, rows)));
  }

  async #removeOf(agentId: string, rows: readonly number[]): Promise<void> {
    let gone: Depth;
    try {
      gone = await this.#options.storage.remove(agentId, rows);
    } finally {
      for (const row of rows) if (this.#held.get(row) === agentId) this.#held.delete(row);
    }
    if (gone.messages > 0) this.#subtract(agentId, gone);
  }

  #isFull(agentId: string, bytes: number): boolean {
    const { limits } = this.#options;
    const depth = this.depth(agentId);
    return depth.messages >= limits.inboxMessages || depth.bytes + bytes > limits.inboxBytes;
  }

  #room(agentId: string, bytes: number): void {
    const { limits, isKnown } = this.#options;
    if (this.#isFull(agentId, bytes)) {
      throw new Refusal(429, 'relay.inbox_full', `the inbox of ${agentId} is full`, {
        headers: { 'retry-after': '60' },
      });
    }
    if (this.#totalBytes + bytes > limits.totalBytes) throw relayFull();
    const stranger = !this.#depths.has(agentId) && !isKnown(agentId);
    if (stranger && this.#strangers >= limits.strangers) {
      throw new Refusal(429, 'relay.full', 'too much waits here for agents that nobody registered');
    }
  }

  async #makeRoom(agentId: string, bytes: number): Promise<boolean> {
    while (this.#isFull(agentId, bytes)) {
      const gone = await this.#options.storage.dropShared(agentId);
      if (!gone) return false;
      this.#subtract(agentId, gone);
      this.#dropped += gone.messages;
    }
    return true;
  }

  #add(agentId: string, { messages, bytes }: Depth): void {
    const before = this.#depths.get(agentId);
    if (!before && !this.#options.isKnown(agentId)) this.#strangers++;
    this.#depths.set(agentId, {
      messages: (before?.messages ?? 0) + messages,
      bytes: (before?.bytes ?? 0) + bytes,
    });
    this.#totalBytes += bytes;
  }

  #subtract(agentId: string, { messages, bytes }: Depth): void {
    const before = this.#depths.get(agentId) ?? NO_DEPTH;
    this.#totalBytes -= Math.min(bytes, before.bytes);
    if (before.messages > messages) {
      this.#depths.set(agentId, {
        messages: before.messages - messages,
        bytes: Math.max(0, before.bytes - bytes),
      });
      return;
    }
    this.#depths.delete(agentId);
    if (!this.#options.isKnown(agentId)) this.#strangers--;
  }
}

const relayFull = (): Refusal =>
  new Refusal(429, 'relay.full', 'the relay is full', { headers: { 'retry-after': '60' } });
