/**
 * Links from outside: `peerage://peer/<id>`, `peerage://thread/<id>`, `peerage://invite/<text>`. Anybody
 * can write one, so a link is read to the letter, and it only ever leads to a place: nothing is done.
 */
import { InviteText, MAX_LINK_UNITS, PeerId, ThreadId } from '../../contract/index.ts';

/** The scheme that an installed app registers with the system. */
export const LINK_SCHEME = 'peerage';

/** What a link that was read asks to be shown. Whether that exists is not known yet. */
export type DeepLink =
  | { readonly kind: 'peer'; readonly peerId: PeerId }
  | { readonly kind: 'thread'; readonly threadId: ThreadId }
  | { readonly kind: 'invite'; readonly text: string };

/** No escapes, no query, no second path: what is not exactly this is no link of ours. */
const SHAPE = /^peerage:\/\/(peer|thread|invite)\/([A-Za-z0-9_-]{1,2000})$/;

/** Reads a link, or null for everything else. */
export function parseDeepLink(text: string): DeepLink | null {
  if (text.length > MAX_LINK_UNITS || text.includes('\n')) return null;
  const [, kind, rest = ''] = SHAPE.exec(text) ?? [];
  switch (kind) {
    case 'peer': {
      const id = PeerId.safeParse(rest);
      return id.success ? { kind, peerId: id.data } : null;
    }
    case 'thread': {
      const id = ThreadId.safeParse(rest);
      return id.success ? { kind, threadId: id.data } : null;
    }
    case 'invite': {
      const invite = InviteText.safeParse(rest);
      return invite.success ? { kind, text: invite.data } : null;
    }
    default:
      return null;
  }
}

/** The link among the arguments of a start; the system puts it there on Linux and Windows. */
export function linkAmong(args: readonly string[]): string | undefined {
  return args.find((arg) => arg.startsWith(`${LINK_SCHEME}:`) && arg.length <= MAX_LINK_UNITS);
}
