import { type FormEvent, useState } from 'react';
import type { PeerId, ProbeResult } from '../../../../electron/contract/index.ts';
import { Button } from '../../../components/button.tsx';
import { Callout } from '../../../components/callout.tsx';
import { TextField } from '../../../components/field.tsx';
import { useClient } from '../../../store/hooks.ts';
import { grouped } from '../../../words/fingerprint.ts';
import { ProbeNote } from '../../connect/probe-note.tsx';
import { canAdd } from '../../connect/use-connect.ts';
import { ErrorNote } from '../../error-note.tsx';
import { useWork } from '../use-work.ts';

interface GatewayPairingProps {
  url: string;
  /** What the invite said of the gateway's identity. */
  identity: string | null;
  name: string;
  onAdded: (peerId: PeerId) => void;
}

/** A gateway of one's own on another machine: its token once, then a device approval over there. */
export function GatewayPairing({ url, identity, name, onAdded }: GatewayPairingProps) {
  const client = useClient();
  const work = useWork();
  const [token, setToken] = useState('');
  const [probe, setProbe] = useState<ProbeResult | null>(null);
  const credential = { kind: 'token' as const, value: token };
  const other = probe?.identity && identity && probe.identity !== identity ? probe.identity : null;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (token === '') return;
    const found = await work.run('probe', () => client.call('link.probe', { url, credential }));
    setProbe(found);
    if (!found || !canAdd(found)) return;
    if (found.identity && identity && found.identity !== identity) return;
    const added = await work.run('add', () =>
      client.call('peer.add', {
        name,
        link: { kind: 'gateway', url: found.url, credential, agentId: null, sessionKey: null },
      }),
    );
    setToken('');
    if (added) onAdded(added.peerId);
  };
  return (
    <form className="redeem" onSubmit={(event) => void submit(event)} noValidate>
      <TextField
        label="Token of the gateway over there"
        type="password"
        value={token}
        help="Run “openclaw gateway auth-token” on that machine. It is used to ask for a place there, and kept in this keychain."
        onChange={(event) => setToken(event.target.value)}
      />
      {probe ? <ProbeNote probe={probe} waiting={false} /> : null}
      {other ? (
        <Callout tone="problem" title="Another gateway answers than the invite says" announce>
          <p>Nothing was stored. It showed {grouped(other)}.</p>
        </Callout>
      ) : null}
      {work.failure ? <ErrorNote error={work.failure} announce /> : null}
      <div className="compare__buttons">
        <Button look="primary" type="submit" busy={work.busy !== null} disabled={token === ''}>
          Ask for a place there
        </Button>
      </div>
    </form>
  );
}
