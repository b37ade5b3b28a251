import type { LinkId, PeerId } from '../../../electron/contract/index.ts';
import { useClient, useDetail } from '../../store/hooks.ts';
import { linkHost } from '../../words/links.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';

interface RemoveLinkDialogProps {
  peerId: PeerId;
  linkId: LinkId;
  onClose: () => void;
}

/** Asks before a link goes, since its token goes with it and nothing brings that back. */
export function RemoveLinkDialog({ peerId, linkId, onClose }: RemoveLinkDialogProps) {
  const client = useClient();
  const links = useDetail(peerId)?.links ?? [];
  const link = links.find((one) => one.id === linkId);
  if (!link) return null;
  const remove = async () => {
    if (await client.act('link.remove', { linkId })) client.toasts.say('Link removed');
  };
  return (
    <ConfirmDialog
      title={`Remove the link to ${linkHost(link)}?`}
      keep="Keep it"
      verb="Remove"
      onConfirm={() => void remove()}
      onClose={onClose}
    >
      <p>
        Its address and its token go from this machine, and that cannot be undone. The threads stay.
        {links.length === 1 ? ' It is the only link: without it nothing reaches this peer.' : null}
      </p>
    </ConfirmDialog>
  );
}
