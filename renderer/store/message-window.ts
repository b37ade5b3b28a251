import type { MessageId, MessagePage, MessageView } from '../../electron/contract/index.ts';

/**
 * The part of a thread that is loaded: one unbroken run of messages by `order`. The newest hundred
 * at first, older and newer pages on demand.
 */
export interface MessageWindow {
  readonly messages: readonly MessageView[];
  readonly hasOlder: boolean;
  readonly hasNewer: boolean;
}

/** The window that a page makes when it is the first. */
export const windowOf = (page: MessagePage): MessageWindow => ({
  messages: byOrder(page.messages),
  hasOlder: page.hasOlder,
  hasNewer: page.hasNewer,
});

/** Adds a page to one end. What is there already is replaced, so overlap is harmless. */
export function joinPage(
  window: MessageWindow,
  page: MessagePage,
  direction: 'older' | 'newer',
): MessageWindow {
  const ids = new Set(page.messages.map((message) => message.id));
  const kept = window.messages.filter((message) => !ids.has(message.id));
  return {
    messages: byOrder([...page.messages, ...kept]),
    hasOlder: direction === 'older' ? page.hasOlder : window.hasOlder,
    hasNewer: direction === 'newer' ? page.hasNewer : window.hasNewer,
  };
}

/** Puts one message in, or leaves it out where it lies beyond what is loaded. */
export function putMessage(window: MessageWindow, message: MessageView): MessageWindow {
  const at = window.messages.findIndex((other) => other.id === message.id);
  if (at >= 0 && window.messages[at]?.order === message.order) {
    return { ...window, messages: window.messages.with(at, message) };
  }
  const others = at >= 0 ? window.messages.toSpliced(at, 1) : window.messages;
  const first = others[0];
  const last = others.at(-1);
  if (first && message.order < first.order && window.hasOlder) return window;
  if (last && message.order > last.order && window.hasNewer) return window;
  if (!last || message.order > last.order) return { ...window, messages: [...others, message] };
  return { ...window, messages: byOrder([...others, message]) };
}

/** Takes one message out. */
export function dropMessage(window: MessageWindow, id: MessageId | string): MessageWindow {
  const messages = window.messages.filter((message) => message.id !== id);
  return messages.length === window.messages.length ? window : { ...window, messages };
}

/** How an `append` fits: it applies, it is old news, or something between was missed. */
export type AppendOutcome = { kind: 'applied'; window: MessageWindow } | { kind: 'known' | 'gap' };

/** Adds streamed text to a message, only where its body is exactly `offset` long. */
export function appendText(
  window: MessageWindow,
  id: string,
  offset: number,
  text: string,
): AppendOutcome {
  const at = window.messages.findIndex((message) => message.id === id);
  const message = window.messages[at];
  if (!message) return { kind: window.hasNewer ? 'known' : 'gap' };
  if (message.body.length >= offset + text.length) return { kind: 'known' };
  if (message.body.length !== offset) return { kind: 'gap' };
  return {
    kind: 'applied',
    window: {
      ...window,
      messages: window.messages.with(at, { ...message, body: message.body + text }),
    },
  };
}

const byOrder = (messages: readonly MessageView[]): MessageView[] =>
  messages.toSorted((a, b) => a.order - b.order);
