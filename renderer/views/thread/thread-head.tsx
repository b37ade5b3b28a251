import {
  ChevronLeft,
  EllipsisVertical,
  FlaskConical,
  PanelRight,
  Pencil,
  RefreshCw,
  Star,
  StarOff,
  Trash2,
} from 'lucide-react';
import type { PeerId, PeerRow } from '../../../electron/contract/index.ts';
import { IconButton } from '../../components/button.tsx';
import { Menu, MenuChoice, MenuItem, MenuLine } from '../../components/menu.tsx';
import { StatusMark } from '../../components/status-mark.tsx';
import { Tag } from '../../components/tag.tsx';
import {
  useClient,
  useDetail,
  usePeer,
  useThread,
  useThreadLink,
  useUi,
} from '../../store/hooks.ts';
import { useKeysText } from '../../store/use-keys-text.ts';
import { linkHost } from '../../words/links.ts';
import { linkShape, linkWord, peerShape } from '../../words/states.ts';
import { milliseconds } from '../../words/time.ts';
import { focusPane } from '../shell/use-keys.ts';
import { useLayout } from '../shell/use-layout.ts';
import { usePractice } from './use-practice.ts';

/** Whom one writes to, how they are, and what can be done with them. */
export function ThreadHead({ peerId }: { peerId: PeerId }) {
  const client = useClient();
  const layout = useLayout();
  const keys = useKeysText();
  const peer = usePeer(peerId);
  const shown = useUi((ui) => (layout === 'three' ? ui.detailsShown : ui.drawerOpen));
  if (!peer) return <header className="bar thread__bar" />;
  const toggleDetails = () => {
    if (layout === 'three') client.ui.setState({ detailsShown: !shown });
    else if (layout === 'two') client.ui.setState({ drawerOpen: !shown });
    else focusPane(client, 'details');
  };
  return (
    <header className="bar thread__bar">
      {layout === 'one' ? (
        <IconButton
          icon={ChevronLeft}
          label="Back to the peers"
          className="thread__back"
          onClick={() => focusPane(client, 'list')}
        />
      ) : null}
      <h2 className="bar__title clip">
        <bdi title={peer.name}>{peer.name}</bdi>
      </h2>
      {peer.practice ? <Tag tone="accent">Practice</Tag> : null}
      <HeadStatus peer={peer} />
      <span className="bar__gap" />
      {peer.practice ? <PracticeMenu /> : null}
      <PeerMenu peerId={peerId} favourite={peer.favourite} />
      <IconButton
        icon={PanelRight}
        label={shown ? 'Hide details' : 'Show details'}
        keys={keys('Alt 3')}
        aria-pressed={layout === 'one' ? undefined : shown}
        onClick={toggleDetails}
      />
    </header>
  );
}

/** How the peer is; where several links lead to it, how the one of this thread is. */
function HeadStatus({ peer }: { peer: PeerRow }) {
  const several = (useDetail(peer.id)?.links.length ?? 0) > 1;
  const threadId = useUi((ui) => ui.threadId);
  const mine = useThread(threadId)?.peerId === peer.id;
  const link = useThreadLink(mine ? threadId : null);
  const latency = peer.latencyMs === null ? '' : `, ${milliseconds(peer.latencyMs)}`;
  return (
    <span className="thread__status">
      <StatusMark
        shape={several && link ? linkShape(link.state.kind) : peerShape(peer.status)}
        size={10}
      />
      <span className="clip numbers">
        {several && link
          ? `${linkHost(link)}: ${linkWord[link.state.kind]}`
          : `${peer.statusText}${latency}`}
      </span>
    </span>
  );
}

function PracticeMenu() {
  const { behaviour, options, behave } = usePractice();
  return (
    <Menu trigger={<IconButton icon={FlaskConical} label="How the practice peer behaves" />}>
      <MenuChoice label="Behaviour" value={behaviour} options={options} onChange={behave} />
    </Menu>
  );
}

function PeerMenu({ peerId, favourite }: { peerId: PeerId; favourite: boolean }) {
  const client = useClient();
  const links = useDetail(peerId)?.links ?? [];
  const favour = () =>
    void client.act('peer.update', { peerId, changes: { favourite: !favourite } });
  return (
    <Menu trigger={<IconButton icon={EllipsisVertical} label="More about this peer" />}>
      <MenuItem icon={favourite ? StarOff : Star} onSelect={favour}>
        {favourite ? 'Remove from favourites' : 'Add to favourites'}
      </MenuItem>
      <MenuItem
        icon={Pencil}
        onSelect={() => client.navigation.show({ kind: 'edit_peer', peerId })}
      >
        Edit
      </MenuItem>
      <MenuItem
        icon={RefreshCw}
        disabled={links.length === 0}
        onSelect={() => {
          for (const link of links) void client.act('link.reconnect', { linkId: link.id });
        }}
      >
        Reconnect now
      </MenuItem>
      <MenuLine />
      <MenuItem
        icon={Trash2}
        danger
        onSelect={() => client.navigation.show({ kind: 'remove_peer', peerId })}
      >
        Remove
      </MenuItem>
    </Menu>
  );
}
