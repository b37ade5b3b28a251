import { Search } from 'lucide-react';
import { useId, useMemo } from 'react';
import { DelegationPriority, PeerId } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Segments } from '../../components/segments.tsx';
import { useMirror } from '../../store/hooks.ts';
import { type BoardFilter, isFiltered, NO_FILTER } from './board.ts';

interface BoardBarProps {
  filter: BoardFilter;
  onChange: (changes: Partial<BoardFilter>) => void;
}

const priorities = [
  { value: '', text: 'Any priority' },
  { value: 'urgent', text: 'Urgent' },
  { value: 'high', text: 'High' },
  { value: 'normal', text: 'Normal' },
  { value: 'low', text: 'Low' },
] as const;

/** Which cards are shown: direction, peer, priority, what is late, and words. */
export function BoardBar({ filter, onChange }: BoardBarProps) {
  const peers = useMirror((mirror) => mirror.peers);
  const named = useMemo(
    () =>
      [...peers.values()]
        .map(({ id, name }) => ({ value: id as string, text: name }))
        .toSorted((a, b) => a.text.localeCompare(b.text)),
    [peers],
  );
  const search = useId();
  return (
    <search className="board-bar" aria-label="Filter">
      <Segments
        label="Direction"
        value={filter.direction}
        options={[
          { value: 'all', text: 'All' },
          { value: 'in', text: 'Asked of us' },
          { value: 'out', text: 'Asked of others' },
        ]}
        onChange={(direction) => onChange({ direction })}
      />
      <Pick
        label="Peer"
        value={filter.peerId ?? ''}
        options={[{ value: '', text: 'Any peer' }, ...named]}
        onPick={(value) => onChange({ peerId: PeerId.safeParse(value).data ?? null })}
      />
      <Pick
        label="Priority"
        value={filter.priority ?? ''}
        options={priorities}
        onPick={(value) => onChange({ priority: DelegationPriority.safeParse(value).data ?? null })}
      />
      <label className="board-bar__late">
        <input
          type="checkbox"
          checked={filter.overdue}
          onChange={(event) => onChange({ overdue: event.target.checked })}
        />
        Overdue
      </label>
      <div className="board-bar__search">
        <Search aria-hidden="true" />
        <input
          id={search}
          type="search"
          className="input"
          placeholder="Search"
          aria-label="Search in the work"
          maxLength={200}
          value={filter.search}
          onChange={(event) => onChange({ search: event.target.value })}
        />
      </div>
      {isFiltered(filter) ? (
        <Button size="small" look="quiet" onClick={() => onChange(NO_FILTER)}>
          Show all
        </Button>
      ) : null}
    </search>
  );
}

interface PickProps {
  label: string;
  value: string;
  options: readonly { readonly value: string; readonly text: string }[];
  onPick: (value: string) => void;
}

function Pick({ label, value, options, onPick }: PickProps) {
  return (
    <select
      className={`input input--pick board-bar__pick ${value === '' ? '' : 'board-bar__pick--set'}`}
      aria-label={label}
      value={value}
      onChange={(event) => onPick(event.target.value)}
    >
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.text}
        </option>
      ))}
    </select>
  );
}
