/** Times as people say them: relative under a day, absolute beyond; the exact one on hover. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const clock = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const dayMonth = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const dayMonthYear = new Intl.DateTimeFormat(undefined, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
});
const weekday = new Intl.DateTimeFormat(undefined, {
  weekday: 'long',
  day: 'numeric',
  month: 'long',
});
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

/** *14:02* in the reader's zone. */
export const clockTime = (at: number): string => clock.format(at);

/** The whole of it, for a tooltip. */
export const exactTime = (at: number): string => exact.format(at);

/** *now*, *3 min*, *5 h*, then *12 Nov*. */
export function shortAge(at: number, now: number): string {
  const age = now - at;
  if (age < MINUTE) return 'now';
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h`;
  return onDay(at, now);
}

/** *Monday at 9:00*, of a moment within a week. */
export const dayAndTime = (at: number): string =>
  `${new Date(at).toLocaleDateString(undefined, { weekday: 'long' })} at ${clockTime(at)}`;

/** *just now*, *3 min ago*, *5 h ago*, then *on 12 Nov*. */
export function ago(at: number, now: number): string {
  const age = now - at;
  if (age < MINUTE) return 'just now';
  return age < DAY ? `${shortAge(at, now)} ago` : `on ${onDay(at, now)}`;
}

/** *in 20 s*, *in 3 min*; *now* once it is due. */
export function inTime(at: number, now: number): string {
  const left = Math.ceil((at - now) / 1_000);
  if (left <= 0) return 'now';
  return left < 90 ? `in ${left} s` : `in ${Math.round(left / 60)} min`;
}

/** The heading above the messages of one day. */
export function dayHeading(at: number, now: number): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / DAY);
  if (days === 0) return 'Today';
  if (days === 1) return 'Yesterday';
  return sameYear(at, now) ? weekday.format(at) : dayMonthYear.format(at);
}

/** A number that is the same for all moments of one local day. */
export const startOfDay = (at: number): number => new Date(at).setHours(0, 0, 0, 0);

/** *8 ms*, *1.2 s*. */
export const milliseconds = (ms: number): string =>
  ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;

const onDay = (at: number, now: number): string =>
  sameYear(at, now) ? dayMonth.format(at) : dayMonthYear.format(at);

const sameYear = (a: number, b: number): boolean =>
  new Date(a).getFullYear() === new Date(b).getFullYear();
