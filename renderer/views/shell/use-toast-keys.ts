import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import { keepFromDialogs } from '../../components/beside-dialogs.ts';
import type { Toast, Toasts } from '../../store/toasts.ts';

/**
 * The toasts by keyboard, also beside an open dialog: F6 goes to the newest and back, Esc puts away the one
 * that has the focus, and the focus goes back to where it came from when its toast goes.
 */
export function useToastKeys(
  place: RefObject<HTMLElement | null>,
  toasts: readonly Toast[],
  store: Toasts,
): void {
  const before = useRef<HTMLElement | null>(null);
  const inside = useRef(false);
  const any = toasts.length > 0;

  useEffect(() => {
    const own = place.current;
    if (!any || !own) return;
    const within = (target: EventTarget | null): boolean =>
      target instanceof Node && own.contains(target);
    const end = keepFromDialogs(({ type, target, relatedTarget }) => {
      const [from, to] = type === 'focusin' ? [relatedTarget, target] : [target, relatedTarget];
      if (type === 'focusin') {
        if (within(to) && !within(from) && from instanceof HTMLElement) before.current = from;
        inside.current = within(to);
        store.hold(inside.current);
      }
      return within(to);
    });
    const pressed = (event: KeyboardEvent) => {
      const { activeElement } = document;
      if (event.key === 'F6') {
        if (within(activeElement)) goBack(before.current);
        else
          [...own.querySelectorAll<HTMLElement>('.toast')].at(-1)?.querySelector('button')?.focus();
      } else if (event.key === 'Escape' && within(activeElement)) {
        const row = activeElement?.closest<HTMLElement>('[data-toast]');
        store.dismiss(Number(row?.dataset.toast));
      } else return;
      // A dialog that is open is not to be closed by it.
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    window.addEventListener('keydown', pressed, { capture: true });
    return () => {
      end();
      window.removeEventListener('keydown', pressed, { capture: true });
    };
  }, [place, any, store]);

  // The element with the focus is gone, and the focus with it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs whenever a toast came or went
  useLayoutEffect(() => {
    if (!inside.current || place.current?.contains(document.activeElement)) return;
    inside.current = false;
    store.hold(false);
    if (document.activeElement === document.body) goBack(before.current);
  }, [toasts]);
}

/** Where the focus was; else into the dialog that is open. */
function goBack(before: HTMLElement | null): void {
  const dialogs = document.querySelectorAll<HTMLElement>('[role="dialog"]');
  const target = before?.isConnected ? before : [...dialogs].at(-1);
  if (target) target.focus();
  else if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
}
