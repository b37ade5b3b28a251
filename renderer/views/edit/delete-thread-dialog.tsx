import type { ThreadId } from '../../../electron/contract/index.ts';
import { useClient, useThread } from '../../store/hooks.ts';
import { threadTitle } from '../thread/thread-tabs.tsx';
import { ConfirmDialog } from './confirm-dialog.tsx';

/** Deletes a thread here, with a way back for a while. */
export function DeleteThreadDialog({
  threadId,
  onClose,
}: {
  threadId: ThreadId;
  onClose: () => void;
}) {
  const client = useClient();
  const thread = useThread(threadId);
  if (!thread) return null;
  const { peerId } = thread;
  const restore = async () => {
    if (await client.act('thread.restore', { threadId })) {
      await client.navigation.openPeer(peerId, threadId);
    }
  };
  const remove = async () => {
    const deleted = await client.act('thread.delete', { threadId });
    if (!deleted) return;
    await client.navigation.leaveThread(threadId);
    client.toasts.offerUndo('The thread was deleted', deleted.undoMs, () => void restore());
  };
  return (
    <ConfirmDialog
      title={`Delete “${threadTitle(thread)}”?`}
      keep="Keep it"
      verb="Delete"
      onConfirm={() => void remove()}
      onClose={onClose}
    >
      <p>
        Its messages go from this machine. You can undo that for a short while. What their agent
        keeps of it stays over there.
      </p>
    </ConfirmDialog>
  );
}
