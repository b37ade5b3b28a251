/** A request for a socket that is not opened. */
import type { Duplex } from 'node:stream';
import type { Clock } from '../../clock/clock.ts';
import { Refusal } from '../protocol.ts';
import { refused } from './answer.ts';

/** How long the other side has to end a connection that was refused, ms. */
const END_MS = 5_000;

/**
 * Refuses a socket with an HTTP answer, and lets it go: http has no more eye on it, and does not end it
 * where the other side never does.
 */
export function turnAway(socket: Duplex, error: unknown, modern: boolean, clock: Clock): void {
  const refusal =
    error instanceof Refusal ? error : new Refusal(500, 'relay.failed', 'something failed here');
  const { status, text } = refused(refusal, modern);
  const type = refusal.more.plain && !modern ? 'text/plain' : 'application/json';
  const cancel = clock.after(END_MS, () => socket.destroy());
  socket.on('close', cancel);
  socket.on('error', () => socket.destroy());
  // What else it sends is thrown away; unread, it would break the answer off.
  socket.resume();
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nContent-Type: ${type}; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  );
}
