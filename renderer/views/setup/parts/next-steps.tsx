import { type LucideIcon, MessageSquare, Send, Settings2, UserPlus } from 'lucide-react';
import type { PeerRow } from '../../../../electron/contract/index.ts';
import { useClient } from '../../../store/hooks.ts';
import { NEW_PEER, useSetup } from '../use-setup.ts';

interface Next {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: string;
  readonly run: () => void;
}

/** What can be done once the setup is through: each a way of its own. */
export function NextSteps({ peer }: { peer: PeerRow | null }) {
  const client = useClient();
  const setup = useSetup();
  const { navigation } = client;
  const another: Next = {
    icon: UserPlus,
    title: peer ? 'Connect another peer' : 'Connect a peer',
    text: 'A machine of yours, or an invite for somebody else.',
    run: () => {
      setup.update({ peer: NEW_PEER });
      setup.go('peer');
    },
  };
  const settings: Next = {
    icon: Settings2,
    title: 'Look at the settings',
    text: 'What is told to you, how long messages are kept, and how it all looks.',
    run: () => navigation.show({ kind: 'settings', section: 'look' }),
  };
  const all: readonly Next[] = peer
    ? [
        {
          icon: MessageSquare,
          title: `Write to ${peer.name}`,
          text: 'What you send is kept, and goes out when they can be reached.',
          run: () => void navigation.openPeer(peer.id),
        },
        {
          icon: Send,
          title: 'Delegate work',
          text: 'Give their agent a task, with a time by which you want it.',
          run: () => navigation.show({ kind: 'compose', form: 'delegation', peerId: peer.id }),
        },
        another,
        settings,
      ]
    : [another, settings];
  return (
    <section className="next" aria-labelledby="next-title">
      <h3 id="next-title">What comes next</h3>
      <ul>
        {all.map(({ icon: Icon, title, text, run }) => (
          <li key={title}>
            <button type="button" className="choice" onClick={run}>
              <Icon aria-hidden="true" />
              <span className="choice__words">
                <bdi className="choice__title">{title}</bdi>
                <span className="choice__text">{text}</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
