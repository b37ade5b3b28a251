/** The link to one agent of a relay. What it shares with the links to the others is in the hub. */
import type { Clock } from '../../clock/clock.ts';
import {
  type AgentView,
  type AppError,
  appError,
  CodedError,
  type LinkId,
  type LinkState,
  RELAY_BODY_BYTES,
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
import { scrubbed } from '../scrub.ts';
import { afterwards, asHistory, ending } from './answers.ts';
import { errorOf, failureOf } from './failures.ts';
import type { RelayHub } from './hub.ts';
import type { SentAnswer, SentLedger, SentTask } from './options.ts';
import type { KnownAgent } from './roll.ts';
import { RUNGS } from './rungs.ts';
import { bodyOf, outcomeOf } from './sending.ts';
import { type RelaySigner, readAnnounced } from './signing.ts';
import { statusOf } from './status.ts';

/** Given for each agent that is a peer; the hub is shared, and not ended with the link. */
export interface RelayLinkOptions {
  readonly id: LinkId;
  /** The agent's id at the relay. */
  readonly agentId: string;
  readonly hub: RelayHub;
  readonly ledger: SentLedger;
  /** As whom we are there. */
  readonly us: () => string;
  readonly host: string;
  /** Null while the device's key cannot be had: then nothing is signed. */
  readonly signer: () => Promise<RelaySigner | null>;
  readonly clock: Clock;
  readonly log?: (level: 'debug' | 'warn', text: string) => void;
}

/** The link, with a way in for answers, which the hub hears for all of its links. */
export interface RelayLink extends Link {
  /** An answer came for a task of this link. Resolves once nothing of it can be lost. */
  answer(task: SentTask, answer: SentAnswer): Promise<void>;
}

/** Room for what the relay and we put around a task, bytes. */
const ENVELOPE_BYTES = 4_096;

class Implementation implements RelayLink {
  readonly kind = 'relay';
  readonly rungs = RUNGS;
  readonly id: LinkId;
  readonly #options: RelayLinkOptions;
  readonly #listeners: Listeners;
  #forget = (): void => undefined;
  #told = '';
  #wasThere = false;

  constructor(options: RelayLinkOptions) {
    this.#options = options;
    this.#listeners = new Listeners(options.log);
    this.id = options.id;
  }

  get resolveUnknown(): 'byKey' | 'none' {
    return this.#knowsKeys() ? 'byKey' : 'none';
  }

  #agent(): KnownAgent | undefined {
    return this.#options.hub.agents.get(this.#options.agentId);
  }

  /** Another Peerage takes a task once, however often it comes; so does a guarded relay. */
  #knowsKeys(): boolean {
    if (this.#options.hub.guarded) return true;
    const description = this.#agent()?.description ?? '';
    return readAnnounced(description).fingerprint !== null;
  }

  #emit(event: LinkEvent): void {
    this.#listeners.tell(scrubbed(event, this.#options.hub.token));
  }

  /** The relay's state, unless only this agent is the trouble. */
  state(): LinkState {
    const { state } = this.#options.hub;
    if (state.kind !== 'online' || this.#agent()) return state;
    return { ...state, kind: 'degraded', reason: 'agent_silent', missingScopes: [] };
  }

  limits(): LinkLimits {
    return { payloadBytes: RELAY_BODY_BYTES, attachmentBytes: 0, imageBytes: 0 };
  }

  start(): void {
    this.#forget();
    this.#forget = this.#options.hub.on((event) => {
      if (event.kind === 'ready') void this.#ready(event.forgot);
      else this.#tellState();
    });
    this.#tellState();
    if (this.#options.hub.state.kind === 'online') this.#emit({ kind: 'ready' });
  }

  #tellState(): void {
    const state = this.state();
    const isThere = this.#agent() !== undefined;
    const text = JSON.stringify(state);
    if (text !== this.#told) {
      this.#told = text;
      this.#emit({ kind: 'state', state });
    }
    // Its name and capabilities can be read now.
    if (isThere && !this.#wasThere && state.kind === 'online') this.#emit({ kind: 'ready' });
    this.#wasThere = isThere;
  }

  /** A relay that was started anew has nothing of what we gave it: it is given it once more. */
  async #ready(forgot: boolean): Promise<void> {
    this.#tellState();
    if (forgot) {
      for (const task of this.#options.ledger.unanswered()) {
        if (task.linkId === this.id) await this.#again(task);
      }
    }
    this.#emit({ kind: 'ready' });
  }

  async #again(task: SentTask): Promise<void> {
    const { hub, ledger, log } = this.#options;
    try {
      const messageId = await hub.ask(new AbortController().signal, (requests, us, signal) =>
        requests.delegate(us, task.to, messageIdOf(task.key), task.body, signal),
      );
      await ledger.acknowledged(task.key, messageId);
    } catch (error) {
      log?.('warn', `what the relay forgot was not sent again: ${failureOf(error).kind}`);
    }
  }

  async stop(): Promise<void> {
    this.#forget();
    this.#forget = () => undefined;
  }

  reconnect(): void {
    this.#options.hub.reconnect();
  }

  async trustIdentity(seen: string): Promise<boolean> {
    return this.#options.hub.trust(seen);
  }

  on(listener: (event: LinkEvent) => void): () => void {
    return this.#listeners.on(listener);
  }

  /** A relay knows no sessions: the name is for ourselves. */
  sessionKeyFor(threadId: string): string {
    return `relay-${threadId}`.toLowerCase();
  }

  async send(envelope: OutgoingEnvelope, signal: AbortSignal): Promise<SendOutcome> {
    const { hub, ledger, agentId: to } = this.#options;
    const { key, sessionKey } = envelope;
    if (hub.state.kind !== 'online') return { kind: 'not_sent', error: this.#notConnected() };
    if (envelope.attachments.length > 0) {
      const error = appError('relay.no_files', 'The message has files with it.');
      return { kind: 'rejected', error };
    }
    const body = await bodyOf(envelope, this.#options);
    const bytes = Buffer.byteLength(JSON.stringify(body)) + ENVELOPE_BYTES;
    if (bytes > RELAY_BODY_BYTES) {
      const detail = `With its envelope it has ${bytes} bytes; a relay takes ${RELAY_BODY_BYTES}.`;
      return { kind: 'rejected', error: appError('relay.too_large', detail) };
    }
    await ledger.begin({ key, linkId: this.id, sessionKey, to, body });
    try {
      const messageId = await hub.ask(signal, (requests, us, inner) =>
        requests.delegate(us, to, messageIdOf(key), body, inner),
      );
      await ledger.acknowledged(key, messageId);
      return { kind: 'acknowledged', runId: messageId };
    } catch (error) {
      return this.#outcomeOf(key, error);
    }
  }

  async #outcomeOf(key: string, error: unknown): Promise<SendOutcome> {
    const { hub, host, ledger } = this.#options;
    const failure = failureOf(error);
    const outcome = outcomeOf(failure, scrubbed(errorOf(failure, host), hub.token));
    // What nobody took is ours again.
    if (outcome.kind !== 'unknown') await ledger.withdrawn(key);
    return outcome;
  }

  async settle(key: string): Promise<SettleOutcome> {
    const { hub, ledger } = this.#options;
    const task = ledger.byKey(key);
    // It is written down before it leaves: what is not there never left.
    if (!task) return { kind: 'absent' };
    if (task.answer) {
      return { kind: 'present', running: false, answer: asHistory(task, task.answer) };
    }
    if (task.messageIds.length > 0) return { kind: 'present', running: true, answer: null };
    if (hub.state.kind !== 'online') return { kind: 'not_now', error: this.#notConnected() };
    if (this.#knowsKeys()) return { kind: 'absent' };
    const detail = 'The connection broke before the relay said that it has it.';
    return { kind: 'cannot_tell', error: appError('message.unknown_outcome', detail) };
  }

  async answer(task: SentTask, answer: SentAnswer): Promise<void> {
    const { key, sessionKey } = task;
    const { ledger } = this.#options;
    const status = statusOf(answer.status);
    if (task.answer && statusOf(task.answer.status) !== 'asks') {
      // Something more after its end: shown, and not taken for the end once more.
      this.#emit({ kind: 'session_message', sessionKey, message: afterwards(answer) });
      return;
    }
    if (status === 'goes_on') {
      await ledger.taken(key);
      const { text } = answer;
      this.#emit({ kind: 'run_state', key, sessionKey, state: 'in_progress' });
      this.#emit({ kind: 'run_delta', key, sessionKey, text, added: text });
      return;
    }
    await ledger.answered(key, answer);
    this.#emit(ending(task, answer));
  }

  /** @throws CodedError relay.cannot_stop, always */
  async abort(): Promise<boolean> {
    throw new CodedError(appError('relay.cannot_stop', 'A relay has no way to take work back.'));
  }

  /** Nothing to watch: what comes for us comes by itself. */
  watch(): () => void {
    return () => undefined;
  }

  /** A relay keeps no history. */
  async history(): Promise<readonly HistoryMessage[]> {
    return [];
  }

  async agents(): Promise<readonly AgentView[]> {
    const agent = this.#agent();
    return agent ? [{ id: agent.id, name: agent.name, isDefault: true }] : [];
  }

  async sessions(): Promise<readonly SessionView[]> {
    return [];
  }

  async capabilities(): Promise<readonly string[]> {
    return this.#agent()?.capabilities ?? [];
  }

  async ping(signal: AbortSignal): Promise<number> {
    const { hub, host } = this.#options;
    try {
      return await hub.ping(signal);
    } catch (error) {
      throw new CodedError(scrubbed(errorOf(failureOf(error), host), hub.token));
    }
  }

  #notConnected(): AppError {
    return appError('link.not_connected', `The relay is ${this.#options.hub.state.kind}.`);
  }
}

/** By which a guarded relay, and whoever gets it there, knows it again. */
const messageIdOf = (key: string): string => key.replace(/^peerage:/, '');

/** Makes a link; it does nothing before {@link Link.start}. */
export const createRelayLink = (options: RelayLinkOptions): RelayLink =>
  new Implementation(options);
