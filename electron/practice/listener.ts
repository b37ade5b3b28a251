/** The port: HTTP health answers and WebSocket upgrades, on loopback, with or without TLS. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { GatewayCore } from './core.ts';

/** Where to listen, and for whom; `core` and `local` are asked with each upgrade. */
export interface ListenerOptions {
  /** 0 = any free port. */
  readonly port: number;
  readonly tls: { readonly key: string; readonly cert: string } | null;
  /** Who answers upgrades now; null while the gateway is away. */
  readonly core: () => GatewayCore | null;
  /** Whether sockets count as coming from this machine. */
  readonly local: () => boolean;
}

/** A port that is open until `close`, which ends its connections too. */
export interface Listener {
  readonly port: number;
  close(): Promise<void>;
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  const known: Record<string, object> = {
    '/health': { ok: true, status: 'live' },
    '/healthz': { ok: true, status: 'live' },
    '/ready': { ready: true, failing: [] },
    '/readyz': { ready: true, failing: [] },
  };
  const body = request.method === 'GET' ? known[request.url ?? ''] : undefined;
  response.writeHead(body ? 200 : 404, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body ?? { ok: false }));
}

/** Listens on 127.0.0.1. */
export async function listen(options: ListenerOptions): Promise<Listener> {
  const server: Server = options.tls
    ? createTlsServer({ key: options.tls.key, cert: options.tls.cert }, answer)
    : createServer(answer);
  server.on('upgrade', (request, socket, head) => {
    const core = options.core();
    // A browser page may not talk to it, as with OpenClaw: no Origin is on the allow-list.
    if (!core || request.headers.origin !== undefined) {
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
      return;
    }
    core.upgrade(request, socket, head, options.local());
  });
  // A broken TLS handshake or HTTP request is the caller's affair.
  server.on('clientError', (_error, socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
