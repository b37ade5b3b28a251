/** The link to an agent that speaks A2A: another Peerage's reception, OpenClaw, or any other. */
import {
  type AgentView,
  type AppError,
  appError,
  CodedError,
  type LinkId,
  type LinkState,
  type SessionView,
} from '../../contract/index.ts';
import { ASK_MS, SEND_MS, within } from '../http/limits.ts';
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
import { scrubbed } from '../scrub.ts';
import { tagsOf, takesFiles, viewOf } from './card.ts';
import { Connector, type ConnectorOwner, type Standing } from './connector.ts';
import { contentOf } from './content.ts';
import { Contexts } from './contexts.ts';
import { classify, type Failure, isOfLink } from './failures.ts';
import { Follower } from './follow.ts';
import type { A2aLinkOptions } from './options.ts';
import { RUNGS } from './rungs.ts';
import { asHistory, endOf } from './running.ts';
import {
  FILE_LIMIT_BYTES,
  handOver,
  messageOf,
  outcomeFor,
  type Place,
  REQUEST_LIMIT_BYTES,
  type Taken,
  unfit,
} from './send.ts';
import { isTaskId, phaseOf } from './task-states.ts';
import { cannotTell, isMessageRun, lostTask, unacknowledged } from './unacknowledged.ts';

class Implementation implements Link, ConnectorOwner {
  readonly kind = 'a2a';
  readonly rungs = RUNGS;
  readonly id: LinkId;
  private readonly options: A2aLinkOptions;
  private readonly connector: Connector;
  private readonly follower: Follower;
  private readonly contexts: Contexts;
  private readonly listeners: Listeners;

  constructor(options: A2aLinkOptions) {
    this.options = options;
    this.listeners = new Listeners(options.log);
    this.id = options.id;
    this.connector = new Connector(options, this);
    this.follower = new Follower({
      clock: options.clock,
      random: options.random ?? Math.random,
      emit: (event) => this.emit(event),
      failed: (failure) => this.connector.failed(failure),
    });
    this.contexts = new Contexts(options.clock, this.follower);
  }

  get resolveUnknown(): 'byKey' | 'none' {
    return this.connector.live?.waitsForPerson ? 'byKey' : 'none';
  }

  private emit(event: LinkEvent): void {
    this.listeners.tell(scrubbed(event, this.connector.live?.token ?? null));
  }

  stateChanged(state: LinkState): void {
    this.emit({ kind: 'state', state });
  }

  connected(): void {
    this.emit({ kind: 'ready' });
  }

  skillsChanged(): void {
    this.emit({ kind: 'skills' });
  }

  disconnected(): void {
    this.follower.pause();
  }

  state(): LinkState {
    return this.connector.state;
  }

  limits(): LinkLimits {
    const { live } = this.connector;
    const bytes = live && !takesFiles(live.card) ? 0 : FILE_LIMIT_BYTES;
    return { payloadBytes: REQUEST_LIMIT_BYTES, attachmentBytes: bytes, imageBytes: bytes };
  }

  start(): void {
    this.connector.start();
  }

  async stop(): Promise<void> {
    this.connector.stop();
    this.follower.pause();
  }

  reconnect(): void {
    this.connector.reconnect();
  }

  async trustIdentity(seen: string): Promise<boolean> {
    return this.connector.trust(seen);
  }

  on(listener: (event: LinkEvent) => void): () => void {
    return this.listeners.on(listener);
  }

  /** One context per thread: OpenClaw makes a session of its own of each. */
  sessionKeyFor(threadId: string): string {
    return `peerage-${threadId}`.toLowerCase();
  }

  async send(envelope: OutgoingEnvelope, signal: AbortSignal): Promise<SendOutcome> {
    const { live } = this.connector;
    if (!live) return { kind: 'not_sent', error: this.notConnected() };
    if (signal.aborted) {
      return { kind: 'not_sent', error: appError('link.closed', 'Sending was broken off.') };
    }
    const error = unfit(envelope, live);
    if (error) return { kind: 'rejected', error };
    const { key, sessionKey } = envelope;
    let place: Place;
    try {
      place = await this.contexts.placeOf(live, envelope, signal);
    } catch (cause) {
      // Nothing of the message has left yet, whatever happened to the question before it.
      return { kind: 'not_sent', error: this.unasked(classify(cause)) };
    }
    const answered = this.follower.askedIn(sessionKey)?.askId ?? null;
    try {
      const taken = await within(this.options.clock, SEND_MS, signal, (inner) =>
        handOver(live, messageOf(envelope, place, live.waitsForPerson), inner),
      );
      return this.take(live, { key, sessionKey }, taken, answered);
    } catch (cause) {
      const failure = classify(cause);
      if (failure.kind === 'task_unknown') this.follower.forgetAsked(sessionKey);
      if (isOfLink(failure)) this.connector.failed(failure);
      return scrubbed(outcomeFor(failure), live.token);
    }
  }

  private take(
    live: Standing,
    of: { readonly key: string; readonly sessionKey: string },
    taken: Taken,
    answered: string | null,
  ): SendOutcome {
    const { key, sessionKey } = of;
    this.follower.forgetAsked(sessionKey);
    if (taken.kind === 'message') {
      const { message } = taken;
      this.contexts.learn(sessionKey, message.contextId);
      const { text, attachments } = contentOf(message);
      const remoteId = `message:${message.messageId.slice(0, 200)}`;
      const files = attachments.length > 0 ? { attachments } : {};
      this.emit({ kind: 'run_final', key, sessionKey, text, remoteId, at: null, ...files });
      return { kind: 'acknowledged', runId: remoteId };
    }
    const { task, stream } = taken;
    if (!isTaskId(task.id)) {
      stream?.close();
      const error = appError('a2a.invalid_answer', 'It gave no task that could be followed.');
      this.emit({ kind: 'run_ended', key, sessionKey, reason: 'error', text: '', error });
      return { kind: 'acknowledged', runId: 'message:none' };
    }
    this.contexts.learn(sessionKey, task.contextId || sessionKey);
    this.follower.follow(live, of, task, stream, answered);
    return { kind: 'acknowledged', runId: task.id };
  }

  async settle(
    key: string,
    sessionKey: string,
    signal: AbortSignal,
    _usedBefore?: boolean,
    runId: string | null = null,
  ): Promise<SettleOutcome> {
    const { live } = this.connector;
    if (!live) return { kind: 'not_now', error: this.notConnected() };
    if (this.follower.of(key)) return { kind: 'present', running: true, answer: null };
    if (runId === null || isMessageRun(runId)) return unacknowledged(live, runId);
    try {
      const task = await this.contexts.ask(live, runId, signal);
      if (task.id !== runId)
        return cannotTell(appError('a2a.invalid_answer', 'It told of another task.'));
      this.contexts.learn(sessionKey, task.contextId || sessionKey);
      const end = endOf(task, live.waitsForPerson);
      if (!end) {
        this.follower.follow(live, { key, sessionKey }, task);
        return { kind: 'present', running: true, answer: null };
      }
      if (end.phase === 'asks') this.follower.noteAsked(sessionKey, task);
      const answer = scrubbed(asHistory(task, end, key), live.token);
      return { kind: 'present', running: false, answer };
    } catch (cause) {
      const failure = classify(cause);
      if (failure.kind === 'task_unknown') return cannotTell(lostTask());
      if (isOfLink(failure)) this.connector.failed(failure);
      if (failure.kind === 'refused' || failure.kind === 'unsupported') {
        return cannotTell(scrubbed(appError('a2a.refused', failure.detail), live.token));
      }
      return { kind: 'not_now', error: this.unasked(failure) };
    }
  }

  /** @throws CodedError a2a.cannot_stop where the agent says that it cannot */
  async abort(
    key: string,
    sessionKey: string,
    signal: AbortSignal,
    runId: string | null = null,
  ): Promise<boolean> {
    const { live } = this.connector;
    if (!live) throw new CodedError(this.notConnected());
    const running = this.follower.of(key);
    const id = running?.task.id ?? this.follower.askedIn(sessionKey)?.taskId ?? runId;
    if (id === null || !isTaskId(id) || isMessageRun(id)) return false;
    try {
      const after = await within(this.options.clock, ASK_MS, signal, (inner) =>
        live.client.cancelTask({ tenant: '', id, metadata: undefined }, { signal: inner }),
      );
      if (after.id !== id) return false;
      this.follower.forgetAsked(sessionKey);
      // Its end is told once: by this, or by the stream that told it meanwhile.
      if (running && this.follower.of(key)) this.follower.follow(live, running, after);
      return phaseOf(after.status, live.waitsForPerson) === 'canceled';
    } catch (cause) {
      const failure = classify(cause);
      if (failure.kind === 'task_unknown') return false;
      if (isOfLink(failure)) this.connector.failed(failure);
      // Only its own word is final; what the way did to the question says nothing of the work.
      const said = failure.kind === 'refused' || failure.kind === 'unsupported';
      throw new CodedError(
        said
          ? scrubbed(appError('a2a.cannot_stop', failure.detail), live.token)
          : this.unasked(failure),
      );
    }
  }

  /** Nothing to watch: a task is followed from the moment that it is known. */
  watch = (): (() => void) => () => undefined;

  /** A2A has no history of a context; what is open is asked for task by task. */
  history = async (): Promise<readonly HistoryMessage[]> => [];

  async agents(): Promise<readonly AgentView[]> {
    const { live } = this.connector;
    const name = live && viewOf(live.card, live.met.endpoint).name;
    return name === null ? [] : [{ id: 'agent', name, isDefault: true }];
  }

  sessions = async (): Promise<readonly SessionView[]> => [];

  async capabilities(
    signal: AbortSignal,
    maxAgeMs = Number.POSITIVE_INFINITY,
  ): Promise<readonly string[]> {
    const card = await this.connector.card(maxAgeMs, signal);
    return card ? tagsOf(card) : [];
  }

  async ping(signal: AbortSignal): Promise<number> {
    try {
      return await this.connector.ping(signal);
    } catch (error) {
      throw new CodedError(this.unasked(classify(error)));
    }
  }

  private notConnected(): AppError {
    return appError('link.not_connected', `The link is ${this.connector.state.kind}.`);
  }

  private unasked(failure: Failure): AppError {
    const token = this.connector.live?.token ?? null;
    const outcome = outcomeFor(failure);
    return scrubbed(outcome.kind === 'acknowledged' ? this.notConnected() : outcome.error, token);
  }
}

/** Makes a link; it does nothing before {@link Link.start}. */
export const createA2aLink = (options: A2aLinkOptions): Link => new Implementation(options);
