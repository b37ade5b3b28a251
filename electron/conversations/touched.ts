/** What a transaction did, as it is told of once that is on the disk. */
import type { DelegationId, MessageId, ThreadId } from '../contract/index.ts';
import type { ThreadAttention } from './options.ts';
import type { Outgoing } from './outgoing.ts';
import type { OutgoingRow } from './rows.ts';

/** The newest line of a thread in lists, UTF-16 units. */
export const PREVIEW_UNITS = 120;

/** An outgoing message went from one state to another, and that is on the disk. */
export interface Moved {
  readonly before: Outgoing | null;
  readonly after: OutgoingRow;
}

/** What a transaction changed, told once it is on the disk. */
export interface Touched {
  readonly messages: Map<MessageId, ThreadId>;
  readonly threads: Set<ThreadId>;
  readonly moved: Moved[];
  readonly attention: ThreadAttention[];
  /** Delegations of ours whose cards show something else now. */
  readonly delegations: Set<DelegationId>;
  unread: boolean;
}
