import { type DelegationView, isOver } from '../../../electron/contract/index.ts';

/** What the inbox shows at once: what waits, what was put off, and what goes on. Newest first each. */
export interface OpenWork {
  readonly waiting: readonly DelegationView[];
  readonly later: readonly DelegationView[];
  readonly underWay: readonly DelegationView[];
}

const weight: Readonly<Record<DelegationView['priority'], number>> = {
  urgent: 0,
  high: 1,
  normal: 2,
  low: 3,
};

const newestFirst = (a: DelegationView, b: DelegationView): number =>
  b.receivedAt - a.receivedAt || (a.id < b.id ? 1 : -1);

/** The urgent first, then the newest. */
const urgentFirst = (a: DelegationView, b: DelegationView): number =>
  weight[a.priority] - weight[b.priority] || newestFirst(a, b);

/** Sorts what the window holds into the lists of the inbox. `now`: ms since the epoch. */
export function openWork(all: Iterable<DelegationView>, now: number): OpenWork {
  const open = [...all].filter((one) => !isOver(one.state));
  const proposed = open.filter((one) => one.state === 'proposed');
  const putOff = (one: DelegationView) => (one.snoozedUntil ?? 0) > now;
  return {
    waiting: proposed.filter((one) => !putOff(one)).toSorted(urgentFirst),
    later: proposed
      .filter(putOff)
      .toSorted((a, b) => (a.snoozedUntil ?? 0) - (b.snoozedUntil ?? 0)),
    underWay: open.filter((one) => one.state !== 'proposed').toSorted(newestFirst),
  };
}

/** What is over: what was read from the app, and what ended since, each once and as it is now. */
export function overWork(
  read: readonly DelegationView[],
  held: ReadonlyMap<string, DelegationView>,
): readonly DelegationView[] {
  const all = new Map(read.map((one) => [one.id as string, one]));
  for (const [id, one] of held) if (isOver(one.state)) all.set(id, one);
  return [...all.values()].toSorted(newestFirst);
}

/** A time to which work can be put off. */
export interface Later {
  readonly text: string;
  /** Ms since the epoch. */
  readonly until: number;
}

const EVENING = 18;
const MORNING = 9;

/** The times that are offered, in the reader's zone. The evening only while it is well ahead. */
export function laterTimes(now: number): readonly Later[] {
  const at = (days: number, hour: number): number => {
    const date = new Date(now);
    date.setDate(date.getDate() + days);
    return date.setHours(hour, 0, 0, 0);
  };
  const hour = 3_600_000;
  const evening = at(0, EVENING);
  return [
    { text: 'In an hour', until: now + hour },
    ...(evening - now > 2 * hour ? [{ text: 'This evening', until: evening }] : []),
    { text: 'Tomorrow morning', until: at(1, MORNING) },
    { text: 'In a week', until: at(7, MORNING) },
  ];
}
