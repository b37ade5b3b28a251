import { type RefObject, useEffect } from 'react';

const CARD = '.delegation';
const SAFE = '.button--primary';
/** So long a card may take to appear. */
const FRAMES = 10;

/** The buttons of a card by the key that presses them; each says its key itself. */
const LETTERS = new Set(['A', 'D', 'E', 'O', 'Q', 'R', 'S', 'X']);

/**
 * The keys of the inbox: up and down from card to card, and a key for each thing that can be done with
 * the card that has the focus. Letters work only from a card, and never while somebody writes.
 */
export function useInboxKeys(
  page: RefObject<HTMLElement | null>,
  shown: string,
  onEscape: () => void,
): void {
  useEffect(() => {
    const root = page.current;
    if (!root) return;
    const pressed = (event: KeyboardEvent) => {
      // A dialog over the page keeps its keys; what nobody has the focus for is the page's.
      const { target } = event;
      const here = target === document.body || (target instanceof Node && root.contains(target));
      if (!here || event.defaultPrevented) return;
      if (inboxKey(root, event, onEscape)) event.preventDefault();
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, [page, onEscape]);
  // What had the focus is gone with its card: the next one takes it, at its safe button.
  // biome-ignore lint/correctness/useExhaustiveDependencies: with each change of what is shown
  useEffect(() => {
    let frame = 0;
    const take = (tries: number) => {
      if (document.activeElement && document.activeElement !== document.body) return;
      const button = safeButton(page.current?.querySelector(CARD) ?? null);
      // A list that measures itself first has its cards some frames later.
      if (button) button.focus({ preventScroll: true });
      else if (tries > 0) frame = requestAnimationFrame(() => take(tries - 1));
    };
    take(FRAMES);
    return () => cancelAnimationFrame(frame);
  }, [page, shown]);
}

function inboxKey(root: HTMLElement, event: KeyboardEvent, onEscape: () => void): boolean {
  const target = event.target instanceof HTMLElement ? event.target : null;
  const card = target?.closest<HTMLElement>(CARD) ?? null;
  const writes = target !== null && ['TEXTAREA', 'INPUT', 'SELECT'].includes(target.tagName);
  const back = card?.querySelector<HTMLElement>('[data-back]') ?? null;
  if (event.key === 'Escape') {
    if (back) {
      back.click();
      requestAnimationFrame(() => safeButton(card)?.focus());
    } else if (!writes) onEscape();
    return true;
  }
  if (writes) return false;
  if (event.key === 'ArrowDown' || event.key === 'ArrowUp')
    return move(root, card, event.key === 'ArrowDown' ? 1 : -1);
  if (!card) return false;
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey))
    return press(card, 'Control+Enter');
  const letter = event.key.toUpperCase();
  if (!LETTERS.has(letter) || event.ctrlKey || event.metaKey || event.altKey) return false;
  return press(card, letter);
}

function press(card: HTMLElement, key: string): boolean {
  const button = card.querySelector<HTMLElement>(`[aria-keyshortcuts~="${key}"]`);
  button?.click();
  return button !== null;
}

function move(root: HTMLElement, from: HTMLElement | null, step: 1 | -1): boolean {
  const cards = [...root.querySelectorAll<HTMLElement>(CARD)];
  const at = from ? cards.indexOf(from) : step > 0 ? -1 : cards.length;
  const next = cards[at + step];
  if (!next) return false;
  safeButton(next)?.focus({ preventScroll: true });
  next.scrollIntoView({ block: 'nearest' });
  return true;
}

const safeButton = (card: Element | null): HTMLElement | null =>
  card?.querySelector<HTMLElement>(SAFE) ?? card?.querySelector<HTMLElement>('button') ?? null;
