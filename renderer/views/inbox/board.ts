import {
  type BoardItem,
  type DelegationPriority,
  type DelegationView,
  isOver,
  type OutgoingDelegationView,
  type PeerId,
  type UnaskedView,
} from '../../../electron/contract/index.ts';

/**
 * `waiting` = for the person to decide or answer; `over` = ended in whatever way; `open` = all
 * between.
 */
export type Which = 'waiting' | 'open' | 'over';

/** What the person wants to see of the board. */
export interface BoardFilter {
  readonly which: Which;
  readonly direction: 'in' | 'out' | 'all';
  readonly peerId: PeerId | null;
  readonly priority: DelegationPriority | null;
  readonly overdue: boolean;
  readonly search: string;
}

/**
 * A filter that leaves nothing out of the tab that is chosen; that tab (`which`) is not part of it.
 */
export const NO_FILTER: Omit<BoardFilter, 'which'> = {
  direction: 'all',
  peerId: null,
  priority: null,
  overdue: false,
  search: '',
};

/** True where something of the list is left out. */
export const isFiltered = (filter: BoardFilter): boolean =>
  filter.direction !== 'all' ||
  filter.peerId !== null ||
  filter.priority !== null ||
  filter.overdue ||
  filter.search.trim() !== '';

/** What the window holds by itself, newest values: what is open, and what changed since. */
export interface Held {
  readonly incoming: ReadonlyMap<string, DelegationView>;
  readonly outgoing: ReadonlyMap<string, OutgoingDelegationView>;
  readonly unasked: ReadonlyMap<string, UnaskedView>;
}

const weight: Readonly<Record<DelegationPriority, number>> = {
  urgent: 0,
  high: 1,
  normal: 2,
  low: 3,
};

const newestFirst = (a: BoardItem, b: BoardItem): number =>
  a.delegation.id < b.delegation.id ? 1 : -1;

/** The urgent first, then the newest. */
const urgentFirst = (a: BoardItem, b: BoardItem): number =>
  weight[a.delegation.priority] - weight[b.delegation.priority] || newestFirst(a, b);

const putOff = (item: BoardItem, now: number): boolean =>
  item.direction === 'in' && (item.delegation.snoozedUntil ?? 0) > now;

/** Waits for the person: to decide, or to answer a question. */
const waits = ({ direction, delegation: { state } }: BoardItem): boolean => {
  switch (direction) {
    case 'in':
      return state === 'proposed';
    case 'out':
      return state === 'asked_back';
    case 'unasked':
      return false;
  }
};

function belongs(item: BoardItem, which: Which, now: number): boolean {
  if (isOver(item.delegation.state)) return which === 'over';
  if (which === 'over') return false;
  return waits(item) ? which === 'waiting' && !putOff(item, now) : which === 'open';
}

function fits(item: BoardItem, filter: BoardFilter, now: number): boolean {
  const { delegation: one } = item;
  const side = item.direction === 'out' ? 'out' : 'in';
  if (filter.direction !== 'all' && filter.direction !== side) return false;
  if (filter.peerId !== null && filter.peerId !== one.peerId) return false;
  if (filter.priority !== null && filter.priority !== one.priority) return false;
  return !filter.overdue || isOverdue(one, now);
}

/** It should have been done, and is not. */
export const isOverdue = (
  one: Pick<DelegationView, 'deadlineAt' | 'state'>,
  now: number,
): boolean => one.deadlineAt !== null && one.deadlineAt <= now && !isOver(one.state);

function says(item: BoardItem, search: string): boolean {
  const words = search.trim().toLowerCase();
  if (words === '') return true;
  const texts = wordsOf(item);
  return texts.some((text) => text.toLowerCase().includes(words));
}

function wordsOf(item: BoardItem): readonly string[] {
  switch (item.direction) {
    case 'in':
      return [item.delegation.caller, item.delegation.topic ?? '', item.delegation.text];
    case 'out':
      return [item.delegation.peer, item.delegation.topic, item.delegation.task];
    case 'unasked':
      return [item.delegation.sender, item.delegation.topic, item.delegation.text];
  }
}

/** An item as it is now. */
function latest(item: BoardItem, held: Held): BoardItem {
  const { id } = item.delegation;
  switch (item.direction) {
    case 'in':
      return { direction: 'in', delegation: held.incoming.get(id) ?? item.delegation };
    case 'out':
      return { direction: 'out', delegation: held.outgoing.get(id) ?? item.delegation };
    case 'unasked':
      return { direction: 'unasked', delegation: held.unasked.get(id) ?? item.delegation };
  }
}

/** Everything that the window holds, as cards. */
export function* heldItems(held: Held): Generator<BoardItem> {
  for (const delegation of held.incoming.values()) yield { direction: 'in', delegation };
  for (const delegation of held.outgoing.values()) yield { direction: 'out', delegation };
  for (const delegation of held.unasked.values()) yield { direction: 'unasked', delegation };
}

/**
 * The cards of a list: what was read from the app and what came since, each once and as it is now.
 * @param read pages of the app for this filter; the search was done there, over whole texts.
 * @param reaches the oldest that was read: what the window holds from before it comes with its page;
 *   null = the app has no more.
 */
export function boardCards(
  read: readonly BoardItem[],
  held: Held,
  filter: BoardFilter,
  now: number,
  reaches: string | null,
): readonly BoardItem[] {
  const all = new Map<string, BoardItem>();
  for (const item of read) all.set(item.delegation.id, latest(item, held));
  for (const item of heldItems(held)) {
    const { id } = item.delegation;
    if (all.has(id) || (reaches !== null && id < reaches)) continue;
    if (says(item, filter.search)) all.set(id, item);
  }
  return [...all.values()]
    .filter((item) => belongs(item, filter.which, now) && fits(item, filter, now))
    .toSorted(filter.which === 'waiting' ? urgentFirst : newestFirst);
}

/** How much of a peer's list may be missing: what runs unasked, for somebody who is no peer that we know. */
export function nobodys(held: Held, { which, direction, peerId }: BoardFilter): number {
  if (peerId === null || which !== 'open' || direction === 'out') return 0;
  let found = 0;
  for (const work of held.unasked.values())
    if (work.peerId === null && !isOver(work.state)) found++;
  return found;
}

/** What the person put off, soonest first. */
export const putOffCards = (held: Held, now: number): readonly DelegationView[] =>
  [...held.incoming.values()]
    .filter((one) => one.state === 'proposed' && (one.snoozedUntil ?? 0) > now)
    .toSorted((a, b) => (a.snoozedUntil ?? 0) - (b.snoozedUntil ?? 0));

/** How many cards the window knows of for each list that is not over. */
export function counts(held: Held, now: number): Readonly<Record<'waiting' | 'open', number>> {
  let waiting = 0;
  let open = 0;
  for (const item of heldItems(held)) {
    if (belongs(item, 'waiting', now)) waiting += 1;
    else if (belongs(item, 'open', now)) open += 1;
  }
  return { waiting, open };
}
