/** The listening address: plain, TLS, or both on one port, told apart by a connection's first byte. */
import {
  createServer as createHttp,
  type Server as HttpServer,
  type RequestListener,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, createServer as createNet, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type AppError, appError } from '../contract/index.ts';
import type { RelayCertificate } from './certificate.ts';

/** `both`: old clients come in plain, new ones by TLS. */
export type Encryption = 'off' | 'both' | 'only';

/**
 * How connections are taken, and who answers requests and upgrades. `connections`: the most at
 * once.
 */
export interface ListeningOptions {
  readonly encryption: Encryption;
  /** Needed for all but `off`. */
  readonly certificate: RelayCertificate | null;
  readonly connections: number;
  readonly request: RequestListener;
  readonly upgrade: (request: Parameters<RequestListener>[0], socket: Duplex, head: Buffer) => void;
}

/** The first byte of a TLS connection: a handshake record (RFC 8446, section 5.1). */
const TLS_HANDSHAKE = 0x16;
/** How long a connection may wait before its first byte, ms. */
const FIRST_BYTE_MS = 10_000;

/** Node's own limits. A connection stays longer than a poller is silent (120 s). */
const LIMITS = {
  maxHeaderSize: 16_384,
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 130_000,
  connectionsCheckingInterval: 5_000,
} as const;
/** A connection on which nothing moves for this long, while a request is under way, is ended, ms. */
const STUCK_MS = 60_000;

/** The relay's one port, whatever may speak on it. */
export class Listening {
  readonly #options: ListeningOptions;
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  readonly #outer: Server;

  constructor(options: ListeningOptions) {
    this.#options = options;
    const { encryption } = options;
    const plain = encryption === 'only' ? null : this.#prepare(createHttp(LIMITS, options.request));
    const secure =
      encryption === 'off' ? null : this.#prepare(createHttps(this.#tls(), options.request));
    if (plain && secure) this.#outer = createNet((socket) => sort(socket, plain, secure));
    else this.#outer = plain ?? (secure as HttpServer);
    this.#outer.maxConnections = options.connections;
    this.#outer.on('connection', (socket: Socket) => {
      socket.setNoDelay(true);
      socket.on('error', () => socket.destroy());
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
  }

  /** Rejects with the system's error. @returns where it listens, as an IP address. */
  async listen(host: string, port: number): Promise<AddressInfo> {
    await new Promise<void>((resolve, reject) => {
      this.#outer.once('error', reject);
      this.#outer.listen({ host, port, exclusive: true }, () => {
        this.#outer.off('error', reject);
        this.#outer.on('error', () => undefined);
        resolve();
      });
    });
    return this.#outer.address() as AddressInfo;
  }

  /** No new connections; answers that are under way go out. */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#outer.close(() => resolve()));
    for (const server of this.#servers) (server as HttpServer).closeIdleConnections();
    if (this.#sockets.size > 0) await settled(this.#sockets);
    for (const socket of this.#sockets) socket.destroy();
    await closed;
    for (const server of this.#servers) server.close();
  }

  #tls(): Parameters<typeof createHttps>[0] {
    const { certificate } = this.#options;
    if (!certificate) throw new Error('TLS needs a certificate');
    return {
      ...LIMITS,
      key: certificate.key,
      cert: certificate.certificate,
      minVersion: 'TLSv1.2',
      handshakeTimeout: FIRST_BYTE_MS,
    };
  }

  #prepare(server: HttpServer): HttpServer {
    server.timeout = STUCK_MS;
    server.on('upgrade', this.#options.upgrade);
    server.on('clientError', (_error, socket) => socket.destroy());
    server.on('tlsClientError', (_error, socket: Duplex) => socket.destroy());
    this.#servers.push(server);
    return server;
  }
}

/** Gives what is under way a moment to end. */
async function settled(sockets: ReadonlySet<Socket>): Promise<void> {
  for (let turn = 0; turn < 10 && sockets.size > 0; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

function sort(socket: Socket, plain: HttpServer, secure: HttpServer): void {
  socket.setTimeout(FIRST_BYTE_MS, () => socket.destroy());
  socket.once('readable', () => {
    const first: Buffer | null = socket.read(1);
    socket.setTimeout(0);
    socket.removeAllListeners('timeout');
    if (first === null) {
      socket.destroy();
      return;
    }
    socket.unshift(first);
    (first[0] === TLS_HANDSHAKE ? secure : plain).emit('connection', socket);
  });
}

/** Why it does not listen, for a person. */
export function listenError(error: unknown, host: string, port: number): AppError {
  const code = (error as { code?: unknown } | null)?.code;
  return code === 'EADDRINUSE'
    ? appError('relay_server.port_taken', `Port ${port} of ${host} is used by another program.`)
    : appError('relay_server.listen_failed', `${host}, port ${port}: ${String(code ?? error)}`);
}
