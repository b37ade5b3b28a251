import { Search } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { PeerId, PeerRow } from '../../../electron/contract/index.ts';
import { StatusMark } from '../../components/status-mark.tsx';
import { useMirror } from '../../store/hooks.ts';
import { counted } from '../../words/count.ts';
import { peerShape } from '../../words/states.ts';
import { SomeRows } from './some-rows.tsx';

interface ChoosePeersProps {
  label: string;
  chosen: ReadonlySet<string>;
  onChange: (chosen: readonly PeerId[]) => void;
}

const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** Peers to tick, found by a few letters of their name. */
export function ChoosePeers({ label, chosen, onChange }: ChoosePeersProps) {
  const peers = useMirror((mirror) => mirror.peers);
  const [filter, setFilter] = useState('');
  const shown = useMemo(() => {
    const wanted = filter.trim().toLocaleLowerCase();
    return [...peers.values()]
      .filter((peer) => fits(peer, wanted))
      .sort((a, b) => byName.compare(a.name, b.name));
  }, [peers, filter]);
  const all = shown.length > 0 && shown.every((peer) => chosen.has(peer.id));
  const set = (ids: readonly PeerId[], on: boolean) => {
    const next = new Set(chosen);
    for (const id of ids)
      if (on) next.add(id);
      else next.delete(id);
    onChange([...peers.values()].filter((peer) => next.has(peer.id)).map((peer) => peer.id));
  };
  return (
    <fieldset className="choose">
      <legend className="field__label">{label}</legend>
      <div className="choose__bar">
        <span className="choose__find">
          <Search aria-hidden="true" />
          <input
            className="input"
            type="search"
            placeholder="Find peers"
            aria-label="Find peers"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          />
        </span>
        <label className="choose__all">
          <input
            type="checkbox"
            checked={all}
            onChange={(event) =>
              set(
                shown.map((peer) => peer.id),
                event.target.checked,
              )
            }
          />
          {filter.trim() === '' ? 'All' : 'All of these'}
        </label>
        <span className="hint-text numbers">{counted(chosen.size, 'peer')} chosen</span>
      </div>
      {shown.length === 0 ? (
        <p className="hint-text">No peer fits.</p>
      ) : (
        <SomeRows label={label} className="choose__list" rows={shown} keyOf={(peer) => peer.id}>
          {(peer) => (
            <label className="choose__peer">
              <input
                type="checkbox"
                checked={chosen.has(peer.id)}
                onChange={(event) => set([peer.id], event.target.checked)}
              />
              <StatusMark shape={peerShape(peer.status)} />
              <span className="clip">{peer.name}</span>
              <span className="choose__state clip">{peer.statusText}</span>
            </label>
          )}
        </SomeRows>
      )}
    </fieldset>
  );
}

const fits = (peer: PeerRow, wanted: string): boolean =>
  wanted === '' ||
  [peer.name, peer.nickname, peer.group].some((text) => text?.toLocaleLowerCase().includes(wanted));
