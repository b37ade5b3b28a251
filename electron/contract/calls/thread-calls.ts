/** Calls about threads, messages, attachments and search. */
import * as z from 'zod';
import { AttachmentId, LinkId, MessageId, PeerId, ThreadId } from '../ids.ts';
import { Draft, MessageKind, MessagePage, SearchHit, ThreadView } from '../views/index.ts';
import { nothing } from './app-calls.ts';
import { command, query } from './call.ts';
import { line, messageText, requiredLine } from './text.ts';

/** One piece of an attachment on its way through the contract, in bytes before base64. */
export const ATTACHMENT_CHUNK_BYTES = 256 * 1024;

const base64Chunk = z.base64().max(Math.ceil((ATTACHMENT_CHUNK_BYTES * 4) / 3) + 4);

/** Reading and changing threads, sending and stopping messages, putting in files, and searching. */
export const threadCalls = {
  'thread.create': command(
    'window',
    z.object({
      peerId: PeerId,
      linkId: LinkId.nullable(),
      title: line(120),
      agentId: z.string().max(200).nullable(),
    }),
    z.object({ threadId: ThreadId }),
  ),
  'thread.rename': command(
    'window',
    z.object({ threadId: ThreadId, title: requiredLine(120) }),
    nothing,
  ),
  'thread.mute': command('window', z.object({ threadId: ThreadId, muted: z.boolean() }), nothing),
  'thread.archive': command(
    'window',
    z.object({ threadId: ThreadId, archived: z.boolean() }),
    nothing,
  ),
  /** Hidden at once, deleted when the undo runs out. What the peer's agent keeps stays there. */
  'thread.delete': command(
    'window',
    z.object({ threadId: ThreadId }),
    z.object({ undoMs: z.number().int() }),
  ),
  'thread.restore': command('window', z.object({ threadId: ThreadId }), nothing),
  'thread.markRead': command('window', z.object({ threadId: ThreadId }), nothing),
  /**
   * Saves what is being typed. `revision` is the one that was loaded; where another window saved
   * since, both texts are kept and `conflict` says so.
   */
  'thread.saveDraft': command(
    'window',
    z.object({ threadId: ThreadId, text: messageText, revision: z.number().int() }),
    z.object({ draft: Draft, conflict: z.boolean() }),
  ),
  /** Opens a thread at its newest page, or around a message; patches follow until closed. */
  'thread.open': query(
    'window',
    z.object({ threadId: ThreadId, around: MessageId.nullable() }),
    z.object({ thread: ThreadView, page: MessagePage }),
  ),
  'thread.close': command('window', z.object({ threadId: ThreadId }), nothing),
  /** Another page beside one that is loaded: at most 100 messages. */
  'thread.page': query(
    'any',
    z.object({
      threadId: ThreadId,
      from: z.number().int(),
      direction: z.enum(['older', 'newer']),
    }),
    MessagePage,
  ),

  /**
   * Answers once the message is durable. Agents ask by `door.ask`. The size limits are those of Settings. Text, and files that
   * are text, are refused where they look like a secret (`message.looks_secret`), unless `anyway`.
   */
  'message.send': command(
    'window',
    z.object({
      threadId: ThreadId,
      text: messageText,
      kind: MessageKind,
      attachmentIds: z.array(AttachmentId).max(10),
      anyway: z.boolean().optional(),
    }),
    z.object({ messageId: MessageId, warning: z.enum(['none', 'over_soft_limit']) }),
  ),
  /** A failed one goes back into the queue under its old key. */
  'message.retry': command('window', z.object({ messageId: MessageId }), nothing),
  /** Takes an unsent one back. */
  'message.cancel': command('window', z.object({ messageId: MessageId }), nothing),
  /** Stops the run over there (`chat.abort`). */
  'message.stop': command('window', z.object({ messageId: MessageId }), nothing),
  /** The person settles an unknown one: send again (may be done twice), or take it as sent. */
  'message.settle': command(
    'window',
    z.object({ messageId: MessageId, choice: z.enum(['send_again', 'take_as_sent']) }),
    nothing,
  ),
  /** A piece of a body that the view cut, in UTF-16 units. */
  'message.body': query(
    'any',
    z.object({ messageId: MessageId, offset: z.number().int().nonnegative() }),
    z.object({ text: z.string(), nextOffset: z.number().int().nullable() }),
  ),
  /** Full text over all threads, newest first; `cursor` from the answer before. */
  'search.messages': query(
    'any',
    z.object({ text: z.string().min(1).max(200), cursor: z.string().max(100).nullable() }),
    z.object({ hits: z.array(SearchHit), nextCursor: z.string().nullable() }),
  ),

  'attachment.begin': command(
    'window',
    z.object({
      threadId: ThreadId,
      name: requiredLine(255),
      mimeType: z.string().max(120),
      bytes: z.number().int().nonnegative(),
    }),
    z.object({ attachmentId: AttachmentId }),
  ),
  'attachment.append': command(
    'window',
    z.object({
      attachmentId: AttachmentId,
      offset: z.number().int().nonnegative(),
      data: base64Chunk,
    }),
    z.object({ received: z.number().int() }),
  ),
  'attachment.discard': command('window', z.object({ attachmentId: AttachmentId }), nothing),
  'attachment.read': query(
    'window',
    z.object({ attachmentId: AttachmentId, offset: z.number().int().nonnegative() }),
    z.object({ data: z.string(), nextOffset: z.number().int().nullable() }),
  ),
} as const;
