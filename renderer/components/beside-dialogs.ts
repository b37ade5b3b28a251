/**
 * Dialogs and menus hold the focus by listening at the document. What stands beside them and may have the
 * focus as well keeps such a move from them, one step before it gets there; the window's own handlers have
 * had it by then.
 * @param belongs whether a move is none of the dialogs' business
 * @returns ends it.
 */
export function keepFromDialogs(belongs: (event: FocusEvent) => boolean): () => void {
  const root = document.documentElement;
  const kept = (event: FocusEvent) => {
    if (belongs(event)) event.stopPropagation();
  };
  root.addEventListener('focusin', kept);
  root.addEventListener('focusout', kept);
  return () => {
    root.removeEventListener('focusin', kept);
    root.removeEventListener('focusout', kept);
  };
}
