/** A look at a TLS port before any token goes there. */
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { Clock } from '../../clock/clock.ts';

/** What a port showed; nothing was sent to it but the handshake. */
export interface TlsLook {
  /** Lower-case hex SHA-256 of the certificate. */
  readonly fingerprint: string;
  /** True when a known authority signed it for this host: then nothing needs to be pinned. */
  readonly trusted: boolean;
}

const LIMIT_MS = 10_000;

/**
 * Fetches the certificate of a `wss://` address and sends nothing. Rejects with the socket's error.
 * OpenClaw's own certificates are self-signed and carry no host name, so they are never `trusted`.
 */
export function lookAtTls(url: string, clock: Clock, signal: AbortSignal): Promise<TlsLook> {
  const { hostname, port } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const socket = connect({
      host,
      port: Number(port || 443),
      rejectUnauthorized: false,
      ...(isIP(host) === 0 ? { servername: host } : {}),
    });
    const end = (settle: () => void): void => {
      cancel();
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      settle();
    };
    const onAbort = (): void => end(() => reject(new Error('stopped')));
    const cancel = clock.after(LIMIT_MS, () => {
      const error = Object.assign(new Error('no TLS handshake within 10 s'), { code: 'ETIMEDOUT' });
      end(() => reject(error));
    });
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) return onAbort();
    socket.once('error', (error) => end(() => reject(error)));
    socket.once('secureConnect', () => {
      const raw = socket.getPeerCertificate().fingerprint256 ?? '';
      const fingerprint = raw.replaceAll(':', '').toLowerCase();
      const trusted = socket.authorized;
      end(() => resolve({ fingerprint, trusted }));
    });
  });
}
