/** One listening address. On the tailnet nobody is heard before Tailscale said who it is. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Clock } from '../../clock/clock.ts';
import type { CallerProof } from '../../contract/index.ts';
import type { Tailnet, Whois } from '../options.ts';

/** Where a connection came from. */
export interface Origin {
  readonly proof: CallerProof;
  /** Null on loopback. */
  readonly machine: Whois | null;
  /** For counting; never shown as who somebody is. */
  readonly remote: string;
  /** `http://address:port` as the caller reached us. */
  readonly here: string;
}

/** Who tells whose a connection is, and who hears of one that was closed at once. */
export interface ListenerOptions {
  readonly tailnet: Tailnet;
  readonly clock: Clock;
  /** A caller whom Tailscale does not know, or could not be asked about. */
  readonly unknown: (remote: string, reason: string) => void;
}

const WHOIS_LIMIT_MS = 5_000;
const CONNECTIONS = 512;

/** Node's own limits: they hold before any code of ours runs. */
const LIMITS = {
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  requestTimeout: 20_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 2_000,
} as const;

const plain = (address: string): string => address.replace(/^::ffff:/, '');

const urlHost = (address: string): string => (address.includes(':') ? `[${address}]` : address);

/** A server for one address, which knows the origin of each connection before it reads of it. */
export class Listener {
  readonly #server: Server;
  readonly #options: ListenerOptions;
  readonly #onTailnet: boolean;
  readonly #origins = new WeakMap<Socket, Origin>();
  readonly #accept: (socket: Socket) => void;

  constructor(onTailnet: boolean, options: ListenerOptions, handle: RequestListener) {
    this.#options = options;
    this.#onTailnet = onTailnet;
    this.#server = createServer(LIMITS, handle);
    this.#server.maxConnections = CONNECTIONS;
    this.#server.maxRequestsPerSocket = 1_000;
    const parse = this.#server.listeners('connection');
    this.#server.removeAllListeners('connection');
    this.#accept = (socket) => {
      for (const listener of parse) Reflect.apply(listener, this.#server, [socket]);
      socket.resume();
    };
    // A property of net.Server that http does not pass on: nothing is read of a new connection.
    Object.assign(this.#server, { pauseOnConnect: true });
    this.#server.on('connection', (socket: Socket) => {
      socket.on('error', () => socket.destroy());
      void this.#admit(socket);
    });
  }

  origin(socket: Socket): Origin | null {
    return this.#origins.get(socket) ?? null;
  }

  /** Rejects with the system's error. @returns the port. */
  async listen(address: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen({ host: address, port, exclusive: true }, () => {
        this.#server.off('error', reject);
        this.#server.on('error', () => undefined);
        resolve();
      });
    });
    return (this.#server.address() as AddressInfo).port;
  }

  /** Ends every connection, also those that wait. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#server.closeAllConnections();
    await closed;
  }

  async #admit(socket: Socket): Promise<void> {
    const { remoteAddress, remotePort, localAddress, localPort } = socket;
    if (!remoteAddress || !remotePort || !localAddress || !localPort) {
      socket.destroy();
      return;
    }
    const remote = plain(remoteAddress);
    const here = `http://${urlHost(plain(localAddress))}:${localPort}`;
    const machine = this.#onTailnet ? await this.#whois(remote, remotePort) : null;
    if (socket.destroyed) return;
    if (this.#onTailnet && !machine) {
      socket.destroy();
      return;
    }
    const proof: CallerProof = machine
      ? { kind: 'tailnet', node: machine.node, owner: machine.user }
      : { kind: 'local' };
    this.#origins.set(socket, { proof, machine, remote, here });
    this.#accept(socket);
  }

  async #whois(remote: string, port: number): Promise<Whois | null> {
    const { tailnet, clock, unknown } = this.#options;
    const late = Promise.withResolvers<'late'>();
    const cancel = clock.after(WHOIS_LIMIT_MS, () => late.resolve('late'));
    try {
      const found = await Promise.race([tailnet.whois(remote, port), late.promise]);
      if (found === 'late') unknown(remote, 'Tailscale did not answer in time');
      else if (found === null) unknown(remote, 'Tailscale does not know this caller');
      else return found;
    } catch {
      unknown(remote, 'Tailscale could not be asked');
    } finally {
      cancel();
    }
    return null;
  }
}
