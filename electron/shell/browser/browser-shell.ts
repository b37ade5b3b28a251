/**
 * The browser shell: the built window and its WebSocket on a random loopback port. What keeps others
 * out: the address is 127.0.0.1 only; Host and Origin are checked on every request and upgrade
 * (request-guard.ts); no window is opened without a key (keys.ts); the static files hold no secret.
 * A process of the same user is not defended against: it could read the memory of this one as well.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import type { Clock } from '../../clock/clock.ts';
import { MAX_FRAME_BYTES } from '../../contract/index.ts';
import type { Refusals } from '../session/refusals.ts';
import type { WindowHub } from '../session/window-hub.ts';
import { SECURITY_HEADERS, type StaticFiles } from '../static-files.ts';
import { KeyRing } from './keys.ts';
import { removeRedirect, writeRedirect } from './redirect-file.ts';
import { guardRequest, guardUpgrade } from './request-guard.ts';
import { serveWindowSocket } from './window-socket.ts';

/** What the shell serves. `home`: the home folder, where the redirect file is written. */
export interface BrowserShellOptions {
  readonly home: string;
  readonly files: StaticFiles;
  readonly hub: WindowHub;
  readonly clock: Clock;
  readonly refusals: Refusals;
  readonly log: (line: string) => void;
}

/** A shell that listens, until {@link BrowserShell.stop}. */
export interface BrowserShell {
  /** `http://127.0.0.1:<port>/`, without a key: harmless to show. */
  readonly address: string;
  /** With the key of this run in its fragment: for the terminal of the person who started the app. */
  readonly printedUrl: string;
  /** Writes the redirect file with a key for one tab, and gives its path. */
  prepareOpening(): Promise<string>;
  /** Closes every window and the port. */
  stop(): Promise<void>;
}

/** Where a window connects. */
export const WINDOW_PATH = '/socket';
/** Connections that have not shown a key yet; more are turned away. */
const MAX_STRANGERS = 8;
const MAX_WINDOWS = 32;
const CLOSE_GOING_AWAY = 1001;

/** Starts to listen. */
export async function startBrowserShell(options: BrowserShellOptions): Promise<BrowserShell> {
  const { home, files, hub, clock, refusals, log } = options;
  const keys = new KeyRing(clock);
  let authority = '';
  let strangers = 0;

  const server = createServer((request, response) => {
    const verdict = guardRequest(request, authority);
    if (verdict.ok) serveFile(files, request, response);
    else {
      refusals.count('call.wrong_sender');
      log(`refused a request (${verdict.why})`);
      answer(response, 403, 'text/plain; charset=utf-8', Buffer.from('Refused.\n'));
    }
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 15_000;
  server.maxConnections = 128;

  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_FRAME_BYTES,
    perMessageDeflate: false,
    clientTracking: true,
  });
  server.on('upgrade', (request: IncomingMessage, stream: Socket, head: Buffer) => {
    stream.on('error', () => stream.destroy());
    const verdict = guardUpgrade(request, authority, WINDOW_PATH);
    const full = strangers >= MAX_STRANGERS || hub.size >= MAX_WINDOWS;
    if (!verdict.ok || full) {
      refusals.count('call.wrong_sender');
      log(`refused a window (${verdict.ok ? 'too many' : verdict.why})`);
      stream.end(`HTTP/1.1 ${verdict.ok ? '503' : '403'} Refused\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket) => {
      let known = false;
      strangers += 1;
      const noStranger = (): void => {
        if (!known) strangers -= 1;
        known = true;
      };
      socket.once('close', noStranger);
      serveWindowSocket({
        socket,
        stream,
        connectionId: randomUUID(),
        hub,
        keys,
        clock,
        refusals,
        onAdmitted: (spentOnce) => {
          noStranger();
          if (spentOnce) removeRedirect(home);
        },
      });
    });
  });

  removeRedirect(home);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  authority = `127.0.0.1:${port}`;
  const address = `http://${authority}/`;

  return {
    address,
    printedUrl: `${address}#key=${keys.printed}`,
    prepareOpening: () => writeRedirect(home, `${address}#key=${keys.issueOnce()}`),
    stop: async () => {
      removeRedirect(home);
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets.clients) socket.close(CLOSE_GOING_AWAY);
      server.closeIdleConnections();
      const late = clock.after(300, () => {
        for (const socket of sockets.clients) socket.terminate();
        server.closeAllConnections();
      });
      await closed;
      late();
    },
  };
}

function serveFile(files: StaticFiles, request: IncomingMessage, response: ServerResponse): void {
  const file = files.find(request.url ?? '/');
  if (file) answer(response, 200, file.type, file.body, request.method === 'HEAD');
  else answer(response, 404, 'text/plain; charset=utf-8', Buffer.from('Not here.\n'));
}

function answer(
  response: ServerResponse,
  status: number,
  type: string,
  body: Buffer,
  headOnly = false,
): void {
  const headers = { ...SECURITY_HEADERS, 'content-type': type, 'content-length': body.length };
  response.writeHead(status, headers);
  response.end(headOnly ? undefined : body);
}
