import { type FormEvent, useState } from 'react';
import type { FoundRelay, RelayProbe } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Callout } from '../../components/callout.tsx';
import { Dialog, DialogBody, DialogFoot } from '../../components/dialog.tsx';
import { TextField } from '../../components/field.tsx';
import { useClient } from '../../store/hooks.ts';
import { counted } from '../../words/count.ts';
import { grouped } from '../../words/fingerprint.ts';
import { ErrorNote } from '../error-note.tsx';
import { ask } from '../setup/ask.ts';
import { useLook } from '../setup/use-look.ts';
import { useWork } from '../setup/use-work.ts';
import { SelfFields, type SelfForm, selfOf } from './self-fields.tsx';
import './relays.css';

/** Between two times of listening, ms; it is listened for three seconds each time. */
const LISTEN_AGAIN_MS = 4_000;

/** Adds a relay: where it is, a look at it, as whom we want to be there. */
export default function AddRelayDialog({ onClose }: { onClose: () => void }) {
  const client = useClient();
  const [url, setUrl] = useState('');
  const [token, setToken] = useState('');
  const [probe, setProbe] = useState<RelayProbe | null>(null);
  /** The certificate that the person accepted by a click. */
  const [tls, setTls] = useState<string | null>(null);
  const [form, setForm] = useState<SelfForm>({
    name: '',
    agentName: '',
    capabilities: '',
    description: '',
    joinAll: false,
  });
  const work = useWork();
  const secret = token === '' ? null : token;
  const changed = (): void => {
    setProbe(null);
    setTls(null);
  };
  const look = async (accepted: string | null) => {
    const found = await work.run('check', () =>
      client.call('relay.probe', { url, token: secret, tls: accepted }),
    );
    setProbe(found);
    if (found && form.name === '') {
      setForm((before) => ({ ...before, name: new URL(found.url).host }));
    }
  };
  const unsure = probe !== null && probe.tls !== null && tls === null;
  const good = probe?.state.kind === 'online' && !unsure;
  const add = async () => {
    const place = { url, token: secret, tls: probe?.tls ?? null };
    const added = await work.run('add', () =>
      client.call('relay.add', { ...selfOf(form), ...place }),
    );
    if (!added) return;
    onClose();
    client.navigation.showPage({ kind: 'relays' });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void (good ? add() : look(tls));
  };
  return (
    <Dialog
      title="Add a relay"
      about="Ask whoever runs it for its address and its token. Everybody on it must trust it: it reads everything, and can write in anybody’s name."
      onClose={onClose}
    >
      <form className="relay__form" onSubmit={submit} noValidate>
        <DialogBody className="relay__fields">
          <TextField
            label="Address"
            value={url}
            placeholder="192.168.1.20:9077"
            help="Or pick one that announces itself below."
            inputMode="url"
            readOnly={work.busy !== null}
            onChange={(event) => {
              setUrl(event.target.value);
              changed();
            }}
          />
          <TextField
            label="Token"
            optional
            type="password"
            value={token}
            help="It goes to the address above, and only when you press Check."
            readOnly={work.busy !== null}
            onChange={(event) => {
              setToken(event.target.value);
              setProbe(null);
            }}
          />
          {probe === null && url === '' ? (
            <Nearby
              onPick={(found) => {
                setUrl(found.url);
                setForm((before) => ({ ...before, name: found.name.slice(0, 80) }));
              }}
            />
          ) : null}
          <div aria-live="polite" className="relay__fields">
            {work.failure ? <ErrorNote error={work.failure} /> : null}
            {probe && unsure ? (
              <Callout
                tone="warning"
                title="Nobody vouches for its certificate"
                actions={
                  <Button
                    size="small"
                    onClick={() => {
                      setTls(probe.tls);
                      void look(probe.tls);
                    }}
                  >
                    It is the same
                  </Button>
                }
              >
                <p>
                  Compare this with what the person who runs it sees there. No token was sent yet.
                </p>
                <code className="relay__print selectable">{grouped(probe.tls ?? '')}</code>
              </Callout>
            ) : null}
            {probe && !unsure && probe.error ? <ErrorNote error={probe.error} /> : null}
            {good ? (
              <Callout
                tone="good"
                title={`A relay answers, with ${counted(probe.agents, 'agent')} on it`}
              >
                {probe.plain
                  ? 'It is not encrypted: whoever is on the same network can read the token and all messages.'
                  : null}
              </Callout>
            ) : null}
          </div>
          {good ? (
            <SelfFields
              form={form}
              onChange={(changes) => setForm((before) => ({ ...before, ...changes }))}
            />
          ) : null}
        </DialogBody>
        <DialogFoot>
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button
            look="primary"
            type="submit"
            busy={work.busy !== null}
            disabled={
              url.trim() === '' ||
              unsure ||
              (good && (form.name.trim() === '' || form.agentName.trim() === ''))
            }
          >
            {good ? 'Add' : 'Check'}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}

/** Relays that announce themselves, while this dialog is open and no longer. */
function Nearby({ onPick }: { onPick: (found: FoundRelay) => void }) {
  const client = useClient();
  const { value, error } = useLook(() => ask(client, 'relay.scan', {}), LISTEN_AGAIN_MS);
  return (
    <section aria-labelledby="relays-nearby">
      <h3 id="relays-nearby">On your network</h3>
      {error ? <p className="soft">{error.detail}</p> : null}
      {!error && value === null ? <p className="soft">Listening…</p> : null}
      {value?.found.length === 0 ? (
        <p className="soft">None announces itself. Type its address instead.</p>
      ) : null}
      {value && value.found.length > 0 ? (
        <>
          <Callout tone="warning" title="None of these is trusted yet">
            Anyone on the network can announce a relay, under any name. Pick one only if you know
            whose it is. Nothing goes to it until you enter its token and press Check.
          </Callout>
          <ul className="relay__found">
            {value.found.map((found) => (
              <li key={found.url}>
                <div className="relay__words">
                  <p>
                    <strong>{found.name}</strong> <span className="soft">{found.host}</span>
                  </p>
                  <p className="soft numbers">
                    {found.url}
                    {found.auth === false ? ' · says that it wants no token' : ''}
                    {found.elsewhere ? ' · not on a network of this machine' : ''}
                  </p>
                </div>
                <Button
                  size="small"
                  aria-label={`Use this one: ${found.name}`}
                  onClick={() => onPick(found)}
                >
                  Use this one
                </Button>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </section>
  );
}
