/** Holds the connection: one attempt after the other, trust before use, and the state of it all. */
import type { Cancel } from '../../clock/clock.ts';
import type { LinkState } from '../../contract/index.ts';
import { type GatewayEvent, type HelloFacts, readEvent, readHello } from './events.ts';
import { classifyEnd, type Failure, socketFailure } from './failures.ts';
import { type DeviceToken, type GatewayLinkOptions, type Pins, wantedScopes } from './options.ts';
import { takesConnections } from './reach.ts';
import { Standing } from './standing.ts';
import { checkIdentity, checkTls, describeTlsChange, readIdentity } from './trust.ts';
import { plaintextAllowed } from './url.ts';
import { Waiting } from './waiting.ts';
import { Wire, type WireEnd } from './wire.ts';

/** A connection that stood this long was a real one: back-off starts anew after it. */
const STEADY_MS = 10_000;
const IDENTITY_LIMIT_MS = 10_000;
const LOOK_LIMIT_MS = 15_000;
const WAKE_LIMIT_MS = 5000;

export interface ConnectorHooks {
  readonly onState: (state: LinkState) => void;
  /** Subscribes on a fresh connection; throws a WireError where that fails. */
  readonly subscribe: (wire: Wire) => Promise<void>;
  readonly onReady: () => void;
  readonly onDown: () => void;
  readonly onEvent: (event: GatewayEvent) => void;
}

export class Connector {
  private readonly options: GatewayLinkOptions;
  private readonly hooks: ConnectorHooks;
  private readonly waiting: Waiting;
  private readonly stopWake: Cancel;
  private pins: Pins;
  private current: LinkState = { kind: 'idle' };
  private running = false;
  private wire: Wire | null = null;
  /** Set while the connection is trusted and subscribed. */
  private standing: Standing | null = null;
  private facts: HelloFacts | null = null;
  private attempts = 0;
  private stopAttempt = new AbortController();
  private retry: Cancel | null = null;
  private seenTlsTrusted = false;
  /** The stored device token was refused: the shared secret has to get us another. */
  private tokenSpoilt = false;

  constructor(options: GatewayLinkOptions, hooks: ConnectorHooks) {
    this.options = options;
    this.hooks = hooks;
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

  /** What the last hello said; it outlives the connection. */
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

  /** Takes note of one round trip. */
  sample(ms: number): void {
    this.standing?.sample(ms);
  }

  /** The agent that threads go to is there, or not. */
  noteAgent(present: boolean): void {
    this.standing?.noteAgent(present);
  }

  private pin(change: Partial<Pins>): void {
    this.pins = { ...this.pins, ...change };
    this.options.onPin(this.pins);
  }

  private set(state: LinkState): void {
    this.current = state;
    this.hooks.onState(state);
  }

  /** Forgets the wire; true if it had been up. */
  private letGo(): void {
    const up = this.standing;
    this.wire = null;
    this.standing = null;
    up?.end();
    if (up) this.hooks.onDown();
  }

  /** Ends the present attempt or connection, without a new one. */
  private async drop(): Promise<void> {
    this.stopAttempt.abort();
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
    const stop = new AbortController();
    this.stopAttempt = stop;
    void this.attempt(stop.signal).catch((error: unknown) => {
      if (stop.signal.aborted) return;
      this.fail(socketFailure(error instanceof Error ? error : new Error(String(error))));
    });
  }

  private async storedToken(wanted: readonly string[]): Promise<DeviceToken | null> {
    if (this.tokenSpoilt) return null;
    const stored = await this.options.deviceToken.load().catch(() => null);
    return stored && wanted.every((scope) => stored.scopes.includes(scope)) ? stored : null;
  }

  private async attempt(signal: AbortSignal): Promise<void> {
    const { options } = this;
    const { hostname, protocol } = new URL(options.url);
    if (protocol === 'ws:' && !plaintextAllowed(hostname)) {
      const detail = `ws://${hostname} would send the token in plain text.`;
      this.fail({ kind: 'offline', cause: 'insecure_url', detail });
      return;
    }
    const scopes = wantedScopes(options);
    const deviceToken = await this.storedToken(scopes);
    const credential = deviceToken ? ({ kind: 'none' } as const) : await options.credential();
    if (signal.aborted) return;
    if (credential.kind === 'unavailable') {
      this.set({ kind: 'needs_secret', reason: credential.reason });
      return;
    }
    const tls = await checkTls(options.url, this.pins, options.clock, signal);
    if (signal.aborted) return;
    if (tls.kind === 'changed') {
      this.seenTlsTrusted = tls.trusted;
      this.set(tls.state);
      return;
    }
    const newTls = tls.isNew ? tls.fingerprint : null;
    const wire: Wire = new Wire({
      url: options.url,
      clock: options.clock,
      device: options.device,
      displayName: options.displayName,
      appVersion: options.appVersion,
      log: options.log,
      credential,
      deviceToken,
      tlsFingerprint: tls.fingerprint,
      scopes,
      caps: options.ownGateway ? [] : ['session-scoped-events'],
      onDeviceToken: (token) => this.keepToken(deviceToken, token),
      onHello: (hello) => {
        void this.greet(wire, hello, newTls, signal).catch(() => this.cut(wire, signal));
      },
      onEvent: (event, payload) => this.event(event, payload),
      onEnd: (end) => void this.ended(wire, end, signal),
    });
    this.wire = wire;
    wire.start();
  }

  private keepToken(old: DeviceToken | null, token: DeviceToken | null): void {
    this.tokenSpoilt = token === null;
    if (token && old && token.token === old.token) return;
    const { deviceToken } = this.options;
    const kept = token ? deviceToken.store(token) : deviceToken.clear();
    kept.catch(() => this.options.log?.('warn', 'the device token could not be kept'));
  }

  /** Trust before use: identity first, then subscriptions, and only then is the link up. */
  private async greet(
    wire: Wire,
    hello: unknown,
    newTls: string | null,
    signal: AbortSignal,
  ): Promise<void> {
    const facts = readHello(hello);
    if (!facts) {
      const detail = 'Its greeting is not that of an OpenClaw gateway.';
      this.refuse(wire, { kind: 'offline', cause: 'not_a_gateway', detail });
      return;
    }
    const powerless = facts.scopes.length === 0;
    const startedAt = this.options.clock.monotonic();
    if (!powerless && !(await this.recognise(wire, facts, newTls, signal))) return;
    const latency = powerless ? null : this.options.clock.monotonic() - startedAt;
    if (!powerless) await this.hooks.subscribe(wire);
    if (signal.aborted || this.wire !== wire) return;
    this.facts = facts;
    const standing = new Standing(this.options.clock, facts, wantedScopes(this.options), latency, {
      changed: () => {
        if (this.standing === standing) this.set(standing.state());
      },
      lookAgain: () => void this.look(LOOK_LIMIT_MS).catch(() => {}),
    });
    this.standing = standing;
    this.set(standing.state());
    this.hooks.onReady();
  }

  /** Whether it is the gateway that we know; at first contact it is remembered. */
  private async recognise(
    wire: Wire,
    facts: HelloFacts,
    newTls: string | null,
    signal: AbortSignal,
  ): Promise<boolean> {
    const limit = { timeoutMs: IDENTITY_LIMIT_MS, signal };
    const seen = facts.identityKnown
      ? readIdentity(await wire.request('gateway.identity.get', {}, limit))
      : null;
    if (signal.aborted || this.wire !== wire) return false;
    const changed = checkIdentity(this.pins, seen);
    if (changed) {
      void this.drop();
      this.set(changed);
      return false;
    }
    const isNew = this.pins.identity === null && seen !== null;
    if (isNew || newTls) {
      this.pin({ ...(isNew ? { identity: seen } : {}), ...(newTls ? { tls: newTls } : {}) });
    }
    return true;
  }

  private refuse(wire: Wire, failure: Failure): void {
    if (this.wire === wire) void this.drop();
    this.fail(failure);
  }

  /** The handshake went well and what followed did not. */
  private cut(wire: Wire, signal: AbortSignal): void {
    if (signal.aborted || this.wire !== wire) return;
    const detail = 'It greeted, and then did not answer.';
    this.refuse(wire, { kind: 'offline', cause: 'unanswered', detail });
  }

  private async look(timeoutMs: number): Promise<void> {
    const wire = this.live;
    if (!wire) return;
    const startedAt = this.options.clock.monotonic();
    try {
      await wire.request('health', {}, { timeoutMs });
    } finally {
      if (this.live === wire) this.sample(this.options.clock.monotonic() - startedAt);
    }
  }

  private event(name: string, payload: unknown): void {
    const event = readEvent(name, payload);
    if (event.kind === 'shutdown') {
      this.waiting.announce(this.options.clock.now(), event.expectedMs, event.restart);
    }
    this.hooks.onEvent(event);
  }

  private async ended(wire: Wire, end: WireEnd, signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.wire !== wire) return;
    const { clock } = this.options;
    const failure = classifyEnd(end);
    const stood = this.standing ? clock.now() - this.standing.since : 0;
    if (stood >= STEADY_MS && !this.waiting.expectsReturn) this.waiting.reset();
    this.letGo();
    if (failure.kind === 'revoked' || failure.kind === 'narrow_token') this.keepToken(null, null);
    if (failure.kind === 'tls_changed') await this.showTlsChange(failure, signal);
    else if (failure.kind === 'offline' && failure.cause === 'unanswered' && !end.greeted) {
      const reached = end.socketOpened || (await takesConnections(this.options.url, clock, signal));
      if (signal.aborted) return;
      const silent: Failure = { kind: 'offline', cause: 'timeout', detail: 'No answer in 15 s.' };
      this.fail(reached ? failure : silent);
    } else this.fail(failure);
  }

  private async showTlsChange(failure: Failure, signal: AbortSignal): Promise<void> {
    const { url, clock } = this.options;
    const change = await describeTlsChange(url, this.pins, clock, signal).catch(() => null);
    if (signal.aborted) return;
    if (!change) {
      this.fail(failure);
      return;
    }
    this.seenTlsTrusted = change.trusted;
    this.set(change.state);
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
