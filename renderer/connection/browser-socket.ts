import { appError, type Frame } from '../../electron/contract/index.ts';
import type { Transport, TransportListener } from './connection.ts';

const KEY = 'peerage.key';
/** The key is not one of this run: trying it again cannot help. */
const CLOSE_WRONG_KEY = 4401;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 5_000;

/** What the socket's transport needs of its page; a test gives its own. */
export interface SocketPage {
  readonly url: string;
  key(): string | null;
  keep(key: string): void;
  open(url: string): WebSocket;
}

/**
 * Takes the key out of the address at once, so that neither the history nor a screenshot has it,
 * and keeps it for this tab only.
 */
export function takeKeyFromAddress(): void {
  const match = /(?:^#|&)key=([^&]+)/.exec(location.hash);
  if (!match?.[1]) return;
  sessionStorage.setItem(KEY, decodeURIComponent(match[1]));
  history.replaceState(null, '', location.pathname + location.search);
}

/** The page as it is: same origin, path `/socket`. */
export const browserPage = (): SocketPage => ({
  url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/socket`,
  key: () => sessionStorage.getItem(KEY),
  keep: (key) => sessionStorage.setItem(KEY, key),
  open: (url) => new WebSocket(url),
});

/** The wire of the browser shell: one WebSocket, opened again with growing waits. */
export class SocketTransport implements Transport {
  readonly #page: SocketPage;
  #listener: TransportListener | null = null;
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wait = FIRST_WAIT_MS;

  constructor(page: SocketPage) {
    this.#page = page;
  }

  helloBody(): Record<string, string> {
    return { key: this.#page.key() ?? '' };
  }

  /** The key of the address may be good for one time only; the tab's own opens it again. */
  welcomed(body: unknown): void {
    const key = typeof body === 'object' && body !== null ? Reflect.get(body, 'key') : undefined;
    if (typeof key === 'string') this.#page.keep(key);
  }

  start(listener: TransportListener): void {
    this.#listener = listener;
    if (this.#page.key() === null) {
      listener.refused(
        appError('call.wrong_sender', 'This page was opened without the key of the app.'),
      );
      return;
    }
    this.#connect();
  }

  send(frame: Frame): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(frame));
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#listener = null;
    this.#socket?.close();
  }

  #connect(): void {
    const socket = this.#page.open(this.#page.url);
    this.#socket = socket;
    socket.addEventListener('open', () => {
      this.#wait = FIRST_WAIT_MS;
      this.#listener?.opened();
    });
    socket.addEventListener('message', (event: MessageEvent<unknown>) => {
      if (typeof event.data !== 'string') return;
      try {
        this.#listener?.frame(JSON.parse(event.data));
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
      }
    });
    socket.addEventListener('close', ({ code }) => {
      if (code === CLOSE_WRONG_KEY) this.#shutOut();
      else this.#closed(socket);
    });
  }

  #shutOut(): void {
    const listener = this.#listener;
    this.#listener = null;
    listener?.closed();
    listener?.refused(
      appError('call.wrong_sender', 'The app was started anew, and this page has an older key.'),
    );
  }

  #closed(socket: WebSocket): void {
    if (this.#socket !== socket || !this.#listener) return;
    this.#socket = null;
    this.#listener.closed();
    const wait = this.#wait / 2 + Math.random() * (this.#wait / 2);
    this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT_MS);
    this.#timer = setTimeout(() => this.#connect(), wait);
  }
}
