import { type FormEvent, useState } from 'react';
import { type AppError, calls } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogBody, DialogFoot } from '../../components/dialog.tsx';
import { TextField } from '../../components/field.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import { ErrorNote } from '../error-note.tsx';
import { CredentialFields } from './credential-fields.tsx';
import { type FieldErrors, fieldErrors, fieldOf, fieldWords } from './field-errors.ts';
import { type ConnectForm, credentialOf } from './use-connect.ts';

/** Makes a peer of the gateway on this machine, after a click and not before. */
export function OwnGatewayDialog({ onClose }: { onClose: () => void }) {
  const client = useClient();
  const own = useMirror((mirror) => mirror.app?.ownGateway);
  const [form, setForm] = useState<Pick<ConnectForm, 'name' | 'kind' | 'secret'>>({
    name: 'This machine',
    kind: 'token',
    secret: '',
  });
  const [errors, setErrors] = useState<FieldErrors>({});
  const [failure, setFailure] = useState<AppError | null>(null);
  const [busy, setBusy] = useState(false);
  if (own?.kind !== 'found') {
    return (
      <Dialog
        title="Use my own gateway"
        about="No OpenClaw configuration was found for this user on this machine."
        width="narrow"
        onClose={onClose}
      >
        <DialogBody>
          {own?.kind === 'unreadable' ? <ErrorNote error={own.error} /> : null}
        </DialogBody>
        <DialogFoot>
          <Button onClick={() => void client.act('ownGateway.detect', {})}>Look again</Button>
        </DialogFoot>
      </Dialog>
    );
  }
  const needsSecret = own.credential === 'not_in_file';
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const input = {
      name: form.name,
      agentId: null,
      credential: needsSecret ? credentialOf(form) : null,
    };
    const parsed = calls['ownGateway.connect'].input.safeParse(input);
    if (!parsed.success) return setErrors(fieldErrors(parsed.error));
    setBusy(true);
    const result = await client.call('ownGateway.connect', input);
    setBusy(false);
    if (result.ok) {
      onClose();
      await client.navigation.openPeer(result.value.peerId);
      return;
    }
    const field = fieldOf(result.error);
    if (field) setErrors({ [field]: fieldWords(result.error) });
    else setFailure(result.error);
  };
  const change = (changes: Partial<ConnectForm>) => {
    setForm({ ...form, ...changes });
    setErrors({});
  };
  return (
    <Dialog
      title="Use my own gateway"
      about="Peerage reads the credential from your OpenClaw configuration into the keychain. It changes nothing there."
      width="narrow"
      onClose={onClose}
    >
      <form className="connect" onSubmit={(event) => void submit(event)} noValidate>
        <DialogBody className="connect__body">
          <dl className="facts own__facts">
            <dt>Found in</dt>
            <dd className="facts__code">{own.configPath}</dd>
            <dt>Address</dt>
            <dd className="facts__code">{own.url}</dd>
          </dl>
          <TextField
            label="Name"
            value={form.name}
            error={errors.name}
            maxLength={80}
            onChange={(event) => change({ name: event.target.value })}
          />
          {needsSecret ? (
            <CredentialFields
              kind={form.kind}
              secret={form.secret}
              error={errors.secret}
              onChange={change}
            />
          ) : null}
          {failure ? <ErrorNote error={failure} announce /> : null}
        </DialogBody>
        <DialogFoot>
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button look="primary" type="submit" busy={busy}>
            Use it
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
