/** All windows of a shell: one ear at the app, and what they have in focus as one answer. */
import type { Clock } from '../../clock/clock.ts';
import type { AppPort, WindowEvent, WindowFocus } from '../../contract/index.ts';
import type { Dispatcher, LocalHandlers } from './dispatcher.ts';
import type { Refusals } from './refusals.ts';
import { WindowSession } from './window-session.ts';

/** The one app that all windows are opened over. */
export interface WindowHubOptions {
  readonly port: AppPort;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
  readonly refusals: Refusals;
  readonly log: (line: string) => void;
  /** Handlers of the shell itself, for every window. */
  readonly local?: LocalHandlers;
}

/** What a transport gives for a new window. */
export interface WindowWire {
  readonly connectionId: string;
  readonly send: (text: string) => void;
  readonly onAbuse: () => void;
}

const NOWHERE: WindowFocus = { focused: false, peerId: null, threadId: null };

/** Opens a session for each window, and hands each change and event of the app to them. */
export class WindowHub {
  readonly #options: WindowHubOptions;
  readonly #sessions = new Map<string, WindowSession>();
  /** The last entry is the window that was in focus last. */
  readonly #focus = new Map<string, WindowFocus>();
  readonly #stopListening: readonly (() => void)[];
  /** Those that can be seen. */
  readonly #visible = new Set<string>();
  #told: WindowFocus = NOWHERE;
  #toldSeen = false;

  constructor(options: WindowHubOptions) {
    this.#options = options;
    this.#stopListening = [
      options.port.onChange((key) => {
        for (const session of this.#sessions.values()) session.changed(key);
      }),
      options.port.onWindowEvent((event) => this.event(event)),
    ];
  }

  get size(): number {
    return this.#sessions.size;
  }

  /** Adds a window. The transport calls `start` once it knows the sender, and `end` when it is gone. */
  open(wire: WindowWire): { readonly session: WindowSession; readonly end: () => void } {
    const { port, dispatcher, clock, refusals, log, local } = this.#options;
    const { connectionId } = wire;
    const session = new WindowSession({
      port,
      dispatcher,
      clock,
      refusals,
      log,
      connectionId,
      local: local ?? {},
      send: wire.send,
      onAbuse: wire.onAbuse,
      onFocus: (focus) => this.#onFocus(connectionId, focus),
      onVisible: (visible) => this.#onVisible(connectionId, visible),
    });
    this.#sessions.set(connectionId, session);
    this.#onVisible(connectionId, true);
    return {
      session,
      end: () => {
        session.close();
        this.#sessions.delete(connectionId);
        this.#focus.delete(connectionId);
        this.#tellFocus();
        this.#onVisible(connectionId, false);
        port.windowClosed(connectionId);
      },
    };
  }

  /** `go` is for the window that was in focus last; everything else is for all. */
  event(event: WindowEvent): void {
    if (event.type === 'go') {
      const recent = [...this.#focus.keys()].at(-1) ?? [...this.#sessions.keys()].at(-1);
      if (recent !== undefined) this.#sessions.get(recent)?.event(event);
      return;
    }
    for (const session of this.#sessions.values()) session.event(event);
  }

  /** Tells the windows that the app stops. They keep what they show. */
  announceStop(): void {
    this.event({ type: 'stopping' });
  }

  stop(): void {
    for (const stop of this.#stopListening) stop();
    for (const session of this.#sessions.values()) session.close();
    this.#sessions.clear();
  }

  #onFocus(connectionId: string, focus: WindowFocus): void {
    if (focus.focused) {
      this.#focus.delete(connectionId);
      this.#focus.set(connectionId, focus);
    } else if (this.#focus.has(connectionId)) {
      this.#focus.set(connectionId, focus);
    }
    this.#tellFocus();
  }

  #onVisible(connectionId: string, visible: boolean): void {
    if (visible) this.#visible.add(connectionId);
    else this.#visible.delete(connectionId);
    const seen = this.#visible.size > 0;
    if (seen === this.#toldSeen) return;
    this.#toldSeen = seen;
    this.#options.port.setSeen(seen);
  }

  #tellFocus(): void {
    const now = [...this.#focus.values()].findLast((focus) => focus.focused) ?? NOWHERE;
    const same =
      now.focused === this.#told.focused &&
      now.peerId === this.#told.peerId &&
      now.threadId === this.#told.threadId;
    if (same) return;
    this.#told = now;
    this.#options.port.setFocus(now);
  }
}
