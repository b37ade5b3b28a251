import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { PeerId } from '../../../electron/contract/index.ts';
import { useMedia } from '../../components/use-media.ts';
import { useClient, useMirror, useUi } from '../../store/hooks.ts';
import type { ListLine } from '../../store/peer-order.ts';
import { focusPane } from '../shell/use-keys.ts';
import { PeerOption } from './peer-option.tsx';

/** The list itself, so that the filter can hand the focus over. */
export const LIST_ID = 'peer-list';

const HEADING = 28;
const ROW = { comfortable: 44, compact: 32 } as const;

/** The id of a row, for `aria-activedescendant`. */
const optionId = (key: string): string => `peer-${key}`;

interface PeerListProps {
  lines: readonly ListLine[];
  filter: string;
}

/**
 * The peers, of which only those in sight are in the page. The list itself holds the focus and
 * points at its active row by id, so a row that moves or scrolls away never takes it along.
 */
export function PeerList({ lines, filter }: PeerListProps) {
  const client = useClient();
  const selected = useUi((ui) => ui.peerId);
  const density = useMirror((mirror) => mirror.settings.density);
  const [active, setActive] = useState<string | null>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const row = ROW[density];
  // On a touch screen the focus would bring up the keyboard, which nobody asked for.
  const touch = useMedia('(hover: none)');
  const virtualizer = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (lines[index]?.kind === 'heading' ? HEADING : row),
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 6,
    paddingEnd: 8,
  });
  // Sizes are known, not measured: a new order or density only needs them read again.
  // biome-ignore lint/correctness/useExhaustiveDependencies: lines and row are what sizes depend on
  useEffect(() => virtualizer.measure(), [virtualizer, lines, row]);

  const current = active ?? selected;
  const items = virtualizer.getVirtualItems();
  const mounted = items.some((item) => lines[item.index]?.key === current);

  const open = (key: string) => {
    setActive(key);
    const peerId = PeerId.safeParse(key);
    if (!peerId.success) return;
    void client.navigation.openPeer(peerId.data);
    if (!touch) focusPane(client, 'thread');
  };
  const press = (event: KeyboardEvent) => {
    if ((event.key === 'Enter' || event.key === ' ') && current) {
      event.preventDefault();
      open(current);
      return;
    }
    const to = target(
      lines,
      current,
      event.key,
      Math.floor((scroller.current?.clientHeight ?? 0) / row),
    );
    if (to === null) return;
    event.preventDefault();
    setActive(lines[to]?.key ?? null);
    virtualizer.scrollToIndex(to, { align: 'auto' });
  };

  if (lines.length === 0) return <NothingFits filter={filter} />;
  return (
    <div className="peer-scroll" ref={scroller}>
      <div
        id={LIST_ID}
        className="peer-list"
        role="listbox"
        tabIndex={0}
        aria-label="Peers"
        aria-activedescendant={current && mounted ? optionId(current) : undefined}
        style={{ height: virtualizer.getTotalSize() }}
        onKeyDown={press}
      >
        {items.map((item) => {
          const line = lines[item.index];
          if (!line) return null;
          const style = { height: item.size, transform: `translateY(${item.start}px)` };
          return line.kind === 'heading' ? (
            <div key={item.key} className="peer-heading" role="presentation" style={style}>
              <bdi className="clip" title={line.text}>
                {line.text}
              </bdi>
              <span className="numbers">{line.count.toLocaleString()}</span>
            </div>
          ) : (
            <PeerOption
              key={item.key}
              id={optionId(line.key)}
              peerId={line.peerId}
              selected={line.peerId === selected}
              active={line.key === current}
              style={style}
              onOpen={open}
            />
          );
        })}
      </div>
    </div>
  );
}

/** Which line a key goes to, or null where the key is not for the list. */
function target(
  lines: readonly ListLine[],
  current: string | null,
  key: string,
  page: number,
): number | null {
  const at = lines.findIndex((line) => line.key === current);
  switch (key) {
    case 'ArrowDown':
      return nearestPeer(lines, at + 1, 1);
    case 'ArrowUp':
      return nearestPeer(lines, at - 1, -1);
    case 'PageDown':
      return nearestPeer(lines, Math.min(lines.length - 1, at + page), -1);
    case 'PageUp':
      return nearestPeer(lines, Math.max(0, at - page), 1);
    case 'Home':
      return nearestPeer(lines, 0, 1);
    case 'End':
      return nearestPeer(lines, lines.length - 1, -1);
    default:
      return null;
  }
}

function nearestPeer(lines: readonly ListLine[], from: number, step: 1 | -1): number | null {
  for (let at = from; at >= 0 && at < lines.length; at += step) {
    if (lines[at]?.kind === 'peer') return at;
  }
  return null;
}

function NothingFits({ filter }: { filter: string }) {
  const client = useClient();
  return (
    <div className="peer-none">
      <p>No peer fits “{filter.trim()}”</p>
      <button type="button" onClick={() => client.ui.setState({ filter: '' })}>
        Show all
      </button>
    </div>
  );
}
