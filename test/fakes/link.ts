/**
 * A gateway as far as delivery sees it, and a link to it. The gateway keeps a history, forgets used
 * keys when it restarts, takes a while to write an accepted message down, and counts how often the
 * model was called for each key. The link can be cut, can lose an acknowledgement, and can double or
 * swap what it tells. It models what docs/delivery-matrix.md found of the real one.
 */
import type { Clock } from '../../electron/clock/clock.ts';
import {
  type AppError,
  appError,
  CodedError,
  LinkId,
  type LinkState,
} from '../../electron/contract/index.ts';
import type {
  HistoryMessage,
  Link,
  LinkEvent,
  LinkLimits,
  OutgoingEnvelope,
  SendOutcome,
  SettleOutcome,
} from '../../electron/links/link.ts';

/** What a send meets, once. */
export type SendFault =
  | 'none'
  /** Cut before it got there: unknown to us, never taken. */
  | 'cut_before'
  /** Taken, and the acknowledgement lost: unknown to us. */
  | 'cut_after'
  | 'not_sent'
  | 'rejected';

export interface FakeGatewayOptions {
  readonly clock: Clock;
  /** Between accepting a message and its row in the history, ms. */
  readonly writeDownMs?: number;
  /** Between two parts of an answer, ms. */
  readonly partMs?: number;
  /** What the agent answers, in parts. */
  readonly answer?: (text: string) => readonly string[];
}

/** After a restart, a run that was killed is taken up again after this time, ms. */
const REPEAT_MS = 5_000;

interface Run {
  readonly key: string;
  readonly sessionKey: string;
  /** The key; or, where a killed run is repeated, an id of the gateway's own. */
  readonly runId: string;
  readonly asked: string;
  text: string;
  written: boolean;
}

type Told = Exclude<LinkEvent, { kind: 'state' | 'ready' | 'skills' }>;

export class FakeGateway {
  /** Calls that somebody who sent the key caused. */
  readonly modelCalls = new Map<string, number>();
  /** Calls that the gateway made by itself after a restart. */
  readonly repeats = new Map<string, number>();
  readonly #options: FakeGatewayOptions;
  readonly #histories = new Map<string, HistoryMessage[]>();
  readonly #runs = new Map<string, Run>();
  readonly #used = new Set<string>();
  readonly #listeners = new Set<(event: Told) => void>();
  #life = 0;
  #ids = 0;

  constructor(options: FakeGatewayOptions) {
    this.#options = options;
  }

  /** Everything that was ever accepted and written down, over all sessions. */
  history(sessionKey: string): readonly HistoryMessage[] {
    return this.#histories.get(sessionKey) ?? [];
  }

  /** A session is reset or deleted over there: nothing of it can be seen any more. */
  reset(sessionKey: string): void {
    this.#histories.delete(sessionKey);
  }

  sessions(): readonly string[] {
    return [...this.#histories.keys()];
  }

  run(key: string): boolean {
    return this.#runs.has(key);
  }

  onTold(listener: (event: Told) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * The process dies and comes back: runs are gone, used keys are forgotten, the history stays.
   * @param repeat it takes up by itself what it was working on, under run ids of its own.
   */
  restart(repeat = false): void {
    this.#life += 1;
    const lost = [...this.#runs.values()].filter((run) => run.written);
    this.#runs.clear();
    this.#used.clear();
    if (!repeat) return;
    for (const run of lost) {
      const again: Run = { ...run, runId: `repeated-${++this.#ids}`, text: '' };
      this.#runs.set(run.key, again);
      this.#later(REPEAT_MS, run.key, () => {
        this.repeats.set(run.key, (this.repeats.get(run.key) ?? 0) + 1);
        this.#write(run.sessionKey, { role: 'other', text: '[System] interrupted' });
        this.#answer(run.key, this.#parts(run.asked));
      });
    }
  }

  #parts(text: string): readonly string[] {
    return this.#options.answer?.(text) ?? ['echo: ', text];
  }

  /** Takes a message. The same key within one life does nothing again. */
  accept({ key, sessionKey, text }: OutgoingEnvelope): void {
    if (this.#used.has(key)) return;
    this.#used.add(key);
    this.#runs.set(key, { key, sessionKey, runId: key, asked: text, text: '', written: false });
    this.#later(this.#options.writeDownMs ?? 20, key, (run) => {
      run.written = true;
      this.#write(sessionKey, { role: 'user', text, key });
      this.modelCalls.set(key, (this.modelCalls.get(key) ?? 0) + 1);
      this.#answer(key, this.#parts(text));
    });
  }

  /** Somebody else writes in a session. */
  foreign(sessionKey: string, text: string, role: 'user' | 'assistant' = 'user'): HistoryMessage {
    return this.#write(sessionKey, { role, text, senderLabel: 'Someone else' });
  }

  abort(key: string): boolean {
    const run = this.#runs.get(key);
    if (!run) return false;
    this.#runs.delete(key);
    const { sessionKey, text } = run;
    this.#tell({ kind: 'run_ended', key, sessionKey, reason: 'aborted', text, error: null });
    const partial = { role: 'assistant', text, runId: run.runId, ended: 'aborted' } as const;
    if (text !== '') this.#write(sessionKey, partial);
    return true;
  }

  /** The run over there fails. */
  failRun(key: string, error: AppError): void {
    const run = this.#runs.get(key);
    if (!run) return;
    this.#runs.delete(key);
    this.#tell({ kind: 'run_ended', ...run, reason: 'error', error });
  }

  /** Any event at all, as a misbehaving gateway would send it. */
  tell(event: Told): void {
    this.#tell(event);
  }

  #answer(key: string, parts: readonly string[]): void {
    const [added, ...rest] = parts;
    this.#later(this.#options.partMs ?? 20, key, (run) => {
      if (added === undefined) return this.#finish(run);
      run.text += added;
      const { sessionKey, text } = run;
      this.#tell({ kind: 'run_delta', key, sessionKey, text, added });
      this.#answer(key, rest);
    });
  }

  #finish({ key, sessionKey, runId, text }: Run): void {
    // The link knows by now whose run this is, and says so; the history does not.
    const row = this.#write(sessionKey, { role: 'assistant', text, runId }, { runId: key });
    this.#runs.delete(key);
    this.#tell({ kind: 'run_final', key, sessionKey, text, remoteId: null, at: row.at });
  }

  #write(
    sessionKey: string,
    row: Pick<HistoryMessage, 'role' | 'text'> & Partial<HistoryMessage>,
    told: Partial<HistoryMessage> = {},
  ): HistoryMessage {
    const message: HistoryMessage = {
      remoteId: `row-${++this.#ids}`,
      key: null,
      runId: null,
      at: this.#options.clock.now(),
      senderLabel: null,
      ...row,
    };
    const history = this.#histories.get(sessionKey) ?? [];
    this.#histories.set(sessionKey, history);
    history.push(message);
    this.#tell({ kind: 'session_message', sessionKey, message: { ...message, ...told } });
    return message;
  }

  #later(ms: number, key: string, task: (run: Run) => void): void {
    const life = this.#life;
    this.#options.clock.after(ms, () => {
      const run = this.#runs.get(key);
      if (run && life === this.#life) task(run);
    });
  }

  #tell(event: Told): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}

export interface FakeLinkOptions {
  readonly clock: Clock;
  readonly gateway: FakeGateway;
  readonly id: LinkId;
  /** How long anything takes that we ask, ms. */
  readonly latencyMs?: number;
  readonly resolveUnknown?: Link['resolveUnknown'];
  readonly kind?: Link['kind'];
}

const closed = (): AppError => appError('link.closed', 'The fake cut the line.');

export class FakeLink implements Link {
  readonly id: LinkId;
  readonly kind: Link['kind'];
  readonly resolveUnknown: Link['resolveUnknown'];
  readonly rungs: Link['rungs'] = {
    queued: '',
    sending: '',
    sent: '',
    delivered: '',
    answered: '',
    failed: '',
    unknown: '',
    cancelled: '',
    handed: '',
  };
  /** What the next sends meet, in order. */
  readonly faults: SendFault[] = [];
  /** What the next stops are refused with. */
  readonly stopFaults: AppError[] = [];
  /** What was sent, in order, whatever became of it. */
  readonly sends: OutgoingEnvelope[] = [];
  /** Tells each event twice. */
  doubles = false;
  /** Tells each pair of events in the wrong order. */
  swaps = false;
  /** A session of theirs that a person picked, instead of one per thread. */
  picked: string | null = null;
  limitsNow: LinkLimits = {
    payloadBytes: 25_000_000,
    attachmentBytes: 20_000_000,
    imageBytes: 6_000_000,
  };
  readonly #options: FakeLinkOptions;
  readonly #listeners = new Set<(event: LinkEvent) => void>();
  readonly #watched = new Map<string, number>();
  readonly #cuts = new Set<() => void>();
  readonly #unlisten: () => void;
  #held: Told | null = null;
  #state: LinkState = { kind: 'idle' };

  constructor(options: FakeLinkOptions) {
    this.id = options.id;
    this.kind = options.kind ?? 'gateway';
    this.resolveUnknown = options.resolveUnknown ?? 'byHistory';
    this.#options = options;
    this.#unlisten = options.gateway.onTold((event) => this.#hear(event));
  }

  get watched(): readonly string[] {
    return [...this.#watched.keys()];
  }

  /** Connected, subscribed, ready. */
  connect(): void {
    const { clock } = this.#options;
    const common = { since: clock.now(), scopes: [], serverVersion: 'fake', latencyMs: null };
    this.setState({ kind: 'online', ...common });
    this.#emit({ kind: 'ready' });
  }

  /** The line is cut: whatever was under way has no end that we see. */
  cut(): void {
    this.#held = null;
    const { clock } = this.#options;
    const offline = { cause: 'closed', detail: '', since: clock.now(), retryAt: null } as const;
    this.setState({ kind: 'offline', ...offline });
    for (const end of [...this.#cuts]) end();
  }

  setState(state: LinkState): void {
    this.#state = state;
    this.#emit({ kind: 'state', state });
  }

  state(): LinkState {
    return this.#state;
  }

  limits(): LinkLimits {
    return this.limitsNow;
  }

  start(): void {}

  async stop(): Promise<void> {
    this.#unlisten();
    this.#listeners.clear();
  }

  reconnect(): void {
    this.connect();
  }

  async trustIdentity(): Promise<boolean> {
    return true;
  }

  on(listener: (event: LinkEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  sessionKeyFor(threadId: string, agentId: string | null): string {
    return this.picked ?? `agent:${agentId ?? 'main'}:peerage-test-${threadId}`;
  }

  async send(envelope: OutgoingEnvelope, signal: AbortSignal): Promise<SendOutcome> {
    if (!this.#online()) {
      return { kind: 'not_sent', error: appError('link.not_connected', 'The fake is offline.') };
    }
    this.sends.push(envelope);
    const fault = this.faults.shift() ?? 'none';
    if (fault === 'not_sent') {
      return { kind: 'not_sent', error: appError('link.starting', 'The fake is starting.') };
    }
    if (fault === 'rejected') {
      return { kind: 'rejected', error: appError('link.request_failed', 'The fake said no.') };
    }
    if (fault === 'cut_before') {
      this.cut();
      return { kind: 'unknown', error: closed() };
    }
    // What was handed to the socket arrives, whatever becomes of us or of the line meanwhile.
    const { clock, gateway, latencyMs } = this.#options;
    clock.after(latencyMs ?? 5, () => gateway.accept(envelope));
    const arrived = await this.#wait(signal);
    if (!arrived) return { kind: 'unknown', error: closed() };
    if (fault === 'cut_after') {
      this.cut();
      return { kind: 'unknown', error: closed() };
    }
    const acknowledged = await this.#wait(signal);
    return acknowledged
      ? { kind: 'acknowledged', runId: envelope.key }
      : { kind: 'unknown', error: closed() };
  }

  async settle(
    key: string,
    sessionKey: string,
    signal: AbortSignal,
    usedBefore = false,
  ): Promise<SettleOutcome> {
    const { gateway } = this.#options;
    if (this.resolveUnknown === 'none') {
      return { kind: 'cannot_tell', error: appError('message.unknown_outcome', 'Nothing tells.') };
    }
    if (!this.#online() || !(await this.#wait(signal))) return { kind: 'not_now', error: closed() };
    const history = gateway.history(sessionKey);
    if (gateway.run(key)) return { kind: 'present', running: true, answer: null };
    const at = history.findIndex((row) => row.role === 'user' && row.key === key);
    if (at < 0 && (!usedBefore || history.length > 0)) return { kind: 'absent' };
    if (at < 0) {
      return { kind: 'cannot_tell', error: appError('message.unknown_outcome', 'It is empty.') };
    }
    const after = history.slice(at + 1);
    const next = after.findIndex((row) => row.role === 'user');
    const own = next < 0 ? after : after.slice(0, next);
    const found =
      after.findLast((row) => row.runId === key) ?? own.findLast((row) => row.role === 'assistant');
    return {
      kind: 'present',
      running: false,
      answer: found ? { ...found, runId: key } : null,
    };
  }

  async abort(key: string, _sessionKey: string, signal: AbortSignal): Promise<boolean> {
    const refused = this.stopFaults.shift() ?? null;
    if (!(await this.#wait(signal))) throw new CodedError(closed());
    if (refused) throw new CodedError(refused);
    return this.#options.gateway.abort(key);
  }

  watch(sessionKey: string): () => void {
    this.#watched.set(sessionKey, (this.#watched.get(sessionKey) ?? 0) + 1);
    let over = false;
    return () => {
      if (over) return;
      over = true;
      const left = (this.#watched.get(sessionKey) ?? 1) - 1;
      if (left > 0) this.#watched.set(sessionKey, left);
      else this.#watched.delete(sessionKey);
    };
  }

  async history(
    sessionKey: string,
    limit: number,
    signal: AbortSignal,
  ): Promise<readonly HistoryMessage[]> {
    if (!this.#online() || !(await this.#wait(signal))) throw new Error('not connected');
    if (this.resolveUnknown === 'none') return [];
    return this.#options.gateway.history(sessionKey).slice(-limit);
  }

  async agents(): Promise<[]> {
    return [];
  }

  async sessions(): Promise<[]> {
    return [];
  }

  async ping(): Promise<number> {
    return this.#options.latencyMs ?? 0;
  }

  #online(): boolean {
    return this.#state.kind === 'online';
  }

  /** One way over the line. @returns false where it was cut or stopped meanwhile. */
  #wait(signal: AbortSignal): Promise<boolean> {
    return new Promise((resolve) => {
      const end = (arrived: boolean): void => {
        cancel();
        this.#cuts.delete(cut);
        signal.removeEventListener('abort', cut);
        resolve(arrived);
      };
      const cut = (): void => end(false);
      const cancel = this.#options.clock.after(this.#options.latencyMs ?? 5, () => end(true));
      this.#cuts.add(cut);
      if (signal.aborted) cut();
      else signal.addEventListener('abort', cut);
    });
  }

  #hear(event: Told): void {
    if (!this.#online() || !this.#watched.has(event.sessionKey)) return;
    if (this.swaps && !this.#held) {
      this.#held = event;
      return;
    }
    const held = this.#held;
    this.#held = null;
    for (const one of held ? [event, held] : [event]) {
      this.#emit(one);
      if (this.doubles) this.#emit(one);
    }
  }

  #emit(event: LinkEvent): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
}

/** An id for a link, for tests that need no particular one. */
export const fakeLinkId = (n = 1): LinkId =>
  LinkId.parse(`01900000-0000-7000-8000-${String(n).padStart(12, '0')}`);
