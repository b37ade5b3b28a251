import type { Clock } from '../clock/clock.ts';
import type {
  ChangeSink,
  LinkId,
  MessageId,
  PeerId,
  Settings,
  ThreadId,
} from '../contract/index.ts';
import type { Link } from '../links/link.ts';
import type { Store } from '../store/store.ts';
import type { AudiencePeer } from './broadcast/audience.ts';
import type { ChainRules } from './chains.ts';

/** What conversations need to know of peers, and no more. */
export interface PeerDirectory {
  /** The name to show, or null where there is no such peer. */
  peerName(peerId: PeerId): string | null;
  /**
   * The link over which a thread goes: the one it names while that exists, else the peer's first,
   * else null.
   */
  linkFor(thread: { readonly peerId: PeerId; readonly linkId: LinkId | null }): LinkId | null;
  /** The agent's name as its gateway lists it, or null where it is not known. */
  agentName(linkId: LinkId, agentId: string | null): string | null;
  /** Every peer with its links as they are now, by name. */
  audience(): readonly AudiencePeer[];
}

/** Something that happened in a thread and may deserve a person's eye; notifications decide. */
export interface ThreadAttention {
  readonly kind: 'message' | 'problem';
  readonly peerId: PeerId;
  readonly threadId: ThreadId;
  readonly messageId: MessageId;
  readonly title: string;
  /** Untrusted, of any length. */
  readonly text: string;
  /** The person muted the thread. */
  readonly muted: boolean;
}

/** What the app gives conversations: they import no other service. */
export interface ConversationsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly changed: ChangeSink;
  readonly directory: PeerDirectory;
  /** The running link, or undefined while there is none (removed, or not started yet). */
  link(linkId: LinkId): Link | undefined;
  settings(): Settings;
  attention(item: ThreadAttention): void;
  /** What bounds chains of agents; without it nothing does. */
  readonly chains?: () => ChainRules;
  /** Folder of the attachments; made where it is missing, 0700. */
  readonly attachmentsFolder: string;
  log(line: string): void;
  /** From 0 to 1, for jitter; a test gives its own. */
  readonly random?: () => number;
}
