/**
 * The two lowest rungs, for real: open a TCP connection, and ask `GET /health`. Neither sends any
 * credential, follows a redirect or keeps a connection; time limits come by AbortSignal.
 */
import * as http from 'node:http';
import * as https from 'node:https';
import * as net from 'node:net';
import type { OfflineCause } from '../contract/index.ts';
import type { Address } from './address.ts';

/** What opening a port showed. `code` is the system's, for the report. */
export type TcpFinding =
  | { readonly kind: 'open'; readonly ip: string | null }
  | {
      readonly kind: 'failed';
      readonly cause: Extract<
        OfflineCause,
        'refused' | 'timeout' | 'host_unknown' | 'unreachable' | 'closed'
      >;
      readonly code: string;
    };

/** What `GET /health`, or asking for a card, showed. */
export type HttpFinding =
  | { readonly kind: 'live' }
  /** It answers with another status or body than a gateway does. */
  | { readonly kind: 'other'; readonly status: number }
  | { readonly kind: 'failed'; readonly cause: OfflineCause; readonly code: string };

/** Looks at an address from outside, without a credential. */
export interface Probes {
  /** Never rejects. */
  tcp(address: Address, signal: AbortSignal): Promise<TcpFinding>;
  /** Never rejects. */
  http(address: Address, signal: AbortSignal): Promise<HttpFinding>;
}

/** A gateway's answer has about 30 bytes; whatever says more is none. */
const BODY_LIMIT_BYTES = 4_096;
const CARD_LIMIT_BYTES = 262_144;
const HEADER_LIMIT_BYTES = 16_384;

/** Probes over node:net and node:http. */
export const networkProbes: Probes = {
  tcp: (address, signal) =>
    new Promise((resolve) => {
      const socket = net.connect({ host: address.host, port: address.port });
      const end = (finding: TcpFinding): void => {
        signal.removeEventListener('abort', onAbort);
        socket.destroy();
        resolve(finding);
      };
      const onAbort = (): void => end({ kind: 'failed', cause: 'timeout', code: 'ETIMEDOUT' });
      socket.on('error', (error) => end(tcpFailure(error)));
      socket.on('connect', () => end({ kind: 'open', ip: socket.remoteAddress ?? null }));
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort);
    }),

  http: (address, signal) =>
    new Promise((resolve) => {
      const isGateway = address.path === '/health';
      const bodyLimit = isGateway ? BODY_LIMIT_BYTES : CARD_LIMIT_BYTES;
      const isLive = isGateway ? isHealth : address.path === '/' ? isRelay : isCard;
      const options: https.RequestOptions = {
        host: address.host,
        port: address.port,
        path: address.path,
        method: 'GET',
        agent: false,
        maxHeaderSize: HEADER_LIMIT_BYTES,
        headers: { accept: 'application/json' },
        // Liveness only: a self-made certificate is the rule here, and the link itself pins it.
        ...(address.secure ? { rejectUnauthorized: false } : {}),
      };
      const request = address.secure ? https.request(options) : http.request(options);
      const end = (finding: HttpFinding): void => {
        signal.removeEventListener('abort', onAbort);
        request.destroy();
        resolve(finding);
      };
      const onAbort = (): void => end({ kind: 'failed', cause: 'unanswered', code: 'ETIMEDOUT' });
      request.on('error', (error) => end(httpFailure(error, address.secure)));
      request.on('response', (response) => {
        const status = response.statusCode ?? 0;
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size > bodyLimit) end({ kind: 'other', status });
          else chunks.push(chunk);
        });
        response.on('error', (error) => end(httpFailure(error, address.secure)));
        response.on('end', () =>
          end(
            isLive(Buffer.concat(chunks).toString('utf8'), status)
              ? { kind: 'live' }
              : { kind: 'other', status },
          ),
        );
      });
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort);
      request.end();
    }),
};

/** `{"ok":true,...}`, as OpenClaw answers on /health. */
function isHealth(body: string, status: number): boolean {
  if (status !== 200) return false;
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && 'ok' in value && value.ok === true;
  } catch {
    return false;
  }
}

/** An agent card has a name; more is the link's own business. */
function isCard(body: string, status: number): boolean {
  if (status !== 200) return false;
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && 'name' in value;
  } catch {
    return false;
  }
}

/** A relay tells its name, or, to whoever shows no token, that it wants one. */
const isRelay = (body: string, status: number): boolean =>
  (status === 200 && /clawlink/i.test(body)) || (status === 401 && /\bBearer\b/.test(body));

/** The system's code; of several attempts (IPv6 and IPv4) the last, which is what the user meets. */
function codeOf(error: Error): string {
  const last = error instanceof AggregateError ? error.errors.at(-1) : error;
  return typeof last === 'object' && last !== null && 'code' in last
    ? String(last.code)
    : 'UNKNOWN';
}

function tcpFailure(error: Error): TcpFinding {
  const code = codeOf(error);
  return { kind: 'failed', cause: tcpCause(code), code };
}

function tcpCause(code: string): Extract<TcpFinding, { kind: 'failed' }>['cause'] {
  switch (code) {
    case 'ECONNREFUSED':
      return 'refused';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EAI_FAIL':
    case 'EAI_NODATA':
    case 'EAI_NONAME':
      return 'host_unknown';
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'EHOSTDOWN':
    case 'ENETDOWN':
    case 'EADDRNOTAVAIL':
      return 'unreachable';
    case 'ETIMEDOUT':
      return 'timeout';
    default:
      return 'closed';
  }
}

function httpFailure(error: Error, secure: boolean): HttpFinding {
  const code = codeOf(error);
  if (code.startsWith('HPE_')) return { kind: 'other', status: 0 };
  const tls = code === 'EPROTO' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS');
  if (tls) return { kind: 'failed', cause: 'tls_failed', code };
  const cause = tcpCause(code);
  // Hung up inside the TLS handshake: the port speaks something else.
  if (secure && cause === 'closed') return { kind: 'failed', cause: 'tls_failed', code };
  return { kind: 'failed', cause, code };
}
