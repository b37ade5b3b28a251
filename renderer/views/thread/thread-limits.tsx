import { Info } from 'lucide-react';
import { usePeer, useThread, useThreadLink, useUi } from '../../store/hooks.ts';
import { limitsLine, limitsOf, limitsSentence } from '../../words/agent-limits.ts';

/** What the agent of this thread cannot do, said before somebody counts on it. */
export function ThreadLimits({ peerId }: { peerId: string }) {
  const threadId = useUi((ui) => ui.threadId);
  const mine = useThread(threadId)?.peerId === peerId;
  const link = useThreadLink(mine ? threadId : null);
  const peer = usePeer(peerId);
  // One's own gateway, and the one for practice, are nobody else's to ask.
  const limits = link && peer && !peer.own && !peer.practice ? limitsOf(link) : [];
  if (limits.length === 0) return null;
  return (
    <p className="thread__limits" title={limitsSentence(limits)}>
      <Info aria-hidden="true" />
      <span className="clip">
        <span className="unseen">Limits of this agent: </span>
        {limitsLine(limits)}
      </span>
    </p>
  );
}
