import { useState } from 'react';
import {
  type AppError,
  calls,
  type LinkId,
  type PeerId,
} from '../../../electron/contract/index.ts';
import { useClient, useDetail } from '../../store/hooks.ts';
import { CredentialFields } from '../connect/credential-fields.tsx';
import { type FieldErrors, fieldErrors, fieldOf, fieldWords } from '../connect/field-errors.ts';
import { type ConnectForm, credentialOf } from '../connect/use-connect.ts';
import { FormDialog } from './form-dialog.tsx';

interface CredentialDialogProps {
  peerId: PeerId;
  linkId: LinkId;
  onClose: () => void;
}

/** Replaces the token or password of a link, and tries it at once. */
export function CredentialDialog({ peerId, linkId, onClose }: CredentialDialogProps) {
  const client = useClient();
  const link = useDetail(peerId)?.links.find((one) => one.id === linkId);
  const ofAgent = link?.kind === 'a2a';
  const [form, setForm] = useState<Pick<ConnectForm, 'kind' | 'secret'>>({
    kind: link && link.credential !== 'setup' ? link.credential : 'token',
    secret: '',
  });
  const [errors, setErrors] = useState<FieldErrors>({});
  const save = async (): Promise<AppError | null | 'field'> => {
    const input = { linkId, changes: { credential: credentialOf(form) } };
    const parsed = calls['link.update'].input.safeParse(input);
    if (!parsed.success) {
      setErrors(fieldErrors(parsed.error));
      return 'field';
    }
    const result = await client.call('link.update', input);
    if (!result.ok) {
      const field = fieldOf(result.error);
      if (!field) return result.error;
      setErrors({ [field]: fieldWords(result.error) });
      return 'field';
    }
    await client.act('link.reconnect', { linkId });
    return null;
  };
  return (
    <FormDialog
      title={ofAgent ? 'Replace token' : 'Replace token or password'}
      about={link?.url}
      verb="Save and connect"
      onSubmit={save}
      onClose={onClose}
    >
      <CredentialFields
        kind={form.kind}
        secret={form.secret}
        error={errors.secret}
        ofAgent={ofAgent}
        onChange={(changes) => {
          setForm({ ...form, ...changes });
          setErrors({});
        }}
      />
    </FormDialog>
  );
}
