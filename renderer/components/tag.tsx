import type { ReactNode } from 'react';
import './tag.css';

/** A small label, for what something is: *Practice*, a capability. */
export function Tag({
  children,
  tone = 'plain',
}: {
  children: ReactNode;
  tone?: 'plain' | 'accent' | 'late';
}) {
  return <span className={`tag tag--${tone}`}>{children}</span>;
}

/** A number of things not yet read. */
export function Badge({ text, label }: { text: string; label: string }) {
  return (
    <span className="badge" role="img" aria-label={label}>
      {text}
    </span>
  );
}
