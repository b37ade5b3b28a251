import { type FormEvent, useEffect, useState } from 'react';
import {
  type AgentView,
  type AppError,
  calls,
  type LinkId,
} from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogBody, DialogFoot } from '../../components/dialog.tsx';
import { PickField, TextField } from '../../components/field.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import { ErrorNote } from '../error-note.tsx';
import { CredentialFields } from './credential-fields.tsx';
import { type FieldErrors, fieldErrors, fieldOf, fieldWords } from './field-errors.ts';
import { type ConnectForm, credentialOf } from './use-connect.ts';

interface OwnGatewayDialogProps {
  /** A link to that gateway, where there is one already: its agents can be asked for. */
  linkId: LinkId | null;
  onClose: () => void;
}

/** Makes a peer of the gateway on this machine, after a click and not before. */
export function OwnGatewayDialog({ linkId, onClose }: OwnGatewayDialogProps) {
  const client = useClient();
  const [agents, setAgents] = useState<readonly AgentView[]>([]);
  const [agentId, setAgentId] = useState<string | null>(null);
  useEffect(() => {
    if (!linkId) return;
    let wanted = true;
    void client.call('link.agents', { linkId }).then((result) => {
      if (!wanted) return;
      if (result.ok) setAgents(result.value.agents);
      else setFailure(result.error);
    });
    return () => {
      wanted = false;
    };
  }, [client, linkId]);
  const own = useMirror((mirror) => mirror.app?.ownGateway);
  const [form, setForm] = useState<Pick<ConnectForm, 'name' | 'kind' | 'secret'>>({
    name: linkId ? '' : 'This machine',
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
      agentId,
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
  const pick = (id: string) => {
    const known = agents.some((agent) => agent.name === form.name);
    const name = agents.find((agent) => agent.id === id)?.name ?? '';
    setAgentId(id === '' ? null : id);
    if (form.name === '' || known) change({ name });
  };
  const change = (changes: Partial<ConnectForm>) => {
    setForm({ ...form, ...changes });
    setErrors({});
  };
  return (
    <Dialog
      title={linkId ? 'Add another agent of this gateway' : 'Use my own gateway'}
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
          {linkId ? (
            <PickField
              label="Agent"
              value={agentId ?? ''}
              error={errors.agent}
              disabled={agents.length === 0}
              options={[
                { value: '', text: 'The default one' },
                ...agents.map((agent) => ({ value: agent.id, text: agent.name })),
              ]}
              onPick={pick}
            />
          ) : null}
          <TextField
            label="Name"
            value={form.name}
            error={errors.name}
            help={
              linkId
                ? undefined
                : 'It starts with the default agent. Its details let you pick another.'
            }
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
            {linkId ? 'Add' : 'Use it'}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
