/** What a window is told of delegations that we gave to others, and of the board with both kinds. */
import * as z from 'zod';
import { DelegationPriority, DelegationState } from '../a2a.ts';
import { DelegationId, MessageId, PeerId, ThreadId } from '../ids.ts';
import { AppError } from '../result.ts';
import { DelegationView } from './reception-view.ts';
import { OutgoingState, StopWish } from './thread-view.ts';
import { UnaskedView } from './unasked-view.ts';

/**
 * Who said that it stands so. `wire` = the link has states of its own (A2A, relay); `answer` = read
 * from what the agent wrote; `delivery` = only its way there is known; `person` = marked by hand.
 */
export const StateSource = z.enum(['delivery', 'wire', 'answer', 'person']);
export type StateSource = z.infer<typeof StateSource>;

/** A delegation of ours. Its id is that of the message which carries it. */
export const OutgoingDelegationView = z.object({
  id: DelegationId,
  messageId: MessageId,
  threadId: ThreadId,
  peerId: PeerId,
  /** The peer's name in our book. */
  peer: z.string(),
  linkKind: z.enum(['gateway', 'a2a', 'relay']).nullable(),
  topic: z.string(),
  /** At most 2,000 UTF-16 units; `outgoing.open` gives all of it. */
  task: z.string(),
  context: z.string(),
  expected: z.string(),
  priority: DelegationPriority,
  deadlineAt: z.number().nullable(),
  state: DelegationState,
  stateFrom: StateSource,
  /** How far the newest message about it is on its way. */
  delivery: OutgoingState,
  /** Something over there works on it now, and can be stopped. */
  running: z.boolean(),
  /** Present while it is to be stopped, and is not yet. */
  stop: StopWish.optional(),
  /** What they asked, while it waits for our answer in its thread. Untrusted, and cut. */
  question: z.string().nullable(),
  /** Untrusted, at most 2,000 units of it. */
  answer: z
    .object({
      text: z.string(),
      bytes: z.number().int(),
      at: z.number(),
      /** How many files came with it; they are in the thread. */
      files: z.number().int(),
    })
    .nullable(),
  error: AppError.nullable(),
  attachments: z.number().int(),
  sentAt: z.number(),
  changedAt: z.number(),
});
export type OutgoingDelegationView = z.infer<typeof OutgoingDelegationView>;

/** One card of the board. */
export const BoardItem = z.discriminatedUnion('direction', [
  z.object({ direction: z.literal('in'), delegation: DelegationView }),
  /** It runs here, and nobody could be asked. */
  z.object({ direction: z.literal('unasked'), delegation: UnaskedView }),
  z.object({ direction: z.literal('out'), delegation: OutgoingDelegationView }),
]);
export type BoardItem = z.infer<typeof BoardItem>;
