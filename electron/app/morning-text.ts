/** When a morning status is due, and what it says. Pure. */
import {
  type MorningStatus,
  type OutgoingDelegationView,
  type PeerId,
  writeForm,
} from '../contract/index.ts';

/** One day, ms. */
export const DAY_MS = 86_400_000;
/** So many days are looked through for one that was missed. */
const MOST_MISSED = 400;
/** Topics of one field. */
const NAMED = 8;

const two = (value: number): string => String(value).padStart(2, '0');
/** The local date, `2026-11-21`. */
export const dayOf = (at: number): string => {
  const date = new Date(at);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
};
/** The moment on the local day of `at` that is so many minutes after midnight, as clocks show it. */
export const momentOn = (at: number, minutes: number): number =>
  new Date(at).setHours(Math.floor(minutes / 60), minutes % 60, 0, 0);

/** Local date and time, for a person: *2026-11-21 09:00*. */
export function momentText(at: number): string {
  const date = new Date(at);
  return `${dayOf(at)} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** When the next one is due after `now`, ms since the epoch; local time, so a change of the clocks is followed. */
export function nextDue(schedule: Pick<MorningStatus, 'at' | 'weekdays'>, now: number): number {
  for (let ahead = 0; ahead <= 8; ahead++) {
    const date = new Date(now);
    date.setDate(date.getDate() + ahead);
    const due = momentOn(date.getTime(), schedule.at);
    if (due > now && schedule.weekdays.includes(new Date(due).getDay())) return due;
  }
  return now + DAY_MS;
}

/**
 * The times after `from` and before the local day of `now` at which it was due, oldest first, at most
 * {@link MOST_MISSED}.
 */
export function passedDues(
  schedule: Pick<MorningStatus, 'at' | 'weekdays'>,
  from: number,
  now: number,
): number[] {
  const today = new Date(now).setHours(0, 0, 0, 0);
  const passed: number[] = [];
  let due = nextDue(schedule, from);
  while (due < today && passed.length < MOST_MISSED) {
    passed.push(due);
    due = nextDue(schedule, due);
  }
  return passed;
}

/** What a peer is told, from the board and from what the person wrote. */
export function statusText(
  schedule: MorningStatus,
  peerId: PeerId,
  work: readonly OutgoingDelegationView[],
  since: number,
): string {
  const theirs = work.filter((one) => one.peerId === peerId);
  const list = (all: readonly OutgoingDelegationView[]): string[] =>
    all.slice(0, NAMED).map((one) => `- ${one.topic}`);
  const done = theirs.filter((one) => one.state === 'completed' && one.changedAt > since);
  const stuck = theirs.filter((one) => one.state === 'failed' && one.changedAt > since);
  const going = theirs.filter((one) => ['proposed', 'accepted', 'in_progress'].includes(one.state));
  return writeForm({
    kind: 'status',
    topic: schedule.topic,
    fields: {
      done: list(done).join('\n'),
      blockers: list(stuck).join('\n'),
      focus: schedule.focus,
      need: [schedule.need.trim(), ...list(going)].filter((one) => one !== '').join('\n'),
    },
  });
}
