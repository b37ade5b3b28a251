import { Inbox, X } from 'lucide-react';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { DelegationId, DelegationView } from '../../../electron/contract/index.ts';
import { IconButton } from '../../components/button.tsx';
import { Segments } from '../../components/segments.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient, useMirror } from '../../store/hooks.ts';
import { ErrorNote } from '../error-note.tsx';
import { ask } from '../setup/ask.ts';
import { useReception } from '../setup/live.ts';
import { useLook } from '../setup/use-look.ts';
import { DelegationCard } from './delegation-card.tsx';
import { openWork, overWork } from './lists.ts';
import { OpenDelegation } from './open-delegation.tsx';
import { PutOff } from './put-off.tsx';
import { useInboxKeys } from './use-inbox-keys.ts';
import '../invite/invite.css';
import '../setup/common.css';
import './inbox.css';

type Which = 'waiting' | 'open' | 'over';

const empty: Readonly<Record<Which, readonly [string, string]>> = {
  waiting: [
    'Nothing waits for you',
    'What peers ask of your agents comes here first, and goes no further before you accept it.',
  ],
  open: ['Nothing is under way', 'What you accepted stands here while your agent works on it.'],
  over: ['Nothing is over yet', 'Answered, declined and ended work is kept here.'],
};

/** What came in: it waits here until the person decides. */
export default function InboxPage({ delegationId }: { delegationId: DelegationId | null }) {
  const client = useClient();
  const reception = useReception();
  const now = useNow(30_000);
  const held = useMirror((mirror) => mirror.delegations);
  const work = useMemo(() => openWork(held.values(), now), [held, now]);
  const [which, setWhich] = useState<Which>('waiting');
  const [opened, setOpened] = useState<DelegationId | null>(delegationId);
  const page = useRef<HTMLElement>(null);
  const close = () => client.navigation.leavePage();
  const leave = useCallback(() => {
    if (opened) setOpened(null);
    else client.navigation.leavePage();
  }, [client, opened]);
  useInboxKeys(page, `${which} ${opened} ${work.waiting.map(({ id }) => id).join()}`, leave);
  const show = (next: Which) => {
    setOpened(null);
    setWhich(next);
  };
  return (
    <main className="page" ref={page}>
      <header className="page__bar">
        <h2>Inbox</h2>
        <Segments
          label="Which"
          value={which}
          options={[
            { value: 'waiting', text: named('Waiting', work.waiting) },
            { value: 'open', text: named('Under way', work.underWay) },
            { value: 'over', text: 'Over' },
          ]}
          onChange={show}
        />
        <span className="step__gap" />
        <IconButton icon={X} label="Close the inbox" onClick={close} />
      </header>
      <div className="page__column">
        {reception?.error ? <ErrorNote error={reception.error} /> : null}
        {opened ? (
          <OpenDelegation delegationId={opened} onBack={() => setOpened(null)} />
        ) : which === 'over' ? (
          <Over held={held} onOpen={setOpened} />
        ) : (
          <Cards
            which={which}
            all={which === 'waiting' ? work.waiting : work.underWay}
            onOpen={setOpened}
          />
        )}
        {!opened && which === 'waiting' && work.later.length > 0 ? (
          <PutOff all={work.later} onOpen={setOpened} />
        ) : null}
      </div>
    </main>
  );
}

const named = (text: string, { length }: readonly unknown[]): string =>
  length === 0 ? text : `${text} ${length}`;

interface CardsProps {
  which: Which;
  all: readonly DelegationView[];
  onOpen: (id: DelegationId) => void;
}

function Cards({ which, all, onOpen }: CardsProps) {
  if (all.length === 0) return <Nothing which={which} />;
  return (
    <ul className="inbox" aria-label="Incoming work">
      {all.map((one) => (
        <li key={one.id}>
          <DelegationCard delegation={one} onOpen={() => onOpen(one.id)} />
        </li>
      ))}
    </ul>
  );
}

interface OverProps {
  held: ReadonlyMap<string, DelegationView>;
  onOpen: (id: DelegationId) => void;
}

/** What is over is not held by every window: it is read when somebody looks. */
function Over({ held, onOpen }: OverProps) {
  const client = useClient();
  const { value, error } = useLook(() =>
    ask(client, 'delegation.list', { which: 'over', limit: 100 }),
  );
  if (error && !value) return <ErrorNote error={error} />;
  if (!value) return <Skeleton rows={4} label="Looking into the inbox" />;
  return (
    <>
      <Cards which="over" all={overWork(value.delegations, held)} onOpen={onOpen} />
      {value.more ? <p className="hint-text">Only the newest 100 are shown.</p> : null}
    </>
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
