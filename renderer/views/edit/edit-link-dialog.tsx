import { useState } from 'react';
import {
  type AppError,
  calls,
  type LinkId,
  type LinkInput,
  type PeerId,
} from '../../../electron/contract/index.ts';
import { TextField } from '../../components/field.tsx';
import { Segments } from '../../components/segments.tsx';
import { useClient, useDetail } from '../../store/hooks.ts';
import { CredentialFields } from '../connect/credential-fields.tsx';
import { type FieldErrors, fieldErrors, fieldOf, fieldWords } from '../connect/field-errors.ts';
import { type ConnectForm, credentialOf, WAYS } from '../connect/use-connect.ts';
import { FormDialog } from './form-dialog.tsx';

interface EditLinkDialogProps {
  peerId: PeerId;
  /** Null for a new one. */
  linkId: LinkId | null;
  onClose: () => void;
}

/** Adds a link to a peer, or changes where one leads. */
export function EditLinkDialog({ peerId, linkId, onClose }: EditLinkDialogProps) {
  const client = useClient();
  const link = useDetail(peerId)?.links.find((one) => one.id === linkId) ?? null;
  const [form, setForm] = useState<Pick<ConnectForm, 'way' | 'url' | 'kind' | 'secret'>>({
    way: link?.kind === 'a2a' ? 'a2a' : 'gateway',
    url: link?.url ?? '',
    kind: 'token',
    secret: '',
  });
  const isAgent = form.way === 'a2a';
  const elsewhere = link !== null && form.url.trim() !== link.url;
  const [errors, setErrors] = useState<FieldErrors>({});
  const change = (changes: Partial<typeof form>) => {
    setForm({ ...form, ...changes });
    setErrors({});
  };

  const update = async (id: LinkId) => {
    const credential = elsewhere && (form.secret || form.kind === 'none');
    const input = {
      linkId: id,
      changes: { url: form.url, ...(credential ? { credential: credentialOf(form) } : {}) },
    };
    const parsed = calls['link.update'].input.safeParse(input);
    return parsed.success ? client.call('link.update', input) : parsed.error;
  };
  const add = async () => {
    const credential = credentialOf(form);
    const link: LinkInput =
      isAgent && credential.kind !== 'password'
        ? { kind: 'a2a', url: form.url, credential }
        : { kind: 'gateway', url: form.url, credential, agentId: null, sessionKey: null };
    const parsed = calls['link.add'].input.safeParse({ peerId, link });
    return parsed.success ? client.call('link.add', { peerId, link }) : parsed.error;
  };
  const save = async (): Promise<AppError | null | 'field'> => {
    const result = await (linkId ? update(linkId) : add());
    if (!('ok' in result)) {
      setErrors(fieldErrors(result));
      return 'field';
    }
    if (result.ok) return null;
    const field = fieldOf(result.error);
    if (!field) return result.error;
    setErrors({ [field]: fieldWords(result.error) });
    return 'field';
  };

  return (
    <FormDialog
      title={linkId ? 'Change address' : 'Add another link'}
      about={
        linkId
          ? 'A token belongs to one address: another host or port needs its own. The identity over there is checked against the one that was trusted.'
          : 'Another way to reach the same peer.'
      }
      verb={linkId ? 'Save' : 'Add'}
      onSubmit={save}
      onClose={onClose}
    >
      {linkId ? null : (
        <Segments
          label="What answers there"
          value={form.way}
          options={WAYS}
          onChange={(way) =>
            change({ way, ...(form.kind === 'password' ? { kind: 'token' as const } : {}) })
          }
        />
      )}
      <TextField
        label="Address"
        value={form.url}
        placeholder={isAgent ? 'https://host.tailnet.ts.net' : 'wss://host.tailnet.ts.net'}
        error={errors.url}
        inputMode="url"
        onChange={(event) => change({ url: event.target.value })}
      />
      {linkId && !elsewhere ? null : (
        <CredentialFields
          kind={form.kind}
          secret={form.secret}
          error={errors.secret}
          ofAgent={isAgent}
          onChange={change}
        />
      )}
    </FormDialog>
  );
}
