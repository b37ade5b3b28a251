import { useLate } from './use-late.ts';
import './skeleton.css';

/** Where something will be. Appears only if it takes longer than a glance. */
export function Skeleton({ rows, label }: { rows: number; label: string }) {
  const late = useLate(true);
  return (
    <div className="skeleton" role="status" aria-label={label}>
      {late
        ? Array.from({ length: rows }, (_, row) => (
            // The rows are all alike and never move.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <span key={row} className={`skeleton__row skeleton__row--${row % 3}`} />
          ))
        : null}
    </div>
  );
}
