import type { SetupPeer } from '../../../../electron/contract/index.ts';
import { Button } from '../../../components/button.tsx';
import { useClient } from '../../../store/hooks.ts';

/** Ways that need no invite, with what each of them grants. */
export function OtherWays({ whose }: { whose: SetupPeer['whose'] }) {
  const client = useClient();
  return (
    <details className="more">
      <summary>Advanced</summary>
      <p>
        Without an invite you can connect to a gateway with its token or password, or to an agent
        with a token that its owner made for you.
      </p>
      {whose === 'theirs' ? (
        <p>
          A place on someone’s gateway is far more than an invite gives: every session there can be
          read, and commands can be run. Their gateway’s A2A channel (<code>channels.a2a</code>)
          gives a token for you alone, and is the better way.
        </p>
      ) : null}
      <div className="more__buttons">
        <Button size="small" onClick={() => client.navigation.show({ kind: 'connect' })}>
          Connect by address and token
        </Button>
        <Button size="small" onClick={() => client.navigation.show({ kind: 'import' })}>
          Take over peers from another tool
        </Button>
      </div>
    </details>
  );
}
