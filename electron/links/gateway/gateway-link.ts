/** The link to a peer over the operator WebSocket of an OpenClaw gateway. */
import { within } from '../../clock/deadline.ts';
import {
  type AgentView,
  appError,
  CodedError,
  type LinkId,
  type LinkState,
  type SessionView,
} from '../../contract/index.ts';
import type {
  HistoryMessage,
  Link,
  LinkEvent,
  LinkLimits,
  OutgoingEnvelope,
  SendOutcome,
  SettleOutcome,
} from '../link.ts';
import { Listeners } from '../listeners.ts';
import { Attempts } from './attempts.ts';
import { listCapabilities } from './capabilities.ts';
import { Connector, type ConnectorOwner } from './connector.ts';
import type { GatewayEvent, HelloFacts } from './events.ts';
import { asCoded } from './failures.ts';
import { fetchHistory } from './history.ts';
import type { GatewayLinkOptions } from './options.ts';
import { listAgents, listSessions, ownSessions } from './queries.ts';
import { RUNGS } from './rungs.ts';
import { RunTracker } from './runs.ts';
import { BEGUN, DEFAULT_LIMITS, sendMessage } from './send.ts';
import { settleByHistory } from './settle.ts';
import { Watching } from './watching.ts';
import { type Wire, WireError } from './wire.ts';

const PING_LIMIT_MS = 15_000;

/** A gateway link, with what a bug report may want to know. */
export interface GatewayLink extends Link {
  /** Events that came in, and how many of them fitted no schema. */
  counters(): { readonly events: number; readonly broken: number };
}

class Implementation implements GatewayLink, ConnectorOwner {
  readonly kind = 'gateway';
  readonly resolveUnknown = 'byHistory';
  readonly rungs = RUNGS;
  readonly id: LinkId;
  private readonly options: GatewayLinkOptions;
  private readonly connector: Connector;
  private readonly watching: Watching;
  private readonly attempts: Attempts;
  /** Made with the first run: most links are idle, and there may be hundreds. */
  private tracker: RunTracker | null = null;
  private readonly listeners: Listeners;
  private events = 0;
  private broken = 0;

  constructor(options: GatewayLinkOptions) {
    this.options = options;
    this.listeners = new Listeners(options.log);
    this.attempts = new Attempts(options.clock);
    this.id = options.id;
    this.connector = new Connector(options, this);
    this.watching = new Watching(options.ownGateway, this.connector, options.log);
  }

  private get runs(): RunTracker {
    this.tracker ??= new RunTracker(this.options.clock, (event) => this.emit(event));
    return this.tracker;
  }

  private emit(event: LinkEvent): void {
    if (event.kind === 'run_final') this.attempts.answered(event.key);
    this.listeners.tell(event);
  }

  stateChanged(state: LinkState): void {
    this.emit({ kind: 'state', state });
  }

  subscribe(wire: Wire, facts: HelloFacts): Promise<void> {
    return this.watching.subscribe(wire, facts);
  }

  connected(): void {
    this.emit({ kind: 'ready' });
    void this.lookForAgent();
  }

  disconnected(): void {
    this.tracker?.pause();
  }

  arrived(event: GatewayEvent): void {
    this.events++;
    switch (event.kind) {
      case 'chat':
        this.runs.chat(event.chat);
        return;
      case 'row':
        if (!this.runs.row(event.row)) this.broken++;
        return;
      case 'waiting':
        this.runs.waiting(event.runId, event.sessionKey, event.waiting);
        return;
      case 'broken':
        this.broken++;
        return;
      case 'shutdown':
      case 'other':
    }
  }

  /** The agent that the person picked may be gone; without one the gateway's default serves. */
  private async lookForAgent(): Promise<void> {
    const { agentId } = this.options;
    const wire = this.connector.live;
    if (!agentId || !wire || !this.connector.hello?.scopes.length) return;
    const list = (signal: AbortSignal) => listAgents(wire, signal);
    const agents = await within(this.options.clock, PING_LIMIT_MS, null, list).catch(() => null);
    if (agents && this.connector.live === wire) {
      this.connector.health?.noteAgent(agents.some((agent) => agent.id === agentId));
    }
  }

  counters(): { readonly events: number; readonly broken: number } {
    return { events: this.events, broken: this.broken };
  }

  state(): LinkState {
    return this.connector.state;
  }

  limits(): LinkLimits {
    const hello = this.connector.hello;
    return {
      payloadBytes: hello?.maxPayload ?? DEFAULT_LIMITS.payloadBytes,
      attachmentBytes: hello?.maxAttachment ?? DEFAULT_LIMITS.attachmentBytes,
      imageBytes: hello?.maxImage ?? DEFAULT_LIMITS.imageBytes,
    };
  }

  start(): void {
    this.connector.start();
  }

  async stop(): Promise<void> {
    await this.connector.stop();
    this.tracker?.dispose();
  }

  reconnect(): void {
    this.connector.reconnect();
  }

  trustIdentity(seen: string): Promise<boolean> {
    return this.connector.trust(seen);
  }

  on(listener: (event: LinkEvent) => void): () => void {
    return this.listeners.on(listener);
  }

  sessionKeyFor(threadId: string, agentId: string | null): string {
    if (this.options.sessionKey) return this.options.sessionKey;
    const agent = agentId ?? this.options.agentId ?? this.connector.hello?.defaultAgentId ?? 'main';
    const own = ownSessions(this.options.device.deviceId);
    // The gateway lowers session keys itself; events would come under another key than ours.
    return `agent:${agent}:${own}${threadId}`.toLowerCase();
  }

  async send(envelope: OutgoingEnvelope, signal: AbortSignal): Promise<SendOutcome> {
    const wire = this.connector.live;
    if (!wire) return { kind: 'not_sent', error: this.notConnected() };
    if (signal.aborted) {
      return { kind: 'not_sent', error: appError('link.closed', 'Sending was broken off.') };
    }
    const bootId = this.connector.hello?.bootId ?? null;
    if (this.attempts.crossed(envelope.key, bootId)) {
      const detail = 'The gateway was restarted since it was last sent; the history comes first.';
      return { kind: 'unknown', error: appError('message.unknown_outcome', detail) };
    }
    this.attempts.note(envelope.key, bootId);
    this.runs.expect(envelope.key);
    const outcome = await sendMessage(wire, envelope, this.limits(), signal);
    if (outcome.kind === 'rejected' && outcome.error.code === 'link.agent_missing') {
      this.connector.health?.noteAgent(false);
    }
    if (outcome.kind !== 'acknowledged') return outcome;
    if ('status' in outcome && !BEGUN.has(outcome.status)) void this.recover(envelope);
    return { kind: 'acknowledged', runId: outcome.runId };
  }

  /** The key was used before and its run is over: its answer comes from the history, once. */
  private async recover({ key, sessionKey }: OutgoingEnvelope): Promise<void> {
    const found = await this.settle(key, sessionKey, AbortSignal.timeout(PING_LIMIT_MS));
    if (found.kind !== 'present' || !found.answer) return;
    const { text, remoteId, at } = found.answer;
    this.runs.settle(key, sessionKey);
    this.emit({ kind: 'run_final', key, sessionKey, text, remoteId, at });
  }

  async settle(
    key: string,
    sessionKey: string,
    signal: AbortSignal,
    usedBefore = false,
  ): Promise<SettleOutcome> {
    const wire = this.connector.live;
    if (!wire) return { kind: 'not_now', error: this.notConnected() };
    const { clock } = this.options;
    const startedAt = this.connector.hello?.startedAt ?? 0;
    const processAge = () => clock.monotonic() - startedAt;
    const context = { now: () => clock.now(), processAge, usedBefore };
    const found = await settleByHistory(wire, key, sessionKey, context, signal);
    if (found.kind === 'present' && found.running) this.runs.follow(key, sessionKey);
    // From here on only this process of the gateway may be given it again.
    if (found.kind === 'absent') this.attempts.note(key, this.connector.hello?.bootId ?? null);
    return found;
  }

  async abort(key: string, sessionKey: string, signal: AbortSignal): Promise<boolean> {
    const params = { sessionKey, runId: this.runs.runIdOf(key) };
    const answer = await this.ask(signal, (wire) =>
      wire.request('chat.abort', params, { timeoutMs: PING_LIMIT_MS, signal }),
    );
    return (answer as { aborted?: unknown } | null)?.aborted === true;
  }

  watch(sessionKey: string): () => void {
    return this.watching.watch(sessionKey);
  }

  history(
    sessionKey: string,
    limit: number,
    signal: AbortSignal,
  ): Promise<readonly HistoryMessage[]> {
    return this.ask(signal, (wire) => fetchHistory(wire, sessionKey, limit, signal));
  }

  agents(signal: AbortSignal): Promise<readonly AgentView[]> {
    return this.ask(signal, (wire) => listAgents(wire, signal));
  }

  sessions(agentId: string | null, signal: AbortSignal): Promise<readonly SessionView[]> {
    const own = ownSessions(this.options.device.deviceId);
    return this.ask(signal, (wire) => listSessions(wire, agentId, own, signal));
  }

  capabilities(signal: AbortSignal): Promise<readonly string[]> {
    const agentId = this.options.agentId ?? this.connector.hello?.defaultAgentId ?? null;
    return this.ask(signal, (wire) => listCapabilities(wire, agentId, signal));
  }

  async ping(signal: AbortSignal): Promise<number> {
    const { clock } = this.options;
    const startedAt = clock.monotonic();
    const took = (): number => clock.monotonic() - startedAt;
    try {
      await this.ask(signal, (wire) =>
        wire.request('health', {}, { timeoutMs: PING_LIMIT_MS, signal }),
      );
    } catch (error) {
      if (error instanceof CodedError && error.error.code === 'link.request_timeout') {
        this.connector.health?.sample(took());
      }
      throw error;
    }
    const ms = took();
    this.connector.health?.sample(ms);
    return ms;
  }

  private notConnected(): ReturnType<typeof appError> {
    return appError('link.not_connected', `The link is ${this.connector.state.kind}.`);
  }

  /** Runs a query on the live connection; failures come out as coded errors. */
  private async ask<T>(signal: AbortSignal, query: (wire: Wire) => Promise<T>): Promise<T> {
    const wire = this.connector.live;
    if (!wire) throw new CodedError(this.notConnected());
    signal.throwIfAborted();
    try {
      return await query(wire);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      throw asCoded(error);
    }
  }
}

/** Makes a link; it does nothing before {@link Link.start}. */
export const createGatewayLink = (options: GatewayLinkOptions): GatewayLink =>
  new Implementation(options);
