import { connect, createServer, type Socket } from 'node:net';
import { PATIENCE_MS } from '../../patience.ts';

/** How a connection attempt over the tailnet ended. */
export type Reach = 'open' | 'refused' | 'no answer';

/**
 * Opens a TCP connection through a machine's SOCKS5 proxy (RFC 1928, no authentication). Rejects with
 * `refused` or `no answer` in the message.
 */
export function throughProxy(
  proxyPort: number,
  host: string,
  port: number,
  limitMs = PATIENCE_MS,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(proxyPort, '127.0.0.1');
    const fail = (what: Reach): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(new Error(what));
    };
    const timer = setTimeout(() => fail('no answer'), limitMs);
    let heard = Buffer.alloc(0);
    let greeted = false;
    const hear = (data: Buffer): void => {
      heard = Buffer.concat([heard, data]);
      if (!greeted && heard.length >= 2) {
        greeted = true;
        heard = heard.subarray(2);
        const name = Buffer.from(host);
        const to = Buffer.from([5, 1, 0, 3, name.length, ...name, port >> 8, port & 255]);
        socket.write(to);
      }
      // The answer to an address of four bytes has ten.
      if (!greeted || heard.length < 10) return;
      if (heard[1] !== 0) {
        // Tailscale's proxy says only that it failed, at once where the other side refuses; where
        // nobody answers it goes on trying for longer than anybody here waits.
        fail('refused');
        return;
      }
      clearTimeout(timer);
      socket.off('data', hear);
      socket.pause();
      if (heard.length > 10) socket.unshift(heard.subarray(10));
      resolve(socket);
    };
    socket.on('data', hear);
    socket.once('error', () => fail('no answer'));
    socket.once('connect', () => socket.write(Buffer.from([5, 1, 0])));
  });
}

/** Whether a port of another machine answers, seen from this one. */
export async function reach(
  proxyPort: number,
  host: string,
  port: number,
  limitMs?: number,
): Promise<Reach> {
  try {
    const socket = await throughProxy(proxyPort, host, port, limitMs);
    socket.destroy();
    return 'open';
  } catch (error) {
    return error instanceof Error && error.message === 'refused' ? 'refused' : 'no answer';
  }
}

/** A port of this host that leads to a port of another machine in the tailnet. */
export interface Forwarder {
  readonly port: number;
  /** How many connections it led over so far. */
  connections(): number;
  stop(): Promise<void>;
}

/**
 * For programs that know no proxy: each connection to the port goes on through the machine's proxy.
 */
export async function forwardThrough(
  proxyPort: number,
  host: string,
  port: number,
): Promise<Forwarder> {
  const sockets = new Set<Socket>();
  let led = 0;
  const server = createServer((near) => {
    sockets.add(near);
    near.on('error', () => near.destroy()).on('close', () => sockets.delete(near));
    throughProxy(proxyPort, host, port).then(
      (far) => {
        led += 1;
        sockets.add(far);
        far.on('error', () => near.destroy()).on('close', () => sockets.delete(far));
        near.on('close', () => far.destroy());
        near.pipe(far).pipe(near);
      },
      () => near.destroy(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    connections: () => led,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
