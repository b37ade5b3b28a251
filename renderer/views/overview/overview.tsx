import { Bot, Inbox, type LucideIcon, MessagesSquare, Send, Server } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import type { PeerRow } from '../../../electron/contract/index.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { StatusMark } from '../../components/status-mark.tsx';
import { Badge } from '../../components/tag.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient, useMirror } from '../../store/hooks.ts';
import type { PageState } from '../../store/ui-state.ts';
import { useKeysText } from '../../store/use-keys-text.ts';
import { badge, counted } from '../../words/count.ts';
import { plainLine } from '../../words/plain-line.ts';
import { peerShape } from '../../words/states.ts';
import { shortAge } from '../../words/time.ts';
import { outgoingWords } from '../inbox/words.ts';
import { useGatewayLive, useReception } from '../setup/live.ts';
import { type GlanceList, type GlanceRow, glance } from './glance.ts';
import './overview.css';

/** Where no peer is open: what needs the person, what came back, and what was asked. */
export function Overview() {
  const keys = useKeysText();
  const peers = useMirror((mirror) => mirror.peers);
  const outgoing = useMirror((mirror) => mirror.outgoing);
  const seen = useMemo(() => glance(peers.values(), outgoing.values()), [peers, outgoing]);
  const waiting = useWaiting();
  const pick = (
    <>
      Choose a peer on the left, or press <kbd>{keys('Mod K')}</kbd> and type its name.
    </>
  );
  const lists = [seen.needsYou, seen.cameBack, seen.asked];
  if (waiting.length === 0 && lists.every((list) => list.rows.length === 0)) {
    return <EmptyState icon={MessagesSquare} title="Nothing waits for you" text={pick} level={2} />;
  }
  return (
    <>
      <header className="bar overview__bar">
        <h2 className="bar__title">At a glance</h2>
      </header>
      <div className="overview">
        <Section title="Needs you" list={seen.needsYou} before={waiting} />
        <Section title="Came back" list={seen.cameBack} />
        <Section title="Asked, no answer yet" list={seen.asked} />
        <p className="overview__pick">{pick}</p>
      </div>
    </>
  );
}

/** What waits on the pages, as rows of their own. */
function useWaiting(): ReactNode[] {
  const work = useReception()?.waiting ?? 0;
  const requests = useMirror((mirror) => mirror.requests.size);
  const devices = useGatewayLive().pendingCount;
  const row = (count: number, what: string, icon: LucideIcon, page: PageState, wait = waits) =>
    count === 0
      ? []
      : [<PageRow key={what} what={what} text={wait(count)} icon={icon} page={page} />];
  return [
    ...row(work, counted(work, 'piece of work', 'pieces of work'), Inbox, {
      kind: 'inbox',
      delegationId: null,
    }),
    ...row(requests, counted(requests, 'request'), Bot, { kind: 'agents', requestId: null }),
    ...row(devices, counted(devices, 'device'), Server, { kind: 'own_gateway' }, knocks),
  ];
}

const waits = (count: number): string => (count === 1 ? 'waits for you' : 'wait for you');
const knocks = (count: number): string =>
  count === 1 ? 'asks to be let in here' : 'ask to be let in here';

interface PageRowProps {
  what: string;
  icon: LucideIcon;
  text: string;
  page: PageState;
}

function PageRow({ what, icon: Icon, text, page }: PageRowProps) {
  const client = useClient();
  return (
    <button type="button" className="glance" onClick={() => client.navigation.showPage(page)}>
      <Icon aria-hidden="true" />
      <span className="glance__name">{what}</span>
      <span className="glance__text clip">{text}</span>
    </button>
  );
}

interface SectionProps {
  title: string;
  list: GlanceList;
  before?: readonly ReactNode[];
}

function Section({ title, list, before = [] }: SectionProps) {
  if (before.length === 0 && list.rows.length === 0) return null;
  return (
    <section className="overview__section">
      <h3>{title}</h3>
      {before}
      {list.rows.map((row) => (
        <Row key={row.key} row={row} />
      ))}
      {list.more > 0 ? (
        <p className="overview__more">{`${list.more.toLocaleString()} more, in the list of peers`}</p>
      ) : null}
    </section>
  );
}

function Row({ row }: { row: GlanceRow }) {
  const client = useClient();
  const now = useNow(60_000);
  if (row.kind === 'peer') {
    const { peer } = row;
    return (
      <button
        type="button"
        className="glance"
        onClick={() => void client.navigation.openPeer(peer.id)}
      >
        <StatusMark shape={peerShape(peer.status)} />
        <bdi className="glance__name clip" title={peer.name}>
          {peer.name}
        </bdi>
        <bdi className="glance__text clip">{peerWords(peer)}</bdi>
        {peer.unread > 0 ? (
          <Badge text={badge(peer.unread)} label={counted(peer.unread, 'unread message')} />
        ) : null}
        {peer.lastActivityAt !== null && peer.status !== 'needs_you' ? (
          <time className="glance__when numbers">{shortAge(peer.lastActivityAt, now)}</time>
        ) : null}
      </button>
    );
  }
  const { work } = row;
  return (
    <button
      type="button"
      className="glance"
      onClick={() => void client.navigation.openPeer(work.peerId, work.threadId)}
    >
      <Send aria-hidden="true" />
      <bdi className="glance__name clip" title={work.peer}>
        {work.peer}
      </bdi>
      <span className="glance__text clip">
        <bdi>{work.topic || plainLine(work.task)}</bdi> · {outgoingWords(work)}
      </span>
      <time className="glance__when numbers">{shortAge(work.changedAt, now)}</time>
    </button>
  );
}

/** How a peer is where it needs the person; otherwise what was said last. */
function peerWords(peer: PeerRow): string {
  if (peer.status === 'needs_you') return peer.statusText;
  const said = plainLine(peer.preview);
  const doing = peer.running
    ? 'Working'
    : peer.waiting > 0
      ? `${counted(peer.waiting, 'message')} waiting`
      : '';
  if (said === '') return doing || peer.statusText;
  return doing ? `${doing}: ${said}` : said;
}
