import { Tag } from '../../components/tag.tsx';
import { ago, exactTime, inTime } from '../../words/time.ts';

const HOUR = 3_600_000;

/** Until when somebody wants it; its colour says when that is near or over. */
export function DeadlineTag({ at, now }: { at: number; now: number }) {
  const over = at <= now;
  const words = over
    ? `Overdue since ${ago(at, now).replace(/^on /, '')}`
    : at - now < 24 * HOUR
      ? `Wanted ${soon(at, now)}`
      : `Wanted by ${new Date(at).toLocaleDateString(undefined, { day: 'numeric', month: 'short' })}`;
  return (
    <span className="deadline" title={exactTime(at)}>
      <Tag tone={over ? 'late' : at - now < HOUR ? 'accent' : 'plain'}>{words}</Tag>
    </span>
  );
}

const soon = (at: number, now: number): string =>
  at - now < 2 * HOUR ? inTime(at, now) : `in ${Math.round((at - now) / HOUR)} h`;
