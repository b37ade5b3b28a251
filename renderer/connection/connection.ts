/**
 * What the window knows of the app: a caller and a feed. Which wire carries it (the desktop's
 * bridge, the browser's socket) is settled once, in open-connection.ts.
 */
import type {
  AppError,
  Batch,
  Caller,
  Frame,
  Snapshot,
  WindowEvent,
} from '../../electron/contract/index.ts';

/**
 * `lost` = it was there and is tried again; what is on the screen stays. `refused` = it will not be
 * tried again by itself.
 */
export type ConnectionStatus =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'lost'; readonly since: number }
  | { readonly kind: 'refused'; readonly error: AppError };

/** One wire to the app. Each `on…` gives back the function that ends the listening. */
export interface Connection {
  readonly call: Caller;
  /** Every snapshot, the first and each later one: what the window held before is void. */
  onSnapshot(listener: (snapshot: Snapshot) => void): () => void;
  /** Batches without a gap. Each must be acknowledged with {@link ack} once it is applied. */
  onBatch(listener: (batch: Batch) => void): () => void;
  onEvent(listener: (event: WindowEvent) => void): () => void;
  onStatus(listener: (status: ConnectionStatus) => void): () => void;
  ack(revision: number): void;
  close(): void;
}

/** What a wire tells its session. */
export interface TransportListener {
  opened(): void;
  frame(raw: unknown): void;
  closed(): void;
  refused(error: AppError): void;
}

/** A wire for frames. It connects again by itself, and says each time that it did. */
export interface Transport {
  /** The body of the first frame: the key, where the wire has one. */
  helloBody(): Record<string, string>;
  /** The app's answer to the hello: the key for this tab, where the wire has one. */
  welcomed(body: unknown): void;
  start(listener: TransportListener): void;
  send(frame: Frame): void;
  close(): void;
}
