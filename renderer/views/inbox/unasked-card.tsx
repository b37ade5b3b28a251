import { ShieldAlert } from 'lucide-react';
import { isOver, type UnaskedView } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Tag } from '../../components/tag.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient, usePeer } from '../../store/hooks.ts';
import { sentence } from '../../words/sentence.ts';
import { ago, exactTime } from '../../words/time.ts';
import { ErrorNote } from '../error-note.tsx';
import { ask } from '../setup/ask.ts';
import { NEW_PEER } from '../setup/use-setup.ts';
import { useWork } from '../setup/use-work.ts';
import { AskedText } from './asked-text.tsx';
import { DeadlineTag } from './deadline-tag.tsx';
import { Said } from './said.tsx';

const proof: Readonly<Record<UnaskedView['seenBy'], string>> = {
  a2a: 'your gateway’s own A2A channel vouches for this name',
  peerage: 'another Peerage wrote it; the name is its own claim',
  tag: 'known by its text only; the name is its own claim',
};

/** Work that runs here and that nobody could be asked about: whoever sent it may write to the gateway. */
export function UnaskedCard({ work }: { work: UnaskedView }) {
  const client = useClient();
  const doing = useWork();
  const now = useNow(30_000);
  const over = isOver(work.state);
  const peer = usePeer(work.peerId);
  const { id: delegationId } = work;
  const invite = async () => {
    const setup = client.mirror.getState().app?.setup;
    // An invite that is under way is not thrown away for it.
    if (!setup?.peer?.inviteId || setup.peer.peerId)
      await client.act('setup.update', {
        changes: { peer: { ...NEW_PEER, whose: 'theirs', name: work.sender.trim().slice(0, 80) } },
      });
    client.navigation.showPage({ kind: 'setup', step: 'peer' });
  };
  return (
    <article className="delegation delegation--unasked" aria-label={`Runs for ${work.sender}`}>
      <header className="delegation__head">
        <span className="delegation__way">
          <ShieldAlert aria-hidden="true" />
          <strong>
            <bdi>{work.sender}</bdi>
          </strong>
        </span>
        <span className="clip">
          <bdi>{work.topic}</bdi>
        </span>
        {work.priority === 'high' || work.priority === 'urgent' ? (
          <Tag tone="accent">{work.priority === 'urgent' ? 'Urgent' : 'High priority'}</Tag>
        ) : null}
        {work.deadlineAt === null || over ? null : <DeadlineTag at={work.deadlineAt} now={now} />}
        <time className="soft numbers" title={exactTime(work.receivedAt)}>
          {ago(work.receivedAt, now)}
        </time>
      </header>
      <p className="delegation__unasked">
        {over ? 'It ran' : 'Already running'}, no consent was possible: it came through write access
        to your gateway ({proof[work.seenBy]}).
      </p>
      <AskedText asked={work} />
      {work.answer ? <Said who="Your agent answered:" text={work.answer.text} /> : null}
      <div className="delegation__foot delegation__foot--tall">
        <p className="hint-text">
          {sentence(stateText(work))} · agent {work.agentId}
          {peer && !work.verified ? (
            <>
              {' · the name fits '}
              <bdi>{peer.name}</bdi>
            </>
          ) : null}
        </p>
        <div className="delegation__acts">
          <Button
            size="small"
            look="quiet"
            title="With an invite they get a token of their own, and what they ask waits for you."
            onClick={() => void invite()}
          >
            Move them to reception
          </Button>
          {over ? null : (
            <>
              <Button
                size="small"
                look="quiet"
                onClick={() =>
                  void doing.run('end', () => ask(client, 'unasked.end', { delegationId }))
                }
              >
                It is done
              </Button>
              <Button
                size="small"
                aria-keyshortcuts="X"
                busy={doing.busy === 'stop'}
                onClick={() =>
                  void doing.run('stop', () => ask(client, 'unasked.stop', { delegationId }))
                }
              >
                Stop
              </Button>
            </>
          )}
        </div>
      </div>
      {doing.failure ? <ErrorNote error={doing.failure} announce /> : null}
    </article>
  );
}

function stateText({ state }: UnaskedView): string {
  switch (state) {
    case 'completed':
      return 'answered';
    case 'failed':
      return 'failed';
    case 'cancelled':
      return 'stopped';
    case 'declined':
      return 'your agent declined it';
    case 'asked_back':
      return 'your agent asked something back';
    case 'proposed':
    case 'accepted':
    case 'in_progress':
    case 'expired':
      return 'your agent works on it';
  }
}
