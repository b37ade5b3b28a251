/** What a window is told of work that came in through write access to the own gateway. */
import * as z from 'zod';
import { DelegationPriority, DelegationState } from '../a2a.ts';
import { DelegationId, PeerId } from '../ids.ts';

/**
 * Work that runs on the own gateway already: whoever sent it may write there, so nobody could be asked.
 * `seenBy` = by what it was recognised: a key of a Peerage, the tag in its text, or an A2A session of
 * the gateway's own, whose sender is verified by a token.
 */
export const UnaskedView = z.object({
  id: DelegationId,
  /** What the sender calls itself; of `a2a` the verified name of the gateway's peer. */
  sender: z.string(),
  verified: z.boolean(),
  /** The peer whose name or machine the sender’s name is; a claim unless it is verified. Null = nobody’s that we know. */
  peerId: PeerId.nullable(),
  seenBy: z.enum(['peerage', 'tag', 'a2a']),
  topic: z.string(),
  /** At most 2,000 UTF-16 units. Untrusted. */
  text: z.string(),
  priority: DelegationPriority,
  deadlineAt: z.number().nullable(),
  agentId: z.string(),
  sessionKey: z.string(),
  state: DelegationState,
  answer: z.object({ text: z.string(), at: z.number() }).nullable(),
  receivedAt: z.number(),
  changedAt: z.number(),
});
export type UnaskedView = z.infer<typeof UnaskedView>;
