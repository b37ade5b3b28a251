/** The dry run of one message to one peer. */
import { codedError, ok } from '../../contract/index.ts';
import type { HandlersOf } from '../handlers.ts';
import type { Parts } from '../parts.ts';
import type { ThreadRow } from '../rows.ts';
import { type Choice, choosePeer } from './audience.ts';
import { previewRecipient, previewText } from './plan.ts';

/** Handler of `message.preview`: works it out from what is known, and writes nothing. */
export function messagePreview(parts: Parts): Pick<HandlersOf<'message'>, 'message.preview'> {
  const { threads } = parts;
  const { directory } = parts.options;
  return {
    'message.preview': ({ peerId, threadId, text }) => {
      const peer = directory.audience().find((one) => one.peerId === peerId);
      if (!peer) throw codedError('peer.not_found', 'No peer has this id.');
      const thread = threadId === null ? undefined : threads.byId(threadId);
      if (threadId !== null && thread?.peer_id !== peerId) {
        throw codedError('thread.not_found', 'This peer has no such thread.');
      }
      const choice = choosePeer(onlyLinkOf(peer, thread));
      const title = (choice.link && directory.agentName(choice.link.linkId, null)) ?? peer.name;
      return ok({
        message: previewText(parts, text),
        recipient: previewRecipient(parts, choice, thread, title),
      });
    },
  };
}

/** A thread stays on the link that it names, as long as its peer has that. */
function onlyLinkOf(peer: Choice['peer'], thread: ThreadRow | undefined): Choice['peer'] {
  const links = peer.links.filter((link) => link.linkId === thread?.link_id);
  return links.length > 0 ? { ...peer, links } : peer;
}
