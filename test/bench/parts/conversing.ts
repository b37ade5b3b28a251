/** Conversations over a seeded home, as the app builds them, with links that are not there yet. */
import * as path from 'node:path';
import {
  type CallerContext,
  DEFAULT_SETTINGS,
  LinkId,
  type PeerId,
} from '../../../electron/contract/index.ts';
import { type Conversations, createConversations } from '../../../electron/conversations/index.ts';
import { openStore, type Store } from '../../../electron/store/store.ts';
import { seededLink } from './big-home.ts';
import { benchClock } from './links.ts';

export interface Conversing {
  readonly store: Store;
  readonly conversations: Conversations;
  readonly context: CallerContext;
  stop(): Promise<void>;
}

/** Opens the home and starts conversations on it. */
export async function converse(home: string): Promise<Conversing> {
  const store = openStore(home, Date.now());
  const settings = DEFAULT_SETTINGS;
  const conversations = createConversations({
    store,
    clock: benchClock(),
    changed: () => undefined,
    directory: {
      peerName: (peerId) => `Peer ${peerId}`,
      linkFor: ({ peerId, linkId }) => linkId ?? linkOf(peerId),
      agentName: () => 'Agent',
      audience: () => [],
    },
    link: () => undefined,
    settings: () => settings,
    attention: () => undefined,
    attachmentsFolder: path.join(home, 'attachments'),
    log: (line) => console.error(line),
  });
  await conversations.start();
  return {
    store,
    conversations,
    context: { door: 'window', connectionId: 'bench', signal: new AbortController().signal },
    stop: async () => {
      await conversations.stop();
      await store.close();
    },
  };
}

const linkOf = (peerId: PeerId): LinkId =>
  LinkId.parse(seededLink(Number(peerId.slice(peerId.lastIndexOf('-') + 1))));
