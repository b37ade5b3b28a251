import { ShieldQuestion } from 'lucide-react';
import { useState } from 'react';
import type { DelegationView } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { TextArea } from '../../components/field.tsx';
import { Tag } from '../../components/tag.tsx';
import { TrustFacts } from '../../components/trust-facts.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient } from '../../store/hooks.ts';
import { byteSize } from '../../words/bytes.ts';
import { ago, exactTime, inTime } from '../../words/time.ts';
import { ErrorNote } from '../error-note.tsx';
import { provenBy } from '../invite/invite-talk.tsx';
import { ask } from '../setup/ask.ts';
import { useWork } from '../setup/use-work.ts';
import { stateWords } from './words.ts';

interface DelegationCardProps {
  delegation: DelegationView;
  again: () => void;
  onOpen?: () => void;
}

/** One piece of work that a peer asks for. Its texts are a stranger's: shown as they are, as text. */
export function DelegationCard({ delegation, again, onOpen }: DelegationCardProps) {
  const now = useNow(30_000);
  const waits = delegation.state === 'proposed';
  return (
    <article className="delegation" aria-label={`Asked by ${delegation.caller}`}>
      <header className="delegation__head">
        <strong>
          <bdi>{delegation.caller}</bdi>
        </strong>
        {delegation.topic ? (
          <span className="clip">
            <bdi>{delegation.topic}</bdi>
          </span>
        ) : null}
        {delegation.priority === 'high' || delegation.priority === 'urgent' ? (
          <Tag tone="accent">{delegation.priority === 'urgent' ? 'Urgent' : 'High priority'}</Tag>
        ) : null}
        <span className="step__gap" />
        <time className="soft numbers" title={exactTime(delegation.receivedAt)}>
          {ago(delegation.receivedAt, now)}
        </time>
      </header>
      <p className="delegation__text selectable">{delegation.text}</p>
      <p className="hint-text">
        {byteSize(delegation.bytes)}
        {delegation.parts.length > 0 ? ` · with ${delegation.parts.map(partText).join(', ')}` : ''}
        {delegation.deadlineAt === null ? '' : ` · wanted ${inTime(delegation.deadlineAt, now)}`}
        {delegation.hops > 0 ? ` · came through ${delegation.hops} other gateways, it says` : ''}
        {waits ? '' : ` · ${stateWords(delegation)}`}
      </p>
      {delegation.error ? <ErrorNote error={delegation.error} /> : null}
      {waits ? <Decide delegation={delegation} again={again} /> : null}
      {onOpen ? (
        <Button size="small" look="quiet" onClick={onOpen}>
          Show all of it
        </Button>
      ) : null}
    </article>
  );
}

const partText = (part: DelegationView['parts'][number]): string =>
  `${part.name || part.kind} (${part.kind === 'link' ? 'a link, not fetched' : byteSize(part.bytes)})`;

/** A trust moment: the safe button stands first and looks like the way to go. */
function Decide({ delegation, again }: { delegation: DelegationView; again: () => void }) {
  const client = useClient();
  const work = useWork();
  const [declining, setDeclining] = useState(false);
  const [reason, setReason] = useState('');
  const delegationId = delegation.id;
  const accept = () =>
    void work.run('accept', () => ask(client, 'delegation.accept', { delegationId })).then(again);
  const decline = () =>
    void work
      .run('decline', () => ask(client, 'delegation.decline', { delegationId, reason }))
      .then(again);
  return (
    <>
      <TrustFacts
        icon={ShieldQuestion}
        facts={[
          { term: 'Who', text: `${delegation.caller}, with the token that you gave this peer.` },
          { term: 'Proven how', text: provenBy(delegation.proof) },
          {
            term: 'What they get',
            text: 'Accepting gives this text to your agent, and its answer to them.',
          },
          {
            term: 'What could go wrong',
            text: 'Your agent may run commands on this machine because of it. Accepting is not a sandbox.',
          },
        ]}
      />
      {declining ? (
        <TextArea
          label="Reason"
          value={reason}
          optional
          maxLength={2_000}
          help="The peer reads it."
          autoFocus
          onChange={(event) => setReason(event.target.value)}
        />
      ) : null}
      {work.failure ? <ErrorNote error={work.failure} announce /> : null}
      <div className="compare__buttons">
        {declining ? (
          <>
            <Button look="primary" busy={work.busy === 'decline'} onClick={decline}>
              Decline it
            </Button>
            <Button look="quiet" onClick={() => setDeclining(false)}>
              Back
            </Button>
          </>
        ) : (
          <>
            <Button look="primary" onClick={() => setDeclining(true)}>
              Decline
            </Button>
            <Button busy={work.busy === 'accept'} onClick={accept}>
              Accept, and let my agent read it
            </Button>
          </>
        )}
      </div>
    </>
  );
}
