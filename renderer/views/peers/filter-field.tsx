import { ListFilter, X } from 'lucide-react';
import type { KeyboardEvent } from 'react';
import { PeerId } from '../../../electron/contract/index.ts';
import { IconButton } from '../../components/button.tsx';
import { useClient, useUi } from '../../store/hooks.ts';
import type { ListLine } from '../../store/peer-order.ts';
import { focusPane } from '../shell/use-keys.ts';
import { LIST_ID } from './peer-list.tsx';

/** Narrows the list by name, nickname or group. Down goes into the list, Enter opens the first. */
export function FilterField({ lines }: { lines: readonly ListLine[] }) {
  const client = useClient();
  const filter = useUi((ui) => ui.filter);
  const set = (text: string) => client.ui.setState({ filter: text });
  const press = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') {
      event.preventDefault();
      document.getElementById(LIST_ID)?.focus();
    } else if (event.key === 'Escape' && filter !== '') {
      event.preventDefault();
      set('');
    } else if (event.key === 'Enter') {
      const first = lines.find((line) => line.kind === 'peer');
      const peerId = PeerId.safeParse(first?.key);
      if (!peerId.success) return;
      void client.navigation.openPeer(peerId.data);
      focusPane(client, 'thread');
    }
  };
  return (
    <div className="filter">
      <ListFilter className="filter__icon" aria-hidden="true" />
      <input
        className="filter__input"
        type="text"
        value={filter}
        placeholder="Filter peers"
        aria-label="Filter peers by name or group"
        autoComplete="off"
        spellCheck={false}
        maxLength={100}
        onChange={(event) => set(event.target.value)}
        onKeyDown={press}
      />
      {filter === '' ? null : (
        <IconButton icon={X} label="Clear filter" size="small" onClick={() => set('')} />
      )}
    </div>
  );
}
