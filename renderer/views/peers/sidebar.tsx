import { Bell, CircleHelp, Plus, Search, Settings2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { IconButton } from '../../components/button.tsx';
import { Crest } from '../../components/crest.tsx';
import { Hint } from '../../components/hint.tsx';
import { useClient, useMirror, useUi } from '../../store/hooks.ts';
import { PeerOrder } from '../../store/peer-order.ts';
import { useKeysText } from '../../store/use-keys-text.ts';
import { badge, counted } from '../../words/count.ts';
import { Splitter } from '../shell/splitter.tsx';
import { PANE_IDS } from '../shell/use-keys.ts';
import { useLayout } from '../shell/use-layout.ts';
import { FilterField } from './filter-field.tsx';
import { PeerList } from './peer-list.tsx';
import { SidebarPlaces } from './sidebar-places.tsx';
import './sidebar.css';

/** The left pane: who there is, and how they are. */
export function Sidebar({ resizable = false }: { resizable?: boolean }) {
  const client = useClient();
  const peers = useMirror((mirror) => mirror.peers);
  const keys = useKeysText();
  const filter = useUi((ui) => ui.filter);
  const [order] = useState(() => new PeerOrder());
  const lines = useMemo(() => order.lines(peers, filter), [order, peers, filter]);
  return (
    <nav className="pane sidebar" id={PANE_IDS.list} aria-label="Peers">
      <header className="bar sidebar__bar">
        <Home />
        <span className="bar__gap" />
        <IconButton
          icon={Search}
          label="Search messages"
          keys={keys('Mod F')}
          size="small"
          onClick={() => client.navigation.show({ kind: 'search' })}
        />
        <IconButton
          icon={Plus}
          label="Connect a peer"
          keys={keys('New')}
          size="small"
          onClick={() => client.navigation.show({ kind: 'connect' })}
        />
      </header>
      <SidebarPlaces />
      <FilterField lines={lines} />
      <PeerList lines={lines} filter={filter} />
      <SidebarFoot />
      {resizable ? <Splitter /> : null}
    </nav>
  );
}

/** The name of the app; where there is room beside the list, the way back to the overview. */
function Home() {
  const client = useClient();
  const alone = useLayout() === 'one';
  const name = (
    <>
      <Crest size={20} />
      <span className="bar__title">Peerage</span>
    </>
  );
  if (alone) return <p className="home">{name}</p>;
  return (
    <Hint text="At a glance">
      <button type="button" className="home" onClick={() => client.navigation.leavePeer()}>
        {name}
      </button>
    </Hint>
  );
}

function SidebarFoot() {
  const client = useClient();
  const keys = useKeysText();
  const unread = useMirror(
    (mirror) => [...mirror.notices.values()].filter((notice) => !notice.read).length,
  );
  const words = useMirror((mirror) => {
    const all = [...mirror.peers.values()];
    const up = all.filter((peer) => peer.status === 'up').length;
    return `${up.toLocaleString()} of ${counted(all.length, 'peer')} up`;
  });
  return (
    <footer className="sidebar__foot">
      <span className="sidebar__count numbers">{words}</span>
      <IconButton
        icon={Bell}
        label="Notices"
        size="small"
        badge={unread > 0 ? badge(unread) : undefined}
        onClick={() => client.navigation.show({ kind: 'notices' })}
      />
      <IconButton
        icon={CircleHelp}
        label="Keyboard"
        keys="?"
        size="small"
        onClick={() => client.navigation.show({ kind: 'keys' })}
      />
      <IconButton
        icon={Settings2}
        label="Settings"
        keys={keys('Mod ,')}
        size="small"
        onClick={() => client.navigation.show({ kind: 'settings', section: 'look' })}
      />
    </footer>
  );
}
