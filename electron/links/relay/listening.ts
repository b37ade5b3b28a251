/** Everything that comes from one relay while a connection stands: by its socket, and by polling. */
import type { Cancel, Clock } from '../../clock/clock.ts';
import type { RelayLog, TakeMessage } from './options.ts';
import type { RelayDoor, RelayRequests } from './requests.ts';
import type { Seen } from './seen.ts';
import { openRelaySocket, type RelaySocket } from './socket.ts';
import { markOf, readMessage, type WireAgent } from './wire.ts';

/** Given by the connection that stands, once we are registered. */
export interface ListeningOptions {
  readonly door: RelayDoor;
  readonly agentId: string;
  /** It keeps messages until they are acknowledged, and pushes all that waits. */
  readonly guarded: boolean;
  readonly clock: Clock;
  readonly log: RelayLog | undefined;
  /** What came already, by whichever way. */
  readonly seen: Seen;
  readonly take: TakeMessage;
  /** Ends when what came by the connection before is taken: what comes again then is known, or comes anew. */
  readonly before: Promise<void>;
  readonly joined: (agent: WireAgent) => void;
  /** Asks the relay as ourselves. Rejects where it fails; the connection then ends by itself. */
  readonly ask: <T>(
    task: (requests: RelayRequests, us: string, signal: AbortSignal) => Promise<T>,
  ) => Promise<T>;
  /** The socket opened or closed. */
  readonly changed: (open: boolean) => void;
}

/** An old relay pushes nothing that is meant for one agent (aiohttp below 3.12): polling is all there is. */
const POLL_MS = 2_000;
/** A relay that pushes: this only finds what was pushed into a dying socket. */
const POLL_BESIDE_SOCKET_MS = 30_000;
const SOCKET_AGAIN_MS = 15_000;
/** So many messages may wait to be taken before the socket is not read any more, and until it is again. */
const WAITING = { most: 64, few: 16 } as const;

/** Takes each message once, in order, whichever way it came; ends with its connection. */
export class Listening {
  readonly #options: ListeningOptions;
  readonly #timers = new Set<Cancel>();
  #nextPoll: Cancel = () => undefined;
  #polling = false;
  /** Asked for while a poll was under way: how soon after it, ms. */
  #soon = Number.POSITIVE_INFINITY;
  /** What is to be acknowledged. */
  readonly #safe: number[] = [];
  #socket: RelaySocket | null = null;
  #isOpen = false;
  /** What is meant for us alone comes by the socket. */
  #pushes: boolean;
  #stopped = false;
  /** What came and is not taken yet. */
  #waiting = 0;
  /** Ends when all that came so far is taken. */
  #taking: Promise<void>;

  constructor(options: ListeningOptions) {
    this.#options = options;
    this.#pushes = options.guarded;
    this.#taking = options.before;
    this.#listen();
    this.#pollIn(0);
  }

  /** Messages come as they are sent. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Resolves when what came before is taken. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const cancel of this.#timers) cancel();
    // What the published relay pushes it keeps nowhere; a guarded one brings it again.
    if (this.#options.guarded) this.#socket?.close();
    else await this.#socket?.drain();
    await this.#taking;
  }

  #later(ms: number, task: () => void): Cancel {
    const done = this.#options.clock.after(ms, () => {
      this.#timers.delete(cancel);
      if (!this.#stopped) task();
    });
    const cancel = (): void => {
      this.#timers.delete(cancel);
      done();
    };
    this.#timers.add(cancel);
    return cancel;
  }

  /** Instead of whenever the next poll would have been; one that runs may have missed what this is for. */
  #pollIn(ms: number): void {
    if (this.#stopped) return;
    if (this.#polling) {
      this.#soon = Math.min(this.#soon, ms);
      return;
    }
    this.#nextPoll();
    this.#nextPoll = this.#later(ms, () => void this.#poll());
  }

  #listen(): void {
    const { door, agentId, clock, log } = this.#options;
    this.#socket = openRelaySocket({
      door,
      agentId,
      clock,
      message: (raw) => {
        if (isForUs(raw)) this.#pushes = true;
        this.#receive([raw]);
      },
      odd: (what) => log?.('warn', `the relay sent ${what}`),
      opened: () => {
        if (this.#waiting > WAITING.few) this.#socket?.pause();
        this.#note(true);
        // What was sent while no socket stood is in the inbox; a guarded relay pushes it by itself.
        if (!this.#options.guarded) this.#pollIn(0);
      },
      closed: (why) => {
        log?.('debug', `the relay’s socket: ${why}`);
        if (this.#stopped) return;
        this.#later(SOCKET_AGAIN_MS, () => this.#listen());
        this.#note(false);
        this.#pollIn(POLL_MS);
      },
    });
  }

  #note(open: boolean): void {
    this.#isOpen = open;
    this.#options.changed(open);
  }

  async #poll(): Promise<void> {
    this.#polling = true;
    const { ask, guarded } = this.#options;
    const wasOpen = this.#isOpen;
    try {
      const raws = await ask((requests, us, signal) => requests.poll(us, signal));
      // The published relay forgets a socket when an earlier one of ours ends: it queues from then on.
      if (wasOpen && !guarded && raws.some(isForUs)) this.#pushes = false;
      this.#receive(raws);
      await this.#taking;
    } catch {
      // Told by the state of the relay.
    }
    this.#polling = false;
    const soon = this.#soon;
    this.#soon = Number.POSITIVE_INFINITY;
    this.#pollIn(Math.min(soon, this.#isOpen && this.#pushes ? POLL_BESIDE_SOCKET_MS : POLL_MS));
  }

  /** One after the other, in the order in which they came, and no faster than they are taken. */
  #receive(raws: readonly unknown[]): void {
    for (const raw of raws) {
      if (++this.#waiting === WAITING.most) this.#socket?.pause();
      this.#taking = this.#taking.then(async () => {
        const id = deliveryOf(raw);
        if ((await this.#takeOne(raw)) && id !== null) this.#acknowledge(id);
        if (--this.#waiting === WAITING.few) this.#socket?.resume();
      });
    }
  }

  /** Together, once per turn. */
  #acknowledge(id: number): void {
    if (!this.#options.guarded) return;
    this.#safe.push(id);
    if (this.#safe.length > 1) return;
    this.#later(0, () => {
      const ids = this.#safe.splice(0);
      if (this.#isOpen && this.#socket?.acknowledge(ids)) return;
      this.#options
        .ask((requests, us, signal) => requests.acknowledge(us, ids, signal))
        .catch(() => undefined);
    });
  }

  /** @returns true where it need not come again. */
  async #takeOne(raw: unknown): Promise<boolean> {
    const { log, take, joined, seen } = this.#options;
    const message = readMessage(raw);
    if (!message) {
      log?.('debug', 'a message of the relay could not be read');
      return true;
    }
    const mark = markOf(message);
    if (mark !== null && !seen.first(mark)) return true;
    try {
      if (message.kind === 'joined') joined(message.agent);
      else await take(message);
      return true;
    } catch (error) {
      if (mark !== null) seen.forget(mark);
      log?.('warn', `a message of the relay was not taken: ${String(error)}`);
      return false;
    }
  }
}

/** Meant for one agent: such a message is pushed or queued, and never both. */
function isForUs(raw: unknown): boolean {
  const kind = readMessage(raw)?.kind;
  return kind === 'task' || kind === 'response';
}

/** The number under which a guarded relay keeps a message until it is acknowledged. */
function deliveryOf(raw: unknown): number | null {
  if (typeof raw !== 'object' || raw === null || !('delivery_id' in raw)) return null;
  const { delivery_id: id } = raw;
  return typeof id === 'number' && Number.isSafeInteger(id) ? id : null;
}
