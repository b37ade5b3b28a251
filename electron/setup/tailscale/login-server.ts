/** Addresses of login: the server that a person types, and the link that Tailscale then gives. */
import { appError, fail, ok, type Result } from '../../contract/index.ts';

/** The vendor's own, by any of its names (ipn/prefs.go: IsLoginServerSynonym). */
export const isVendorServer = (url: string): boolean =>
  /^(?:https:\/\/(?:login|controlplane)\.tailscale\.com\/?)?$/.test(url);

/** Reads what was typed. @returns its origin, or setup.join_server_invalid */
export function readLoginServer(typed: string): Result<string> {
  const text = typed.trim();
  const refuse = (why: string): Result<string> => fail(appError('setup.join_server_invalid', why));
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  if (!url || url.hostname === '') return refuse('It is not an address.');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return refuse(`It begins with ${url.protocol}, which no login server speaks.`);
  }
  if (url.username !== '' || url.password !== '') return refuse('It has a name or password in it.');
  if (url.search !== '' || url.hash !== '') return refuse('It has more in it than an address.');
  return ok(`${url.origin}${url.pathname === '/' ? '' : url.pathname.replace(/\/$/, '')}`);
}

/** Whether a login link may be shown as one: https, or http to the very server that was typed. */
export function isSafeLink(link: string, loginServer: string | null): boolean {
  const url = URL.parse(link);
  if (url === null || `${url.username}${url.password}` !== '') return false;
  if (url.protocol === 'https:') return true;
  return (
    url.protocol === 'http:' &&
    loginServer !== null &&
    URL.parse(loginServer)?.origin === url.origin
  );
}

const PNG = /^data:image\/png;base64,(iVBORw0KGgo[A-Za-z0-9+/]+={0,2})$/;
/** A link's code at 128 pixels is about one kilobyte. */
const LONGEST = 65_536;

/** Tailscale's picture of the link, where it is a PNG and nothing else; else null. */
export const safeQr = (text: unknown): string | null =>
  typeof text === 'string' && text.length <= LONGEST && PNG.test(text) ? text : null;
