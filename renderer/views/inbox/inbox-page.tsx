import { Inbox, X } from 'lucide-react';
import { useState } from 'react';
import type { DelegationId, DelegationView } from '../../../electron/contract/index.ts';
import { IconButton } from '../../components/button.tsx';
import { Segments } from '../../components/segments.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useClient } from '../../store/hooks.ts';
import { ErrorNote } from '../error-note.tsx';
import { ask } from '../setup/ask.ts';
import { useReception } from '../setup/live.ts';
import { useLook } from '../setup/use-look.ts';
import { DelegationCard } from './delegation-card.tsx';
import { OpenDelegation } from './open-delegation.tsx';
import '../invite/invite.css';
import '../setup/common.css';
import './inbox.css';

const lists = [
  { value: 'waiting', text: 'Waiting' },
  { value: 'open', text: 'Under way' },
  { value: 'over', text: 'Over' },
] as const;
type Which = (typeof lists)[number]['value'];

const empty: Readonly<Record<Which, readonly [string, string]>> = {
  waiting: [
    'Nothing waits for you',
    'What peers ask of your agents comes here first, and goes no further before you accept it.',
  ],
  open: ['Nothing is under way', 'What you accepted stands here while your agent works on it.'],
  over: ['Nothing is over yet', 'Answered, declined and ended work is kept here.'],
};

/** The list is looked at this often while it is on the screen, ms. */
const EVERY_MS = 2_000;

/** What came in: it waits here until the person decides. */
export default function InboxPage({ delegationId }: { delegationId: DelegationId | null }) {
  const client = useClient();
  const reception = useReception();
  const [which, setWhich] = useState<Which>('waiting');
  const [opened, setOpened] = useState<DelegationId | null>(delegationId);
  const close = () => client.navigation.leavePage();
  return (
    <main className="page">
      <header className="page__bar">
        <h2>Inbox</h2>
        <Segments label="Which" value={which} options={lists} onChange={setWhich} />
        <span className="step__gap" />
        <IconButton icon={X} label="Close the inbox" onClick={close} />
      </header>
      <div className="page__column">
        {reception?.error ? <ErrorNote error={reception.error} /> : null}
        {reception?.paused ? (
          <p className="hint-text">Incoming work is paused in Settings.</p>
        ) : null}
        {opened ? (
          <OpenDelegation delegationId={opened} onBack={() => setOpened(null)} />
        ) : (
          <List key={which} which={which} onOpen={setOpened} />
        )}
      </div>
    </main>
  );
}

function List({ which, onOpen }: { which: Which; onOpen: (id: DelegationId) => void }) {
  const client = useClient();
  const { value, error, again } = useLook(
    () => ask(client, 'delegation.list', { which, limit: 100 }),
    EVERY_MS,
  );
  if (error && !value) return <ErrorNote error={error} />;
  if (!value) return <Skeleton rows={4} label="Looking into the inbox" />;
  if (value.delegations.length === 0) return <Nothing which={which} />;
  return (
    <ul className="inbox" aria-label="Incoming work">
      {value.delegations.map((one: DelegationView) => (
        <li key={one.id}>
          <DelegationCard delegation={one} again={again} onOpen={() => onOpen(one.id)} />
        </li>
      ))}
      {value.more ? <li className="hint-text">Only the newest 100 are shown.</li> : null}
    </ul>
  );
}

function Nothing({ which }: { which: Which }) {
  const [title, text] = empty[which];
  return (
    <div className="inbox__empty">
      <Inbox aria-hidden="true" />
      <h3>{title}</h3>
      <p>{text}</p>
    </div>
  );
}
