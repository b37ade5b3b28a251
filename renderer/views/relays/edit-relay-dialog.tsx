import { type FormEvent, useState } from 'react';
import type { RelayId } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Dialog, DialogBody, DialogFoot } from '../../components/dialog.tsx';
import { TextField } from '../../components/field.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import { ErrorNote } from '../error-note.tsx';
import { useWork } from '../setup/use-work.ts';
import { SelfFields, type SelfForm, selfOf } from './self-fields.tsx';
import './relays.css';

interface EditRelayDialogProps {
  relayId: RelayId;
  onClose: () => void;
}

/** Changes what the others on a relay see of us, and the token. */
export default function EditRelayDialog({ relayId, onClose }: EditRelayDialogProps) {
  const client = useClient();
  const relay = useMirror((mirror) => mirror.relays.relays.find((one) => one.id === relayId));
  const [form, setForm] = useState<SelfForm>(() => ({
    name: relay?.name ?? '',
    agentName: relay?.agentName ?? '',
    capabilities: relay?.capabilities.join(', ') ?? '',
    description: relay?.description ?? '',
    joinAll: relay?.joinAll ?? false,
  }));
  const [token, setToken] = useState('');
  const work = useWork();
  if (!relay) return null;
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const changes = { ...selfOf(form), ...(token === '' ? {} : { token }) };
    const done = await work.run('save', () => client.call('relay.update', { relayId, changes }));
    if (done) onClose();
  };
  return (
    <Dialog
      title={`Change ${relay.name}`}
      about={`At ${relay.url}. For another address, add it as another relay.`}
      onClose={onClose}
    >
      <form className="relay__form" onSubmit={(event) => void save(event)} noValidate>
        <DialogBody className="relay__fields">
          <TextField
            label="Another token"
            optional
            type="password"
            value={token}
            help={
              relay.token ? 'Leave it empty to keep the one in the keychain.' : 'It has none now.'
            }
            onChange={(event) => setToken(event.target.value)}
          />
          <SelfFields
            form={form}
            onChange={(changes) => setForm((before) => ({ ...before, ...changes }))}
          />
          {work.failure ? <ErrorNote error={work.failure} announce /> : null}
        </DialogBody>
        <DialogFoot>
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button
            look="primary"
            type="submit"
            busy={work.busy !== null}
            disabled={form.name.trim() === '' || form.agentName.trim() === ''}
          >
            Save
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
