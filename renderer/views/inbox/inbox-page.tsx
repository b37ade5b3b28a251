import { CirclePause, Inbox, Send, X } from 'lucide-react';
import {
  type ReactNode,
  useCallback,
  useDeferredValue,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import type { DelegationId } from '../../../electron/contract/index.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Segments } from '../../components/segments.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient, useMirror } from '../../store/hooks.ts';
import { counted } from '../../words/count.ts';
import { ErrorNote } from '../error-note.tsx';
import { useReception } from '../setup/live.ts';
import {
  type BoardFilter,
  counts,
  isFiltered,
  NO_FILTER,
  nobodys,
  putOffCards,
  type Which,
} from './board.ts';
import { BoardBar } from './board-bar.tsx';
import { BoardList } from './board-list.tsx';
import { OpenDelegation } from './open-delegation.tsx';
import { OwnAgents } from './own-agents.tsx';
import { PutOff } from './put-off.tsx';
import { useBoard, useHeld } from './use-board.ts';
import { useInboxKeys } from './use-inbox-keys.ts';
import '../invite/invite.css';
import '../setup/common.css';
import './inbox.css';

const empty: Readonly<Record<Which, readonly [string, string]>> = {
  waiting: [
    'Nothing waits for you',
    'What peers ask of your agents comes here first, and goes no further before you accept it. What peers ask back about your own work comes here too.',
  ],
  open: [
    'Nothing is under way',
    'What you accepted, and what you asked of others, stands here until it is done.',
  ],
  over: ['Nothing is over yet', 'Answered, declined and ended work is kept here.'],
};

interface InboxPageProps {
  /** The one that is shown whole. */
  delegationId: DelegationId | null;
  /** Work that was just given to somebody: its list is shown, and its card marked. */
  given: DelegationId | null;
}

/** The board: work that was asked of us and that we asked of others. */
export default function InboxPage({ delegationId, given }: InboxPageProps) {
  const client = useClient();
  const reception = useReception();
  const now = useNow(30_000);
  const held = useHeld();
  const [filter, setFilter] = useState<BoardFilter>({ which: 'waiting', ...NO_FILTER });
  const [marked, setMarked] = useState(given);
  const [opened, setOpened] = useState<DelegationId | null>(delegationId);
  const wanted = useDeferredValue(filter);
  const board = useBoard(wanted, held, now);
  const known = useMemo(() => counts(held, now), [held, now]);
  const later = useMemo(() => putOffCards(held, now), [held, now]);
  const { which } = filter;
  // Filters of nothing: they come with the first work, and stay.
  const holds = board.cards.length > 0 || known.waiting > 0 || known.open > 0 || later.length > 0;
  const [filters, setFilters] = useState(false);
  if (!filters && (holds || isFiltered(filter))) setFilters(true);
  const page = useRef<HTMLElement>(null);
  const column = useRef<HTMLDivElement>(null);
  const close = () => client.navigation.leavePage();
  const leave = useCallback(() => {
    if (opened) setOpened(null);
    else client.navigation.leavePage();
  }, [client, opened]);
  const first = board.cards.slice(0, 20).map(({ delegation }) => delegation.id);
  useInboxKeys(page, `${which} ${opened} ${first.join()}`, leave);
  useEffect(() => {
    if (given === null) return;
    setMarked(given);
    setOpened(null);
    setFilter({ which: 'open', ...NO_FILTER });
    column.current?.scrollTo({ top: 0 });
  }, [given]);
  const others = useMemo(() => nobodys(held, filter), [held, filter]);
  const change = (changes: Partial<BoardFilter>) => {
    setOpened(null);
    setMarked(null);
    setFilter({ ...filter, ...changes });
    column.current?.scrollTo({ top: 0 });
  };
  return (
    <main className="page" ref={page}>
      <header className="page__bar">
        <h2>Inbox</h2>
        <Segments
          label="Which"
          value={which}
          options={[
            { value: 'waiting', text: named('Waiting', known.waiting) },
            { value: 'open', text: named('Under way', known.open) },
            { value: 'over', text: 'Over' },
          ]}
          onChange={(next) => change({ which: next })}
        />
        <span className="step__gap" />
        <Button
          size="small"
          icon={Send}
          className="inbox__new"
          onClick={() => client.navigation.show({ kind: 'compose', form: 'delegation' })}
        >
          Delegate
        </Button>
        <Pause />
        <IconButton icon={X} label="Close the inbox" onClick={close} />
      </header>
      <div className="page__column" ref={column}>
        {reception?.error ? <ErrorNote error={reception.error} /> : null}
        <OwnAgents wanted={known.waiting > 0}>
          {opened ? (
            <OpenDelegation delegationId={opened} onBack={() => setOpened(null)} />
          ) : (
            <>
              {filters ? <BoardBar filter={filter} onChange={change} /> : null}
              {board.error ? <ErrorNote error={board.error} announce /> : null}
              {board.cards.length > 0 ? (
                <BoardList
                  key={which}
                  board={board}
                  scroller={column}
                  marked={marked}
                  onOpen={setOpened}
                />
              ) : !board.read && !board.error ? (
                <Skeleton rows={4} label="Looking into the inbox" />
              ) : (
                <Nothing which={which} filtered={isFiltered(filter)}>
                  {which === 'waiting' && !isFiltered(filter) && known.open > 0 ? (
                    <Button size="small" onClick={() => change({ which: 'open' })}>
                      Show what is under way
                    </Button>
                  ) : null}
                </Nothing>
              )}
              {others === 0 ? null : (
                <p className="inbox__others hint-text">
                  {counted(others, 'piece')} of work {others === 1 ? 'runs' : 'run'} here for
                  somebody who is none of your peers.{' '}
                  <Button size="small" look="quiet" onClick={() => change({ peerId: null })}>
                    Show any peer
                  </Button>
                </p>
              )}
              {which === 'waiting' && later.length > 0 && filter.direction !== 'out' ? (
                <PutOff all={later} onOpen={setOpened} />
              ) : null}
            </>
          )}
        </OwnAgents>
      </div>
    </main>
  );
}

const named = (text: string, count: number): string => (count === 0 ? text : `${text} ${count}`);

/** Nothing more is taken in; the banner that says so has the way back. */
function Pause() {
  const client = useClient();
  const paused = useMirror((mirror) => mirror.settings.incomingPaused);
  if (paused) return null;
  return (
    <IconButton
      icon={CirclePause}
      label="Pause incoming work"
      onClick={() => void client.act('settings.update', { changes: { incomingPaused: true } })}
    />
  );
}

interface NothingProps {
  which: Which;
  filtered: boolean;
  /** A way to where something is. */
  children: ReactNode;
}

function Nothing({ which, filtered, children }: NothingProps) {
  const [title, text] = filtered
    ? ['Nothing fits', 'No work of this list fits the filter.']
    : empty[which];
  return (
    <EmptyState icon={Inbox} title={title} text={text}>
      {children}
    </EmptyState>
  );
}
