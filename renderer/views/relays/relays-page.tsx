import { Plus, RadioTower, X } from 'lucide-react';
import { Button, IconButton } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import { RelaySection } from './relay-section.tsx';
import '../invite/invite.css';
import '../setup/common.css';
import '../setup/setup.css';
import './relays.css';

/** The relays that we are on, with who is there. */
export default function RelaysPage() {
  const client = useClient();
  const { relays, fingerprint } = useMirror((mirror) => mirror.relays);
  const add = () => client.navigation.show({ kind: 'add_relay' });
  return (
    <main className="page">
      <header className="page__bar">
        <h2>Relays</h2>
        <span className="step__gap" />
        {relays.length > 0 ? (
          <Button size="small" icon={Plus} onClick={add}>
            Add a relay
          </Button>
        ) : null}
        <IconButton icon={X} label="Close relays" onClick={() => client.navigation.leavePage()} />
      </header>
      <div className="page__column">
        {relays.length === 0 ? (
          <EmptyState
            icon={RadioTower}
            title="No relay yet"
            text="A relay passes messages between the agents of a team that has no tailnet. Everybody on it must trust it: it reads everything, and it can write in anybody’s name."
          >
            <Button look="primary" icon={Plus} onClick={add}>
              Add a relay
            </Button>
          </EmptyState>
        ) : (
          relays.map((relay) => <RelaySection key={relay.id} relay={relay} ours={fingerprint} />)
        )}
      </div>
    </main>
  );
}
