/**
 * Holds the acquaintance with one agent: card read and compared with the pins, token proven, and the
 * state of it all. No connection is held open; what stands is that the last request was answered.
 */
import type { AgentCard } from '@a2a-js/sdk';
import type { Client } from '@a2a-js/sdk/client';
import type { Cancel } from '../../clock/clock.ts';
import { isDevicePin, type LinkState } from '../../contract/index.ts';
import { backoffMs } from '../backoff.ts';
import type { Verdict } from '../http/failure.ts';
import { fetchCard, type Met, meet, openClient, proveToken } from './agent.ts';
import { differsInSkillsAlone, isPeerage, viewOf } from './card.ts';
import { CallFailure, classify, type Failure } from './failures.ts';
import type { Host } from './follow.ts';
import type { A2aLinkOptions, Pins } from './options.ts';
import { STAYS, verdictOf, verdictOfCard } from './states.ts';

/** An agent that answered, as it is talked to from now on. */
export interface Standing extends Host {
  readonly card: AgentCard;
  readonly met: Met;
  /** What the other side must not echo into our texts. */
  readonly token: string | null;
}

/** The link, which hears how it goes. */
export interface ConnectorOwner {
  stateChanged(state: LinkState): void;
  connected(): void;
  disconnected(): void;
  /** The agent says that it can do other things than before; all else of its card is the same. */
  skillsChanged(): void;
}

/** The card is read again after this, ms: it may have changed while all went well. */
const CARD_AGE_MS = 10 * 60_000;

/** One agent for as long as its link runs; tries again by itself where waiting can help. */
export class Connector {
  private readonly options: A2aLinkOptions;
  private readonly owner: ConnectorOwner;
  private readonly random: () => number;
  private readonly stopWake: Cancel;
  private pins: Pins;
  private current: LinkState = { kind: 'idle' };
  private standing: Standing | null = null;
  private attempt: AbortController | null = null;
  private retry: Cancel | null = null;
  private isRunning = false;
  private attempts = 0;
  private cardReadAt = 0;
  /** As it was read last: what the agent can do may be another than when it was met. */
  private lastCard: AgentCard | null = null;
  private seenTlsTrusted = false;
  private hasToken = false;

  constructor(options: A2aLinkOptions, owner: ConnectorOwner) {
    this.options = options;
    this.owner = owner;
    this.pins = options.pins;
    this.random = options.random ?? Math.random;
    this.stopWake = options.clock.onWake(() => {
      // What was waited for may long be over.
      if (this.retry) this.reconnect();
    });
  }

  get state(): LinkState {
    return this.current;
  }

  /** The agent, while the last request to it was answered. */
  get live(): Standing | null {
    return this.standing;
  }

  start(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    this.begin();
  }

  stop(): void {
    this.isRunning = false;
    this.stopWake();
    this.letGo();
    this.set({ kind: 'idle' });
  }

  reconnect(): void {
    if (!this.isRunning) return;
    this.letGo();
    this.attempts = 0;
    this.begin();
  }

  /** A request showed that the agent cannot be talked to as it was. */
  failed(failure: Failure): void {
    if (!this.standing || failure.kind === 'stopped') return;
    this.letGo();
    this.take(this.verdict(failure));
  }

  private verdict(failure: Failure): Verdict {
    if (failure.kind === 'tls_changed') this.seenTlsTrusted = failure.trusted;
    return verdictOf(failure, {
      now: this.options.clock.now(),
      tls: this.pins.tls,
      proven: this.hasToken,
    });
  }

  /** Trusts what was seen, if that is still the question. */
  trust(seen: string): boolean {
    const state = this.current;
    if (state.kind !== 'identity_changed' || state.seen !== seen) return false;
    if (state.what === 'tls_fingerprint') this.pin({ tls: this.seenTlsTrusted ? null : seen });
    else this.pin({ identity: seen });
    this.reconnect();
    return true;
  }

  /** One answered question, ms; now and then the card as well. @throws CallFailure */
  async ping(signal: AbortSignal): Promise<number> {
    const { clock } = this.options;
    const standing = this.standing;
    if (!standing) throw new CallFailure({ kind: 'stopped', reached: false });
    const startedAt = clock.monotonic();
    try {
      await proveToken(standing.client, clock, signal);
    } catch (error) {
      const failure = classify(error);
      if (this.standing === standing) this.failed(failure);
      throw new CallFailure(failure);
    }
    const latencyMs = clock.monotonic() - startedAt;
    if (this.standing !== standing) return latencyMs;
    if (this.current.kind === 'online') this.set({ ...this.current, latencyMs });
    if (clock.monotonic() - this.cardReadAt > CARD_AGE_MS) await this.lookAgain(standing, signal);
    return latencyMs;
  }

  /**
   * What it says of itself, read again where that is older than this; null while it cannot be talked to.
   * Never rejects.
   */
  async card(maxAgeMs: number, signal: AbortSignal): Promise<AgentCard | null> {
    const { standing } = this;
    const age = this.options.clock.monotonic() - this.cardReadAt;
    if (standing && age > maxAgeMs) await this.lookAgain(standing, signal);
    return this.standing && this.lastCard;
  }

  private async lookAgain(standing: Standing, signal: AbortSignal): Promise<void> {
    const { url: address, clock } = this.options;
    const { token } = standing;
    const { tls, identity } = this.pins;
    const asksDevice = identity !== null && isDevicePin(identity);
    this.cardReadAt = clock.monotonic();
    try {
      const read = await fetchCard({ address, tls, token, clock, signal, asksDevice });
      // Another card is another acquaintance: it begins anew, with all its questions.
      if (this.standing !== standing) return;
      const before = this.lastCard ?? standing.card;
      const isSame = JSON.stringify(read.card) === JSON.stringify(before);
      const isAnother = asksDevice && read.identity !== identity;
      if (!isAnother && isSame) return;
      if (isAnother || !differsInSkillsAlone(read.card, before)) return this.reconnect();
      // What it can do is no reason to let go of what runs.
      this.lastCard = read.card;
      this.options.onCard(viewOf(read.card, standing.met.endpoint));
      this.owner.skillsChanged();
    } catch {
      // It answers all the same, which is enough where its card need not prove a key.
      if (asksDevice && this.standing === standing && !signal.aborted) this.reconnect();
    }
  }

  private pin(change: Partial<Pins>): void {
    this.pins = { ...this.pins, ...change };
    this.options.onPin(this.pins);
  }

  private set(state: LinkState): void {
    this.current = state;
    this.owner.stateChanged(state);
  }

  private letGo(): void {
    this.attempt?.abort();
    this.attempt = null;
    this.retry?.();
    this.retry = null;
    const stood = this.standing;
    this.standing = null;
    if (stood) this.owner.disconnected();
  }

  private begin(): void {
    this.retry = null;
    this.attempts++;
    const attempt = new AbortController();
    this.attempt = attempt;
    if (!STAYS.has(this.current.kind)) this.set({ kind: 'connecting', attempt: this.attempts });
    this.connect(attempt.signal).then(
      (verdict) => {
        if (verdict && !attempt.signal.aborted) this.take(verdict);
      },
      (error: unknown) => {
        if (attempt.signal.aborted) return;
        const failure = classify(error);
        if (!this.adopt(failure)) this.take(this.verdict(failure));
      },
    );
  }

  /** A certificate of its own, at first contact: it is pinned, and the attempt begins again with it. */
  private adopt(failure: Failure): boolean {
    if (failure.kind !== 'tls_changed' || this.pins.tls !== null || this.pins.identity !== null) {
      return false;
    }
    this.pins = { ...this.pins, tls: failure.seen };
    this.begin();
    return true;
  }

  /** @returns what stands in the way, or null where nothing does. @throws CallFailure and others */
  private async connect(signal: AbortSignal): Promise<Verdict | null> {
    const { clock, url: address } = this.options;
    const credential = await this.options.credential();
    if (credential.kind === 'unavailable') {
      return { state: { kind: 'needs_secret', reason: credential.reason }, retry: null };
    }
    const token = credential.kind === 'none' ? null : credential.value;
    this.hasToken = token !== null;
    const { tls } = this.pins;
    const expected = this.pins.identity;
    const asksDevice = expected !== null && isDevicePin(expected);
    const { card, identity } = await fetchCard({ address, tls, token, clock, signal, asksDevice });
    if (expected !== null && expected !== identity) {
      const what = 'agent_card';
      return { state: { kind: 'identity_changed', what, expected, seen: identity }, retry: null };
    }
    const met = meet(card, address, token);
    if ('kind' in met) return verdictOfCard(met, clock.now());
    const client = await openClient(met, { tls, token });
    const startedAt = clock.monotonic();
    await proveToken(client, clock, signal);
    if (signal.aborted) return null;
    this.stand(met, client, token, identity, clock.monotonic() - startedAt);
    return null;
  }

  private stand(
    met: Met,
    client: Client,
    token: string | null,
    identity: string,
    latencyMs: number,
  ): void {
    const { card, endpoint } = met;
    const { clock } = this.options;
    this.attempt = null;
    this.attempts = 0;
    this.cardReadAt = clock.monotonic();
    this.lastCard = card;
    this.standing = {
      card,
      met,
      client,
      token,
      streams: card.capabilities?.streaming === true,
      waitsForPerson: isPeerage(card),
    };
    if (this.pins.identity !== identity) this.pin({ identity });
    this.options.onCard(viewOf(card, endpoint));
    this.set({
      kind: 'online',
      since: clock.now(),
      scopes: [],
      serverVersion: `A2A ${endpoint.version}`,
      latencyMs,
    });
    this.owner.connected();
  }

  private take({ state, retry }: Verdict): void {
    this.attempt = null;
    const { clock } = this.options;
    if (!retry || !this.isRunning || this.options.once) {
      this.set(state);
      return;
    }
    const wait = Math.max(backoffMs(this.attempts, this.random), retry.afterMs);
    this.set(state.kind === 'offline' ? { ...state, retryAt: clock.now() + wait } : state);
    this.retry = clock.after(wait, () => this.begin());
  }
}
