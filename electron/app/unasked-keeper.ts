/** Work that came in through write access to the own gateway, put together: seen, kept, told. */
import type { Clock } from '../clock/clock.ts';
import { type ChangeKey, type ChangeSink, type PeerId, placeText } from '../contract/index.ts';
import type { Conversations } from '../conversations/index.ts';
import type { Notifications } from '../notifications/index.ts';
import type { PeerBook } from '../peers/index.ts';
import { createUnaskedBook, type UnaskedBook } from '../reception/index.ts';
import type { Store } from '../store/store.ts';
import type { AppState } from './app-state.ts';
import { type AdminDoorOptions, createAdminDoor } from './own-gateway-admin.ts';
import { createOwnSessions, type OwnSessions } from './own-sessions.ts';
import { peerOfSender } from './unasked-sender.ts';

/** What seeing such work needs, beside the way to the own gateway. */
export interface UnaskedKeeperOptions extends AdminDoorOptions {
  readonly clock: Clock;
  readonly store: Store;
  readonly state: AppState;
  readonly changed: ChangeSink;
  readonly peers: PeerBook;
  readonly conversations: Pick<Conversations, 'messageView'>;
  readonly notifications: Pick<Notifications, 'offer' | 'settle'>;
}

/** The book of such work, and the ear that fills it. */
export interface UnaskedKeeper {
  readonly book: UnaskedBook;
  readonly sessions: OwnSessions;
  /** A peer changed: it may be the own gateway's, or have been. */
  hear(key: ChangeKey): void;
}

const subjectOf = (id: string): string => `unasked:${id}`;

/** Builds it; nothing is listened to before `sessions.look`. */
export function createUnaskedKeeper(options: UnaskedKeeperOptions): UnaskedKeeper {
  const { peers, notifications } = options;
  const book = createUnaskedBook({
    ...options,
    ours: (id) => options.conversations.messageView(id) !== null,
    peerOf: (sender) => peerOfSender(sender, peers),
    arrived: (work) =>
      notifications.offer({
        kind: 'message',
        subject: subjectOf(work.id),
        title: `${work.sender}’s work is running here already`,
        text: `${work.topic}. It came through write access to your gateway, so nobody was asked.`,
        peerId: null,
        threadId: null,
        messageId: null,
        muted: false,
        quietInFocus: true,
        to: placeText({ kind: 'inbox', delegationId: null }),
        actions: [],
      }),
  });
  const sessions = createOwnSessions({
    ...options,
    door: createAdminDoor(options),
    book,
    ended: (id) => notifications.settle(subjectOf(id)),
  });
  return {
    book,
    sessions,
    hear: (key) => {
      if (key.type !== 'peer') return;
      const row = peers.row(key.id as PeerId);
      if (row === null || row.own) sessions.look();
    },
  };
}
