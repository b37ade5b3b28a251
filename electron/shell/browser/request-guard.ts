/**
 * The first look at every request and upgrade, before anything of it is used. It keeps out pages of
 * other origins, other services on this machine, and names that were made to point here
 * (DNS rebinding): those arrive with a Host or an Origin that is not exactly ours.
 */
import type { IncomingMessage } from 'node:http';

/** Whether a request may go on. `why` names the check that it failed, for the log. */
export type Verdict = { readonly ok: true } | { readonly ok: false; readonly why: string };

const PASS: Verdict = { ok: true };
const refuse = (why: string): Verdict => ({ ok: false, why });

/** @param authority `127.0.0.1:<port>`, exactly as it stands in our own address. */
export function guardRequest(request: IncomingMessage, authority: string): Verdict {
  const common = guardCommon(request, authority);
  if (!common.ok) return common;
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse('method');
  const { origin } = request.headers;
  if (origin !== undefined && origin !== `http://${authority}`) return refuse('origin');
  // Sent by every current browser. A page may be walked to from anywhere (the redirect file is another
  // origin); its parts may be fetched by itself only.
  const site = request.headers['sec-fetch-site'];
  const walked = request.headers['sec-fetch-mode'] === 'navigate';
  const top = request.headers['sec-fetch-dest'] === 'document';
  if (site !== undefined && site !== 'same-origin' && site !== 'none' && !(walked && top)) {
    return refuse('fetched by another site');
  }
  return PASS;
}

/** A WebSocket must say that it comes from our own page: browsers always send its Origin. */
export function guardUpgrade(request: IncomingMessage, authority: string, path: string): Verdict {
  const common = guardCommon(request, authority);
  if (!common.ok) return common;
  if (request.method !== 'GET') return refuse('method');
  if (request.headers.origin !== `http://${authority}`) return refuse('origin');
  if (request.url !== path) return refuse('path');
  return PASS;
}

function guardCommon(request: IncomingMessage, authority: string): Verdict {
  const hosts = request.rawHeaders.filter(
    (text, index) => index % 2 === 0 && text.toLowerCase() === 'host',
  );
  if (hosts.length !== 1 || request.headers.host !== authority) return refuse('host');
  if (!request.url?.startsWith('/')) return refuse('target');
  return PASS;
}
