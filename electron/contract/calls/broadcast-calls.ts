/** Calls about broadcasts, the groups that they go to, and what a message would look like on its way. */
import * as z from 'zod';
import { BroadcastId, GroupId, MessageId, PeerId, ThreadId } from '../ids.ts';
import {
  Audience,
  BroadcastRow,
  BroadcastView,
  GroupView,
  KnowledgeItem,
  OutgoingPreview,
  RecipientView,
  TAG_LIMIT,
  TAGS_LIMIT,
  TOPIC_LIMIT,
} from '../views/index.ts';
import { nothing } from './app-calls.ts';
import { command, query } from './call.ts';
import { line, messageText, requiredLine } from './text.ts';

/** A tag holds no comma: tags are written as one line of them. */
const tag = requiredLine(TAG_LIMIT).refine((text) => !text.includes(','), {
  message: 'A tag has no comma.',
});

/** What a broadcast says, and to whom. An empty topic is none. */
export const BroadcastInput = z.object({
  audience: Audience,
  topic: line(TOPIC_LIMIT),
  tags: z.array(tag).max(TAGS_LIMIT),
  text: messageText,
});
export type BroadcastInput = z.infer<typeof BroadcastInput>;

const groupFields = {
  name: requiredLine(40),
  peerIds: z.array(PeerId).max(10_000),
};

/** Looking at a broadcast, sending and retrying it; groups; what was told by broadcasts. */
export const broadcastCalls = {
  /** The dry run: exactly what would go where. Writes nothing, and asks nothing of any peer. */
  'broadcast.preview': query(
    'any',
    BroadcastInput,
    z.object({ message: OutgoingPreview, recipients: z.array(RecipientView) }),
  ),
  /**
   * Answers once every recipient's message is durable, all in one step. With `to`, it goes to nobody
   * else: who joined the audience since the preview is left out, and says so. A second call with the
   * same `id` changes nothing and answers the same. Agents ask by `door.ask`.
   */
  'broadcast.send': command(
    'window',
    BroadcastInput.extend({
      id: BroadcastId.optional(),
      to: z.array(PeerId).max(10_000).optional(),
      /** Although it looks like a secret. */
      anyway: z.boolean().optional(),
    }),
    z.object({ broadcast: BroadcastView, warning: z.enum(['none', 'over_soft_limit']) }),
  ),
  /** Puts failed rows back into the queue under their old keys: those named, or all. */
  'broadcast.retry': command(
    'window',
    z.object({ broadcastId: BroadcastId, messageIds: z.array(MessageId).max(10_000).optional() }),
    z.object({ retried: z.number().int() }),
  ),
  /** Takes back what has not left yet. */
  'broadcast.cancel': command(
    'window',
    z.object({ broadcastId: BroadcastId }),
    z.object({ cancelled: z.number().int() }),
  ),
  /** The newest first, 50 at a time; `cursor` from the answer before. */
  'broadcast.list': query(
    'any',
    z.object({ cursor: z.string().max(40).nullable() }),
    z.object({ broadcasts: z.array(BroadcastView), nextCursor: z.string().nullable() }),
  ),
  /** One with its rows; a window is told of changes of the rows until it closes it. */
  'broadcast.open': query(
    'any',
    z.object({ broadcastId: BroadcastId }),
    z.object({ broadcast: BroadcastView, rows: z.array(BroadcastRow) }),
  ),
  'broadcast.close': command('window', z.object({ broadcastId: BroadcastId }), nothing),

  /** The dry run of one message to one peer, into a thread of theirs or the one that would be made. */
  'message.preview': query(
    'any',
    z.object({ peerId: PeerId, threadId: ThreadId.nullable(), text: messageText }),
    z.object({ message: OutgoingPreview, recipient: RecipientView }),
  ),

  /** The broadcasts of all links, newest first, 50 at a time; and what there is to choose from. */
  'knowledge.list': query(
    'any',
    z.object({
      text: z.string().max(200),
      topic: z.string().max(200).nullable(),
      tag: z.string().max(100).nullable(),
      direction: z.enum(['all', 'in', 'out']),
      cursor: z.string().max(300).nullable(),
    }),
    z.object({
      items: z.array(KnowledgeItem),
      topics: z.array(z.object({ name: z.string(), count: z.number().int() })),
      tags: z.array(z.object({ name: z.string(), count: z.number().int() })),
      nextCursor: z.string().nullable(),
    }),
  ),

  'group.list': query('any', nothing, z.object({ groups: z.array(GroupView) })),
  'group.create': command('window', z.object(groupFields), z.object({ groupId: GroupId })),
  'group.update': command(
    'window',
    z.object({ groupId: GroupId, changes: z.object(groupFields).partial() }),
    nothing,
  ),
  /** Hidden at once, deleted when the undo runs out. */
  'group.delete': command(
    'window',
    z.object({ groupId: GroupId }),
    z.object({ undoMs: z.number().int() }),
  ),
  'group.restore': command('window', z.object({ groupId: GroupId }), nothing),
} as const;
