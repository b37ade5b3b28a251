/**
 * The app's half of one window, whatever carries it. Calls go in through the dispatcher; truth goes
 * out as a snapshot and then as numbered batches: at most one per frame time, at most one that the
 * window has not acknowledged, values read when the batch leaves.
 */
import type { Cancel, Clock } from '../../clock/clock.ts';
import {
  type AppPort,
  appError,
  assertNever,
  Change,
  type ChangeKey,
  type Frame,
  frame,
  ok,
  Snapshot,
  type WindowEvent,
  type WindowFocus,
} from '../../contract/index.ts';
import type { Dispatcher, LocalHandlers } from './dispatcher.ts';
import { decodeFrame, encodeFrame } from './frames.ts';
import { Interests, textField } from './interests.ts';
import { PendingChanges } from './pending-changes.ts';
import type { Refusals } from './refusals.ts';
import { StreamMemory } from './stream-memory.ts';

/** The app on one side, the transport of one window on the other. */
export interface WindowSessionOptions {
  readonly port: Pick<AppPort, 'snapshot' | 'read' | 'epoch'>;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly refusals: Refusals;
  readonly log: (line: string) => void;
  readonly connectionId: string;
  /** Handlers of the shell that this window is in. */
  readonly local: LocalHandlers;
  /** Puts a text on the wire. */
  readonly send: (text: string) => void;
  /** This window sent too much that is no frame: the transport ends it. */
  readonly onAbuse: () => void;
  readonly onFocus: (focus: WindowFocus) => void;
  /** A window can be seen from its beginning on, until it says otherwise. */
  readonly onVisible: (visible: boolean) => void;
}

/** One batch per frame of a 60 Hz screen. */
export const FRAME_MS = 16;
/** More changes than this go in the next batch, so that no task of the window grows long. */
export const MAX_CHANGES = 400;
const MAX_CALLS_IN_FLIGHT = 256;
const MAX_REFUSED_FRAMES = 100;
const NOWHERE: WindowFocus = { focused: false, peerId: null, threadId: null };

/** One window from its hello to its end. A reload is a new session. */
export class WindowSession {
  readonly #options: WindowSessionOptions;
  readonly #local: LocalHandlers;
  readonly #interests = new Interests();
  readonly #pending = new PendingChanges();
  readonly #streams = new StreamMemory();
  readonly #ended = new AbortController();
  readonly #inFlight = new Set<string>();
  #revision = 0;
  /** The revision of the batch that the window has not acknowledged. */
  #unacknowledged: number | null = null;
  #snapshotWanted = false;
  #visible = true;
  #flushTimer: Cancel | null = null;
  #lastFlush = Number.NEGATIVE_INFINITY;
  #refused = 0;

  constructor(options: WindowSessionOptions) {
    this.#options = options;
    this.#local = {
      ...options.local,
      'window.visibility': ({ visible }) => {
        this.#visible = visible;
        options.onVisible(visible);
        if (visible) this.#schedule();
        return ok({});
      },
      'window.focus': (focus) => {
        options.onFocus(focus.focused ? focus : NOWHERE);
        return ok({});
      },
    };
  }

  /** Answers the client's hello, which the transport has checked, and sends the first snapshot. */
  start(helloAnswer: { readonly key?: string }): void {
    this.#send(frame('hello', helloAnswer));
    this.#sendSnapshot();
  }

  /** Takes a text from the window. Never throws. */
  receive(text: string): void {
    if (this.#ended.signal.aborted) return;
    const decoded = decodeFrame(text);
    if (!decoded.ok) {
      this.#refuse(decoded.id, decoded.error);
      return;
    }
    const { frame: taken } = decoded;
    switch (taken.kind) {
      case 'call':
        void this.#call(taken);
        return;
      case 'ack':
        this.#acknowledge(taken.body);
        return;
      case 'hello':
      case 'snapshot':
        this.#snapshotWanted = true;
        this.#schedule();
        return;
      case 'result':
      case 'batch':
      case 'event':
      case 'refused':
        this.#refuse(taken.id, appError('call.malformed', `Only the app sends ${taken.kind}.`));
        return;
      default:
        assertNever(taken.kind);
    }
  }

  /** Hears what changed. */
  changed(key: ChangeKey): void {
    if (this.#ended.signal.aborted || !this.#interests.wants(key)) return;
    this.#pending.add(key);
    if (this.#visible || key.type === 'app') this.#schedule();
  }

  event(event: WindowEvent): void {
    this.#send(frame('event', event));
  }

  /** The window is gone: its calls are cancelled, nothing more is sent. */
  close(): void {
    if (this.#ended.signal.aborted) return;
    this.#ended.abort();
    this.#flushTimer?.();
    this.#streams.clear();
    this.#options.onFocus(NOWHERE);
  }

  async #call(taken: Frame): Promise<void> {
    const { id, name } = taken;
    if (id === '' || this.#inFlight.has(id)) {
      this.#refuse(id, appError('call.malformed', 'A call needs an id of its own.'));
      return;
    }
    if (this.#inFlight.size >= MAX_CALLS_IN_FLIGHT) {
      this.#refuse(id, appError('call.too_large', 'Too many requests at once.'));
      return;
    }
    this.#inFlight.add(id);
    const step = this.#interests.begin(name, taken.body);
    const result = await this.#options.dispatcher.dispatch({
      name,
      input: taken.body,
      context: {
        door: 'window',
        connectionId: this.#options.connectionId,
        signal: this.#ended.signal,
      },
      local: this.#local,
    });
    this.#inFlight.delete(id);
    if (step) {
      step.settle(result.ok);
      const threadId = textField(taken.body, 'threadId');
      if (threadId !== null) this.#streams.forgetThread(threadId);
    }
    this.#send(frame('result', result, name, id));
    if (this.#pending.size > 0) this.#schedule();
  }

  #acknowledge(body: unknown): void {
    const revision = typeof body === 'object' && body !== null && Reflect.get(body, 'revision');
    if (typeof revision !== 'number') {
      this.#refuse('', appError('call.malformed', 'An ack names a revision.'));
      return;
    }
    if (this.#unacknowledged === null || revision !== this.#unacknowledged) return;
    this.#unacknowledged = null;
    if (this.#pending.size > 0 || this.#pending.overflowed) this.#schedule();
  }

  #refuse(id: string, error: ReturnType<typeof appError>): void {
    this.#options.refusals.count(error.code);
    this.#refused += 1;
    this.#send(frame('refused', error, '', id));
    if (this.#refused > MAX_REFUSED_FRAMES) this.#options.onAbuse();
  }

  #schedule(): void {
    if (this.#flushTimer !== null || this.#ended.signal.aborted) return;
    const since = this.#options.clock.monotonic() - this.#lastFlush;
    this.#flushTimer = this.#options.clock.after(Math.max(0, FRAME_MS - since), () => {
      this.#flushTimer = null;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#ended.signal.aborted) return;
    if (this.#snapshotWanted) {
      this.#sendSnapshot();
      return;
    }
    if (this.#unacknowledged !== null) return;
    if (this.#visible && this.#pending.overflowed) {
      this.#sendSnapshot();
      return;
    }
    const keys = this.#pending.take(MAX_CHANGES, !this.#visible, (key) =>
      this.#interests.holds(key),
    );
    const changes: Change[] = [];
    for (const key of keys) {
      const change = this.#read(key);
      if (change) changes.push(change);
    }
    if (changes.length === 0) return;
    this.#lastFlush = this.#options.clock.monotonic();
    const base = this.#revision;
    this.#revision += 1;
    this.#unacknowledged = this.#revision;
    const { epoch } = this.#options.port;
    this.#send(frame('batch', { epoch, base, revision: this.#revision, changes }));
  }

  /** The value as it is now, checked against the contract, or null where nothing should be sent. */
  #read(key: ChangeKey): Change | null {
    if (!this.#interests.wants(key)) return null;
    try {
      return this.#streams.shorten(Change.parse(this.#options.port.read(key)));
    } catch (error) {
      this.#options.refusals.count('call.invalid_output');
      this.#options.log(`change ${key.type} could not be told: ${String(error)}`);
      return null;
    }
  }

  #sendSnapshot(): void {
    this.#snapshotWanted = false;
    this.#unacknowledged = null;
    this.#lastFlush = this.#options.clock.monotonic();
    this.#revision += 1;
    try {
      const now = { ...this.#options.port.snapshot(), revision: this.#revision };
      const snapshot = Snapshot.parse(now);
      this.#pending.snapshotTaken();
      this.#streams.clear();
      this.#send(frame('snapshot', snapshot));
    } catch (error) {
      this.#options.log(`no snapshot could be told: ${String(error)}`);
      this.#refuse('', appError('call.invalid_output', 'The app could not describe itself.'));
    }
    if (this.#pending.size > 0) this.#schedule();
  }

  #send(out: Frame): void {
    if (!this.#ended.signal.aborted) this.#options.send(encodeFrame(out));
  }
}
