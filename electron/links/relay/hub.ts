/**
 * One relay, as one agent: registered, kept alive, listened to by socket and by polling, its agents
 * read again and again. Shared by the links to all agents of it.
 */
import type { Cancel } from '../../clock/clock.ts';
import type { LinkState } from '../../contract/index.ts';
import { backoffMs } from '../backoff.ts';
import { failureOf, isOfRelay, RelayError, type RelayFailure, verdictOf } from './failures.ts';
import type { RelayHubOptions } from './options.ts';
import { type RelayDoor, RelayRequests } from './requests.ts';
import { Seen } from './seen.ts';
import { openRelaySocket } from './socket.ts';
import { markOf, readMessage, type WireAgent } from './wire.ts';

/** An agent that the relay lists, with when it was last heard by our clock. */
export interface KnownAgent extends WireAgent {
  readonly seenAt: number | null;
}

export type HubEvent =
  | { readonly kind: 'state' }
  /** Registered and listening. `forgot` = the relay knew us before, and did not any more. */
  | { readonly kind: 'ready'; readonly forgot: boolean }
  | { readonly kind: 'agents' };

/** The relay drops agents after 120 s without a sign of life. */
const BEAT_MS = 30_000;
/** With the socket open, polling finds what the relay only queues: all delegations, on old aiohttp. */
const POLL_BESIDE_SOCKET_MS = 5_000;
const POLL_ALONE_MS = 2_000;
const SOCKET_AGAIN_MS = 15_000;

export class RelayHub {
  readonly #options: RelayHubOptions;
  readonly #random: () => number;
  readonly #seen = new Seen();
  readonly #listeners = new Set<(event: HubEvent) => void>();
  readonly #stopWake: Cancel;
  #state: LinkState = { kind: 'idle' };
  #agents = new Map<string, KnownAgent>();
  #tls: string | null;
  #seenTlsTrusted = false;
  #proven = false;
  #registered: boolean;
  #running = false;
  #attempts = 0;
  #live: Standing | null = null;
  #attempt: AbortController | null = null;
  #retry: Cancel | null = null;

  constructor(options: RelayHubOptions) {
    this.#options = options;
    this.#random = options.random ?? Math.random;
    this.#tls = options.tls;
    this.#registered = options.wasRegistered;
    this.#stopWake = options.clock.onWake(() => {
      if (this.#running) this.reconnect();
    });
  }

  get state(): LinkState {
    return this.#state;
  }

  /** How messages come now. */
  get incoming(): 'socket' | 'polling' | 'none' {
    return this.#live ? (this.#live.socket ? 'socket' : 'polling') : 'none';
  }

  /** It gives each agent a secret. */
  get guarded(): boolean {
    return this.#live?.door.secret != null;
  }

  /** What must not be echoed into our texts. */
  get token(): string | null {
    return this.#live?.door.token ?? null;
  }

  /** All that the relay lists, us not counted. */
  get agents(): ReadonlyMap<string, KnownAgent> {
    return this.#agents;
  }

  on(listener: (event: HubEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#begin();
  }

  async stop(): Promise<void> {
    this.#running = false;
    this.#stopWake();
    const taking = this.#live?.taking;
    this.#letGo();
    this.#set({ kind: 'idle' });
    await taking;
  }

  /** Tries now, also after a refusal. */
  reconnect(): void {
    if (!this.#running) return;
    this.#letGo();
    this.#attempts = 0;
    this.#begin();
  }

  /** Trusts the certificate that was seen, if that is still the question. */
  trust(seen: string): boolean {
    const state = this.#state;
    if (state.kind !== 'identity_changed' || state.seen !== seen) return false;
    this.#pin(this.#seenTlsTrusted ? null : seen);
    this.reconnect();
    return true;
  }

  /**
   * Asks the relay something as ourselves. What says that the relay itself is not well ends the
   * connection, and it is made anew. @throws RelayError
   */
  async ask<T>(
    signal: AbortSignal,
    task: (requests: RelayRequests, us: string, signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const live = this.#live;
    if (!live) throw new RelayError({ kind: 'stopped', reached: false });
    try {
      return await task(live.requests, this.#options.self().agentId, signal);
    } catch (error) {
      const failure = failureOf(error);
      if (isOfRelay(failure)) this.#failed(live, failure);
      throw new RelayError(failure);
    }
  }

  /** One heartbeat, ms. @throws RelayError */
  async ping(signal: AbortSignal): Promise<number> {
    const { clock } = this.#options;
    const startedAt = clock.monotonic();
    await this.ask(signal, (requests, us, inner) => requests.heartbeat(us, inner));
    const latencyMs = clock.monotonic() - startedAt;
    if (this.#state.kind === 'online') this.#set({ ...this.#state, latencyMs });
    return latencyMs;
  }

  #tell(event: HubEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  #set(state: LinkState): void {
    this.#state = state;
    this.#tell({ kind: 'state' });
  }

  #pin(tls: string | null): void {
    this.#tls = tls;
    this.#options.onTls(tls);
  }

  #letGo(): void {
    this.#attempt?.abort();
    this.#attempt = null;
    this.#retry?.();
    this.#retry = null;
    const live = this.#live;
    this.#live = null;
    live?.end.abort();
    live?.closeSocket();
    for (const cancel of live?.timers ?? []) cancel();
  }

  #begin(): void {
    this.#retry = null;
    this.#attempts++;
    const attempt = new AbortController();
    this.#attempt = attempt;
    if (this.#state.kind !== 'rate_limited') {
      this.#set({ kind: 'connecting', attempt: this.#attempts });
    }
    this.#connect(attempt.signal).catch((error: unknown) => {
      if (attempt.signal.aborted) return;
      const failure = failureOf(error);
      if (failure.kind === 'stopped') return;
      this.#take(failure);
    });
  }

  #failed(live: Standing, failure: RelayFailure): void {
    if (this.#live !== live || failure.kind === 'stopped') return;
    this.#letGo();
    this.#take(failure);
  }

  #take(failure: RelayFailure): void {
    const { clock } = this.#options;
    this.#attempt = null;
    if (failure.kind === 'tls_changed') this.#seenTlsTrusted = failure.trusted;
    const { state, retry } = verdictOf(failure, {
      now: clock.now(),
      tls: this.#tls,
      proven: this.#proven,
    });
    if (!retry || !this.#running) {
      this.#set(state);
      return;
    }
    const wait = Math.max(backoffMs(this.#attempts, this.#random), retry.afterMs);
    this.#set(state.kind === 'offline' ? { ...state, retryAt: clock.now() + wait } : state);
    this.#retry = clock.after(wait, () => this.#begin());
  }

  /** @throws RelayError, HttpFailure */
  async #connect(signal: AbortSignal): Promise<void> {
    const { clock, url, self, secret: kept } = this.#options;
    const token = await this.#options.token();
    if (signal.aborted) return;
    if (token.kind === 'unavailable') {
      this.#attempt = null;
      this.#set({ kind: 'needs_secret', reason: token.reason });
      return;
    }
    this.#proven = token.kind === 'token';
    const door: RelayDoor = {
      url,
      tls: this.#tls,
      token: token.kind === 'token' ? token.value : null,
      secret: await kept.load(),
      clock,
    };
    const startedAt = clock.monotonic();
    const { version } = await new RelayRequests(door).info(signal);
    const latencyMs = clock.monotonic() - startedAt;
    const known = this.#registered
      ? await new RelayRequests(door).heartbeat(self().agentId, signal)
      : false;
    const forgot = this.#registered && !known;
    const secret = await this.#register(door, signal);
    if (signal.aborted) return;
    this.#attempt = null;
    this.#attempts = 0;
    this.#stand({ ...door, secret }, version, latencyMs);
    await this.#look();
    this.#tell({ kind: 'ready', forgot });
  }

  /** Also where we are known: name, capabilities and description may have changed. */
  async #register(door: RelayDoor, signal: AbortSignal): Promise<string | null> {
    const { secret } = await new RelayRequests(door).register(this.#options.self(), signal);
    if (secret !== null && secret !== door.secret) await this.#options.secret.store(secret);
    if (!this.#registered) {
      this.#registered = true;
      this.#options.onRegistered();
    }
    return secret ?? door.secret;
  }

  #stand(door: RelayDoor, version: string, latencyMs: number): void {
    const { clock } = this.#options;
    const live: Standing = {
      door,
      requests: new RelayRequests(door),
      end: new AbortController(),
      timers: new Set(),
      closeSocket: () => undefined,
      socket: false,
      taking: Promise.resolve(),
    };
    this.#live = live;
    live.timers.add(clock.every(BEAT_MS, () => this.#beat(live)));
    this.#listen(live);
    this.#pollSoon(live, 0);
    this.#set({
      kind: 'online',
      since: clock.now(),
      scopes: [],
      serverVersion: `ClawLink ${version}`.trim(),
      latencyMs,
    });
  }

  #later(live: Standing, ms: number, task: () => void): void {
    const cancel = this.#options.clock.after(ms, () => {
      live.timers.delete(cancel);
      if (this.#live === live) task();
    });
    live.timers.add(cancel);
  }

  #listen(live: Standing): void {
    const { clock, log, self } = this.#options;
    live.closeSocket = openRelaySocket({
      door: live.door,
      agentId: self().agentId,
      clock,
      message: (raw) => this.#receive(live, [raw]),
      odd: (what) => log?.('warn', `the relay sent ${what}`),
      opened: () => {
        live.socket = true;
        this.#tell({ kind: 'state' });
      },
      closed: (why) => {
        live.socket = false;
        log?.('debug', `the relay’s socket: ${why}`);
        if (this.#live !== live) return;
        this.#tell({ kind: 'state' });
        this.#later(live, SOCKET_AGAIN_MS, () => this.#listen(live));
        // It may be gone altogether: a heartbeat finds out.
        this.#beat(live);
      },
    });
  }

  /** Still there, and does it still know us? */
  #beat(live: Standing): void {
    if (this.#live !== live) return;
    this.ask(live.end.signal, (requests, us, signal) => requests.heartbeat(us, signal))
      .then(async (known) => {
        if (this.#live !== live) return;
        if (!known) this.reconnect();
        else await this.#look();
      })
      .catch(() => undefined);
  }

  /** Reads who is there. */
  async #look(): Promise<void> {
    const live = this.#live;
    if (!live) return;
    try {
      const roll = await this.ask(live.end.signal, (requests, _, signal) =>
        requests.discover(signal),
      );
      if (this.#live !== live) return;
      const now = this.#options.clock.now();
      const us = this.#options.self().agentId;
      this.#agents = new Map(
        roll.agents
          .filter(({ id }) => id !== us)
          .map((agent) => [agent.id, { ...agent, seenAt: seenAt(agent, roll.serverTime, now) }]),
      );
      this.#tell({ kind: 'agents' });
    } catch {
      // What went wrong is told by the state; who was there stays as it was.
    }
  }

  #pollSoon(live: Standing, ms: number): void {
    this.#later(live, ms, () => void this.#poll(live));
  }

  async #poll(live: Standing): Promise<void> {
    try {
      const { messages } = await this.ask(live.end.signal, (requests, us, signal) =>
        requests.poll(us, signal),
      );
      this.#receive(live, messages);
      await live.taking;
    } catch {
      // Told by the state.
    }
    if (this.#live !== live) return;
    this.#pollSoon(live, live.socket ? POLL_BESIDE_SOCKET_MS : POLL_ALONE_MS);
  }

  /** One after the other, in the order in which they came. */
  #receive(live: Standing, raws: readonly unknown[]): void {
    for (const raw of raws) live.taking = live.taking.then(() => this.#takeOne(raw));
  }

  async #takeOne(raw: unknown): Promise<void> {
    const { log, take } = this.#options;
    const message = readMessage(raw);
    if (!message) {
      log?.('debug', 'a message of the relay could not be read');
      return;
    }
    if (message.kind === 'joined') {
      this.#joined(message.agent);
      return;
    }
    const mark = markOf(message);
    if (mark !== null && !this.#seen.first(mark)) return;
    try {
      await take(message);
    } catch (error) {
      // It may come a second time, by the other way.
      if (mark !== null) this.#seen.forget(mark);
      log?.('warn', `a message of the relay was not taken: ${String(error)}`);
    }
  }

  #joined(agent: WireAgent): void {
    if (agent.id === this.#options.self().agentId) return;
    this.#agents = new Map(this.#agents).set(agent.id, {
      ...agent,
      seenAt: this.#options.clock.now(),
    });
    this.#tell({ kind: 'agents' });
  }
}

/** A relay that answered, as it is talked to from now on. */
interface Standing {
  readonly door: RelayDoor;
  readonly requests: RelayRequests;
  readonly end: AbortController;
  readonly timers: Set<Cancel>;
  closeSocket: () => void;
  socket: boolean;
  /** Ends when all that came so far is taken. */
  taking: Promise<void>;
}

/** How long ago the relay heard it, by the relay's own clock, counted back from now by ours. */
function seenAt(agent: WireAgent, serverTime: number | null, now: number): number | null {
  if (agent.heartbeatAt === null || serverTime === null) return null;
  const age = serverTime - agent.heartbeatAt;
  // A relay that contradicts itself tells nothing.
  return age < -5_000 || age > 86_400_000 ? null : now - Math.max(0, age);
}
