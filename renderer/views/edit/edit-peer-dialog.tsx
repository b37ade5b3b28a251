import { useState } from 'react';
import {
  type AppError,
  calls,
  type PeerDetail,
  type PeerId,
} from '../../../electron/contract/index.ts';
import { TextArea, TextField } from '../../components/field.tsx';
import { useClient, useDetail } from '../../store/hooks.ts';
import { type FieldErrors, fieldErrors, fieldOf, fieldWords } from '../connect/field-errors.ts';
import { typedTags } from '../typed-tags.ts';
import { FormDialog } from './form-dialog.tsx';

interface EditPeerDialogProps {
  peerId: PeerId;
  onClose: () => void;
}

/** Changes what we call a peer and what we know of it. */
export function EditPeerDialog({ peerId, onClose }: EditPeerDialogProps) {
  const detail = useDetail(peerId);
  return detail ? <EditPeerForm key={peerId} detail={detail} onClose={onClose} /> : null;
}

function EditPeerForm({ detail, onClose }: { detail: PeerDetail; onClose: () => void }) {
  const client = useClient();
  const [form, setForm] = useState(() => formOf(detail));
  const [errors, setErrors] = useState<FieldErrors>({});
  const change = (changes: Partial<typeof form>) => {
    setForm({ ...form, ...changes });
    setErrors({});
  };
  const save = async (): Promise<AppError | null | 'field'> => {
    const input = { peerId: detail.id, changes: changesOf(form) };
    const parsed = calls['peer.update'].input.safeParse(input);
    if (!parsed.success) {
      setErrors(fieldErrors(parsed.error));
      return 'field';
    }
    const result = await client.call('peer.update', input);
    if (result.ok) return null;
    const field = fieldOf(result.error);
    if (!field) return result.error;
    setErrors({ [field]: fieldWords(result.error) });
    return 'field';
  };
  return (
    <FormDialog title="Edit peer" verb="Save" onSubmit={save} onClose={onClose}>
      <TextField
        label="Name"
        value={form.name}
        error={errors.name}
        onChange={(event) => change({ name: event.target.value })}
      />
      <div className="connect__pair">
        <TextField
          label="Nickname"
          optional
          value={form.nickname}
          error={errors.nickname}
          help="A short name to type."
          onChange={(event) => change({ nickname: event.target.value })}
        />
        <TextField
          label="Group"
          optional
          value={form.group}
          error={errors.group}
          help="Peers of a group stand together."
          onChange={(event) => change({ group: event.target.value })}
        />
      </div>
      <TextField
        label="Capabilities"
        optional
        value={form.tags}
        error={errors.tags}
        help="What it is good at, with commas between."
        onChange={(event) => change({ tags: event.target.value })}
      />
      <TextArea
        label="Notes"
        optional
        value={form.notes}
        error={errors.notes}
        help="Only you see these."
        onChange={(event) => change({ notes: event.target.value })}
      />
    </FormDialog>
  );
}

const formOf = (detail: PeerDetail) => ({
  name: detail.name,
  nickname: detail.nickname ?? '',
  group: detail.group ?? '',
  notes: detail.notes,
  tags: detail.capabilities
    .filter((one) => one.source === 'typed')
    .map((one) => one.tag)
    .join(', '),
});

const changesOf = (form: ReturnType<typeof formOf>) => ({
  name: form.name,
  nickname: form.nickname.trim() === '' ? null : form.nickname,
  group: form.group.trim() === '' ? null : form.group,
  notes: form.notes,
  capabilities: typedTags(form.tags),
});
