/** What the desktop window may do, as plain rules without Electron, so that they can be tested. */

import type { TailnetView } from '../../contract/index.ts';

/** Our pages come from this origin and no other. */
export const SCHEME = 'peerage-app';
/** The origin of every page of the window, without a slash at its end. */
export const ORIGIN = `${SCHEME}://window`;

/** Where a click on a link may lead, outside the app. Everything else is shown as text to copy. */
const LINK_ORIGINS: ReadonlySet<string> = new Set([
  'https://docs.openclaw.ai',
  'https://openclaw.ai',
  'https://github.com',
  'https://tailscale.com',
  'https://login.tailscale.com',
]);

/** True for a page of ours. Compared part by part: a prefix could be a longer host name. */
export function isOwnPage(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed?.protocol === `${SCHEME}:` && parsed.host === 'window' && parsed.username === '';
}

/**
 * True for a link that the system's browser may be asked to open.
 * @param loginLink as {@link loginLinkOf} gives it: that one link, to the letter
 */
export function mayOpenOutside(url: string, loginLink: string | null): boolean {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.username !== '') return false;
  return LINK_ORIGINS.has(parsed.origin) || (loginLink !== null && url === loginLink);
}

/**
 * The link by which this machine joins the tailnet of a login server that the person typed, while it
 * is waited for. It must lead to that very server; null where there is none.
 */
export function loginLinkOf({ join }: Pick<TailnetView, 'join'>): string | null {
  if (join?.phase.kind !== 'link' || join.loginServer === null) return null;
  const [link, server] = [URL.parse(join.phase.url), URL.parse(join.loginServer)];
  if (!link || !server || !/^https?:$/.test(link.protocol)) return null;
  return link.origin === server.origin ? join.phase.url : null;
}

/** What the page may load. Pages of ours only talk to the app, never to a network. */
export function mayLoad(url: string, developing: boolean): boolean {
  if (isOwnPage(url)) return true;
  const scheme = URL.parse(url)?.protocol;
  if (scheme === 'data:' || scheme === 'blob:') return true;
  return developing && scheme === 'devtools:';
}

/** The one permission that our page needs: to put text on the clipboard. */
export function mayHavePermission(permission: string, url: string): boolean {
  return permission === 'clipboard-sanitized-write' && isOwnPage(url);
}
