import type { RelayId } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogBody, DialogFoot } from '../../components/dialog.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import { counted } from '../../words/count.ts';
import { ErrorNote } from '../error-note.tsx';
import { useWork } from '../setup/use-work.ts';

/** Removes a relay, with a way back for a while. */
export default function RemoveRelayDialog({
  relayId,
  onClose,
}: {
  relayId: RelayId;
  onClose: () => void;
}) {
  const client = useClient();
  const relay = useMirror((mirror) => mirror.relays.relays.find((one) => one.id === relayId));
  const work = useWork();
  if (!relay) return null;
  const peers = relay.agents.filter((agent) => agent.peerId !== null).length;
  const remove = async () => {
    const removed = await work.run('remove', () => client.call('relay.remove', { relayId }));
    if (!removed) return;
    onClose();
    client.toasts.offerUndo(
      `${relay.name} was removed`,
      removed.undoMs,
      () => void client.act('relay.restore', { relayId }),
    );
  };
  return (
    <Dialog title={`Remove ${relay.name}?`} width="narrow" onClose={onClose}>
      <DialogBody className="relay__fields" onlyText>
        <p>
          Its token is deleted, and so is what you kept of its shared files. What waits for it is
          not sent. You can undo that for a short while.
        </p>
        <p>
          {peers === 0
            ? 'None of your peers is reached over it.'
            : `${counted(peers, 'peer')} of yours ${peers === 1 ? 'is' : 'are'} reached over it. They and their threads stay, without this way.`}
        </p>
        {work.failure ? <ErrorNote error={work.failure} announce /> : null}
      </DialogBody>
      <DialogFoot>
        <Button look="quiet" onClick={onClose}>
          Keep it
        </Button>
        <Button look="danger" busy={work.busy !== null} onClick={() => void remove()}>
          Remove
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
