import { Tooltip } from 'radix-ui';
import type { ReactElement } from 'react';
import { layers } from './layers.ts';
import './hint.css';

interface HintProps {
  text: string;
  /** The keys that do the same. */
  keys?: string;
  side?: 'top' | 'bottom' | 'left' | 'right';
  children: ReactElement;
}

/** A few words about what is under the pointer, or has the focus. */
export function Hint({ text, keys, side = 'bottom', children }: HintProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal container={layers()}>
        <Tooltip.Content className="hint" side={side} sideOffset={4} collisionPadding={8}>
          {text}
          {keys ? <kbd className="hint__keys">{keys}</kbd> : null}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}

/** Once around the whole window. */
export const HintProvider = Tooltip.Provider;
