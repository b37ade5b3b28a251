/**
 * Work from outside on its way to an agent of the own gateway: a connection by a device of its own
 * that may write and nothing else, and runs by the `agent` method, so that OpenClaw notes the text as
 * an outsider's (`inputProvenance: external_user`, `senderIsOwner: false`; seen on 2026.9.6) and not as
 * the owner's, as it does with `chat.send`.
 */
import * as z from 'zod';
import {
  type AgentView,
  type AppError,
  appError,
  CodedError,
  type LinkState,
  type SessionView,
} from '../../contract/index.ts';
import { Attempts } from './attempts.ts';
import { Connector, type ConnectorOwner } from './connector.ts';
import { asCoded } from './failures.ts';
import type { HandOver, HandOverBegin, HandOverOutcome, HandOverRun } from './hand-over-types.ts';
import { fetchPage, PAGE } from './history.ts';
import type { GatewayLinkOptions } from './options.ts';
import { listAgents, listSessions } from './queries.ts';
import { after, answerIn, failureText, refusedIn, Waited } from './run-end.ts';
import { BEGUN, outcomeOf } from './send.ts';
import { readSessionFile, type SessionFile } from './session-files.ts';
import { type Wire, WireError } from './wire.ts';

/**
 * The scopes that handing over needs. OpenClaw lets a writer read, so the history can be asked too; and
 * without the right to approvals a run cannot even ask its person about a command (docs/delivery-matrix.md).
 * It asks; nothing here ever answers.
 */
export const HAND_OVER_SCOPES: readonly string[] = ['operator.write', 'operator.approvals'];

/** How the names of the sessions begin that the reception makes, after the agent's. */
const RECEPTION_SESSIONS = 'peerage-in-';

const ACK_MS = 30_000;
const WAIT_MS = 15_000;
const REQUEST_MS = 15_000;
/** A gateway that was killed repeats its runs some five seconds after its start. */
const RECOVERY_MS = 30_000;
const MAX_PAGES = 40;

const Ack = z.object({ status: z.string().max(64) });
class Implementation implements HandOver, ConnectorOwner {
  private readonly options: GatewayLinkOptions;
  private readonly connector: Connector;
  private readonly attempts: Attempts;
  private readonly ready = new Set<() => void>();
  private readonly states = new Set<() => void>();

  constructor(options: GatewayLinkOptions) {
    this.options = options;
    this.attempts = new Attempts(options.clock);
    this.connector = new Connector(options, this);
  }

  stateChanged(): void {
    for (const listener of [...this.states]) listener();
  }

  async subscribe(): Promise<void> {
    // Ends are asked for, so nothing needs to be heard.
  }

  connected(): void {
    for (const listener of [...this.ready]) listener();
  }

  disconnected(): void {}
  arrived(): void {}

  state(): LinkState {
    return this.connector.state;
  }

  start(): void {
    this.connector.start();
  }

  stop(): Promise<void> {
    return this.connector.stop();
  }

  reconnect(): void {
    this.connector.reconnect();
  }

  onReady(listener: () => void): () => void {
    this.ready.add(listener);
    return () => this.ready.delete(listener);
  }

  onState(listener: () => void): () => void {
    this.states.add(listener);
    return () => this.states.delete(listener);
  }

  agents(signal: AbortSignal): Promise<AgentView[]> {
    return this.ask((wire) => listAgents(wire, signal));
  }

  sessions(signal: AbortSignal): Promise<SessionView[]> {
    return this.ask((wire) => listSessions(wire, null, RECEPTION_SESSIONS, signal));
  }

  async begin(run: HandOverRun, signal: AbortSignal): Promise<HandOverBegin> {
    const wire = this.connector.live;
    if (!wire) return { kind: 'not_taken', error: this.notConnected() };
    const bootId = this.connector.hello?.bootId ?? null;
    // Another process of the gateway may have taken it: only its history can tell.
    if (this.attempts.crossed(run.key, bootId)) return { kind: 'unknown' };
    this.attempts.note(run.key, bootId);
    const params = {
      message: run.text,
      idempotencyKey: run.key,
      agentId: run.agentId,
      sessionKey: run.sessionKey,
      deliver: false,
      inputProvenance: { kind: 'external_user', sourceChannel: 'peerage' },
      ...(run.images.length === 0
        ? {}
        : {
            attachments: run.images.map(({ name, mediaType, data }) => ({
              type: 'image',
              fileName: name,
              mimeType: mediaType,
              content: Buffer.from(data).toString('base64'),
            })),
          }),
    };
    try {
      const answer = await wire.request('agent', params, { timeoutMs: ACK_MS, signal });
      const ack = Ack.safeParse(answer);
      const status = ack.success ? ack.data.status : 'unreadable';
      // A used key whose run is over: its end is asked for like any other's.
      return BEGUN.has(status) || status === 'ok' ? { kind: 'taken' } : { kind: 'unknown' };
    } catch (error) {
      const outcome = outcomeOf(error);
      switch (outcome.kind) {
        case 'rejected':
          return { kind: 'refused', error: outcome.error };
        case 'not_sent':
          return {
            kind: 'not_taken',
            error: outcome.error,
            ...(outcome.retryAfterMs === undefined ? {} : { retryAfterMs: outcome.retryAfterMs }),
          };
        default:
          return { kind: 'unknown' };
      }
    }
  }

  async follow(key: string, sessionKey: string, signal: AbortSignal): Promise<HandOverOutcome> {
    const wire = this.connector.live;
    if (!wire) return { kind: 'not_now' };
    try {
      const answer = await wire.request(
        'agent.wait',
        { runId: key, timeoutMs: WAIT_MS },
        { timeoutMs: WAIT_MS + REQUEST_MS, signal },
      );
      const end = Waited.safeParse(answer);
      if (!end.success) return { kind: 'not_now' };
      const { status, stopReason, terminalReply, error } = end.data;
      if (stopReason === 'aborted' || status === 'aborted') return { kind: 'aborted' };
      if (status === 'ok' && terminalReply?.text) {
        const refused = await this.refusals(wire, key, sessionKey, signal);
        return { kind: 'answered', text: terminalReply.text, refused };
      }
      if (status === 'error') return { kind: 'failed', detail: failureText(error) };
    } catch (error) {
      if (error instanceof WireError && error.failure.kind !== 'refused')
        return { kind: 'not_now' };
      if (!(error instanceof WireError)) throw error;
    }
    // It goes on, or this process of the gateway does not know it: the history tells which.
    return this.settle(key, sessionKey, signal);
  }

  async settle(key: string, sessionKey: string, signal: AbortSignal): Promise<HandOverOutcome> {
    const wire = this.connector.live;
    if (!wire) return { kind: 'not_now' };
    try {
      return await this.search(wire, key, sessionKey, signal);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      const { failure } = error;
      if (failure.kind !== 'refused' || failure.refusal.retryable) return { kind: 'not_now' };
      return { kind: 'cannot_tell', detail: failure.refusal.message.slice(0, 300) };
    }
  }

  /** Of a run whose answer is known: what was refused to it, as far as its newest rows tell. */
  private async refusals(
    wire: Wire,
    key: string,
    sessionKey: string,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    try {
      const { rows } = await fetchPage(wire, sessionKey, { limit: PAGE, offset: 0, key }, signal);
      const index = rows.findIndex((row) => row.inputKey === key);
      return refusedIn(index < 0 ? rows.filter(({ runId }) => runId === key) : after(rows, index));
    } catch (error) {
      // The answer counts, with or without this.
      if (error instanceof WireError) return [];
      throw error;
    }
  }

  private async search(
    wire: Wire,
    key: string,
    sessionKey: string,
    signal: AbortSignal,
  ): Promise<HandOverOutcome> {
    const first = await fetchPage(wire, sessionKey, { limit: PAGE, offset: 0, key }, signal);
    const rows = [...first.rows];
    let offset = first.nextOffset;
    for (let pages = 1; ; pages++) {
      const index = rows.findIndex((row) => row.inputKey === key);
      if (index >= 0) {
        const isNewest = !rows.slice(index + 1).some((row) => row.inputKey !== null);
        const young = this.processAge() < RECOVERY_MS;
        const goesOn = first.hasLiveRun || (first.claimsToRun && young);
        if (first.live.has(key) || (isNewest && goesOn)) return { kind: 'running' };
        const run = after(rows, index);
        const answer = answerIn(run);
        const refused = refusedIn(run);
        return answer === null
          ? { kind: 'silent', refused }
          : { kind: 'answered', text: answer, refused };
      }
      if (offset === null) break;
      if (pages >= MAX_PAGES) {
        return { kind: 'cannot_tell', detail: 'The history is too long to search.' };
      }
      const page = await fetchPage(wire, sessionKey, { limit: PAGE, offset }, signal);
      rows.unshift(...page.rows);
      offset = page.nextOffset;
    }
    if (first.live.has(key)) return { kind: 'running' };
    if (first.consumed.has(key)) {
      return { kind: 'cannot_tell', detail: 'The gateway took it, and it is gone from view.' };
    }
    // A gateway that has just started may still bring back what it had.
    if (this.processAge() < RECOVERY_MS && this.attempts.crossed(key, this.bootId())) {
      return { kind: 'silent', refused: [] };
    }
    this.attempts.note(key, this.bootId());
    return { kind: 'absent' };
  }

  async file(sessionKey: string, path: string, signal: AbortSignal): Promise<SessionFile> {
    const wire = this.connector.live;
    return wire ? readSessionFile(wire, sessionKey, path, signal) : { kind: 'not_now' };
  }

  async abort(key: string, sessionKey: string, signal: AbortSignal): Promise<boolean> {
    const answer = await this.ask((wire) =>
      wire.request('chat.abort', { sessionKey, runId: key }, { timeoutMs: REQUEST_MS, signal }),
    );
    return (answer as { aborted?: unknown } | null)?.aborted === true;
  }

  private bootId(): string | null {
    return this.connector.hello?.bootId ?? null;
  }

  private processAge(): number {
    return this.options.clock.monotonic() - (this.connector.hello?.startedAt ?? 0);
  }

  private notConnected(): AppError {
    return appError(
      'reception.gateway_down',
      `The connection is ${this.connector.state.kind.replaceAll('_', ' ')}.`,
    );
  }

  private async ask<T>(query: (wire: Wire) => Promise<T>): Promise<T> {
    const wire = this.connector.live;
    if (!wire) throw new CodedError(this.notConnected());
    try {
      return await query(wire);
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      throw asCoded(error);
    }
  }
}

/** Makes a hand-over; it does nothing before {@link HandOver.start}. Its scopes are its own. */
export const createHandOver = (options: GatewayLinkOptions): HandOver =>
  new Implementation({ ...options, scopes: HAND_OVER_SCOPES, ownGateway: false });
