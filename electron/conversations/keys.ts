/** A message's idempotency key: its id, marked as ours, the same on every attempt for ever. */
import { MessageId } from '../contract/index.ts';

const PREFIX = 'peerage:';

/** The key of a message. */
export const keyOf = (id: MessageId): string => PREFIX + id;

/** The message that a key names, or null where it is none of a Peerage. */
export function messageOfKey(key: string | null): MessageId | null {
  if (!key?.startsWith(PREFIX)) return null;
  const parsed = MessageId.safeParse(key.slice(PREFIX.length));
  return parsed.success ? parsed.data : null;
}
