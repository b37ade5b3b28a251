import type { CallHandlers, CallName } from '../contract/index.ts';

type ConversationCall = Extract<
  CallName,
  | `thread.${string}`
  | `outgoing.${string}`
  | `message.${string}`
  | `search.${string}`
  | `attachment.${string}`
  | `broadcast.${string}`
  | `group.${string}`
  | `knowledge.${string}`
>;

/** The handlers of every call about threads, messages, search, attachments and broadcasts. */
export type ConversationHandlers = Pick<CallHandlers, ConversationCall>;

/** The handlers of some of them. */
export type HandlersOf<Prefix extends string> = Pick<
  CallHandlers,
  Extract<CallName, `${Prefix}.${string}`>
>;
