/** Addresses of A2A agents as people type them, made into the one form that is stored. */
import { isIP } from 'node:net';
import { appError, fail, ok, type Result } from '../../contract/index.ts';
import { plaintextAllowed } from '../plaintext.ts';

type UrlError =
  | 'link.url_invalid'
  | 'link.url_scheme'
  | 'link.url_credentials'
  | 'link.insecure_url';

const refuse = (code: UrlError, detail: string): Result<{ url: string }> =>
  fail(
    appError(code, detail, {
      remedy: {
        text:
          code === 'link.url_credentials'
            ? 'Put the token into its own field, so that it is kept in the keychain.'
            : 'Give an address of the agent, for example https://host.tailnet.ts.net or http://100.64.0.2:18789.',
      },
    }),
  );

/** `host:port` looks like a scheme to `URL`. */
const BARE_HOST_AND_PORT = /^(\[[^\]]*\]|[^\s/?#:@]+):\d{1,5}(?=$|[/?#])/;

function withScheme(text: string): string {
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(text)) return text;
  if (isIP(text) === 6) return `http://[${text}]`;
  if (!BARE_HOST_AND_PORT.test(text) && /^[a-z][a-z\d+.-]*:/i.test(text)) return text;
  const host = /^(\[[^\]]*\]|[^/?#:]+)/.exec(text)?.[1] ?? text;
  const near = plaintextAllowed(host) && !/\.ts\.net\.?$/i.test(host);
  return `${near ? 'http' : 'https'}://${text}`;
}

/**
 * Makes an address of what was typed: where the agent's host is, or the whole address of its card or
 * its endpoint. Without a scheme it is `https://`, but `http://` for loopback and private addresses.
 * A path is kept. Query, fragment, user and password are refused: they would be stored in the open.
 */
export function normaliseA2aUrl(typed: string): Result<{ url: string }> {
  const text = typed.trim();
  if (text === '' || text.length > 2048) {
    return refuse('link.url_invalid', 'The address is empty or too long.');
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get in.
  if (/[\s\u0000-\u001f\u007f\\\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u.test(text)) {
    return refuse('link.url_invalid', 'The address holds a space or an invisible character.');
  }
  const full = withScheme(text);
  if (!URL.canParse(full)) {
    return refuse('link.url_invalid', 'This cannot be read as a host and a port.');
  }
  const url = new URL(full);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    const scheme = url.protocol.slice(0, 20);
    return refuse('link.url_scheme', `“${scheme}” is not what A2A agents speak: http or https.`);
  }
  if (url.username || url.password || url.search || url.hash) {
    return refuse('link.url_credentials', 'It has more than a host and a path. It was not stored.');
  }
  const hostname = url.hostname.replace(/\.+$/, '');
  if (hostname === '' || hostname.length > 253 || /(^|\.)-|\.\./.test(hostname)) {
    return refuse('link.url_invalid', 'The host name is empty or malformed.');
  }
  if (url.port === '0') return refuse('link.url_invalid', 'Port 0 cannot be connected to.');
  if (url.protocol === 'http:' && !plaintextAllowed(hostname)) {
    return refuse('link.insecure_url', `http://${hostname} would send the token in plain text.`);
  }
  const path = url.pathname.replace(/\/+$/, '');
  return ok({ url: `${url.protocol}//${hostname}${url.port ? `:${url.port}` : ''}${path}` });
}
