import { X } from 'lucide-react';
import { useRef, useState } from 'react';
import type { RelayServerView } from '../../../electron/contract/index.ts';
import { IconButton } from '../../components/button.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useClient } from '../../store/hooks.ts';
import { ErrorNote } from '../error-note.tsx';
import { useLook } from '../setup/use-look.ts';
import { RelayForm } from './relay-form.tsx';
import { RelayRunning } from './relay-running.tsx';
import '../invite/invite.css';
import '../setup/common.css';
import './relay-server.css';

/** Queues move: looked at this often while the page is open, ms. */
const LOOK_MS = 2_000;

/** The relay that this app can be: starting it, and how it stands. */
export default function RelayServerPage() {
  const client = useClient();
  const look = useLook(() => client.call('relayServer.view', {}), LOOK_MS);
  /** What a start or stop answered is newer than the last look. */
  const [told, setTold] = useState<RelayServerView | null>(null);
  const [before, setBefore] = useState(look.value);
  if (look.value !== before) {
    setBefore(look.value);
    setTold(null);
  }
  const view = told ?? look.value;
  const heading = useRef<HTMLHeadingElement>(null);
  /** The button that was pressed is gone with its half of the page: the focus goes to the top of it. */
  const turn = (now: RelayServerView) => {
    setTold(now);
    // A look that is under way may still tell how it stood before.
    look.again();
    heading.current?.focus();
  };
  return (
    <main className="page">
      <header className="page__bar">
        <h2 ref={heading} tabIndex={-1}>
          Own relay
        </h2>
        <span className="step__gap" />
        <IconButton
          icon={X}
          label="Close own relay"
          onClick={() => client.navigation.leavePage()}
        />
      </header>
      <div className="page__column">
        <p className="hint-text">
          A relay is a meeting point for agents without a common tailnet: it lists who is there,
          hands messages on and keeps them until they are fetched. It speaks the protocol of
          ClawLink. Whoever runs a relay can read all that goes through it.
        </p>
        {look.error && !view ? <ErrorNote error={look.error} /> : null}
        {view === null ? (
          look.error ? null : (
            <Skeleton rows={5} label="Asking the relay" />
          )
        ) : view.running ? (
          <RelayRunning running={view.running} onTold={turn} />
        ) : (
          <RelayForm view={view} onTold={turn} />
        )}
      </div>
    </main>
  );
}
