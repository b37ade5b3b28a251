/** A request for a socket that is not opened. */
import type { Duplex } from 'node:stream';
import { Refusal } from '../protocol.ts';
import { refused } from './answer.ts';

/** Refuses a socket with an HTTP answer. */
export function turnAway(socket: Duplex, error: unknown, modern: boolean): void {
  const refusal =
    error instanceof Refusal ? error : new Refusal(500, 'relay.failed', 'something failed here');
  const { status, text } = refused(refusal, modern);
  const type = refusal.more.plain && !modern ? 'text/plain' : 'application/json';
  socket.on('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nContent-Type: ${type}; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`,
  );
}
