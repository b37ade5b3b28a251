import type { PeerId } from '../../../electron/contract/index.ts';
import { useClient, usePeer } from '../../store/hooks.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';

/** Removes a peer, with a way back for a while. */
export function RemovePeerDialog({ peerId, onClose }: { peerId: PeerId; onClose: () => void }) {
  const client = useClient();
  const peer = usePeer(peerId);
  if (!peer) return null;
  const restore = async () => {
    if (await client.act('peer.restore', { peerId })) await client.navigation.openPeer(peerId);
  };
  const remove = async () => {
    const removed = await client.act('peer.remove', { peerId });
    if (!removed) return;
    if (client.ui.getState().peerId === peerId) client.navigation.leavePeer();
    client.toasts.offerUndo(`${peer.name} was removed`, removed.undoMs, () => void restore());
  };
  return (
    <ConfirmDialog
      title={`Remove ${peer.name}?`}
      keep="Keep it"
      verb="Remove"
      onConfirm={() => void remove()}
      onClose={onClose}
    >
      <p>
        Its threads and its token go from this machine. You can undo that for a short while. What
        its agent keeps over there stays there.
      </p>
    </ConfirmDialog>
  );
}
