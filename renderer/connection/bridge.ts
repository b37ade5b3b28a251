import type { Frame } from '../../electron/contract/index.ts';
import type { Transport, TransportListener } from './connection.ts';

/** What the desktop's preload puts on the window, and nothing else. */
export interface Bridge {
  send(frame: Frame): void;
  onFrame(listener: (frame: unknown) => void): () => void;
  /** Where a file lies that the person picked or dropped; empty for one that lies nowhere. */
  pathOf(file: File): string;
}

declare global {
  interface Window {
    readonly peerage?: Bridge;
  }
}

/** The wire inside the desktop app. It lives as long as the window does. */
export class BridgeTransport implements Transport {
  readonly #bridge: Bridge;
  #stop: (() => void) | null = null;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  helloBody(): Record<string, string> {
    return {};
  }

  welcomed(): void {}

  start(listener: TransportListener): void {
    this.#stop = this.#bridge.onFrame((frame) => listener.frame(frame));
    listener.opened();
  }

  send(frame: Frame): void {
    this.#bridge.send(frame);
  }

  close(): void {
    this.#stop?.();
    this.#stop = null;
  }
}
