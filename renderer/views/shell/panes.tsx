import { useMirror, useUi } from '../../store/hooks.ts';
import { DetailsDrawer, DetailsPane } from '../details/details-pane.tsx';
import { Sidebar } from '../peers/sidebar.tsx';
import { ThreadPane } from '../thread/thread-pane.tsx';
import { WelcomeView } from '../welcome/welcome-view.tsx';
import { type Layout, useLayout } from './use-layout.ts';

/** The panes: three beside each other, two with a drawer, or one at a time. */
export function Panes() {
  const layout = useLayout();
  const empty = useMirror((mirror) => mirror.peers.size === 0);
  if (empty) return <WelcomeView />;
  return layout === 'one' ? <OnePane /> : <ManyPanes layout={layout} />;
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
