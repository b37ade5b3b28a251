import { Suspense, useEffect } from 'react';
import { loadAhead, part } from '../../components/part.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useMirror, useUi } from '../../store/hooks.ts';
import type { PageState } from '../../store/ui-state.ts';
import { DetailsDrawer, DetailsPane } from '../details/details-pane.tsx';
import { Sidebar } from '../peers/sidebar.tsx';
import { ThreadPane } from '../thread/thread-pane.tsx';
import { WelcomeView } from '../welcome/welcome-view.tsx';
import { type Layout, useLayout } from './use-layout.ts';

/** The panes: three beside each other, two with a drawer, or one at a time. */
export function Panes() {
  const layout = useLayout();
  const page = useUi((ui) => ui.page);
  const empty = useMirror((mirror) => mirror.peers.size === 0);
  useEffect(() => loadAhead(AHEAD), []);
  if (page) return <Page page={page} />;
  if (empty) return <WelcomeView />;
  return layout === 'one' ? <OnePane /> : <ManyPanes layout={layout} />;
}

const SetupPage = part(() => import('../setup/setup-page.tsx'));
const InboxPage = part(() => import('../inbox/inbox-page.tsx'));
const OwnGatewayPage = part(() => import('../own-gateway/own-gateway-page.tsx'));
const TailnetPage = part(() => import('../tailnet/tailnet-page.tsx'));
const AgentsPage = part(() => import('../agents/agents-page.tsx'));
const BroadcastPage = part(() => import('../broadcast/broadcast-page.tsx'));
const RelaysPage = part(() => import('../relays/relays-page.tsx'));
const FilesPage = part(() => import('../files/files-page.tsx'));
const RelayServerPage = part(() => import('../relay-server/relay-server-page.tsx'));
const InvitePage = part(() => import('../invite/invite-page.tsx'));

/** The pages of every day. */
const AHEAD = [InboxPage, AgentsPage, BroadcastPage];

/** A page in place of the panes. */
function Page({ page }: { page: PageState }) {
  if (page.kind === 'setup' && page.step === 'welcome') return <WelcomeView />;
  return <Suspense fallback={<LoadingPage />}>{pageView(page)}</Suspense>;
}

const LoadingPage = () => (
  <main className="pane">
    <Skeleton rows={6} label="Loading" />
  </main>
);

function pageView(page: PageState) {
  switch (page.kind) {
    case 'setup':
      return <SetupPage step={page.step} />;
    case 'inbox':
      return (
        <InboxPage
          key={page.delegationId}
          delegationId={page.delegationId}
          given={page.given ?? null}
        />
      );
    case 'agents':
      return <AgentsPage key={page.requestId} requestId={page.requestId} />;
    case 'own_gateway':
      return <OwnGatewayPage />;
    case 'tailnet':
      return <TailnetPage />;
    case 'broadcast':
      return <BroadcastPage tab={page.tab} broadcastId={page.broadcastId} />;
    case 'relays':
      return <RelaysPage />;
    case 'files':
      return <FilesPage file={page.file} />;
    case 'relay_server':
      return <RelayServerPage />;
    case 'invite':
      return <InvitePage key={page.text} text={page.text} />;
  }
}

function OnePane() {
  const pane = useUi((ui) => (ui.peerId === null ? 'list' : ui.pane));
  switch (pane) {
    case 'list':
      return (
        <main className="pane">
          <Sidebar />
        </main>
      );
    case 'thread':
      return <ThreadPane />;
    case 'details':
      return (
        <main className="pane">
          <DetailsPane back />
        </main>
      );
  }
}

function ManyPanes({ layout }: { layout: Exclude<Layout, 'one'> }) {
  const width = useUi((ui) => ui.sidebarWidth);
  const beside = useUi((ui) => ui.detailsShown && ui.peerId !== null) && layout === 'three';
  const drawer = useUi((ui) => ui.drawerOpen && ui.peerId !== null) && layout === 'two';
  return (
    <div className="panes">
      <div className="panes__list" style={{ width }}>
        <Sidebar resizable />
      </div>
      <ThreadPane />
      {beside ? <DetailsPane /> : null}
      {drawer ? <DetailsDrawer /> : null}
    </div>
  );
}
