/** Holds the connection: one attempt after the other, trust before use, and the state of it all. */
import type { Cancel } from '../../clock/clock.ts';
import type { LinkState } from '../../contract/index.ts';
import { diagnose } from './diagnose.ts';
import { type GatewayEvent, type HelloFacts, readEvent } from './events.ts';
import { type Failure, socketFailure } from './failures.ts';
import { type Greeting, greet } from './greeting.ts';
import { type DeviceToken, type GatewayLinkOptions, type Pins, wantedScopes } from './options.ts';
import { makeWire, type Preparation, prepare } from './prepare.ts';
import { Standing, type StandingOwner } from './standing.ts';
import { Waiting } from './waiting.ts';
import type { Wire, WireEnd, WireOwner } from './wire.ts';

/** A connection that stood this long ends the story of what failed before it. */
const STEADY_MS = 10_000;
const LOOK_LIMIT_MS = 15_000;
const WAKE_LIMIT_MS = 5000;

/** The link, which hears how it goes; `connected` comes only after `subscribe` went well. */
export interface ConnectorOwner {
  stateChanged(state: LinkState): void;
  /** Subscribes on a fresh connection; throws a WireError where that fails. */
  subscribe(wire: Wire, facts: HelloFacts): Promise<void>;
  connected(): void;
  disconnected(): void;
  arrived(event: GatewayEvent): void;
}

/** One gateway for as long as its link runs; tries again by itself where waiting can help. */
export class Connector implements WireOwner, StandingOwner {
  private readonly options: GatewayLinkOptions;
  private readonly owner: ConnectorOwner;
  private readonly waiting: Waiting;
  private readonly stopWake: Cancel;
  private pins: Pins;
  private current: LinkState = { kind: 'idle' };
  private running = false;
  private wire: Wire | null = null;
  private standing: Standing | null = null;
  private facts: HelloFacts | null = null;
  private attempts = 0;
  private attempting: AbortController | null = null;
  /** A certificate seen for the first time, until it is remembered. */
  private newTls: string | null = null;
  private usedToken: DeviceToken | null = null;
  private retry: Cancel | null = null;
  private seenTlsTrusted = false;
  /** The stored device token was refused: the shared secret has to get us another. */
  private tokenSpoilt = false;

  constructor(options: GatewayLinkOptions, owner: ConnectorOwner) {
    this.options = options;
    this.owner = owner;
    this.pins = options.pins;
    this.waiting = new Waiting(options.random ?? Math.random);
    this.stopWake = options.clock.onWake(() => this.woke());
  }

  get state(): LinkState {
    return this.current;
  }

  /** The connection, once it is trusted and subscribed. */
  get live(): Wire | null {
    return this.standing ? this.wire : null;
  }

  /** It outlives the connection. */
  get hello(): HelloFacts | null {
    return this.facts;
  }

  start(): void {
    if (this.running) return;
    this.running = true;
    this.again();
  }

  async stop(): Promise<void> {
    this.running = false;
    this.stopWake();
    await this.drop();
    this.set({ kind: 'idle' });
  }

  reconnect(): void {
    if (!this.running) return;
    void this.drop();
    this.waiting.reset();
    this.attempts = 0;
    this.again();
  }

  async trust(seen: string): Promise<boolean> {
    const state = this.current;
    if (state.kind !== 'identity_changed' || state.seen !== seen || seen === 'none') return false;
    const tls = this.seenTlsTrusted ? null : seen;
    this.pin(state.what === 'gateway_identity' ? { identity: seen } : { tls });
    this.reconnect();
    return true;
  }

  /** How well the connection stands, while there is one: tell it what was measured. */
  get health(): Standing | null {
    return this.standing;
  }

  private pin(change: Partial<Pins>): void {
    this.pins = { ...this.pins, ...change };
    this.options.onPin(this.pins);
  }

  private set(state: LinkState): void {
    this.current = state;
    this.owner.stateChanged(state);
  }

  /** Forgets the wire; true if it had been up. */
  private letGo(): void {
    const up = this.standing;
    this.wire = null;
    this.standing = null;
    up?.end();
    if (up) this.owner.disconnected();
  }

  /** Ends the present attempt or connection, without a new one. */
  private async drop(): Promise<void> {
    this.attempting?.abort();
    this.attempting = null;
    this.retry?.();
    this.retry = null;
    const { wire } = this;
    this.letGo();
    await wire?.stop();
  }

  /** Begins an attempt. What a person waits for stays on the screen meanwhile. */
  private again(): void {
    this.attempts++;
    const kept = ['needs_approval', 'starting', 'restarting', 'rate_limited'];
    if (this.attempts > 1 && this.current.kind === 'offline') {
      this.set({ ...this.current, retryAt: null });
    } else if (this.attempts === 1 || !kept.includes(this.current.kind)) {
      this.set({ kind: 'connecting', attempt: this.attempts });
    }
    const attempt = new AbortController();
    this.attempting = attempt;
    void this.attempt(attempt.signal).catch((error: unknown) => {
      if (attempt.signal.aborted) return;
      this.fail(socketFailure(error instanceof Error ? error : new Error(String(error))));
    });
  }

  private async attempt(signal: AbortSignal): Promise<void> {
    const { options } = this;
    const ready = await prepare(options, this.pins, this.tokenSpoilt, signal);
    if (signal.aborted) return;
    if (ready.kind !== 'go') {
      this.settle(ready);
      return;
    }
    this.newTls = ready.newTls;
    this.usedToken = ready.deviceToken;
    const wire = makeWire(options, ready, this);
    this.wire = wire;
    wire.start();
  }

  /** Shows why there is no connection, and plans the next attempt where one makes sense. */
  private settle(
    outcome: Exclude<Preparation, { kind: 'go' }> | Exclude<Greeting, { kind: 'up' }>,
  ): void {
    if (outcome.kind === 'failure') {
      this.fail(outcome.failure);
      return;
    }
    if ('tlsTrusted' in outcome) this.seenTlsTrusted = outcome.tlsTrusted === true;
    this.set(outcome.state);
  }

  deviceToken(token: DeviceToken | null): void {
    this.tokenSpoilt = token === null;
    if (token && token.token === this.usedToken?.token) return;
    const { deviceToken } = this.options;
    const kept = token ? deviceToken.store(token) : deviceToken.clear();
    kept.catch(() => this.options.log?.('warn', 'the device token could not be kept'));
  }

  greeted(wire: Wire, hello: unknown): void {
    if (this.wire !== wire) return;
    const signal = this.attempting?.signal ?? AbortSignal.abort();
    void this.welcome(wire, hello, signal).catch(() => this.cut(wire));
  }

  /** Trust before use: identity first, then subscriptions, and only then is the link up. */
  private async welcome(wire: Wire, hello: unknown, signal: AbortSignal): Promise<void> {
    const { clock } = this.options;
    const found = await greet(wire, hello, this.pins, this.newTls, clock, signal);
    if (this.wire !== wire) return;
    if (found.kind !== 'up') {
      void this.drop();
      this.settle(found);
      return;
    }
    const { facts, learned, latencyMs } = found;
    if (Object.keys(learned).length > 0) this.pin(learned);
    if (facts.scopes.length > 0) await this.owner.subscribe(wire, facts);
    if (this.wire !== wire) return;
    this.attempting = null;
    this.usedToken = null;
    this.facts = facts;
    this.standing = new Standing(clock, facts, wantedScopes(this.options), latencyMs, this);
    this.set(this.standing.state());
    this.owner.connected();
  }

  standingChanged(standing: Standing): void {
    if (this.standing === standing) this.set(standing.state());
  }

  lookAgain(): void {
    void this.look(LOOK_LIMIT_MS).catch(() => {});
  }

  /** The handshake went well and what followed did not. */
  private cut(wire: Wire): void {
    if (this.wire !== wire) return;
    void this.drop();
    const detail = 'It greeted, and then did not answer.';
    this.fail({ kind: 'offline', cause: 'unanswered', detail });
  }

  private async look(timeoutMs: number): Promise<void> {
    const wire = this.live;
    if (!wire) return;
    const startedAt = this.options.clock.monotonic();
    try {
      await wire.request('health', {}, { timeoutMs });
    } finally {
      if (this.live === wire) this.standing?.sample(this.options.clock.monotonic() - startedAt);
    }
  }

  event(wire: Wire, name: string, payload: unknown): void {
    if (this.wire !== wire) return;
    const event = readEvent(name, payload);
    if (event.kind === 'shutdown') {
      this.waiting.announce(this.options.clock.now(), event.expectedMs, event.restart);
    }
    this.owner.arrived(event);
  }

  ended(wire: Wire, end: WireEnd): void {
    if (this.wire !== wire) return;
    const stood = this.standing ? this.options.clock.now() - this.standing.since : 0;
    if (stood >= STEADY_MS && !this.waiting.expectsReturn) this.waiting.reset();
    this.letGo();
    this.attempting ??= new AbortController();
    void this.explain(end, this.attempting.signal);
  }

  private async explain(end: WireEnd, signal: AbortSignal): Promise<void> {
    const { clock, url } = this.options;
    const found = await diagnose(end, url, this.pins, clock, signal);
    if (signal.aborted) return;
    const kind = found.kind === 'failure' ? found.failure.kind : null;
    if (kind === 'revoked' || kind === 'narrow_token') this.deviceToken(null);
    this.settle(found);
  }

  private fail(failure: Failure): void {
    if (!this.running) return;
    const { state, retryInMs } = this.waiting.plan(failure, this.options.clock.now());
    this.set(state);
    if (retryInMs === null || this.options.once) return;
    this.retry?.();
    this.retry = this.options.clock.after(retryInMs, () => {
      this.retry = null;
      this.again();
    });
  }

  /** The machine slept: what stood may be dead, and what waited need not wait. */
  private woke(): void {
    if (!this.running) return;
    const { wire } = this;
    wire?.heard();
    if (this.standing) {
      void this.look(WAKE_LIMIT_MS).catch(() => {
        if (this.running && this.wire === wire) this.reconnect();
      });
      return;
    }
    if (!this.retry || this.current.kind === 'rate_limited') return;
    this.retry();
    this.retry = null;
    this.again();
  }
}
