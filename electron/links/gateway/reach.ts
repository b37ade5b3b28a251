/** A bare TCP connection: tells *nobody there* from *somebody who says nothing*. */
import { connect } from 'node:net';
import type { Clock } from '../../clock/clock.ts';

const LIMIT_MS = 3000;

/** True when the port takes a connection within 3 s. */
export function takesConnections(url: string, clock: Clock, signal: AbortSignal): Promise<boolean> {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port || (protocol === 'wss:' ? 443 : 80)) });
    const end = (reached: boolean): void => {
      cancel();
      signal.removeEventListener('abort', giveUp);
      socket.destroy();
      resolve(reached);
    };
    const giveUp = (): void => end(false);
    const cancel = clock.after(LIMIT_MS, giveUp);
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    socket.once('connect', () => end(true));
    socket.once('error', giveUp);
  });
}
