import type { LinkView } from '../../electron/contract/index.ts';

/** Whether something sent on it goes out now. */
export const linkConnected = (link: LinkView): boolean =>
  link.state.kind === 'online' || link.state.kind === 'degraded';

/** The link that a new thread takes unless another is chosen: a connected one, else the first. */
export const preferredLink = (links: readonly LinkView[]): LinkView | null =>
  links.find((link) => link.state.kind === 'online') ??
  links.find(linkConnected) ??
  links[0] ??
  null;

/** The machine that a link leads to, as short as an address can be said. */
export function linkHost(link: Pick<LinkView, 'url'>): string {
  try {
    return new URL(link.url).host;
  } catch {
    return link.url;
  }
}
