/** What of a message a relay's own fields can carry. */
import type { OutgoingEnvelope } from '../link.ts';
import type { JsonObject } from './wire.ts';

/**
 * The text stays whole, so that any agent understands it; priority, topic and the rest stand beside it
 * as well. `thread` lets another Peerage keep what belongs together in one conversation.
 */
export function taskOf({
  text,
  work,
  sessionKey,
}: Pick<OutgoingEnvelope, 'text' | 'work' | 'sessionKey'>): {
  readonly task: string;
  readonly priority: string;
  readonly rest: JsonObject;
} {
  if (!work) return { task: text, priority: 'normal', rest: { thread: sessionKey } };
  const { topic, priority, context, expected, deadlineAt, hops } = work;
  return {
    task: text,
    priority,
    rest: {
      thread: sessionKey,
      topic,
      hops,
      ...(context === '' ? {} : { context }),
      ...(expected === '' ? {} : { expected }),
      ...(deadlineAt === null ? {} : { deadlineAt }),
    },
  };
}
