import { useState } from 'react';
import type { AppError, GroupView, PeerId } from '../../../electron/contract/index.ts';
import { TextField } from '../../components/field.tsx';
import { useClient } from '../../store/hooks.ts';
import { FormDialog } from '../edit/form-dialog.tsx';
import { ChoosePeers } from './choose-peers.tsx';

interface GroupDialogProps {
  /** Null = a new one. */
  group: GroupView | null;
  /** Who is ticked in a new one. */
  start: readonly PeerId[];
  onDone: (name: string) => void;
  onClose: () => void;
}

/** Makes or changes a named group. */
export function GroupDialog({ group, start, onDone, onClose }: GroupDialogProps) {
  const client = useClient();
  const [name, setName] = useState(group?.name ?? '');
  const [peerIds, setPeerIds] = useState<readonly PeerId[]>(group?.peerIds ?? start);
  const [missing, setMissing] = useState<string | null>(null);
  const submit = async (): Promise<AppError | null | 'field'> => {
    if (name.trim() === '') {
      setMissing('A group needs a name.');
      return 'field';
    }
    const fields = { name, peerIds: [...peerIds] };
    const result = group
      ? await client.call('group.update', { groupId: group.id, changes: fields })
      : await client.call('group.create', fields);
    if (!result.ok) return result.error;
    onDone(name.trim());
    return null;
  };
  return (
    <FormDialog
      title={group ? `Change ${group.name}` : 'New group'}
      about="Peers that you often write to together."
      verb={group ? 'Save' : 'Make group'}
      width="normal"
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        label="Name"
        value={name}
        maxLength={40}
        error={missing}
        onChange={(event) => {
          setName(event.target.value);
          setMissing(null);
        }}
      />
      <ChoosePeers label="Members" chosen={new Set(peerIds)} onChange={setPeerIds} />
    </FormDialog>
  );
}
