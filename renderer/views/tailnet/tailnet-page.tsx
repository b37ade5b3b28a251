import { RefreshCw, X } from 'lucide-react';
import { useState } from 'react';
import type { TailnetState, TailnetView } from '../../../electron/contract/index.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { CopyField } from '../../components/copy-field.tsx';
import { TextField } from '../../components/field.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import { ErrorNote } from '../error-note.tsx';
import { InstallWays } from '../setup/parts/install-ways.tsx';
import { PeerItem } from './peer-item.tsx';
import '../invite/invite.css';
import '../setup/common.css';
import '../setup/setup.css';
import './tailnet.css';

/** This machine and its peers, as Tailscale sees them. */
export default function TailnetPage() {
  const client = useClient();
  const view = useMirror((mirror) => mirror.tailnet);
  return (
    <main className="page">
      <header className="page__bar">
        <h2>Tailnet</h2>
        <span className="tailnet__gap" />
        <IconButton
          icon={RefreshCw}
          label="Look again"
          aria-busy={view.checking}
          onClick={() => void client.act('tailnet.check', {})}
        />
        <IconButton icon={X} label="Close tailnet" onClick={() => client.navigation.leavePage()} />
      </header>
      <div className="page__column">
        {view.state.kind === 'running' ? (
          <Running state={view.state} view={view} />
        ) : (
          <NotRunning state={view.state} />
        )}
      </div>
    </main>
  );
}

type RunningState = Extract<TailnetState, { kind: 'running' }>;

function NotRunning({ state }: { state: Exclude<TailnetState, RunningState> }) {
  const client = useClient();
  if (state.kind === 'unchecked') return <Skeleton rows={5} label="Asking Tailscale" />;
  const command = state.kind === 'daemon_unreachable' ? state.command : null;
  const said = 'output' in state ? state.output : '';
  return (
    <>
      <ErrorNote error={state.error} />
      {command ? (
        <CopyField label="Starts it" text={command} onCopy={() => void client.copy(command)} />
      ) : null}
      {said === '' ? null : <pre className="tailnet__said selectable">{said}</pre>}
      {'install' in state ? <InstallWays ways={state.install} /> : null}
    </>
  );
}

function Running({ state, view }: { state: RunningState; view: TailnetView }) {
  const [search, setSearch] = useState('');
  const { self, tailnet, peers, warnings } = state;
  const wanted = search.trim().toLowerCase();
  const shown = peers.filter((peer) =>
    [peer.name, peer.dnsName, peer.owner?.login ?? '', peer.os, ...peer.addresses, ...peer.tags]
      .join('\n')
      .toLowerCase()
      .includes(wanted),
  );
  const online = peers.filter((peer) => peer.online).length;
  return (
    <>
      <section aria-labelledby="tailnet-self">
        <h3 id="tailnet-self">This machine</h3>
        <dl className="tailnet__facts">
          <dt>Name</dt>
          <dd className="selectable">{self.dnsName || self.name}</dd>
          <dt>Addresses</dt>
          <dd className="selectable numbers">{self.addresses.join(', ')}</dd>
          <dt>Tailnet</dt>
          <dd>{tailnet}</dd>
          <dt>Owner</dt>
          <dd>{self.owner?.login ?? self.tags.join(', ')}</dd>
          <dt>Tailscale</dt>
          <dd className="numbers">{view.program?.version ?? ''}</dd>
        </dl>
      </section>
      {warnings.map((warning) => (
        <ErrorNote key={`${warning.code}${warning.detail}`} error={warning} />
      ))}
      <section aria-labelledby="tailnet-peers">
        <div className="tailnet__head">
          <h3 id="tailnet-peers">Other machines</h3>
          <span className="soft numbers">
            {peers.length === 0 ? '' : `${online} of ${peers.length} online`}
          </span>
        </div>
        {peers.length === 0 ? (
          <p className="soft">
            No other machine is in your tailnet, and none is shared with you. Invite someone, or ask
            them to share theirs.
          </p>
        ) : (
          <TextField
            label="Search"
            type="search"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
        )}
        {peers.length > 0 && shown.length === 0 ? (
          <p className="soft">
            No machine fits.{' '}
            <Button size="small" look="quiet" onClick={() => setSearch('')}>
              Show all
            </Button>
          </p>
        ) : null}
        <ul className="tailnet__peers">
          {shown.map((peer) => (
            <PeerItem key={peer.id} peer={peer} />
          ))}
        </ul>
      </section>
    </>
  );
}
