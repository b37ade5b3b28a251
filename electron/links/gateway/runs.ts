/**
 * Follows the runs of our messages through a gateway's events. What it must bear (all observed on
 * OpenClaw 2026.9.6): a run ends twice after an error; a message sent while another runs gets an
 * empty final at once and its answer later under a run id that we never gave; events come doubled
 * after a reconnect.
 */
import type { Cancel, Clock } from '../../clock/clock.ts';
import { type AppError, appError } from '../../contract/index.ts';
import type { LinkEvent } from '../link.ts';
import type { ChatEvent, SessionMessageEvent } from './events.ts';
import { Recent, remember } from './recent.ts';
import {
  asHistoryMessage,
  boundedText,
  isOurKey,
  MAX_TEXT,
  messageText,
  type ReadRow,
  readRow,
} from './rows.ts';

/** Deltas are gathered for this long: a million of them must not be a million events. */
const FLUSH_MS = 33;
/** Aliases and open questions are remembered up to this many. */
const REMEMBERED = 500;
/** Ends come doubled shortly after the first time, or not at all: so many cover what one link runs at once. */
const ENDS_REMEMBERED = 64;

interface Run {
  readonly key: string;
  readonly sessionKey: string;
  text: string;
  /** The length of the text when it was last shown. */
  shown: number;
  seq: number;
  dirty: boolean;
  /** The run id under which it goes on; null after the connection was lost. */
  runId: string | null;
}

/** Runs of one link, by the key of the message that began them; each end is told once. */
export class RunTracker {
  private readonly clock: Clock;
  private readonly emit: (event: LinkEvent) => void;
  private readonly runs = new Map<string, Run>();
  /** Run ids that are not keys, and the key whose question they answer. */
  private readonly aliases = new Map<string, string>();
  private readonly ended: Recent<true>;
  /** The newest question of ours that stands in a session's transcript without its answer. */
  private readonly open = new Map<string, string>();
  /** Keys that were steered into another run, by that run's key. */
  private readonly steered = new Map<string, string[]>();
  private flushing: Cancel | null = null;

  constructor(clock: Clock, emit: (event: LinkEvent) => void) {
    this.clock = clock;
    this.emit = emit;
    this.ended = new Recent(clock, ENDS_REMEMBERED);
  }

  /** The key that a run answers; null for runs of others. */
  private keyOf(runId: string, sessionKey: string): string | null {
    if (isOurKey(runId)) return runId;
    const known = this.aliases.get(runId);
    if (known !== undefined) return known;
    const asked = this.open.get(sessionKey);
    if (asked === undefined || this.ended.has(asked)) return null;
    // A run of its own goes on already; otherwise this is the queued one, or a killed one repeated.
    if (this.runs.get(asked)?.runId) return null;
    remember(this.aliases, runId, asked, REMEMBERED);
    return asked;
  }

  chat(chat: ChatEvent): void {
    const key = this.keyOf(chat.runId, chat.sessionKey);
    if (key === null || this.ended.has(key)) return;
    switch (chat.state) {
      case 'status':
        this.run(key, chat);
        return;
      case 'delta':
        this.delta(key, chat);
        return;
      case 'final':
        this.final(key, chat);
        return;
      case 'aborted':
      case 'error':
        this.stopped(key, chat, chat.state);
    }
  }

  private run(key: string, { sessionKey, runId }: { sessionKey: string; runId: string }): Run {
    let run = this.runs.get(key);
    if (!run) {
      run = { key, sessionKey, text: '', shown: 0, seq: -1, dirty: false, runId };
      this.runs.set(key, run);
    } else if (run.runId !== runId) {
      // Repeated after a restart: it begins anew.
      run.runId = runId;
      run.seq = -1;
    }
    return run;
  }

  private delta(key: string, chat: ChatEvent): void {
    const run = this.run(key, chat);
    const seq = chat.seq ?? run.seq + 1;
    if (seq <= run.seq) return;
    run.seq = seq;
    // The whole text so far is trusted over the newest part, which may have been lost on the way.
    const whole = messageText(chat.message);
    if (whole !== null) run.text = whole;
    else if (chat.replace) run.text = chat.deltaText ?? '';
    else if (run.text.length < MAX_TEXT) run.text += chat.deltaText ?? '';
    run.dirty = true;
    this.flushing ??= this.clock.after(FLUSH_MS, () => this.flush());
  }

  private flush(): void {
    this.flushing = null;
    for (const run of this.runs.values()) {
      if (!run.dirty) continue;
      run.dirty = false;
      const text = boundedText(run.text);
      const added = text.length >= run.shown ? text.slice(run.shown) : text;
      run.shown = text.length;
      const { key, sessionKey } = run;
      this.emit({ kind: 'run_delta', key, sessionKey, text, added });
    }
  }

  private final(key: string, chat: ChatEvent): void {
    const whole = messageText(chat.message);
    const begun = this.runs.has(key);
    // The empty final of a message that waits behind another run, or was put into it.
    if (whole === null && !begun && (chat.seq ?? 0) <= 1) return;
    const run = this.run(key, chat);
    this.emit({
      kind: 'run_final',
      key,
      sessionKey: run.sessionKey,
      text: boundedText(whole ?? run.text),
      remoteId: null,
      at: timestampOf(chat.message),
    });
    this.end(key, run.sessionKey);
  }

  private stopped(key: string, chat: ChatEvent, reason: 'aborted' | 'error'): void {
    const run = this.run(key, chat);
    const text = boundedText(messageText(chat.message) ?? run.text);
    const detail = boundedText(chat.errorMessage ?? 'The agent gave no reason.').slice(0, 2000);
    const error = endError(reason, chat.stopReason, detail);
    this.emit({ kind: 'run_ended', key, sessionKey: run.sessionKey, reason, text, error });
    this.end(key, run.sessionKey);
  }

  private end(key: string, sessionKey: string): void {
    this.runs.delete(key);
    this.ended.set(key, true);
    if (this.open.get(sessionKey) === key) this.open.delete(sessionKey);
  }

  /** A row of a transcript came in. */
  row(event: SessionMessageEvent): boolean {
    const row = readRow(event.message, event.messageId);
    if (!row) return false;
    const { sessionKey } = event;
    if (row.key !== null && !this.ended.has(row.key)) {
      if (row.steeredInto !== null) this.steer(row.key, row.steeredInto);
      else remember(this.open, sessionKey, row.key, REMEMBERED);
    }
    const runId = row.runId === null ? null : (this.aliases.get(row.runId) ?? row.runId);
    const message = { ...asHistoryMessage(row), runId };
    this.emit({ kind: 'session_message', sessionKey, message });
    if (row.role === 'assistant') this.answerSteered(sessionKey, row);
    return true;
  }

  private steer(key: string, runId: string): void {
    const target = this.aliases.get(runId) ?? runId;
    const keys = this.steered.get(target) ?? [];
    if (!keys.includes(key)) remember(this.steered, target, [...keys, key], REMEMBERED);
  }

  /** A message that was put into another run is answered by what that run says next. */
  private answerSteered(sessionKey: string, row: ReadRow): void {
    const target = row.runId === null ? null : (this.aliases.get(row.runId) ?? row.runId);
    const keys = target === null ? undefined : this.steered.get(target);
    if (target === null || !keys || row.text === '') return;
    this.steered.delete(target);
    for (const key of keys) {
      if (this.ended.has(key)) continue;
      const { remoteId, at, text } = row;
      this.emit({ kind: 'run_final', key, sessionKey, text, remoteId, at });
      this.end(key, sessionKey);
    }
  }

  /** The run waits for its person's word, or no longer does. */
  waiting(runId: string | null, sessionKey: string, waiting: boolean): void {
    const key = runId === null ? null : this.keyOf(runId, sessionKey);
    if (runId !== null && key === null) return;
    this.emit({ kind: 'run_waiting', key, sessionKey, waiting });
  }

  /** The id under which a key's run goes over there, as far as it was seen. */
  runIdOf(key: string): string {
    for (const [runId, asked] of this.aliases) if (asked === key) return runId;
    return key;
  }

  /** An answer was found in the history: later events of the same run are old news. */
  settle(key: string, sessionKey: string): void {
    this.end(key, sessionKey);
  }

  /** A run goes on over there that this link did not see begin. */
  follow(key: string, sessionKey: string): void {
    if (!this.ended.has(key) && !this.runs.has(key))
      remember(this.open, sessionKey, key, REMEMBERED);
  }

  /** A key is used again by the person's will: its end may come once more. */
  expect(key: string): void {
    this.ended.delete(key);
  }

  /** The connection is gone. What streamed is kept, since the run may go on over there. */
  pause(): void {
    this.flushing?.();
    this.flush();
    for (const run of this.runs.values()) {
      run.seq = -1;
      run.runId = null;
    }
  }

  dispose(): void {
    this.flushing?.();
    this.flushing = null;
  }

  /** For tests: how much is remembered. */
  get size(): number {
    return this.runs.size + this.aliases.size + this.ended.size + this.open.size;
  }
}

/** Stopped by a person has no error; stopped by the gateway's own restart has one. */
function endError(
  reason: 'aborted' | 'error',
  stopReason: string | undefined,
  detail: string,
): AppError | null {
  if (reason === 'error') return appError('message.run_failed', detail);
  if (stopReason !== 'restart') return null;
  return appError('message.no_answer', 'The gateway over there was restarted meanwhile.');
}

const timestampOf = (message: unknown): number | null => {
  const { timestamp } = (message ?? {}) as { timestamp?: unknown };
  return typeof timestamp === 'number' && Number.isFinite(timestamp) ? timestamp : null;
};
