/**
 * One agent's WebSocket. What goes out counts as delivered only at a sign: the acknowledgement of a
 * client that knows of it, and of an old one the pong to the ping that follows each push (RFC 6455
 * wants it from everybody, and it comes after what was sent before it was read).
 */
import type { WebSocket } from 'ws';
import type { Cancel, Clock } from '../clock/clock.ts';
import type { Inboxes } from './inboxes.ts';
import type { RelayLimits } from './limits.ts';
import { asNumbered } from './protocol.ts';
import type { Delivery } from './storage/storage.ts';

/**
 * What {@link AgentSocket} works with. `trouble` hears of an inbox that could not be read or
 * emptied.
 */
export interface AgentSocketOptions {
  readonly socket: WebSocket;
  readonly agentId: string;
  /** Whether it acknowledges by itself. */
  readonly modern: boolean;
  readonly inboxes: Inboxes;
  readonly limits: RelayLimits;
  readonly clock: Clock;
  readonly trouble: (error: unknown) => void;
}

/** A pushed message that the other side has not confirmed. */
interface Outgoing {
  readonly row: number;
  readonly bytes: number;
  /** Whether the confirmation ends it; a broadcast to an old client comes again when it polls. */
  readonly settles: boolean;
}

const OPEN = 1;
/** Close code 1008, policy: what came was too much, or not to be understood. */
const POLICY = 1008;
/** The longest that nothing is read of it at a stretch, ms: its end is not heard meanwhile. */
const LONGEST_PAUSE_MS = 10_000;

/**
 * Pushes one agent's waiting messages in the order of their rows, at most a window of them without
 * a sign.
 */
export class AgentSocket {
  readonly agentId: string;
  readonly #options: AgentSocketOptions;
  readonly #outgoing = new Map<number, Outgoing>();
  #outgoingBytes = 0;
  /** The last row that was pushed. */
  #cursor: number;
  #behind: boolean;
  #reading = false;
  #closed = false;
  /** Whether a ping goes out at the end of this turn. */
  #pinging = false;
  #lastSign: number;
  /** While nothing is read of it. */
  #pause: { readonly until: number; readonly end: Cancel } | null = null;

  /** @param cursor what came before this row is not pushed. */
  constructor(options: AgentSocketOptions, cursor: number) {
    this.#options = options;
    this.agentId = options.agentId;
    this.#cursor = cursor;
    this.#lastSign = options.clock.monotonic();
    this.#behind = options.modern;
    options.socket.on('pong', (data) => this.#pong(data));
    this.#catchUp();
  }

  get isOpen(): boolean {
    return !this.#closed && this.#options.socket.readyState === OPEN;
  }

  /** How much is on its way without a sign. */
  get outgoing(): number {
    return this.#outgoing.size;
  }

  /** A durable message for this agent. */
  offer(delivery: Delivery): void {
    if (this.#behind || this.#reading || !this.#hasRoom()) {
      this.#behind = true;
      return;
    }
    this.#push(delivery);
  }

  /** News that nobody keeps: that an agent joined. */
  tell(text: string): void {
    if (this.isOpen && this.#options.socket.bufferedAmount < this.#options.limits.windowBytes) {
      this.#options.socket.send(text);
    }
  }

  /** What was on its way on another socket of this agent goes out here again. */
  rewind(row: number): void {
    this.#cursor = Math.min(this.#cursor, row - 1);
    this.#behind = true;
    this.#catchUp();
  }

  /** The client says that it has these. */
  acknowledge(rows: readonly number[]): void {
    this.#lastSign = this.#options.clock.monotonic();
    this.#settle(rows.filter((row) => this.#outgoing.has(row)));
  }

  /** Any frame from the other side. */
  noteSign(): void {
    this.#lastSign = this.#options.clock.monotonic();
  }

  /**
   * Reads nothing more for so many ms: who says too much waits in the network, and loses nothing. What
   * was read already is still heard.
   */
  slow(ms: number): void {
    const { clock, socket } = this.#options;
    const wait = Math.min(ms, LONGEST_PAUSE_MS);
    const until = clock.monotonic() + wait;
    if (!this.isOpen || (this.#pause && this.#pause.until >= until)) return;
    this.#pause?.end();
    socket.pause();
    const end = clock.after(wait, () => {
      this.#pause = null;
      this.noteSign();
      socket.resume();
    });
    this.#pause = { until, end };
  }

  /** Asks whether the other side is still there, and ends it where it was silent for too long. */
  check(): void {
    const silent = this.#pause ? 0 : this.#options.clock.monotonic() - this.#lastSign;
    if (silent > this.#options.limits.signMs) this.#options.socket.terminate();
    else if (this.isOpen) this.#options.socket.ping();
  }

  /** Ends it for something that it sent. */
  refuse(reason: string): void {
    this.#options.socket.close(POLICY, reason);
  }

  /** Ends it in order, with a reason that clients may try again after. */
  end(): void {
    this.#pause?.end();
    this.#options.socket.resume();
    this.#options.socket.close(1001, 'the relay stops');
  }

  terminate(): void {
    this.#options.socket.terminate();
  }

  /** It is gone: what it did not confirm waits again. @returns the first such row, or null. */
  closed(): number | null {
    this.#closed = true;
    this.#pause?.end();
    const waiting = [...this.#outgoing.values()].filter(({ settles }) => settles);
    this.#options.inboxes.release(waiting.map(({ row }) => row));
    this.#outgoing.clear();
    return waiting[0]?.row ?? null;
  }

  #hasRoom(): boolean {
    const { windowMessages, windowBytes } = this.#options.limits;
    return this.isOpen && this.#outgoing.size < windowMessages && this.#outgoingBytes < windowBytes;
  }

  #push({ row, body, shared, bytes }: Delivery): void {
    const { socket, inboxes, modern } = this.#options;
    const settles = modern || !shared;
    this.#cursor = row;
    if (settles && !inboxes.hold(this.agentId, row)) return;
    this.#outgoing.set(row, { row, bytes, settles });
    this.#outgoingBytes += bytes;
    socket.send(modern ? asNumbered(body, row) : body);
    if (modern || this.#pinging) return;
    this.#pinging = true;
    // One ping for all that is pushed in this turn.
    queueMicrotask(() => {
      this.#pinging = false;
      if (this.isOpen) socket.ping(String(this.#cursor));
    });
  }

  #pong(data: Buffer): void {
    this.noteSign();
    const upTo = Number(data.toString('latin1'));
    if (this.#options.modern || !(upTo > 0)) return;
    // In the order in which they were pushed, which is that of their rows.
    const came: number[] = [];
    for (const row of this.#outgoing.keys()) {
      if (row > upTo) break;
      came.push(row);
    }
    this.#settle(came);
  }

  #settle(rows: readonly number[]): void {
    const settled: number[] = [];
    for (const row of rows) {
      const outgoing = this.#outgoing.get(row);
      if (!outgoing) continue;
      this.#outgoing.delete(row);
      this.#outgoingBytes -= outgoing.bytes;
      if (outgoing.settles) settled.push(row);
    }
    if (settled.length > 0) this.#options.inboxes.acknowledge(this.agentId, settled);
    this.#catchUp();
  }

  /** Reads from the queue what could not be pushed when it came. */
  #catchUp(): void {
    if (!this.#behind || this.#reading || !this.#hasRoom()) return;
    this.#reading = true;
    this.#read()
      .catch(this.#options.trouble)
      .finally(() => {
        this.#reading = false;
        this.#catchUp();
      });
  }

  async #read(): Promise<void> {
    const { inboxes, limits } = this.#options;
    this.#behind = false;
    const page = await inboxes.waiting(this.agentId, this.#cursor, limits.windowMessages);
    for (const delivery of page) {
      if (!this.#hasRoom()) {
        this.#behind = true;
        return;
      }
      this.#push(delivery);
    }
    if (page.length === limits.windowMessages) this.#behind = true;
  }
}
