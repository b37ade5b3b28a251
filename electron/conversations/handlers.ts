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

/** What the peer book answers, although its name is ours. */
type Elsewhere = 'outgoing.candidates';

/** The handlers of every call about threads, messages, search, attachments and broadcasts. */
export type ConversationHandlers = Pick<CallHandlers, Exclude<ConversationCall, Elsewhere>>;

/** The handlers of some of them. */
export type HandlersOf<Prefix extends string> = Pick<
  CallHandlers,
  Exclude<Extract<CallName, `${Prefix}.${string}`>, Elsewhere>
>;
