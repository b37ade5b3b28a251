import { useLayoutEffect, useRef } from 'react';

/** Where a dialog that just closed would give the focus, as long as it has not: the next one gives it there. */
let waiting: HTMLElement | null = null;

/** What has the focus now; or had it before the dialog that this one follows. */
export function focusBefore(): HTMLElement | null {
  const { activeElement } = document;
  return activeElement instanceof HTMLElement && activeElement !== document.body
    ? activeElement
    : waiting;
}

/** Gives the focus back to what had it before a dialog that no button of Radix's opened. */
export function useFocusReturn(): { opening: () => void; closed: (event: Event) => void } {
  const before = useRef<HTMLElement | null>(null);
  useLayoutEffect(
    () => () => {
      waiting = before.current;
    },
    [],
  );
  return {
    opening: () => {
      before.current = focusBefore();
    },
    closed: (event) => {
      event.preventDefault();
      if (waiting === before.current) waiting = null;
      if (document.activeElement === document.body && before.current?.isConnected)
        before.current.focus();
    },
  };
}
