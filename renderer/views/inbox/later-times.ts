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
