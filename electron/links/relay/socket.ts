/** The relay's socket for one agent: what is pushed, as it comes. */
import { WebSocket } from 'ws';
import type { Clock } from '../../clock/clock.ts';
import { openSocket } from '../http/socket.ts';
import { proofOf, type RelayDoor } from './requests.ts';
import { parseWire } from './wire.ts';

/** Whom to listen as, and what hears it. */
export interface RelaySocketOptions {
  readonly door: RelayDoor;
  readonly agentId: string;
  readonly clock: Clock;
  /** A frame, parsed. What is no JSON is told by `odd`, and the socket lives on. */
  readonly message: (raw: unknown) => void;
  readonly odd: (what: string) => void;
  readonly opened: () => void;
  /** Once, however it ended; also where it never opened. */
  readonly closed: (why: string) => void;
}

const OPEN_MS = 10_000;
/** The server never pings; we do, so that a half-open connection is noticed. */
const PING_MS = 20_000;
/** How long a relay may take to answer the end of a socket, ms. */
const DRAIN_MS = 1_000;
/** The largest frame: a task of a full body, and its envelope. */
const FRAME_BYTES = 2 * 1_048_576;

/** One socket, used once; whoever opened it decides about the next. */
export interface RelaySocket {
  /** Lets it go at once; `closed` is then not called. */
  close(): void;
  /**
   * Ends it in order: what the relay pushed before it heard of that still comes. Resolves when nothing
   * comes any more, within {@link DRAIN_MS}; `closed` is then not called.
   */
  drain(): Promise<void>;
  /** Reads nothing more until `resume`: what the relay pushes meanwhile waits on its side. */
  pause(): void;
  resume(): void;
  /** Tells a guarded relay that these are safe here. False where the socket is not open. */
  acknowledge(ids: readonly number[]): boolean;
}

/** Opens the socket at once. */
export function openRelaySocket(options: RelaySocketOptions): RelaySocket {
  const { door, clock } = options;
  const giveUp = new AbortController();
  let socket: WebSocket | null = null;
  let over = false;
  /** It gave a sign since it was asked last. */
  let alive = true;
  let stopPings = (): void => undefined;
  const cancelOpen = clock.after(OPEN_MS, () => end('It did not open in time.'));

  const letGo = (): void => {
    over = true;
    cancelOpen();
    stopPings();
    giveUp.abort();
    socket?.terminate();
  };
  const end = (why: string): void => {
    if (over) return;
    letGo();
    options.closed(why);
  };

  const url = new URL(`/ws/${encodeURIComponent(options.agentId)}`, door.url);
  openSocket(url, door.tls, giveUp.signal)
    .then((connection) => {
      if (over) {
        connection.destroy();
        return;
      }
      const address = url.href.replace(/^http/, 'ws');
      const made = new WebSocket(address, {
        // Connected already, and its certificate compared; nothing else is dialled.
        createConnection: () => connection,
        headers: proofOf(door),
        followRedirects: false,
        maxPayload: FRAME_BYTES,
        perMessageDeflate: false,
      });
      socket = made;
      made.on('open', () => {
        cancelOpen();
        stopPings = clock.every(PING_MS, () => {
          // What is not read now may well be there.
          if (made.isPaused) return;
          if (!alive) {
            end('It fell silent.');
            return;
          }
          alive = false;
          made.ping();
        });
        options.opened();
      });
      made.on('pong', () => {
        alive = true;
      });
      made.on('message', (data, isBinary) => {
        alive = true;
        if (isBinary) {
          options.odd('a binary frame');
          return;
        }
        let raw: unknown;
        try {
          raw = parseWire(String(data));
        } catch {
          options.odd('a frame that is no JSON');
          return;
        }
        options.message(raw);
      });
      made.on('unexpected-response', (_, response) => {
        response.destroy();
        end(`It answered with HTTP status ${response.statusCode ?? 0}.`);
      });
      made.on('error', (error) => end(error.message.slice(0, 200)));
      made.on('close', (code) => end(`It was closed (${code}).`));
    })
    .catch((error: unknown) => end(String(error).slice(0, 200)));

  const drain = (): Promise<void> => {
    const open = socket;
    if (over || open?.readyState !== WebSocket.OPEN) {
      letGo();
      return Promise.resolve();
    }
    over = true;
    stopPings();
    return new Promise((resolve) => {
      const cancel = clock.after(DRAIN_MS, () => open.terminate());
      open.once('close', () => {
        cancel();
        resolve();
      });
      open.resume();
      open.close(1000);
    });
  };

  return {
    close: letGo,
    drain,
    pause: () => {
      // It tells nothing while nothing of it is read: it counts as there, and is asked again after.
      alive = true;
      socket?.pause();
    },
    resume: () => socket?.resume(),
    acknowledge: (ids) => {
      if (socket?.readyState !== WebSocket.OPEN) return false;
      socket.send(JSON.stringify({ type: 'ack', delivery_ids: ids }));
      return true;
    },
  };
}
