import type { MessageView } from '../../../electron/contract/index.ts';
import { dayHeading, startOfDay } from '../../words/time.ts';

/** A message with what its place in the thread adds to it. */
export interface MessageRowData {
  readonly message: MessageView;
  /** The heading of a new day above it. */
  readonly day: string | null;
  /** Not right after another of the same writer: then it says who and when. */
  readonly leads: boolean;
}

const CLOSE_MS = 5 * 60_000;

/** The rows of a thread. */
export function messageRows(messages: readonly MessageView[], now: number): MessageRowData[] {
  return messages.map((message, index) => {
    const before = messages[index - 1];
    const newDay = !before || startOfDay(before.at) !== startOfDay(message.at);
    return {
      message,
      day: newDay ? dayHeading(message.at, now) : null,
      leads: newDay || !before || !follows(before, message),
    };
  });
}

function follows(before: MessageView, message: MessageView): boolean {
  if (message.at - before.at > CLOSE_MS) return false;
  if (before.direction === 'out') return message.direction === 'out';
  return message.direction === 'in' && message.author === before.author;
}
