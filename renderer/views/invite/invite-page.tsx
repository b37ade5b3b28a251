import { X } from 'lucide-react';
import { useState } from 'react';
import type { InviteId } from '../../../electron/contract/index.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useClient } from '../../store/hooks.ts';
import { InviteTalk } from './invite-talk.tsx';
import { Redeem } from './redeem.tsx';
import { useInvite } from './use-invite.ts';
import '../setup/common.css';
import './invite.css';

/** An invite that came by a link, or that the person has in hand. */
export default function InvitePage({ text }: { text: string }) {
  const client = useClient();
  const [id, setId] = useState<InviteId | null>(null);
  const invite = useInvite(id);
  const close = () => client.navigation.leavePage();
  const peerId = invite?.state === 'done' ? invite.peerId : null;
  return (
    <main className="page">
      <header className="page__bar">
        <h2>An invite</h2>
        <span className="step__gap" />
        <IconButton icon={X} label="Close" onClick={close} />
      </header>
      <div className="page__column">
        {id === null ? (
          <Redeem
            text={text}
            onRedeemed={(redeemed) => setId(redeemed)}
            {...(text === '' ? {} : { onRefuse: close })}
          />
        ) : invite ? (
          <InviteTalk
            invite={invite}
            onPaired={(paired) => void client.navigation.openPeer(paired)}
          />
        ) : (
          <Skeleton rows={3} label="Calling them" />
        )}
        {peerId ? (
          <Button look="primary" onClick={() => void client.navigation.openPeer(peerId)}>
            Show this peer
          </Button>
        ) : null}
      </div>
    </main>
  );
}
