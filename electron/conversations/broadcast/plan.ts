/** The dry run: what would go where, worked out from what is known, and writing nothing. */
import type { OutgoingPreview, RecipientView, ThreadId } from '../../contract/index.ts';
import { findSecrets } from '../../send-guard/index.ts';
import { type Parts, type Place, routeOf } from '../parts.ts';
import type { ThreadRow } from '../rows.ts';
import type { Choice } from './audience.ts';

/** What the thread of broadcasts is called, on every link. */
export const BROADCAST_TITLE = 'Broadcasts';

/** Stands in a session's key for the thread that would be made. */
const NEW_THREAD = '<new thread>';

/** What would leave, and what the send guard says of it. */
export function previewText(parts: Parts, text: string): OutgoingPreview {
  const { softLimitBytes, hardLimitBytes } = parts.options.settings();
  const bytes = Buffer.byteLength(text);
  return {
    text,
    bytes,
    size:
      bytes > hardLimitBytes
        ? 'over_hard_limit'
        : bytes > softLimitBytes
          ? 'over_soft_limit'
          : 'fine',
    secrets: findSecrets(text).map(({ label, line }) => ({ label, line })),
  };
}

/** One peer with the place to which its message would go. */
export function previewRecipient(
  parts: Parts,
  choice: Choice,
  thread: (Place & Pick<ThreadRow, 'title'>) | undefined,
  newTitle: string,
): RecipientView {
  const { peer, link, included, reason, why } = choice;
  const base = { peerId: peer.peerId, peerName: peer.name, included, reason, why };
  if (!link) return { ...base, link: null, thread: null, sessionKey: null };
  const route = thread && routeOf(parts, thread);
  const session =
    route?.sessionKey ??
    thread?.session_key ??
    parts.options.link(link.linkId)?.sessionKeyFor(thread?.id ?? NEW_THREAD, null) ??
    null;
  const { linkId, kind, address, agentId } = link;
  return {
    ...base,
    link: { linkId, kind, address, agentId },
    thread: {
      threadId: (thread?.id as ThreadId | undefined) ?? null,
      title: thread?.title ?? newTitle,
    },
    sessionKey: session,
  };
}
