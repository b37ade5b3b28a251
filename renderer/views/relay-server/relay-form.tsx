import { Dices, Play } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import {
  type AppError,
  RELAY_TOKEN_MIN,
  type RelayEncryption,
  type RelayServerConfig,
  type RelayServerView,
} from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { PickField, TextField } from '../../components/field.tsx';
import { Segments } from '../../components/segments.tsx';
import { SwitchRow } from '../../components/switch-row.tsx';
import { useClient } from '../../store/hooks.ts';
import { ErrorNote } from '../error-note.tsx';
import { useWork } from '../setup/use-work.ts';

interface RelayFormProps {
  view: RelayServerView;
  onTold: (view: RelayServerView) => void;
}

const LOOPBACK = '127.0.0.1';
const ENCRYPTION: readonly { value: RelayEncryption; text: string }[] = [
  { value: 'both', text: 'TLS, and plain for old clients' },
  { value: 'only', text: 'TLS only' },
  { value: 'off', text: 'Plain only' },
];
const ENCRYPTION_HELP: Readonly<Record<RelayEncryption, string>> = {
  both: 'Peerage uses TLS and checks the fingerprint. ClawLink’s own client sends the token in the clear.',
  only: 'ClawLink’s own client cannot join.',
  off: 'The token and every message go in the clear.',
};

/** Thirty-two random bytes as text; made here, so that it can be read before it is handed over. */
function newToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function tokenProblem(token: string, config: RelayServerConfig, kept: boolean): string | null {
  if (token !== '' && token.length < RELAY_TOKEN_MIN)
    return `At least ${RELAY_TOKEN_MIN} characters.`;
  if (token === '' && !kept && config.host !== LOOPBACK) {
    return 'Other machines can reach that address, so a token is needed.';
  }
  return null;
}

/** How the relay is to run, before it does. */
export function RelayForm({ view, onTold }: RelayFormProps) {
  const client = useClient();
  const work = useWork();
  const [config, setConfig] = useState(view.config);
  const [port, setPort] = useState(String(view.config.port));
  const [token, setToken] = useState('');
  const [shown, setShown] = useState(false);
  const [tried, setTried] = useState(false);
  const change = (changes: Partial<RelayServerConfig>) => setConfig({ ...config, ...changes });
  const portNumber = Number(port);
  const portProblem =
    /^\d{1,5}$/.test(port) && portNumber >= 1 && portNumber <= 65_535
      ? null
      : 'A number from 1 to 65535.';
  const problem = tokenProblem(token, config, view.hasToken);
  const start = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (portProblem || problem) return;
    const told = await work.run('start', () =>
      client.call('relayServer.start', {
        config: { ...config, port: portNumber },
        token: token === '' ? null : token,
      }),
    );
    if (told) onTold(told);
  };
  const error: AppError | null = work.failure ?? view.error;
  return (
    <form className="relay__form" onSubmit={(event) => void start(event)} noValidate>
      {error ? <ErrorNote error={error} announce={work.failure !== null} /> : null}
      <div className="relay__pair">
        <PickField
          label="Listen on"
          value={config.host}
          options={[...new Set([...view.addresses, config.host])].map((address) => ({
            value: address,
            text: address === LOOPBACK ? `${address} (this machine only)` : address,
          }))}
          onPick={(host) => change({ host })}
        />
        <TextField
          label="Port"
          inputMode="numeric"
          value={port}
          error={tried ? portProblem : null}
          onChange={(event) => setPort(event.target.value.trim())}
        />
      </div>
      <TextField
        label="Token"
        type={shown ? 'text' : 'password'}
        value={token}
        optional={config.host === LOOPBACK || view.hasToken}
        placeholder={view.hasToken ? 'Kept in the keychain' : ''}
        error={tried ? problem : null}
        help={
          view.hasToken
            ? 'Empty keeps the one that is there. A new one shuts everybody out who has the old one.'
            : 'Whoever has it can join. It is kept in the keychain, and not shown again.'
        }
        onChange={(event) => setToken(event.target.value.trim())}
      />
      <div className="relay__acts">
        <Button
          size="small"
          icon={Dices}
          onClick={() => {
            setToken(newToken());
            setShown(true);
          }}
        >
          Make a token
        </Button>
        <Button
          size="small"
          look="quiet"
          disabled={token === ''}
          onClick={() => void client.copy(token)}
        >
          Copy the token
        </Button>
      </div>
      <PickField
        label="Encryption"
        value={config.encryption}
        options={ENCRYPTION}
        help={ENCRYPTION_HELP[config.encryption]}
        onPick={(value) => change({ encryption: value as RelayEncryption })}
      />
      <SwitchRow
        label="Announce it on the local network"
        help={
          config.host === LOOPBACK
            ? 'Only this machine can reach that address, so it is not announced.'
            : 'Everybody there sees this machine’s name, the address, and that a token is wanted. Never the token.'
        }
        checked={config.announce && config.host !== LOOPBACK}
        disabled={config.host === LOOPBACK}
        onChange={(announce) => change({ announce })}
      />
      <div>
        <p className="relay__label" id="relay-keeps">
          Messages and files
        </p>
        <Segments
          label="Messages and files"
          value={config.memory ? 'memory' : 'durable'}
          options={[
            { value: 'durable', text: 'Durable (default)' },
            { value: 'memory', text: 'In memory' },
          ]}
          onChange={(value) => change({ memory: value === 'memory' })}
        />
        <p className="hint-text relay__after">
          {config.memory
            ? 'Nothing is written to the disk. What waits is lost when the relay or this app stops.'
            : 'Kept on this disk until they are delivered or expire, also over a crash.'}
        </p>
      </div>
      <div className="relay__acts">
        <Button look="primary" type="submit" icon={Play} busy={work.busy === 'start'}>
          Start the relay
        </Button>
      </div>
    </form>
  );
}
