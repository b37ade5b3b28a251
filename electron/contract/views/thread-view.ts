/** What a window is told of threads and messages. */
import * as z from 'zod';
import { AttachmentId, LinkId, MessageId, PeerId, ThreadId } from '../ids.ts';
import { AppError } from '../result.ts';

/** The kinds of a message (design: the words). */
export const MessageKind = z.enum([
  'message',
  'status',
  'insight',
  'review',
  'feedback',
  'milestone',
  'blocker',
  'question',
  'delegation',
  'broadcast',
  'close',
]);
export type MessageKind = z.infer<typeof MessageKind>;

/**
 * The ladder of an outgoing message. A confirmed rung never regresses:
 * queued < sending < sent < delivered < answered. `unknown` = sent into a lost connection, and not
 * yet settled. `failed` and `cancelled` end it. `handed` = the fallback hook has it, and no link sends it.
 */
export const OutgoingState = z.enum([
  'queued',
  'sending',
  'sent',
  'delivered',
  'answered',
  'failed',
  'unknown',
  'cancelled',
  'handed',
]);
export type OutgoingState = z.infer<typeof OutgoingState>;

/** An answer or another incoming message. `interrupted` = it began and its end never came. */
export const IncomingState = z.enum([
  'streaming',
  'waiting_approval',
  'complete',
  'stopped',
  'failed',
  'interrupted',
]);
export type IncomingState = z.infer<typeof IncomingState>;

/** A file of a message. Name and type are claims, made harmless; the size was counted, in bytes. */
export const AttachmentView = z.object({
  id: AttachmentId,
  name: z.string(),
  mimeType: z.string(),
  bytes: z.number().int().nonnegative(),
});
export type AttachmentView = z.infer<typeof AttachmentView>;

/** Bodies longer than this many UTF-16 units are cut in views; `message.body` gives the rest. */
export const VIEW_BODY_LIMIT = 16_384;

const messageBase = {
  id: MessageId,
  threadId: ThreadId,
  /** Orders the thread on this machine, whatever any clock says. */
  order: z.number().int(),
  kind: MessageKind,
  body: z.string(),
  /** Of the whole body, UTF-8. */
  bodyBytes: z.number().int(),
  /** True when `body` is only its beginning. */
  truncated: z.boolean(),
  /** When it was written or came in, by our clock, ms since the epoch. */
  at: z.number(),
  error: AppError.nullable(),
  attachments: z.array(AttachmentView),
};

/** A Stop that the link could not carry yet. */
export const StopWish = z.object({
  askedAt: z.number(),
  /** Null = it is carried out once the peer can be reached; else why the peer did not let it be stopped. */
  error: AppError.nullable(),
});
export type StopWish = z.infer<typeof StopWish>;

/** A message of ours and its rung. Times in ms since the epoch. */
export const OutgoingMessageView = z.object({
  ...messageBase,
  direction: z.literal('out'),
  state: OutgoingState,
  attempts: z.number().int(),
  /** When the next attempt is due, while it waits. */
  nextAttemptAt: z.number().nullable(),
  /** Ten minutes without reaching the peer: said once. */
  delayed: z.boolean(),
  /** True while the agent over there works on it, so that Stop means something. */
  running: z.boolean(),
  /** `answered` by a question about it; absent where they did answer. */
  askedBack: z.literal(true).optional(),
  /** Present while it is to be stopped, and is not yet. */
  stop: StopWish.optional(),
  /** What the local agent calls itself that asked for it; absent where the person wrote it. */
  askedBy: z.string().optional(),
});
export type OutgoingMessageView = z.infer<typeof OutgoingMessageView>;

/** A message of theirs, perhaps still coming. Text, author and files are untrusted. */
export const IncomingMessageView = z.object({
  ...messageBase,
  direction: z.literal('in'),
  state: IncomingState,
  /** The agent's name, or the sender that the message claims. Unverified text. */
  author: z.string(),
  /** The message of ours that it answers. */
  replyTo: MessageId.nullable(),
  /** When it was sent, by the sender's clock. */
  senderAt: z.number().nullable(),
});
export type IncomingMessageView = z.infer<typeof IncomingMessageView>;

/** What a thread shows one under the other, told apart by `direction`. */
export const MessageView = z.discriminatedUnion('direction', [
  OutgoingMessageView,
  IncomingMessageView,
]);
export type MessageView = z.infer<typeof MessageView>;

/** What is typed and not sent. */
export const Draft = z.object({
  text: z.string(),
  /** Grows by one with each save; an older one saved over a newer keeps both texts. */
  revision: z.number().int(),
});
export type Draft = z.infer<typeof Draft>;

/** A thread without its messages. `running`: an agent there works on a message of ours. */
export const ThreadView = z.object({
  id: ThreadId,
  peerId: PeerId,
  linkId: LinkId.nullable(),
  title: z.string(),
  agentId: z.string().nullable(),
  unread: z.number().int(),
  muted: z.boolean(),
  archived: z.boolean(),
  running: z.boolean(),
  /** Outgoing messages that have not reached the peer. */
  waiting: z.number().int(),
  lastMessageAt: z.number().nullable(),
  /** One line, at most 120 characters, plain text. */
  preview: z.string(),
  draft: Draft,
});
export type ThreadView = z.infer<typeof ThreadView>;

/** A page of a thread, oldest first. */
export const MessagePage = z.object({
  messages: z.array(MessageView),
  hasOlder: z.boolean(),
  hasNewer: z.boolean(),
});
export type MessagePage = z.infer<typeof MessagePage>;

/** A message that a search found; `at` in ms since the epoch. The snippet may be peer text. */
export const SearchHit = z.object({
  messageId: MessageId,
  threadId: ThreadId,
  peerId: PeerId,
  peerName: z.string(),
  threadTitle: z.string(),
  at: z.number(),
  direction: z.enum(['in', 'out']),
  /** Plain text around the hit, cut into pieces; `hit` marks what matched. */
  snippet: z.array(z.object({ text: z.string(), hit: z.boolean() })),
});
export type SearchHit = z.infer<typeof SearchHit>;
