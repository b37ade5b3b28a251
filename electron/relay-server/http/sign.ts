/**
 * How an old client, which acknowledges nothing, shows that an answer came: its connection goes on to
 * another request, or it ends the connection well. A connection that breaks, or that we must give up,
 * shows nothing.
 */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Waits, for each connection of an old client, for the sign that its last answer came. */
export class Signs {
  readonly #waiting = new WeakMap<Socket, (came: boolean) => void>();

  /** Calls `told` once: true = it came, false = nothing shows that it did. */
  expect(response: ServerResponse, told: (came: boolean) => void): void {
    const { socket } = response;
    if (!socket || socket.destroyed) {
      told(false);
      return;
    }
    let sent = false;
    const done = (came: boolean): void => {
      this.#waiting.delete(socket);
      socket.off('end', ended);
      socket.off('close', closed);
      told(came);
    };
    const ended = (): void => {
      if (sent) done(true);
    };
    const closed = (): void => done(false);
    response.once('finish', () => {
      sent = true;
    });
    // Node ends and forgets a connection that does not go on; here its other end is waited for.
    if (!response.shouldKeepAlive) socket.destroySoon = () => void socket.end();
    socket.on('end', ended);
    socket.on('close', closed);
    this.#waiting.set(socket, done);
  }

  /** Another request came on this connection. */
  goesOn(socket: Socket): void {
    this.#waiting.get(socket)?.(true);
  }
}
