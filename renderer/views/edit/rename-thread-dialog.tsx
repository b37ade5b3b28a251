import { useState } from 'react';
import { calls, type ThreadId } from '../../../electron/contract/index.ts';
import { TextField } from '../../components/field.tsx';
import { useClient, useThread } from '../../store/hooks.ts';
import { FormDialog } from './form-dialog.tsx';

/** Gives a thread another title. */
export function RenameThreadDialog({
  threadId,
  onClose,
}: {
  threadId: ThreadId;
  onClose: () => void;
}) {
  const client = useClient();
  const thread = useThread(threadId);
  const [title, setTitle] = useState(thread?.title ?? '');
  const [error, setError] = useState<string | null>(null);
  const save = async () => {
    const parsed = calls['thread.rename'].input.safeParse({ threadId, title });
    if (!parsed.success) {
      setError(parsed.error.issues[0]?.message ?? 'Not usable as a title.');
      return 'field' as const;
    }
    const result = await client.call('thread.rename', { threadId, title });
    return result.ok ? null : result.error;
  };
  return (
    <FormDialog title="Rename thread" verb="Rename" onSubmit={save} onClose={onClose}>
      <TextField
        label="Title"
        value={title}
        error={error}
        maxLength={120}
        onChange={(event) => {
          setTitle(event.target.value);
          setError(null);
        }}
      />
    </FormDialog>
  );
}
