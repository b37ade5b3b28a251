/** A connection of its own for each request, so that *never left* can be told from *may have arrived*. */
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { UNREACHED } from '../unreached.ts';
import { HttpFailure, TIME_IS_UP } from './http-failure.ts';

function failureOf(error: Error, secure: boolean): HttpFailure {
  const last: unknown = error instanceof AggregateError ? error.errors.at(-1) : error;
  const code = typeof last === 'object' && last !== null && 'code' in last ? String(last.code) : '';
  const cause = UNREACHED[code] ?? (secure ? 'tls_failed' : 'closed');
  const detail = (code || error.message).slice(0, 200);
  return new HttpFailure({ kind: 'unreached', cause, detail });
}

/**
 * Opens a socket and checks its certificate; nothing is sent on it yet. With a pin the certificate
 * must be that one; without, a known authority must vouch for it.
 * @throws HttpFailure unreached, tls_changed, stopped
 */
export function openSocket(url: URL, tls: string | null, signal: AbortSignal): Promise<Socket> {
  const secure = url.protocol === 'https:';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port || (secure ? 443 : 80));
  return new Promise((resolve, reject) => {
    const name = isIP(host) === 0 ? { servername: host } : {};
    const socket = secure
      ? connectTls({ host, port, rejectUnauthorized: false, ...name })
      : connectTcp({ host, port });
    const end = (failure: HttpFailure | null): void => {
      signal.removeEventListener('abort', onAbort);
      socket.off('error', onError);
      if (!failure) {
        resolve(socket);
        return;
      }
      socket.on('error', () => undefined);
      socket.destroy();
      reject(failure);
    };
    const onError = (error: Error): void => end(failureOf(error, secure));
    const onAbort = (): void =>
      end(
        new HttpFailure(
          signal.reason === TIME_IS_UP
            ? { kind: 'unreached', cause: 'timeout', detail: 'No connection in time.' }
            : { kind: 'stopped', reached: false },
        ),
      );
    socket.once('error', onError);
    socket.once(secure ? 'secureConnect' : 'connect', () =>
      end(secure ? certificateProblem(socket as TLSSocket, tls) : null),
    );
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}

/** Lower-case hex SHA-256 of the certificate that the other side shows. */
const fingerprintOf = (socket: TLSSocket): string =>
  (socket.getPeerCertificate().fingerprint256 ?? '').replaceAll(':', '').toLowerCase();

function certificateProblem(socket: TLSSocket, tls: string | null): HttpFailure | null {
  const seen = fingerprintOf(socket);
  const trusted = socket.authorized;
  if (tls === null ? trusted : seen === tls) return null;
  return new HttpFailure({ kind: 'tls_changed', seen, trusted });
}
