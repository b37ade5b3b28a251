import { ArrowDownLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { type AppError, type DelegationView, isOver } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Callout } from '../../components/callout.tsx';
import { Tag } from '../../components/tag.tsx';
import { UntrustedText } from '../../components/untrusted-text.tsx';
import { useNow } from '../../components/use-now.ts';
import { byteSize, textSize } from '../../words/bytes.ts';
import { sentence } from '../../words/sentence.ts';
import { ago, exactTime } from '../../words/time.ts';
import { ErrorNote } from '../error-note.tsx';
import { AnswerByHand } from './answer-by-hand.tsx';
import { AskedText, saysExpected } from './asked-text.tsx';
import { DeadlineTag } from './deadline-tag.tsx';
import { Decide, DeclineAsked } from './decide.tsx';
import { Said } from './said.tsx';
import { StopWork } from './stop-work.tsx';
import { useAnswer } from './use-answer.ts';
import { stateWords } from './words.ts';

interface DelegationCardProps {
  delegation: DelegationView;
  /** All that was said about it, in place of the last question. */
  talk?: ReactNode;
  /** Opens the whole of it; absent where it is open. */
  onOpen?: () => void;
}

/** One piece of work that a peer asks for. Its texts are a stranger's: shown as they are, as text. */
export function DelegationCard({ delegation, talk, onOpen }: DelegationCardProps) {
  const now = useNow(30_000);
  const waits = delegation.state === 'proposed';
  const isUnderWay = delegation.state === 'in_progress' || delegation.state === 'accepted';
  // Held here, so that what is written outlives a change of the state.
  const answering = useAnswer(delegation);
  return (
    <article className="delegation" aria-label={`Asked by ${delegation.caller}`}>
      <header className="delegation__head">
        <span className="delegation__way">
          <ArrowDownLeft aria-hidden="true" />
          <strong>
            <bdi>{delegation.caller}</bdi>
          </strong>
        </span>
        {delegation.topic ? (
          // Before it is decided on nothing of what the agent would get is cut.
          <span className={waits ? 'delegation__topic' : 'clip'}>
            <bdi>
              <UntrustedText text={delegation.topic} />
            </bdi>
          </span>
        ) : null}
        {delegation.priority === 'high' || delegation.priority === 'urgent' ? (
          <Tag tone="accent">{delegation.priority === 'urgent' ? 'Urgent' : 'High priority'}</Tag>
        ) : null}
        {delegation.deadlineAt === null || isOver(delegation.state) ? null : (
          <DeadlineTag at={delegation.deadlineAt} now={now} />
        )}
        <time className="soft numbers" title={exactTime(delegation.receivedAt)}>
          {ago(delegation.receivedAt, now)}
        </time>
      </header>
      <AskedText asked={delegation} />
      {talk ?? (
        <>
          <Question delegation={delegation} />
          {delegation.answer ? (
            <Said
              who={
                delegation.decision?.what === 'answered' ? 'You answered:' : 'Your agent answered:'
              }
              text={delegation.answer.text}
              {...(delegation.answer.files.length > 0
                ? { files: `With ${delegation.answer.files.map(partText).join(', ')}` }
                : {})}
            />
          ) : null}
        </>
      )}
      <div className="delegation__meta">
        <p className="hint-text">
          {sentence(textSize(delegation.textBytes))}
          {delegation.parts.length > 0
            ? ` · with ${delegation.parts.map(partText).join(', ')}`
            : ''}
          {delegation.expected && !saysExpected(delegation) ? (
            <>
              {' · expects '}
              <UntrustedText text={delegation.expected} />
            </>
          ) : null}
          {delegation.hops > 0 ? ` · came through ${delegation.hops} other gateways, it says` : ''}
          {delegation.collects
            ? ''
            : ' · from an OpenClaw gateway, which never comes for the answer'}
          {waits ? '' : ` · ${stateWords(delegation)}`}
        </p>
        <div className="delegation__acts">
          {onOpen ? (
            <Button size="small" look="quiet" aria-keyshortcuts="O" onClick={onOpen}>
              Show all of it
            </Button>
          ) : null}
          {(isUnderWay || delegation.state === 'asked_back') && !answering.isOpen ? (
            <Button
              size="small"
              look="quiet"
              aria-keyshortcuts="R"
              title="You give the answer, with files if you like (R)"
              onClick={answering.open}
            >
              Answer yourself
            </Button>
          ) : null}
          {isUnderWay ? <StopWork delegationId={delegation.id} /> : null}
          {delegation.state === 'asked_back' ? <DeclineAsked delegation={delegation} /> : null}
        </div>
      </div>
      {waits && delegation.held ? <Held error={delegation.held} /> : null}
      {delegation.error ? <ErrorNote error={delegation.error} /> : null}
      {waits && !answering.isOpen ? (
        <Decide delegation={delegation} onAnswer={answering.open} />
      ) : null}
      {answering.isOpen ? (
        <AnswerByHand
          answering={answering}
          stopsAgent={isUnderWay}
          textOnly={delegation.proof.kind === 'relay' || !delegation.collects}
        />
      ) : null}
    </article>
  );
}

/** What was asked back last, and what they said to it. */
function Question({ delegation: { question, reply } }: Pick<DelegationCardProps, 'delegation'>) {
  if (question === null) return null;
  return (
    <div className="delegation__question selectable">
      <p>
        <span className="soft">You asked:</span> {question}
      </p>
      {reply === null ? null : (
        <p dir="auto">
          <span className="soft">They answered:</span> <UntrustedText text={reply} />
        </p>
      )}
    </div>
  );
}

/** Why it waits although its peer's work is let through. */
function Held({ error }: { error: AppError }) {
  return (
    <Callout tone="warning" title={`${error.title}, so it waits for you`}>
      {error.detail} {error.remedy?.text}
    </Callout>
  );
}

/** A file, link or data in a few words. Its name is a stranger's. */
export const partText = (part: DelegationView['parts'][number]): string =>
  `${part.name || part.kind} (${part.kind === 'link' ? 'a link, not fetched' : byteSize(part.bytes)})`;
