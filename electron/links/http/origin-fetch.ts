/**
 * HTTP to one origin and no other: the certificate is checked before a byte is sent, redirects are
 * never followed, and time, size and depth of what comes back are limited. What the official client
 * is given instead of `fetch`.
 */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { DEVICE_PROOF } from '../../contract/index.ts';
import { EventDepth, isTooDeep } from './depth.ts';
import { HttpFailure, type HttpProblem, TIME_IS_UP } from './http-failure.ts';
import { openSocket } from './socket.ts';

/** What one origin is asked with. */
export interface HttpOptions {
  /** `https://host:port`; nothing else is ever asked. */
  readonly origin: string;
  /** The certificate to be shown, lower-case hex SHA-256; null = one that an authority vouches for. */
  readonly tls: string | null;
  /** Headers of every request: the proof of who we are. */
  readonly headers: Readonly<Record<string, string>>;
  /** The most that an answer may hold, bytes; of a stream, all its events together. */
  readonly limitBytes: number;
}

/** A `fetch` that can reach one origin only. @throws HttpFailure, in every case of failure */
export function originFetch(options: HttpOptions): typeof fetch {
  return async (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== options.origin) {
      throw new HttpFailure({ kind: 'elsewhere', url: url.href.slice(0, 300) });
    }
    const signal = init.signal ?? new AbortController().signal;
    const socket = await openSocket(url, options.tls, signal);
    const response = await exchange(socket, url, init, options, signal);
    await refuse(response);
    return isStream(response)
      ? new Response(flowing(response, options.limitBytes, signal), answerHead(response))
      : new Response(await whole(response, options.limitBytes, signal), answerHead(response));
  };
}

const endOf = (signal: AbortSignal): HttpFailure =>
  new HttpFailure(
    signal.reason === TIME_IS_UP ? { kind: 'unanswered' } : { kind: 'stopped', reached: true },
  );

function exchange(
  socket: Socket,
  url: URL,
  init: RequestInit,
  options: HttpOptions,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const body = typeof init.body === 'string' ? Buffer.from(init.body) : undefined;
    const request = httpRequest({
      createConnection: () => socket,
      method: init.method ?? 'GET',
      path: `${url.pathname}${url.search}`,
      headers: {
        ...Object.fromEntries(new Headers(init.headers)),
        ...options.headers,
        host: url.host,
        connection: 'close',
        ...(body ? { 'content-length': String(body.byteLength) } : {}),
      },
      maxHeaderSize: 32_768,
    });
    const onAbort = (): void => {
      request.destroy();
      reject(endOf(signal));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    request.once('error', (error) => {
      signal.removeEventListener('abort', onAbort);
      reject(new HttpFailure({ kind: 'broken', detail: error.message.slice(0, 200) }));
    });
    request.once('response', (response) => {
      signal.removeEventListener('abort', onAbort);
      resolve(response);
    });
    if (signal.aborted) onAbort();
    else request.end(body);
  });
}

/** Turns what HTTP itself refuses into a failure; an A2A error in a body goes on to the client. */
async function refuse(response: IncomingMessage): Promise<void> {
  const status = response.statusCode ?? 0;
  const said = status === 429 || status === 503 ? await saidIn(response) : null;
  const problem = ((): HttpProblem | null => {
    if (status >= 300 && status < 400) {
      return { kind: 'redirected', to: String(response.headers.location ?? '').slice(0, 300) };
    }
    if (status === 401 || status === 403) return { kind: 'unauthorized', status };
    if (said !== null) return { kind: 'not_now', said, retryAfterMs: retryAfter(response) };
    if (status === 429) return { kind: 'rate_limited', retryAfterMs: retryAfter(response) };
    if (status === 502 || status === 503 || status === 504) {
      return { kind: 'busy', status, retryAfterMs: retryAfter(response) };
    }
    return status >= 400 && !isJson(response) ? { kind: 'status', status } : null;
  })();
  if (!problem) return;
  response.destroy();
  throw new HttpFailure(problem);
}

/** The most of a refusal's words that is read, bytes. */
const SAID_BYTES = 8_192;

/** What an agent says with its refusal, where that is JSON-RPC; the door of a proxy says nothing. */
async function saidIn(response: IncomingMessage): Promise<string | null> {
  if (!isJson(response)) return null;
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.byteLength;
      if (size > SAID_BYTES) return null;
      chunks.push(chunk);
    }
    const body = Buffer.concat(chunks);
    if (isTooDeep(body)) return null;
    const { error, id } = JSON.parse(body.toString('utf8')) as {
      error?: { message?: unknown };
      id?: unknown;
    };
    // What names no call of ours was said at the door, of all calls: the link waits then.
    const message = id === null || id === undefined ? null : error?.message;
    return typeof message === 'string' && message !== '' ? message.slice(0, 500) : null;
  } catch {
    return null;
  }
}

const typeOf = (response: IncomingMessage): string =>
  (response.headers['content-type'] ?? '').toLowerCase();
const isJson = (response: IncomingMessage): boolean => /[/+]json\b/.test(typeOf(response));
const isStream = (response: IncomingMessage): boolean =>
  typeOf(response).startsWith('text/event-stream');

/** `Retry-After` in ms: seconds, or a date (RFC 9110, section 10.2.3). At most an hour. */
function retryAfter(response: IncomingMessage): number | null {
  const text = response.headers['retry-after'];
  if (!text) return null;
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 3_600_000) : null;
}

const answerHead = (response: IncomingMessage): ResponseInit => ({
  status: response.statusCode ?? 200,
  headers: {
    'content-type': response.headers['content-type'] ?? 'application/octet-stream',
    [DEVICE_PROOF.answer]: String(response.headers[DEVICE_PROOF.answer] ?? ''),
  },
});

async function whole(
  response: IncomingMessage,
  limit: number,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  const onAbort = (): void => void response.destroy();
  signal.addEventListener('abort', onAbort, { once: true });
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    if (signal.aborted) throw endOf(signal);
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.byteLength;
      if (size > limit) throw new HttpFailure({ kind: 'too_large', limit });
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof HttpFailure) throw error;
    if (signal.aborted) throw endOf(signal);
    throw new HttpFailure({ kind: 'broken', detail: 'The answer was cut off.' });
  } finally {
    signal.removeEventListener('abort', onAbort);
    response.destroy();
  }
  if (signal.aborted) throw endOf(signal);
  const body = new Uint8Array(Buffer.concat(chunks));
  if (isTooDeep(body)) throw new HttpFailure({ kind: 'too_deep' });
  return body;
}

/** A stream of events; what breaks it comes out as an {@link HttpFailure} to whoever reads. */
function flowing(
  response: IncomingMessage,
  limit: number,
  signal: AbortSignal,
): ReadableStream<Uint8Array> {
  let size = 0;
  const depth = new EventDepth();
  // A reader that has all it wanted hangs up; what comes after that is for nobody.
  let over = false;
  return new ReadableStream<Uint8Array>({
    start: (controller) => {
      const fail = (failure: HttpFailure): void => {
        over = true;
        signal.removeEventListener('abort', onAbort);
        controller.error(failure);
        response.destroy();
      };
      const onAbort = (): void => fail(endOf(signal));
      signal.addEventListener('abort', onAbort, { once: true });
      response.on('data', (chunk: Buffer) => {
        if (over) return;
        size += chunk.byteLength;
        if (size > limit) return fail(new HttpFailure({ kind: 'too_large', limit }));
        if (depth.feed(chunk)) return fail(new HttpFailure({ kind: 'too_deep' }));
        controller.enqueue(new Uint8Array(chunk));
        if ((controller.desiredSize ?? 1) <= 0) response.pause();
      });
      response.once('end', () => {
        signal.removeEventListener('abort', onAbort);
        if (over) return;
        over = true;
        controller.close();
      });
      const cut = (): void =>
        fail(new HttpFailure({ kind: 'broken', detail: 'The stream was cut off.' }));
      response.once('error', cut);
      response.once('aborted', cut);
      if (signal.aborted) onAbort();
    },
    pull: () => {
      response.resume();
    },
    cancel: () => {
      over = true;
      response.destroy();
    },
  });
}
