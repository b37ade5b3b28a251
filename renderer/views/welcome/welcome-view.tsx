import { Cable, FlaskConical, House, ListChecks, type LucideIcon, X } from 'lucide-react';
import { useState } from 'react';
import { Button, IconButton } from '../../components/button.tsx';
import { Crest } from '../../components/crest.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import './welcome.css';

/** The first thing that a newcomer sees: what this is, and the ways in. */
export function WelcomeView() {
  const client = useClient();
  const found = useMirror((mirror) => mirror.app?.ownGateway.kind === 'found');
  const [starting, setStarting] = useState(false);
  const practise = async () => {
    setStarting(true);
    const started = await client.act('practice.start', {});
    setStarting(false);
    if (started) await client.navigation.openPeer(started.peerId);
  };
  const peers = useMirror((mirror) => mirror.peers.size > 0);
  const setUp = () => {
    void client.act('setup.update', { changes: { open: true, step: 'tailscale' } });
    client.navigation.showPage({ kind: 'setup', step: 'tailscale' });
  };
  return (
    <main className="welcome">
      {peers ? (
        <IconButton
          icon={X}
          label="Close"
          className="welcome__close"
          onClick={() => client.navigation.leavePage()}
        />
      ) : null}
      <div className="welcome__page">
        <Crest size={56} />
        <h2>Welcome to Peerage</h2>
        <p className="welcome__lead">
          Write to the OpenClaw agents on your machines, and on those of your friends, and see at a
          glance which of them can be reached.
        </p>
        <div className="welcome__ways">
          <Way
            icon={ListChecks}
            title="Set up step by step"
            text="Looks at Tailscale and at your gateway, and ends with a message there and back."
            onChoose={setUp}
          />
          <Way
            icon={Cable}
            title="Connect a peer"
            text="You need the address of its gateway, and a token or password for it."
            onChoose={() => client.navigation.show({ kind: 'connect' })}
          />
          {found ? (
            <Way
              icon={House}
              title="Use my own gateway"
              text="OpenClaw was found on this machine. Talk to its agents from here."
              onChoose={() => client.navigation.show({ kind: 'own_gateway' })}
            />
          ) : null}
          <Way
            icon={FlaskConical}
            title="Try with a practice peer"
            text="A scripted agent on this machine, to look around with. Remove it at any time."
            busy={starting}
            onChoose={() => void practise()}
          />
        </div>
        <div className="welcome__more">
          <Button
            look="quiet"
            size="small"
            onClick={() => client.navigation.showPage({ kind: 'invite', text: '' })}
          >
            I was given an invite
          </Button>
          <Button
            look="quiet"
            size="small"
            onClick={() => client.navigation.showPage({ kind: 'relays' })}
          >
            My team has a relay
          </Button>
          <Button
            look="quiet"
            size="small"
            onClick={() => client.navigation.show({ kind: 'import' })}
          >
            Take over peers from another tool
          </Button>
        </div>
        <p className="welcome__promise">
          Tokens are kept in the keychain of this machine. Nothing is sent anywhere but to the peers
          that you add.
        </p>
      </div>
    </main>
  );
}

interface WayProps {
  icon: LucideIcon;
  title: string;
  text: string;
  busy?: boolean;
  onChoose: () => void;
}

function Way({ icon: Icon, title, text, busy = false, onChoose }: WayProps) {
  return (
    <button type="button" className="way" aria-busy={busy} disabled={busy} onClick={onChoose}>
      <span className="way__icon">
        <Icon aria-hidden="true" />
      </span>
      <span className="way__words">
        <span className="way__title">{title}</span>
        <span className="way__text">{text}</span>
      </span>
    </button>
  );
}
