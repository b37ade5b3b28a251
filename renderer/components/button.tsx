import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';
import { Hint } from './hint.tsx';
import './button.css';

interface ButtonProps extends ComponentProps<'button'> {
  look?: 'primary' | 'plain' | 'quiet' | 'danger';
  size?: 'normal' | 'small';
  icon?: LucideIcon;
  busy?: boolean;
}

/** A button with a word on it. Busy keeps its width, so that nothing beside it moves. */
export function Button({
  look = 'plain',
  size = 'normal',
  icon: Icon,
  busy = false,
  className = '',
  children,
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      className={`button button--${look} button--${size} ${className}`}
      aria-busy={busy}
      disabled={disabled || busy}
      {...rest}
    >
      {Icon ? <Icon className="button__icon" aria-hidden="true" /> : null}
      <span className="button__label">{children}</span>
      {busy ? <span className="button__spinner" aria-hidden="true" /> : null}
    </button>
  );
}

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  icon: LucideIcon;
  /** What it does: its name for screen readers, and its hint on hover. */
  label: string;
  keys?: string;
  size?: 'normal' | 'small';
  /** A number in its corner. */
  badge?: string | undefined;
}

/** A button with only an icon; its name shows on hover and focus. */
export function IconButton({
  icon: Icon,
  label,
  keys,
  size = 'normal',
  badge,
  className = '',
  ...rest
}: IconButtonProps) {
  return (
    <Hint text={label} {...(keys ? { keys } : {})}>
      <button
        type="button"
        className={`icon-button icon-button--${size} ${className}`}
        aria-label={badge ? `${label}, ${badge}` : label}
        {...rest}
      >
        <Icon aria-hidden="true" />
        {badge ? (
          <span className="icon-button__badge" aria-hidden="true">
            {badge}
          </span>
        ) : null}
      </button>
    </Hint>
  );
}
