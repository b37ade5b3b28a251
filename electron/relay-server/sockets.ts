/** All open sockets, by agent: what they say, and what they are told. */
import type { RawData, WebSocket } from 'ws';
import type { Cancel, Clock } from '../clock/clock.ts';
import { jsonDepth } from '../contract/index.ts';
import { AgentSocket } from './agent-socket.ts';
import type { Inboxes } from './inboxes.ts';
import { JSON_DEPTH, type RelayLimits } from './limits.ts';
import type { Delivery } from './storage/storage.ts';

/** What a socket may ask for; the rest of its messages is ignored, as the published relay does. */
export interface SocketRequests {
  /** Any frame. @returns for how many ms no more of them should be read. */
  frame(agentId: string): number;
  heartbeat(agentId: string): void;
  /** False where the agent sent too much: nothing could tell it that a message of it was left out. */
  delegate(agentId: string, message: Record<string, unknown>): boolean;
  broadcast(agentId: string, message: Record<string, unknown>): boolean;
}

/**
 * What {@link Sockets} works with. `trouble` hears of what went wrong on one socket; the others go
 * on.
 */
export interface SocketsOptions {
  readonly inboxes: Inboxes;
  readonly clock: Clock;
  readonly limits: RelayLimits;
  readonly requests: SocketRequests;
  readonly trouble: (error: unknown) => void;
}

/** How often each socket is asked whether it is still there, ms. */
const PING_MS = 20_000;
/** How long the others have to end when the relay stops, ms. */
const END_MS = 2_000;

/**
 * An agent may have a few sockets at once; a new message is pushed to one of them, the newest that
 * is open.
 */
export class Sockets {
  readonly #options: SocketsOptions;
  /** The newest last. */
  readonly #sockets = new Map<string, AgentSocket[]>();
  #newestRow = 0;
  #emptied: () => void = () => undefined;
  #stop: Cancel = () => undefined;

  constructor(options: SocketsOptions) {
    this.#options = options;
  }

  start(): void {
    this.#options.inboxes.onDelivery((agentId, delivery) => this.#deliver(agentId, delivery));
    this.#stop = this.#options.clock.every(PING_MS, () => {
      for (const socket of this.#all()) socket.check();
    });
  }

  has(agentId: string): boolean {
    return this.#sockets.get(agentId)?.some((socket) => socket.isOpen) ?? false;
  }

  get size(): number {
    let size = 0;
    for (const sockets of this.#sockets.values()) size += sockets.length;
    return size;
  }

  /** Takes over a socket whose agent was proven. */
  add(socket: WebSocket, agentId: string, modern: boolean): void {
    const { inboxes, limits, clock, trouble } = this.#options;
    const cursor = modern ? 0 : this.#newestRow;
    const held = new AgentSocket(
      { socket, agentId, modern, inboxes, limits, clock, trouble },
      cursor,
    );
    const before = this.#sockets.get(agentId) ?? [];
    this.#sockets.set(agentId, [...before, held]);
    if (before.length >= limits.socketsPerAgent) before[0]?.terminate();
    socket.on('message', (data, isBinary) => {
      held.noteSign();
      if (!isBinary) this.#hear(held, data);
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => this.#closed(held));
  }

  /** To every socket but those of one agent. */
  tellAll(text: string, except: string): void {
    for (const socket of this.#all()) if (socket.agentId !== except) socket.tell(text);
  }

  /** Ends all of them in order. */
  async stop(): Promise<void> {
    this.#stop();
    const ended = Promise.withResolvers<void>();
    this.#emptied = ended.resolve;
    const cancel = this.#options.clock.after(END_MS, ended.resolve);
    for (const socket of this.#all()) socket.end();
    if (this.size > 0) await ended.promise;
    cancel();
    for (const socket of this.#all()) socket.terminate();
  }

  *#all(): Iterable<AgentSocket> {
    for (const sockets of [...this.#sockets.values()]) yield* sockets;
  }

  #deliver(agentId: string, delivery: Delivery): void {
    this.#newestRow = Math.max(this.#newestRow, delivery.row);
    const sockets = this.#sockets.get(agentId);
    if (!sockets) return;
    sockets.findLast((socket) => socket.isOpen)?.offer(delivery);
  }

  #closed(gone: AgentSocket): void {
    const left = (this.#sockets.get(gone.agentId) ?? []).filter((socket) => socket !== gone);
    if (left.length > 0) this.#sockets.set(gone.agentId, left);
    else this.#sockets.delete(gone.agentId);
    const row = gone.closed();
    if (row !== null) left.at(-1)?.rewind(row);
    if (this.#sockets.size === 0) this.#emptied();
  }

  #hear(from: AgentSocket, data: RawData): void {
    const { requests } = this.#options;
    const wait = requests.frame(from.agentId);
    const message = parse(data);
    if (message === null) {
      from.refuse('not a JSON object');
      return;
    }
    let taken = true;
    if (message.type === 'heartbeat') requests.heartbeat(from.agentId);
    else if (message.type === 'delegate') taken = requests.delegate(from.agentId, message);
    else if (message.type === 'broadcast') taken = requests.broadcast(from.agentId, message);
    else if (message.type === 'ack') from.acknowledge(rowsOf(message.delivery_ids));
    if (!taken) from.refuse('too many messages');
    else if (wait > 0) from.slow(wait);
  }
}

/** The delivery ids of an acknowledgement; what is none is left out. */
export const rowsOf = (value: unknown): number[] =>
  Array.isArray(value)
    ? value.filter((row): row is number => Number.isSafeInteger(row) && Number(row) > 0)
    : [];

function parse(data: RawData): Record<string, unknown> | null {
  const text = Array.isArray(data)
    ? Buffer.concat(data).toString('utf8')
    : Buffer.from(data as Buffer).toString('utf8');
  if (jsonDepth(text) > JSON_DEPTH) return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    return value as Record<string, unknown>;
  } catch {
    return null;
  }
}
