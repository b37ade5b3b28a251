import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { BoardItem, DelegationId } from '../../../electron/contract/index.ts';
import { DelegationCard } from './delegation-card.tsx';
import { OutgoingCard } from './outgoing-card.tsx';
import { UnaskedCard } from './unasked-card.tsx';
import type { Board } from './use-board.ts';

const GAP = 12;
/** A card before it was measured, px. */
const TALL = 340;
const FLAT = 170;

interface BoardListProps {
  board: Board;
  scroller: RefObject<HTMLElement | null>;
  /** The card that the person is led to. */
  marked: DelegationId | null;
  onOpen: (id: DelegationId) => void;
}

/**
 * The cards, of which only those in sight are in the page, and the one that had the focus last: what is
 * being written into it stays when it is scrolled away.
 */
export function BoardList({ board, scroller, marked, onOpen }: BoardListProps) {
  const { cards, more, next } = board;
  const list = useRef<HTMLUListElement>(null);
  const [offset, setOffset] = useState(0);
  const [focused, setFocused] = useState<string | null>(null);
  const kept = focused === null ? -1 : cards.findIndex((one) => one.delegation.id === focused);
  useLayoutEffect(() => setOffset(list.current?.offsetTop ?? 0), []);
  const virtualizer = useVirtualizer({
    count: cards.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => estimate(cards[index]),
    getItemKey: (index) => cards[index]?.delegation.id ?? index,
    overscan: 3,
    gap: GAP,
    scrollMargin: offset,
    rangeExtractor: (range: Range) => {
      const shown = defaultRangeExtractor(range);
      if (kept < 0 || shown.includes(kept)) return shown;
      return [...shown, kept].sort((a, b) => a - b);
    },
  });
  const items = virtualizer.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (more && last >= cards.length - 8) next();
  });
  return (
    <ul
      className="board"
      aria-label="Work"
      ref={list}
      style={{ height: virtualizer.getTotalSize() }}
      onFocus={(event) => setFocused(cardOf(event.target))}
      // A click on plain words takes the focus to nothing: what is being written stays all the same.
      onBlur={({ relatedTarget }) => {
        if (relatedTarget) setFocused(cardOf(relatedTarget));
      }}
    >
      {items.map((item) => {
        const card = cards[item.index];
        return card ? (
          <li
            key={item.key}
            ref={virtualizer.measureElement}
            data-index={item.index}
            data-card={card.delegation.id}
            className={card.delegation.id === marked ? 'board__marked' : ''}
            aria-posinset={item.index + 1}
            aria-setsize={more ? -1 : cards.length}
            style={{ transform: `translateY(${item.start - offset}px)` }}
          >
            <Card card={card} onOpen={onOpen} />
          </li>
        ) : null;
      })}
    </ul>
  );
}

function Card({ card, onOpen }: { card: BoardItem; onOpen: (id: DelegationId) => void }) {
  switch (card.direction) {
    case 'in':
      return (
        <DelegationCard delegation={card.delegation} onOpen={() => onOpen(card.delegation.id)} />
      );
    case 'out':
      return <OutgoingCard delegation={card.delegation} />;
    case 'unasked':
      return <UnaskedCard work={card.delegation} />;
  }
}

const cardOf = (target: EventTarget | null): string | null =>
  target instanceof HTMLElement
    ? (target.closest<HTMLElement>('[data-card]')?.dataset.card ?? null)
    : null;

function estimate(item: BoardItem | undefined): number {
  return item?.direction === 'in' && item.delegation.state === 'proposed' ? TALL : FLAT;
}
