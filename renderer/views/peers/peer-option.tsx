import { Clock3, Star } from 'lucide-react';
import { type CSSProperties, memo } from 'react';
import type { PeerRow } from '../../../electron/contract/index.ts';
import { StatusMark } from '../../components/status-mark.tsx';
import { Badge, Tag } from '../../components/tag.tsx';
import { usePeer } from '../../store/hooks.ts';
import { badge, counted } from '../../words/count.ts';
import { plainLine } from '../../words/plain-line.ts';
import { peerShape } from '../../words/states.ts';
import { milliseconds } from '../../words/time.ts';

interface PeerOptionProps {
  id: string;
  peerId: string;
  selected: boolean;
  active: boolean;
  style: CSSProperties;
  onOpen: (peerId: string) => void;
}

/** One peer in the list. Looks up its own row, so that only it is drawn again when that changes. */
export const PeerOption = memo(function PeerOption(props: PeerOptionProps) {
  const { id, peerId, selected, active, style, onOpen } = props;
  const peer = usePeer(peerId);
  if (!peer) return null;
  return (
    // The list takes the keys; see PeerList.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    // biome-ignore lint/a11y/useFocusableInteractive: the listbox holds the focus
    <div
      id={id}
      className={`peer ${active ? 'peer--active' : ''}`}
      role="option"
      aria-selected={selected}
      style={style}
      onClick={() => onOpen(peerId)}
    >
      <StatusMark shape={peerShape(peer.status)} />
      <div className="peer__words">
        <div className="peer__line">
          <span className={`peer__name clip ${peer.unread > 0 ? 'peer__name--unread' : ''}`}>
            <bdi title={peer.name}>{peer.name}</bdi>
          </span>
          {peer.practice ? <Tag tone="accent">Practice</Tag> : null}
          {peer.favourite ? (
            <Star className="peer__star" aria-label="favourite" role="img" />
          ) : null}
        </div>
        <PeerState peer={peer} />
      </div>
      <div className="peer__end">
        {peer.waiting > 0 ? (
          <Clock3
            className="peer__waiting"
            role="img"
            aria-label={`${counted(peer.waiting, 'message')} waiting`}
          />
        ) : null}
        {peer.unread > 0 ? (
          <Badge text={badge(peer.unread)} label={counted(peer.unread, 'unread message')} />
        ) : peer.latencyMs === null ? null : (
          <span className="peer__latency numbers">{milliseconds(peer.latencyMs)}</span>
        )}
      </div>
    </div>
  );
});

/**
 * What was said last, where all is well; otherwise how the peer is. What an unreached one was last heard
 * doing is no news of it.
 */
function PeerState({ peer }: { peer: PeerRow }) {
  const { running, statusText } = peer;
  const said = peer.status === 'up' ? plainLine(peer.preview) : '';
  const words = running && peer.status === 'up' ? 'Working' : statusText;
  return (
    <div className="peer__state clip">
      {said === '' ? (
        words
      ) : (
        <>
          <span className={running ? 'peer__doing' : 'unseen'}>{words}: </span>
          {/* A copy, drawn by the style sheet: who looks for the text finds the message alone. */}
          <bdi className="peer__said" data-text={said} />
        </>
      )}
    </div>
  );
}
