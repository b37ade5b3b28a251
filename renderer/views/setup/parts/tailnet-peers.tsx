import { useState } from 'react';
import type { TailnetPath, TailnetPeer } from '../../../../electron/contract/index.ts';
import { Button } from '../../../components/button.tsx';
import { TextField } from '../../../components/field.tsx';
import { StatusMark } from '../../../components/status-mark.tsx';
import { Tag } from '../../../components/tag.tsx';
import { useNow } from '../../../components/use-now.ts';
import { useClient } from '../../../store/hooks.ts';
import { ago } from '../../../words/time.ts';
import { ask } from '../ask.ts';

interface TailnetPeersProps {
  peers: readonly TailnetPeer[];
  chosen: string | null;
  onChoose: (peer: TailnetPeer) => void;
}

/** More rows than this need a word to look for. */
const MOST_SHOWN = 50;

/** The other machines of the tailnet, those that are online first. */
export function TailnetPeers({ peers, chosen, onChoose }: TailnetPeersProps) {
  const [filter, setFilter] = useState('');
  const wanted = filter.trim().toLowerCase();
  const found = peers
    .filter((peer) =>
      [peer.name, peer.dnsName, peer.owner?.login ?? '', ...peer.addresses].some((text) =>
        text.toLowerCase().includes(wanted),
      ),
    )
    .toSorted((a, b) => Number(b.online) - Number(a.online) || a.name.localeCompare(b.name));
  return (
    <div className="machines">
      {peers.length > 8 ? (
        <TextField
          label="Find a machine"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
      ) : null}
      <ul className="machines__list" aria-label="Machines of your tailnet">
        {found.slice(0, MOST_SHOWN).map((peer) => (
          <Machine
            key={peer.id}
            peer={peer}
            chosen={peer.id === chosen}
            onChoose={() => onChoose(peer)}
          />
        ))}
      </ul>
      {found.length === 0 ? <p className="hint-text">No machine fits.</p> : null}
      {found.length > MOST_SHOWN ? (
        <p className="hint-text">{found.length - MOST_SHOWN} more. Type a part of the name.</p>
      ) : null}
    </div>
  );
}

interface MachineProps {
  peer: TailnetPeer;
  chosen: boolean;
  onChoose: () => void;
}

function Machine({ peer, chosen, onChoose }: MachineProps) {
  const client = useClient();
  const now = useNow(30_000);
  const [path, setPath] = useState<TailnetPath | string | null>(null);
  const ping = async () => {
    setPath('Trying the path');
    const result = await ask(client, 'tailnet.ping', { nodeId: peer.id });
    setPath(result.ok ? result.value.path : result.error.title);
  };
  const state = peer.expired
    ? 'its key expired'
    : peer.online
      ? 'online'
      : peer.lastSeen === null
        ? 'offline'
        : `seen ${ago(peer.lastSeen, now)}`;
  return (
    <li className={`machine ${chosen ? 'machine--chosen' : ''}`}>
      <button type="button" className="machine__pick" aria-pressed={chosen} onClick={onChoose}>
        <StatusMark shape={peer.expired ? 'blocked' : peer.online ? 'up' : 'down'} />
        <span className="machine__words">
          <span className="machine__name">
            <bdi>{peer.name}</bdi>
            {peer.mine ? <Tag>Yours</Tag> : null}
            {peer.sharedIn ? <Tag tone="accent">Shared with you</Tag> : null}
          </span>
          <span className="machine__more">
            <bdi>{peer.owner?.login ?? (peer.tags.join(', ') || 'no owner')}</bdi>
            {` · ${peer.os || 'unknown system'} · ${state} · ${pathText(path ?? peer.path)}`}
          </span>
          {chosen && peer.sharedIn ? (
            <span className="machine__hint">
              A shared machine answers, and cannot call back. You ask them; for the other direction
              share your machine with them too.
            </span>
          ) : null}
        </span>
      </button>
      <Button size="small" look="quiet" onClick={() => void ping()}>
        Ping
      </Button>
    </li>
  );
}

/** *direct, 4 ms*, *relayed over fra, 31 ms*. */
export function pathText(path: TailnetPath | string): string {
  if (typeof path === 'string') return path;
  const ms = path.ms === null ? '' : `, ${Math.round(path.ms)} ms`;
  switch (path.kind) {
    case 'direct':
      return `direct${ms}`;
    case 'peer_relay':
      return `over a relay of your tailnet${ms}`;
    case 'relayed':
      return `relayed${path.region ? ` over ${path.region}` : ''}${ms}`;
    case 'unknown':
      return 'path not known yet';
  }
}
