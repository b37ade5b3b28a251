/** One WebSocket of the browser shell: hello with a key, then a window session. */
import type { Socket } from 'node:net';
import type { RawData, WebSocket } from 'ws';
import type { Clock } from '../../clock/clock.ts';
import { appError, frame } from '../../contract/index.ts';
import { decodeFrame, encodeFrame } from '../session/frames.ts';
import type { Refusals } from '../session/refusals.ts';
import type { WindowHub } from '../session/window-hub.ts';
import type { WindowSession } from '../session/window-session.ts';
import type { KeyRing } from './keys.ts';

/** One connection that passed the request guard, and what it is served with. */
export interface WindowSocketOptions {
  readonly socket: WebSocket;
  /** The TCP connection under it: before the hello only a few bytes of it are taken. */
  readonly stream: Socket;
  readonly connectionId: string;
  readonly hub: WindowHub;
  readonly keys: KeyRing;
  readonly clock: Clock;
  readonly refusals: Refusals;
  /** The key was right; `spentOnce`: the redirect file is of no use now. */
  readonly onAdmitted: (spentOnce: boolean) => void;
}

/** Close codes of ours (RFC 6455 leaves 4000 to 4999 to applications). */
export const CLOSE_WRONG_KEY = 4401;
/** No hello came in time. */
export const CLOSE_NO_HELLO = 4408;
/** Too much came that is no frame. 1008 is RFC 6455's own code for a broken policy. */
export const CLOSE_ABUSE = 1008;

const HELLO_WITHIN_MS = 5_000;
const HELLO_MAX_BYTES = 8 * 1024;
/** A wrong key waits for its answer, so that guessing is slow; one attempt per connection. */
const WRONG_KEY_DELAY_MS = 500;
const PING_EVERY_MS = 20_000;
/** Frames per second that a window may send in the long run, and at once. More wait; none is lost. */
const FRAMES_PER_SECOND = 400;
const BURST = 1_000;

/** Serves a WebSocket until it is closed. Never throws. */
export function serveWindowSocket(options: WindowSocketOptions): void {
  const { socket, stream, clock, refusals } = options;
  let session: WindowSession | null = null;
  let end = (): void => {};
  let attempted = false;
  let alive = true;

  const startBytes = stream.bytesRead;
  const onBytes = (): void => {
    if (stream.bytesRead - startBytes <= HELLO_MAX_BYTES) return;
    refusals.count('call.too_large');
    socket.terminate();
  };
  stream.on('data', onBytes);
  const noHello = clock.after(HELLO_WITHIN_MS, () => socket.close(CLOSE_NO_HELLO));
  const ping = clock.every(PING_EVERY_MS, () => {
    if (!alive) socket.terminate();
    alive = false;
    socket.ping();
  });
  const budget = frameBudget(clock);

  const hello = (text: string): void => {
    if (attempted) return;
    attempted = true;
    noHello();
    const decoded = decodeFrame(text, HELLO_MAX_BYTES);
    const body = decoded.ok && decoded.frame.kind === 'hello' ? decoded.frame.body : null;
    const key = typeof body === 'object' && body !== null ? Reflect.get(body, 'key') : null;
    const admitted = options.keys.redeem(key);
    if (!admitted) {
      refusals.count(decoded.ok ? 'call.wrong_sender' : decoded.error.code);
      const error = appError('call.wrong_sender', 'The key is not one of this run of the app.');
      clock.after(WRONG_KEY_DELAY_MS, () => {
        socket.send(encodeFrame(frame('refused', error)));
        socket.close(CLOSE_WRONG_KEY);
      });
      return;
    }
    stream.off('data', onBytes);
    const opened = options.hub.open({
      connectionId: options.connectionId,
      send: (out) => socket.send(out),
      onAbuse: () => socket.close(CLOSE_ABUSE),
    });
    session = opened.session;
    end = opened.end;
    options.onAdmitted(admitted.spentOnce);
    session.start({ key: admitted.tabKey });
  };

  socket.on('message', (data: RawData, binary: boolean) => {
    if (!budget.take()) {
      socket.pause();
      clock.after(budget.waitMs(), () => socket.resume());
    }
    // A binary message cannot be JSON of ours; as no text it is refused and counted like one.
    const text = binary ? '' : textOf(data);
    if (session) session.receive(text);
    else hello(text);
  });
  socket.on('pong', () => {
    alive = true;
  });
  socket.on('error', (error) => {
    const code = (error as NodeJS.ErrnoException).code;
    const tooLarge = code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH';
    if (tooLarge) refusals.count('call.too_large');
    else if (code?.startsWith('WS_ERR_')) refusals.count('call.malformed');
  });
  socket.on('close', () => {
    noHello();
    ping();
    stream.off('data', onBytes);
    end();
  });
}

function textOf(data: RawData): string {
  if (Buffer.isBuffer(data)) return data.toString('utf8');
  return Buffer.concat(Array.isArray(data) ? data : [Buffer.from(data)]).toString('utf8');
}

/** A token bucket over frames. */
function frameBudget(clock: Clock): { take(): boolean; waitMs(): number } {
  let tokens = BURST;
  let at = clock.monotonic();
  return {
    take: () => {
      const now = clock.monotonic();
      tokens = Math.min(BURST, tokens + ((now - at) / 1000) * FRAMES_PER_SECOND) - 1;
      at = now;
      return tokens > 0;
    },
    waitMs: () => Math.ceil(((1 - tokens) / FRAMES_PER_SECOND) * 1000),
  };
}
