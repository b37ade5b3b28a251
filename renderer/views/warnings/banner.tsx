import type { ReactNode } from 'react';
import { StatusMark } from '../../components/status-mark.tsx';
import type { Shape } from '../../words/states.ts';
import './banners.css';

interface BannerProps {
  shape: Shape;
  title: string;
  actions?: ReactNode;
  children: ReactNode;
}

/** One line across the window. */
export function Banner({ shape, title, actions, children }: BannerProps) {
  return (
    <div className={`banner banner--${shape}`} role="status">
      <StatusMark shape={shape} />
      <p className="banner__words">
        <strong>{title}</strong> <span>{children}</span>
      </p>
      {actions ? <div className="banner__actions">{actions}</div> : null}
    </div>
  );
}
