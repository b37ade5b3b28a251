import { MessagesSquare, Unlink } from 'lucide-react';
import type { PeerId } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { useClient, useDetail, useMirror } from '../../store/hooks.ts';

/** Stands in a thread, or in a peer, that has no message yet. */
export function NoThread({ peerId }: { peerId: PeerId }) {
  const client = useClient();
  const detail = useDetail(peerId);
  const once = useMirror((mirror) => mirror.app?.setup.peer?.peerId === peerId);
  const invite = async () => {
    // The setup may still stand at how this one was connected before.
    if (once) await client.act('setup.update', { changes: { peer: null } });
    client.navigation.showPage({ kind: 'setup', step: 'peer' });
  };
  if (detail?.links.length === 0)
    return (
      <EmptyState
        icon={Unlink}
        title="No link leads to this peer"
        text="Nothing can be sent to it: it never gave one, its links were removed, or one of you ended the partnership. A new invite makes one."
        level={2}
      >
        <Button onClick={invite}>Exchange an invite</Button>
      </EmptyState>
    );
  return (
    <EmptyState
      icon={MessagesSquare}
      title="Nothing here yet"
      text="Write below. What you send is stored first, and goes out when the peer can be reached."
      level={2}
    />
  );
}
