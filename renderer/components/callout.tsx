import { type ReactNode, useEffect, useRef } from 'react';
import type { Shape } from '../words/states.ts';
import { StatusMark } from './status-mark.tsx';
import './callout.css';

/**
 * How much a callout asks for: a word to know, something to look at, something that is wrong,
 * something that went well.
 */
export type Tone = 'info' | 'warning' | 'problem' | 'good';

const shapes: Readonly<Record<Tone, Shape>> = {
  info: 'down',
  warning: 'partial',
  problem: 'needs_you',
  good: 'up',
};

interface CalloutProps {
  tone: Tone;
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  /** Read out when it appears. */
  announce?: boolean;
}

/** Something that happened, why, and what can be done about it. */
export function Callout({ tone, title, children, actions, announce = false }: CalloutProps) {
  const note = useRef<HTMLDivElement>(null);
  // A dialog may be longer than the window: what is said below its edge would be said to nobody.
  useEffect(() => {
    if (announce && note.current?.closest('[role="dialog"]'))
      note.current.scrollIntoView({ block: 'nearest' });
  }, [announce]);
  return (
    <div
      ref={note}
      className={`callout callout--${tone}`}
      {...(announce ? { role: 'status' } : {})}
    >
      <span className="callout__mark">
        <StatusMark shape={shapes[tone]} />
      </span>
      <div className="callout__words">
        <p className="callout__title">{title}</p>
        {children ? <div className="callout__text">{children}</div> : null}
        {actions ? <div className="callout__actions">{actions}</div> : null}
      </div>
    </div>
  );
}
