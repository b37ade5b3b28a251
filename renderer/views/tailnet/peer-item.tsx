import { useState } from 'react';
import type { AppError, TailnetPath, TailnetPeer } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { StatusMark } from '../../components/status-mark.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient } from '../../store/hooks.ts';
import { ago, milliseconds } from '../../words/time.ts';

/** One machine, with what may be done about it. Its names are its owner's: text and no more. */
export function PeerItem({ peer }: { peer: TailnetPeer }) {
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<AppError | null>(null);
  const ping = async () => {
    setBusy(true);
    const result = await client.call('tailnet.ping', { nodeId: peer.id });
    setFailure(result.ok ? null : result.error);
    setBusy(false);
  };
  const address = peer.dnsName || peer.addresses[0];
  return (
    <li className="tailnet__peer">
      <StatusMark shape={peer.online ? 'up' : 'down'} label={peer.online ? 'Online' : 'Offline'} />
      <div className="tailnet__words">
        <p className="clip" title={peer.dnsName}>
          <strong>{peer.name}</strong> <span className="soft">{peer.os}</span>
        </p>
        <p className="soft">
          {peer.owner?.login ?? peer.tags.join(', ')}
          {peer.sharedIn ? ' · shared with you: it cannot dial back' : ''}
          {peer.expired ? ' · its login has ended' : ''}
        </p>
        <p className="soft numbers clip">{peer.addresses[0] ?? ''}</p>
        {failure ? (
          <p role="status">
            {failure.title}. {failure.detail}
          </p>
        ) : null}
      </div>
      <span className="tailnet__reach soft numbers">
        <Reach peer={peer} />
      </span>
      <Button
        size="small"
        look="quiet"
        busy={busy}
        disabled={!peer.online}
        aria-label={`Ping ${peer.name}`}
        onClick={() => void ping()}
      >
        Ping
      </Button>
      {address === undefined ? null : (
        <Button
          size="small"
          aria-label={`Add as a peer: ${peer.name}`}
          onClick={() =>
            client.navigation.show({
              kind: 'connect',
              url: `ws://${address.includes(':') ? `[${address}]` : address}:18789`,
            })
          }
        >
          Add as a peer
        </Button>
      )}
    </li>
  );
}

function Reach({ peer }: { peer: TailnetPeer }) {
  const now = useNow(30_000);
  if (!peer.online) return peer.lastSeen === null ? 'Offline' : `Seen ${ago(peer.lastSeen, now)}`;
  const word = pathWord(peer.path);
  const { ms } = peer.path;
  return [word, ms === null ? '' : milliseconds(ms)].filter((part) => part !== '').join(', ');
}

function pathWord(path: TailnetPath): string {
  switch (path.kind) {
    case 'direct':
      return 'Direct';
    case 'peer_relay':
      return 'Through a peer';
    case 'relayed':
      return path.region === null ? 'Relayed' : `Relayed over ${path.region}`;
    case 'unknown':
      return '';
  }
}
