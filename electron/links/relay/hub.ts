/**
 * One relay, as one agent: registered, kept alive, listened to by socket and by polling, its agents
 * read again and again. Shared by the links to all agents of it.
 */
import type { Cancel } from '../../clock/clock.ts';
import type { LinkState } from '../../contract/index.ts';
import { backoffMs } from '../backoff.ts';
import { failureOf, isOfRelay, RelayError, type RelayFailure, verdictOf } from './failures.ts';
import { Listening } from './listening.ts';
import type { RelayHubOptions } from './options.ts';
import { type RelayDoor, type RelayInfo, RelayRequests } from './requests.ts';
import { Seen } from './seen.ts';
import type { WireAgent } from './wire.ts';

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
export class RelayHub {
  readonly #options: RelayHubOptions;
  readonly #random: () => number;
  readonly #seen = new Seen();
  readonly #listeners = new Set<(event: HubEvent) => void>();
  #stopWake: Cancel = () => undefined;
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
  }

  get state(): LinkState {
    return this.#state;
  }

  /** How messages come now. */
  get incoming(): 'socket' | 'polling' | 'none' {
    return this.#live ? (this.#live.listening?.isOpen ? 'socket' : 'polling') : 'none';
  }

  /** One agent cannot speak or read there as another, and nothing is lost on the way. */
  get guarded(): boolean {
    return this.#live?.guarded ?? false;
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
    this.#stopWake = this.#options.clock.onWake(() => this.reconnect());
    this.#begin();
  }

  /** It can be started again. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#stopWake();
    const taken = this.#letGo();
    this.#set({ kind: 'idle' });
    await taken;
  }

  /** Tries now, also after a refusal. */
  reconnect(): void {
    if (!this.#running) return;
    void this.#letGo();
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

  /** Resolves when what came before is taken. */
  #letGo(): Promise<void> {
    this.#attempt?.abort();
    this.#attempt = null;
    this.#retry?.();
    this.#retry = null;
    const live = this.#live;
    this.#live = null;
    live?.end.abort();
    live?.stopBeats();
    return live?.listening?.stop() ?? Promise.resolve();
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
    void this.#letGo();
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
    const { clock, url, secret: kept } = this.#options;
    const token = await this.#options.token();
    if (signal.aborted) return;
    if (token.kind === 'unavailable') {
      this.#attempt = null;
      this.#set({ kind: 'needs_secret', reason: token.reason });
      return;
    }
    this.#proven = token.kind === 'token';
    const secret = await kept();
    if (signal.aborted) return;
    if (secret === null) {
      this.#attempt = null;
      this.#set({ kind: 'needs_secret', reason: 'unavailable' });
      return;
    }
    const value = token.kind === 'token' ? token.value : null;
    const door: RelayDoor = { url, tls: this.#tls, token: value, secret, clock };
    const requests = new RelayRequests(door);
    const startedAt = clock.monotonic();
    const info = await requests.info(signal);
    const latencyMs = clock.monotonic() - startedAt;
    const forgot = await this.#introduce(requests, info, signal);
    if (signal.aborted) return;
    this.#attempt = null;
    this.#attempts = 0;
    this.#stand(door, requests, info, latencyMs);
    await this.#look();
    this.#tell({ kind: 'ready', forgot });
  }

  /**
   * Registers, also where we are known: name, capabilities and description may have changed.
   * @returns whether the relay knew us once, and does not any more.
   */
  async #introduce(
    requests: RelayRequests,
    { guarded }: RelayInfo,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { self, onRegistered } = this.#options;
    try {
      const knew = this.#registered;
      const knows = knew && (await requests.heartbeat(self().agentId, signal));
      await requests.register(self(), signal);
      if (!knew) {
        this.#registered = true;
        onRegistered();
      }
      return knew && !knows;
    } catch (error) {
      // The token was good enough for the question before.
      const refused = failureOf(error).kind === 'unauthorized';
      throw guarded && refused ? new RelayError({ kind: 'not_us' }) : error;
    }
  }

  #stand(door: RelayDoor, requests: RelayRequests, info: RelayInfo, latencyMs: number): void {
    const { clock } = this.#options;
    const live: Standing = {
      door,
      requests,
      guarded: info.guarded,
      end: new AbortController(),
      stopBeats: clock.every(BEAT_MS, () => this.#beat(live)),
      listening: null,
    };
    this.#live = live;
    live.listening = new Listening({
      door,
      agentId: this.#options.self().agentId,
      guarded: info.guarded,
      clock,
      log: this.#options.log,
      seen: this.#seen,
      take: this.#options.take,
      joined: (agent) => this.#joined(agent),
      ask: (task) => this.ask(live.end.signal, task),
      changed: (open) => {
        if (this.#live !== live) return;
        this.#tell({ kind: 'state' });
        // It may be gone altogether: a heartbeat finds out.
        if (!open) this.#beat(live);
      },
    });
    this.#set({
      kind: 'online',
      since: clock.now(),
      scopes: [],
      serverVersion: `ClawLink ${info.version}`.trim(),
      latencyMs,
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
  readonly guarded: boolean;
  readonly end: AbortController;
  readonly stopBeats: Cancel;
  listening: Listening | null;
}

/** How long ago the relay heard it, by the relay's own clock, counted back from now by ours. */
function seenAt(agent: WireAgent, serverTime: number | null, now: number): number | null {
  if (agent.heartbeatAt === null || serverTime === null) return null;
  const age = serverTime - agent.heartbeatAt;
  // A relay that contradicts itself tells nothing.
  return age < -5_000 || age > 86_400_000 ? null : now - Math.max(0, age);
}
