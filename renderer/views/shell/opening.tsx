import { useEffect, useLayoutEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import { keepFromDialogs } from '../../components/beside-dialogs.ts';
import { focusBefore } from '../../components/focus-return.ts';
import { layers } from '../../components/layers.ts';
import '../../components/dialog.css';

/**
 * Stands where a dialog is about to be, while its code is on the way: takes the focus and the pointer, so that
 * no key still goes into what lies behind it. Esc calls the dialog off. What had the focus has it again when
 * the dialog comes, which then knows where to give it back.
 */
export function Opening({ onClose }: { onClose: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });
  // Before effects: the dialog looks for what has the focus as soon as it is there.
  useLayoutEffect(() => {
    const own = place.current;
    let before = focusBefore();
    // A menu that led here gives the focus back a moment after it closed.
    const end = keepFromDialogs(({ type, target }) => {
      if (type === 'focusin' && target !== own && target instanceof HTMLElement) {
        before = target;
        own?.focus();
      }
      return true;
    });
    const pressed = (event: KeyboardEvent) => {
      event.stopImmediatePropagation();
      if (event.key === 'Tab') event.preventDefault();
      if (event.key === 'Escape') close.current();
    };
    window.addEventListener('keydown', pressed, { capture: true });
    own?.focus();
    return () => {
      end();
      window.removeEventListener('keydown', pressed, { capture: true });
      if (before?.isConnected) before.focus();
    };
  }, []);
  return createPortal(
    <>
      <div className="dialog-shade" />
      <div ref={place} className="unseen" role="status" tabIndex={-1}>
        Opening
      </div>
    </>,
    layers(),
  );
}
