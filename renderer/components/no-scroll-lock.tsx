/**
 * Stands in for `react-remove-scroll` inside the Radix dialogs and menus: that one adds an inline
 * style element, which our CSP refuses. The page itself never scrolls, so there is nothing to lock.
 */
import { Slot } from 'radix-ui';
import type { ComponentProps, ReactNode } from 'react';

interface NoScrollLockProps extends ComponentProps<'div'> {
  as?: unknown;
  allowPinchZoom?: boolean;
  shards?: unknown;
  enabled?: boolean;
  children?: ReactNode;
}

/** Renders its one child, unchanged. */
export function RemoveScroll({
  as: _as,
  allowPinchZoom: _pinch,
  shards: _shards,
  enabled: _enabled,
  ...rest
}: NoScrollLockProps) {
  return <Slot.Root {...rest} />;
}
