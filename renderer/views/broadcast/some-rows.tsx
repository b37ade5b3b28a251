import { type ReactNode, useState } from 'react';
import { Button } from '../../components/button.tsx';
import { counted } from '../../words/count.ts';

/** Rows that are put into the page at a time: a broadcast may have thousands. */
const STEP = 100;

interface SomeRowsProps<T> {
  label: string;
  className: string;
  rows: readonly T[];
  keyOf: (row: T) => string;
  children: (row: T) => ReactNode;
}

/** A list of which the beginning is shown, and more on demand. */
export function SomeRows<T>({ label, className, rows, keyOf, children }: SomeRowsProps<T>) {
  const [shown, setShown] = useState(STEP);
  const left = rows.length - shown;
  return (
    <>
      <ul className={className} aria-label={label}>
        {rows.slice(0, shown).map((row) => (
          <li key={keyOf(row)}>{children(row)}</li>
        ))}
      </ul>
      {left > 0 ? (
        <Button size="small" look="quiet" onClick={() => setShown(shown + STEP)}>
          Show {counted(Math.min(left, STEP), 'more', 'more')} of {counted(left, 'row')}
        </Button>
      ) : null}
    </>
  );
}
