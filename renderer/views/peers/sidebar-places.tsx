import {
  Bot,
  ChevronRight,
  Files,
  Inbox,
  type LucideIcon,
  Megaphone,
  Network,
  RadioTower,
  Server,
  Waypoints,
} from 'lucide-react';
import { Menu, MenuItem } from '../../components/menu.tsx';
import { Badge } from '../../components/tag.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import type { PageState } from '../../store/ui-state.ts';
import { badge, counted } from '../../words/count.ts';
import { useGatewayLive, useReception } from '../setup/live.ts';

interface PlaceProps {
  icon: LucideIcon;
  text: string;
  page: PageState;
  /** How many things wait there. */
  waiting?: number;
}

/** The ways to the pages that stand beside the peers: those of every day, and those of this machine. */
export function SidebarPlaces() {
  const asked = useReception()?.waiting ?? 0;
  const agents = useMirror((mirror) => mirror.requests.size);
  return (
    <div className="places">
      <PlaceButton
        icon={Inbox}
        text="Inbox"
        page={{ kind: 'inbox', delegationId: null }}
        waiting={asked}
      />
      <PlaceButton
        icon={Bot}
        text="Agents"
        page={{ kind: 'agents', requestId: null }}
        waiting={agents}
      />
      <PlaceButton
        icon={Megaphone}
        text="Broadcast"
        page={{ kind: 'broadcast', tab: 'write', broadcastId: null }}
      />
      <MachinePlaces />
    </div>
  );
}

function PlaceButton({ icon: Icon, text, page, waiting = 0 }: PlaceProps) {
  const client = useClient();
  return (
    <button type="button" className="place" onClick={() => client.navigation.showPage(page)}>
      <Icon aria-hidden="true" />
      <span className="place__text clip">{text}</span>
      <Waiting count={waiting} />
    </button>
  );
}

function Waiting({ count }: { count: number }) {
  if (count === 0) return null;
  return <Badge text={badge(count)} label={`${counted(count, 'thing')} waiting`} />;
}

/** What is looked at seldom: how this machine is reached, and who is paired with it. */
function MachinePlaces() {
  const client = useClient();
  const pairing = useGatewayLive().pendingCount;
  const place = (text: string, icon: LucideIcon, page: PageState) => (
    <MenuItem icon={icon} onSelect={() => client.navigation.showPage(page)}>
      {text}
    </MenuItem>
  );
  return (
    <Menu
      align="start"
      trigger={
        <button type="button" className="place">
          <Server aria-hidden="true" />
          <span className="place__text clip">This machine</span>
          <Waiting count={pairing} />
          <ChevronRight className="place__more" aria-hidden="true" />
        </button>
      }
    >
      {place(
        pairing > 0 ? `Own gateway (${counted(pairing, 'device')} waiting)` : 'Own gateway',
        Server,
        { kind: 'own_gateway' },
      )}
      {place('Tailnet', Network, { kind: 'tailnet' })}
      {place('Relays', RadioTower, { kind: 'relays' })}
      {place('Shared files', Files, { kind: 'files', file: null })}
      {place('Own relay', Waypoints, { kind: 'relay_server' })}
    </Menu>
  );
}
