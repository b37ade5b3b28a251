/** Answers on the wire, each with the same careful headers. */
import type { ServerResponse } from 'node:http';

const SAFE = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
} as const;

/** Writes one JSON answer. */
export function sendJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (response.headersSent || response.destroyed) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    ...SAFE,
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(text)),
    ...headers,
  });
  response.end(text);
}

/** A refusal at the door, in the shape that a JSON-RPC client can read too. */
export function refuse(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  const code = status === 413 || status === 415 || status === 400 ? -32_600 : -32_000;
  sendJson(response, status, { jsonrpc: '2.0', id: null, error: { code, message } }, headers);
}

/** When to come again, as a header; ms. */
export const retryAfter = (afterMs: number): Readonly<Record<string, string>> => ({
  'retry-after': String(Math.max(1, Math.ceil(afterMs / 1000))),
});

/** The same, with the time to come again, ms. */
export const refuseForNow = (response: ServerResponse, afterMs: number, message: string): void =>
  refuse(response, 429, message, retryAfter(afterMs));

/** Headers of a stream of server-sent events. */
export const STREAM_HEADERS = {
  ...SAFE,
  'content-type': 'text/event-stream; charset=utf-8',
  connection: 'keep-alive',
  'x-accel-buffering': 'no',
} as const;
