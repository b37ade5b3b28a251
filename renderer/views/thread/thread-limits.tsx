import { useThread, useThreadLink, useUi } from '../../store/hooks.ts';
import { limitsLine, limitsSentence } from '../../words/agent-limits.ts';

/** What the agent of this thread cannot do, said before somebody counts on it. */
export function ThreadLimits({ peerId }: { peerId: string }) {
  const threadId = useUi((ui) => ui.threadId);
  const mine = useThread(threadId)?.peerId === peerId;
  const limits = useThreadLink(mine ? threadId : null)?.card?.limits ?? [];
  if (limits.length === 0) return null;
  return (
    <p className="thread__limits clip" title={limitsSentence(limits)}>
      <span className="unseen">Limits of this agent: </span>
      {limitsLine(limits)}
    </p>
  );
}
