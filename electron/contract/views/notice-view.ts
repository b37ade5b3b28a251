/** What a window, and a notification of the system, are told of something that deserved attention. */
import * as z from 'zod';
import { MessageId, NoticeId, PeerId, ThreadId } from '../ids.ts';

/**
 * What can be done about a notice where it is shown. Both kinds name a call of the contract with its
 * input; whoever offers a notice writes them. They are done with `notice.act`, and once.
 */
export const NoticeAction = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('call'),
    id: z.string(),
    label: z.string(),
    call: z.string(),
    input: z.record(z.string(), z.unknown()),
  }),
  /** Takes a text from the person, which goes into the input as `text`. */
  z.object({
    kind: z.literal('reply'),
    id: z.string(),
    label: z.string(),
    placeholder: z.string(),
    call: z.string(),
    input: z.record(z.string(), z.unknown()),
  }),
]);
export type NoticeAction = z.infer<typeof NoticeAction>;

/** The most actions of one notice: what a notification of macOS and Windows shows well. */
export const MAX_NOTICE_ACTIONS = 3;

/** `critical` stays on the screen until somebody looks, where the system can do that. */
export const NoticeUrgency = z.enum(['low', 'normal', 'critical']);
export type NoticeUrgency = z.infer<typeof NoticeUrgency>;

/** One thing that deserved attention: the same record feeds the OS toast, this list and the badge. */
export const NoticeView = z.object({
  id: NoticeId,
  kind: z.enum(['message', 'problem']),
  title: z.string(),
  /** Plain text, at most 200 characters. */
  text: z.string(),
  at: z.number(),
  read: z.boolean(),
  peerId: PeerId.nullable(),
  threadId: ThreadId.nullable(),
  messageId: MessageId.nullable(),
  /** Where a click leads (`contract/place.ts`); absent = to its peer or thread. */
  to: z.string().optional(),
  /** How much it presses; absent = as anything does. */
  urgency: NoticeUrgency.optional(),
  /** Empty once one of them was done. */
  actions: z.array(NoticeAction).max(MAX_NOTICE_ACTIONS),
  /** The label of the action that was done; null = none yet. */
  acted: z.string().nullable(),
});
export type NoticeView = z.infer<typeof NoticeView>;
