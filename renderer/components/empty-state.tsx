import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import './empty-state.css';

interface EmptyStateProps {
  icon: LucideIcon;
  title: string;
  /** What would stand here, or how something comes to stand here. */
  text: ReactNode;
  /** The heading's level: 3 on a page, which has a title of its own. */
  level?: 2 | 3;
  /** What can be done next. */
  children?: ReactNode;
}

/** Stands where nothing is yet: what belongs there, and the next step. One look for all places. */
export function EmptyState({ icon: Icon, title, text, level = 3, children }: EmptyStateProps) {
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <div className="empty-state">
      <Icon aria-hidden="true" />
      <Heading>{title}</Heading>
      <p>{text}</p>
      {children}
    </div>
  );
}
