import { Bot, X } from 'lucide-react';
import { useState } from 'react';
import type { RequestId, RequestView } from '../../../electron/contract/index.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Segments } from '../../components/segments.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import { ErrorNote } from '../error-note.tsx';
import { useLook } from '../setup/use-look.ts';
import { RequestCard } from './request-card.tsx';
import { RulesSection } from './rules-section.tsx';
import '../inbox/inbox.css';
import '../invite/invite.css';
import '../settings/settings.css';
import '../setup/common.css';
import './agents.css';

type Which = 'waiting' | 'all' | 'rules';

/** What agents on this machine want to send: it waits here until the person decides, and stays listed. */
export default function AgentsPage({ requestId }: { requestId: RequestId | null }) {
  const client = useClient();
  const held = useMirror((mirror) => mirror.requests);
  const waiting = [...held.values()].filter((one) => one.state === 'waiting');
  const known = requestId === null || held.has(requestId);
  const [which, setWhich] = useState<Which>(known ? 'waiting' : 'all');
  return (
    <main className="page">
      <header className="page__bar">
        <h2>Agents</h2>
        <Segments
          label="Which"
          value={which}
          options={[
            {
              value: 'waiting',
              text: waiting.length > 0 ? `Waiting ${waiting.length}` : 'Waiting',
            },
            { value: 'all', text: 'All' },
            { value: 'rules', text: 'Rules' },
          ]}
          onChange={setWhich}
        />
        <span className="step__gap" />
        <IconButton icon={X} label="Close agents" onClick={() => client.navigation.leavePage()} />
      </header>
      <div className="page__column">
        {which === 'waiting' ? <Waiting all={waiting} /> : null}
        {which === 'all' ? <Asked key={held.size} /> : null}
        {which === 'rules' ? <RulesSection /> : null}
      </div>
    </main>
  );
}

function Waiting({ all }: { all: readonly RequestView[] }) {
  if (all.length === 0) {
    return (
      <Nothing
        title="No agent asks for anything"
        text="What agents on this machine want to send to peers waits here for you. Rules can let some of it through."
      />
    );
  }
  return <Cards all={all} />;
}

const PAGE = 50;

/** Everything that was ever asked, with who decided. Read when somebody looks. */
function Asked() {
  const client = useClient();
  const [earlier, setEarlier] = useState<{ requests: RequestView[]; more: boolean } | null>(null);
  const { value, error } = useLook(() => client.call('agents.requests', { limit: PAGE }));
  if (error && !value) return <ErrorNote error={error} />;
  if (!value) return <Skeleton rows={4} label="Reading what agents asked" />;
  const all = [...value.requests, ...(earlier?.requests ?? [])];
  const more = earlier ? earlier.more : value.more;
  const last = all.at(-1);
  if (!last) {
    return (
      <Nothing
        title="Nothing was asked yet"
        text="Each thing that an agent asks for is kept here: who, what, to whom, and who decided."
      />
    );
  }
  const read = async () => {
    const next = await client.act('agents.requests', { limit: PAGE, before: last.id });
    if (next) {
      setEarlier({ requests: [...(earlier?.requests ?? []), ...next.requests], more: next.more });
    }
  };
  return (
    <>
      <Cards all={all} />
      {more ? <Button onClick={() => void read()}>Show earlier ones</Button> : null}
    </>
  );
}

const Cards = ({ all }: { all: readonly RequestView[] }) => (
  <ul className="requests" aria-label="Requests of agents">
    {all.map((one) => (
      <li key={one.id}>
        <RequestCard request={one} />
      </li>
    ))}
  </ul>
);

const Nothing = ({ title, text }: { title: string; text: string }) => (
  <EmptyState icon={Bot} title={title} text={text} />
);
