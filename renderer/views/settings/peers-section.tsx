import { Button } from '../../components/button.tsx';
import { useClient } from '../../store/hooks.ts';
import { exportPeers } from '../import/export-peers.ts';

/** Where peers come from, and where they can be taken. */
export function PeersSection() {
  const client = useClient();
  return (
    <>
      <div className="setting">
        <div className="setting__words">
          <p className="setting__label">Set up step by step</p>
          <p className="setting__help">
            Looks at Tailscale, your gateway and who can reach it, and connects a peer. What works
            stays as it is.
          </p>
        </div>
        <Button onClick={() => client.navigation.showPage({ kind: 'setup', step: null })}>
          Open the setup
        </Button>
      </div>
      <div className="setting">
        <div className="setting__words">
          <p className="setting__label">Take over peers from another tool</p>
          <p className="setting__help">
            Tokens go from its files straight into the keychain of this machine.
          </p>
        </div>
        <Button onClick={() => client.navigation.show({ kind: 'import' })}>Choose files</Button>
      </div>
      <div className="setting">
        <div className="setting__words">
          <p className="setting__label">Save the list of peers</p>
          <p className="setting__help">
            Names, addresses, notes and pinned identities as JSON. No token, password or message is
            in it.
          </p>
        </div>
        <Button onClick={() => void exportPeers(client)}>Save as a file</Button>
      </div>
    </>
  );
}
