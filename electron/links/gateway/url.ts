/** Gateway addresses as people type them, made into the one form that is stored. */
import { isIP } from 'node:net';
import { appError, fail, ok, type Result } from '../../contract/index.ts';
import { plaintextAllowed } from '../plaintext.ts';

/** OpenClaw's default port (`gateway.port`). */
export const DEFAULT_PORT = 18789;

const SCHEMES: Readonly<Record<string, 'ws:' | 'wss:'>> = {
  'ws:': 'ws:',
  'wss:': 'wss:',
  'http:': 'ws:',
  'https:': 'wss:',
};

const refuse = (
  code: 'link.url_invalid' | 'link.url_scheme' | 'link.url_credentials' | 'link.insecure_url',
  detail: string,
): Result<{ url: string }> => fail(appError(code, detail));

/** What looks like a secret in a query or a fragment (`?token=`, `#auth=`). */
const SECRET_NAME = /(^|[?&#;])[^=&#]*(token|password|passwd|secret|key|auth|code)[^=&#]*=/i;

/** Where a bare host begins that only looks like a scheme: `localhost:18789`, `box.local:80/x`. */
const BARE_HOST_AND_PORT = /^(\[[^\]]*\]|[^\s/?#:@]+):\d{1,5}(?=$|[/?#])/;

function withScheme(text: string): string {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(text)) return text;
  if (text.startsWith('//')) return `ws:${text}`;
  const bareIpv6 = isIP(text) === 6;
  if (bareIpv6) return `ws://[${text}]`;
  if (BARE_HOST_AND_PORT.test(text) || !/^[a-z][a-z\d+.-]*:/i.test(text)) {
    return /^[^/?#:]+\.ts\.net\.?($|[/?#])/i.test(text) ? `wss://${text}` : `ws://${text}`;
  }
  return text;
}

/** `URL` drops a default port (80, 443) although it was typed; this tells whether there was one. */
const hasPort = (text: string): boolean => /^[a-z][a-z\d+.-]*:\/\/[^/?#]*:\d+($|[/?#])/i.test(text);

/**
 * Makes an address of what was typed. Without a scheme it is `ws://` (`wss://` for a bare
 * `*.ts.net` name, which is what Tailscale Serve answers on); without a port it is 18789 for `ws`
 * and for `http`, and 443 for `wss` and `https`, since TLS is what a proxy in front adds.
 * A path is kept; query and fragment are dropped, or refused where they hold a secret.
 */
export function normaliseGatewayUrl(typed: string): Result<{ url: string }> {
  const text = typed.trim();
  if (text === '' || text.length > 2048) {
    return refuse('link.url_invalid', 'The address is empty or too long.');
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get in.
  if (/[\s\u0000-\u001f\u007f\\\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u.test(text)) {
    return refuse('link.url_invalid', 'The address holds a space or an invisible character.');
  }
  const full = withScheme(text);
  let url: URL;
  try {
    url = new URL(full);
  } catch {
    return refuse('link.url_invalid', 'This cannot be read as a host and a port.');
  }
  const scheme = SCHEMES[url.protocol];
  if (scheme === undefined) {
    return refuse('link.url_scheme', `“${url.protocol.slice(0, 20)}” is not a gateway’s scheme.`);
  }
  if (url.username || url.password || SECRET_NAME.test(url.search + url.hash)) {
    return refuse('link.url_credentials', 'It was not stored.');
  }
  const hostname = url.hostname.replace(/\.+$/, '');
  if (hostname === '' || hostname.length > 253 || /(^|\.)-|\.\./.test(hostname)) {
    return refuse('link.url_invalid', 'The host name is empty or malformed.');
  }
  if (url.port === '0') return refuse('link.url_invalid', 'Port 0 cannot be connected to.');
  const wellKnown = scheme === 'wss:' ? 443 : 80;
  const otherwise = scheme === 'wss:' ? 443 : DEFAULT_PORT;
  const port = url.port || String(hasPort(full) ? wellKnown : otherwise);
  if (scheme === 'ws:' && !plaintextAllowed(hostname)) {
    return refuse('link.insecure_url', `ws://${hostname} would send the token in plain text.`);
  }
  const path = url.pathname === '/' ? '' : url.pathname;
  const shownPort = scheme === 'wss:' && port === '443' ? '' : `:${port}`;
  return ok({ url: `${scheme}//${hostname}${shownPort}${path}` });
}
