/**
 * One relay, as one agent: registered, kept alive, listened to by socket and by polling, its agents
 * read again and again. Shared by the links to all agents of it.
 */
import type { Cancel } from '../../clock/clock.ts';
import type { LinkState } from '../../contract/index.ts';
import { backoffMs } from '../backoff.ts';
import { failureOf, RelayError, type RelayFailure, verdictOf } from './failures.ts';
import { credentials, introduce } from './introduction.ts';
import type { RelayHubOptions } from './options.ts';
import { type RelayDoor, type RelayInfo, RelayRequests } from './requests.ts';
import { AgentRoll, type KnownAgent } from './roll.ts';
import { Seen } from './seen.ts';
import { type AskRelay, Standing } from './standing.ts';

/** Told to the links of a relay. `agents`: the list changed; read {@link RelayHub.agents}. */
export type HubEvent =
  | { readonly kind: 'state' }
  /** Registered and listening. `forgot` = the relay knew us before, and did not any more. */
  | { readonly kind: 'ready'; readonly forgot: boolean }
  | { readonly kind: 'agents' };

/** After so long a connection counts as good: the next attempt after its end comes soon, ms. */
const STEADY_MS = 30_000;

/** One connection for as long as the relay is kept; tries again where waiting can help. */
export class RelayHub {
  readonly #options: RelayHubOptions;
  readonly #random: () => number;
  readonly #seen = new Seen();
  readonly #listeners = new Set<(event: HubEvent) => void>();
  #stopWake: Cancel = () => undefined;
  #state: LinkState = { kind: 'idle' };
  readonly #roll = new AgentRoll();
  #tls: string | null;
  #seenTlsTrusted = false;
  #proven = false;
  #registered: boolean;
  #running = false;
  #attempts = 0;
  #live: Standing | null = null;
  /** Ends when what came by the connections before this one is taken. */
  #taken: Promise<void> = Promise.resolve();
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
    return this.#live?.incoming ?? 'none';
  }

  /** One agent cannot speak or read there as another, and nothing is lost on the way. */
  get guarded(): boolean {
    return this.#live?.guarded ?? false;
  }

  /** What must not be echoed into our texts. */
  get token(): string | null {
    return this.#live?.token ?? null;
  }

  /** All that the relay lists, us not counted. */
  get agents(): ReadonlyMap<string, KnownAgent> {
    return this.#roll.agents;
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
  async ask<T>(signal: AbortSignal, task: AskRelay<T>): Promise<T> {
    if (!this.#live) throw new RelayError({ kind: 'stopped', reached: false });
    return this.#live.ask(signal, task);
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
    if (live) this.#taken = live.letGo();
    return this.#taken;
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
    // After a time that the relay named: it told all that it turned away the same one.
    const wait = retry.afterMs + backoffMs(this.#attempts, this.#random);
    const at = clock.now() + wait;
    if (state.kind === 'offline') this.#set({ ...state, retryAt: at });
    else this.#set(state.kind === 'rate_limited' ? { ...state, until: at } : state);
    this.#retry = clock.after(wait, () => this.#begin());
  }

  /** @throws RelayError, HttpFailure */
  async #connect(signal: AbortSignal): Promise<void> {
    const { clock, self, onRegistered } = this.#options;
    const had = await credentials(this.#options, this.#tls);
    if (signal.aborted) return;
    if (had.kind === 'unavailable') {
      this.#attempt = null;
      this.#set({ kind: 'needs_secret', reason: had.reason });
      return;
    }
    this.#proven = had.proven;
    const requests = new RelayRequests(had.door);
    const startedAt = clock.monotonic();
    const info = await requests.info(signal);
    const latencyMs = clock.monotonic() - startedAt;
    const knew = this.#registered;
    const knows = await introduce(requests, self(), knew, info, signal);
    if (!knew) {
      this.#registered = true;
      onRegistered();
    }
    if (signal.aborted) return;
    this.#attempt = null;
    await this.#stand(had.door, requests, info, latencyMs).look();
    this.#tell({ kind: 'ready', forgot: knew && !knows });
  }

  #stand(door: RelayDoor, requests: RelayRequests, info: RelayInfo, latencyMs: number): Standing {
    const { clock, self, take, log } = this.#options;
    const stoodAt = clock.monotonic();
    const live = new Standing({
      ...{ door, requests, info, self, clock, take, log },
      seen: this.#seen,
      before: this.#taken,
      roll: this.#roll,
      failed: (failure) => {
        if (this.#live !== live || failure.kind === 'stopped') return;
        // A relay that is too busy lets us in and fails right after: that is no reason to hurry.
        if (clock.monotonic() - stoodAt >= STEADY_MS) this.#attempts = 0;
        void this.#letGo();
        this.#take(failure);
      },
      forgotten: () => this.reconnect(),
      changed: () => this.#tell({ kind: 'state' }),
      agents: () => this.#tell({ kind: 'agents' }),
    });
    this.#live = live;
    this.#set({
      kind: 'online',
      since: clock.now(),
      scopes: [],
      serverVersion: `ClawLink ${info.version}`.trim(),
      latencyMs,
    });
    return live;
  }
}
