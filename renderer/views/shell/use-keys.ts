import { useEffect } from 'react';
import type { Client } from '../../store/client.ts';
import { useClient } from '../../store/hooks.ts';
import type { PaneName } from '../../store/ui-state.ts';

/** The ids of the three panes, for moving the focus between them. */
export const PANE_IDS: Readonly<Record<PaneName, string>> = {
  list: 'pane-list',
  thread: 'pane-thread',
  details: 'pane-details',
};

/** What takes the focus in a pane, the best first. */
const PANE_FOCUS: Readonly<Record<PaneName, readonly string[]>> = {
  list: ['[role="listbox"]', 'input'],
  thread: ['textarea', 'button'],
  details: ['.details__scroll', 'button'],
};

/** Puts the focus into a pane, showing it first where it is hidden. */
export function focusPane(client: Client, pane: PaneName): void {
  if (pane === 'details') client.navigation.showDetails();
  else client.ui.setState({ pane, drawerOpen: false });
  requestAnimationFrame(() => {
    const root = document.getElementById(PANE_IDS[pane]);
    const targets = PANE_FOCUS[pane].map((one) => root?.querySelector<HTMLElement>(one));
    targets.find((target) => target)?.focus();
  });
}

/** The keys that work everywhere. */
export function useKeys(): void {
  const client = useClient();
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (globalKey(client, event)) event.preventDefault();
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, [client]);
}

/** By the key's place, since Alt makes other characters of them on a Mac. */
const panes: Readonly<Record<string, PaneName>> = {
  Digit1: 'list',
  Digit2: 'thread',
  Digit3: 'details',
};

function globalKey(client: Client, event: KeyboardEvent): boolean {
  const { ui, navigation } = client;
  const { dialog, palette } = ui.getState();
  const mod = event.ctrlKey || event.metaKey;
  const key = event.key.toLowerCase();
  const pane = panes[event.code];
  if (mod && !event.shiftKey && key === 'k') {
    if (dialog) return false;
    ui.setState({ palette: !palette });
    return true;
  }
  if (dialog || palette || event.defaultPrevented) return false;
  if (event.key === 'Escape') return stepBack(client);
  if (mod && key === 'f') navigation.show({ kind: 'search' });
  else if (mod && key === ',') navigation.show({ kind: 'settings', section: 'look' });
  else if (mod && key === 'n') navigation.show({ kind: 'connect' });
  else if (event.altKey && !mod && event.code === 'KeyN') navigation.show({ kind: 'connect' });
  else if (event.altKey && !mod && pane) focusPane(client, pane);
  else if (event.key === '?' && !isTyping(event.target)) navigation.show({ kind: 'keys' });
  else return false;
  return true;
}

/** Esc goes one pane to the left. */
function stepBack(client: Client): boolean {
  const focused = document.activeElement;
  const inside = (pane: PaneName) =>
    document.getElementById(PANE_IDS[pane])?.contains(focused) ?? false;
  if (inside('details')) focusPane(client, 'thread');
  else if (inside('thread')) focusPane(client, 'list');
  else return false;
  return true;
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));
