/**
 * What a shell is given of the app. A shell (desktop, browser, control socket) knows this and the
 * contract, and nothing of any service.
 */
import type { CallHandlers } from './calls/index.ts';
import type { Change, Snapshot, WindowEvent } from './snapshot.ts';
import type { NoticeView, UpdateView } from './views/index.ts';

/**
 * Names what changed, not how: a window session collects keys, merges equal ones, and reads each
 * value once, when its batch leaves. `peerId` and `threadId` tell which windows want to know.
 */
export type ChangeKey =
  | { readonly type: 'app' | 'settings' | 'tailnet' | 'gateway' | 'knowledge' | 'relays' }
  | {
      readonly type:
        | 'peer'
        | 'warning'
        | 'notice'
        | 'delegation'
        | 'outgoing'
        | 'unasked'
        | 'invite'
        | 'group'
        | 'broadcast'
        | 'request';
      readonly id: string;
    }
  | {
      readonly type: 'peerDetail' | 'thread' | 'ladder';
      readonly id: string;
      readonly peerId: string;
    }
  | { readonly type: 'broadcastRow'; readonly id: string; readonly broadcastId: string }
  | { readonly type: 'message'; readonly id: string; readonly threadId: string };

/** Takes what changed, after it is durable. Services get this one function. */
export type ChangeSink = (key: ChangeKey) => void;

/** What the person can see now, as far as the windows tell; notifications stay quiet about it. */
export interface WindowFocus {
  readonly focused: boolean;
  readonly peerId: string | null;
  readonly threadId: string | null;
}

/** The app as shells see it: calls, how it is now, what changes, and what only a shell knows. */
export interface AppPort {
  readonly epoch: string;
  readonly handlers: CallHandlers;
  /** Everything that a window holds from the start; `revision` is the session's to fill in. */
  snapshot(): Omit<Snapshot, 'revision'>;
  /** The value of a key as it is now; `value: null` where it is gone. */
  read(key: ChangeKey): Change;
  /** Hears every change once. Returns how to stop listening. */
  onChange(listener: (key: ChangeKey) => void): () => void;
  /** Events for windows: where to go, what to say. */
  onWindowEvent(listener: (event: WindowEvent) => void): () => void;
  /** A notice that deserves the person's eye now: a desktop shell shows it as a notification. */
  onAttention(listener: (notice: NoticeView) => void): () => void;
  /** The shell tells how far an update of the app itself is. */
  setUpdate(view: UpdateView): void;
  /** The shell tells what is in focus, over all of its windows. */
  setFocus(focus: WindowFocus): void;
  /** The shell tells whether any of its windows can be seen, in focus or not. */
  setSeen(seen: boolean): void;
  /** A window is gone: what it had open is not watched for it any more. */
  windowClosed(connectionId: string): void;
  /** The system says that it slept, before the clock can notice: everything is looked at again now. */
  systemWoke(): void;
  /** The system says that the network came, went or changed: it is looked at now. */
  networkChanged(): void;
  /** Adds a line to the app's log, cleaned of secrets. For what goes wrong at the boundary. */
  log(line: string): void;
  /** Starts the ordered stop; resolves when all is written and closed. */
  stop(): Promise<void>;
}
