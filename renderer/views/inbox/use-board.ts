import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { AppError, BoardItem, CallInput } from '../../../electron/contract/index.ts';
import { useClient, useMirror } from '../../store/hooks.ts';
import { type BoardFilter, boardCards, type Held } from './board.ts';

/** Cards of one page. */
const PAGE = 60;

interface Read {
  /** The filter that it was read for. */
  readonly key: string;
  readonly items: readonly BoardItem[];
  readonly more: boolean;
}

/** What has been read of the board so far, a page at a time. */
export interface Board {
  readonly cards: readonly BoardItem[];
  /** Null while the first page is on its way. */
  readonly read: boolean;
  readonly more: boolean;
  readonly error: AppError | null;
  /** Reads the next page, where there is one and none is on its way. */
  next(): void;
}

/** What the window holds of both directions. */
export function useHeld(): Held {
  const incoming = useMirror((mirror) => mirror.delegations);
  const outgoing = useMirror((mirror) => mirror.outgoing);
  const unasked = useMirror((mirror) => mirror.unasked);
  return useMemo(() => ({ incoming, outgoing, unasked }), [incoming, outgoing, unasked]);
}

/** A list of the board: its first page, more on demand, and everything as it is now. */
export function useBoard(filter: BoardFilter, held: Held, now: number): Board {
  const client = useClient();
  const key = JSON.stringify(filter);
  const [read, setRead] = useState<Read | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const busy = useRef<string | null>(null);
  const mine = read?.key === key ? read : null;

  const load = useCallback(
    async (wanted: BoardFilter, before: readonly BoardItem[]) => {
      const name = JSON.stringify(wanted);
      if (busy.current === name) return;
      busy.current = name;
      const last = before.at(-1)?.delegation.id;
      const result = await client.call('board.list', inputOf(wanted, last));
      if (busy.current !== name) return;
      busy.current = null;
      setError(result.ok ? null : result.error);
      if (!result.ok) return;
      const { items, more } = result.value;
      setRead({ key: name, items: [...before, ...items], more });
    },
    [client],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: the filter by its content
  useEffect(() => void load(filter, []), [key, load]);

  const items = mine?.items ?? NONE;
  // What waits is sorted by urgency: all that is known of it counts, and not by pages.
  const paged = mine?.more && filter.which !== 'waiting';
  const reaches = paged ? (items.at(-1)?.delegation.id ?? null) : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the filter by its content
  const cards = useMemo(
    () => boardCards(items, held, filter, now, reaches),
    [items, held, key, now, reaches],
  );
  const next = () => {
    if (mine?.more) void load(filter, mine.items);
  };
  useEffect(() => {
    // A page of which nothing belongs here: the next one may have it.
    if (cards.length === 0) next();
  });
  return { cards, read: mine !== null, more: mine?.more ?? false, error, next };
}

const NONE: readonly BoardItem[] = [];

function inputOf(
  { which, direction, peerId, priority, overdue, search }: BoardFilter,
  before: BoardItem['delegation']['id'] | undefined,
): CallInput<'board.list'> {
  return {
    which,
    direction,
    limit: PAGE,
    ...(peerId === null ? {} : { peerId }),
    ...(priority === null ? {} : { priority }),
    ...(overdue ? { overdue } : {}),
    ...(search.trim() === '' ? {} : { search: search.trim() }),
    ...(before === undefined ? {} : { before }),
  };
}
