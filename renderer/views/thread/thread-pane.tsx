import type { PeerId } from '../../../electron/contract/index.ts';
import { Skeleton } from '../../components/skeleton.tsx';
import { useDetail, useMirror, useThread, useUi } from '../../store/hooks.ts';
import { Overview } from '../overview/overview.tsx';
import { PANE_IDS } from '../shell/use-keys.ts';
import { Composer } from './composer.tsx';
import { FirstUse } from './first-use.tsx';
import { MessageList } from './message-list.tsx';
import { NoThread } from './no-thread.tsx';
import { ThreadHead } from './thread-head.tsx';
import { ThreadTabs } from './thread-tabs.tsx';
import './thread.css';

/** The middle pane: the conversation. */
export function ThreadPane() {
  const peerId = useUi((ui) => ui.peerId);
  return (
    <main className="pane thread" id={PANE_IDS.thread} aria-label="Conversation">
      {peerId === null ? <Overview /> : <PeerThread peerId={peerId} />}
    </main>
  );
}

function PeerThread({ peerId }: { peerId: PeerId }) {
  const threadId = useUi((ui) => ui.threadId);
  const thread = useThread(threadId);
  const loaded = useDetail(peerId) !== null;
  const window = useMirror((mirror) => (threadId ? mirror.windows.get(threadId) : undefined));
  const mine = thread?.peerId === peerId ? thread : null;
  return (
    <>
      <ThreadHead peerId={peerId} />
      <ThreadTabs peerId={peerId} threadId={mine?.id ?? null} />
      {mine && window ? (
        <MessageList key={mine.id} threadId={mine.id} peerId={peerId} window={window} />
      ) : loaded && threadId === null ? (
        <NoThread peerId={peerId} />
      ) : (
        <div className="thread__wait">
          <Skeleton rows={5} label="Loading messages" />
        </div>
      )}
      <FirstUse peerId={peerId} />
      {/* Also before the thread has come: what is typed belongs to it. */}
      <Composer peerId={peerId} threadId={thread === null || mine ? threadId : null} />
    </>
  );
}
