import { Bot, Inbox, type LucideIcon, Network, Server } from 'lucide-react';
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

/** The ways to the pages that stand beside the peers. */
export function SidebarPlaces() {
  const asked = useReception()?.waiting ?? 0;
  const agents = useMirror((mirror) => mirror.requests.size);
  const pairing = useGatewayLive().pendingCount;
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
      <PlaceButton icon={Network} text="Tailnet" page={{ kind: 'tailnet' }} />
      <PlaceButton icon={Server} text="Gateway" page={{ kind: 'own_gateway' }} waiting={pairing} />
    </div>
  );
}

function PlaceButton({ icon: Icon, text, page, waiting = 0 }: PlaceProps) {
  const client = useClient();
  return (
    <button type="button" className="place" onClick={() => client.navigation.showPage(page)}>
      <Icon aria-hidden="true" />
      <span className="clip">{text}</span>
      {waiting > 0 ? (
        <Badge text={badge(waiting)} label={`${counted(waiting, 'thing')} waiting`} />
      ) : null}
    </button>
  );
}
