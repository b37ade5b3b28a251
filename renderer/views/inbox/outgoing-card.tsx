import { ArrowUpRight, EllipsisVertical } from 'lucide-react';
import {
  type AppError,
  isOver,
  type OutgoingDelegationView,
} from '../../../electron/contract/index.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Menu, MenuItem } from '../../components/menu.tsx';
import { Tag } from '../../components/tag.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient } from '../../store/hooks.ts';
import { counted } from '../../words/count.ts';
import { sentence } from '../../words/sentence.ts';
import { ago, exactTime } from '../../words/time.ts';
import { ErrorNote } from '../error-note.tsx';
import { ask } from '../setup/ask.ts';
import { useWork } from '../setup/use-work.ts';
import { DeadlineTag } from './deadline-tag.tsx';
import { Said } from './said.tsx';
import { outgoingWords } from './words.ts';

/** Work that we gave to somebody: what was asked, how it stands, and what can be done about it. */
export function OutgoingCard({ delegation }: { delegation: OutgoingDelegationView }) {
  const now = useNow(30_000);
  const over = isOver(delegation.state);
  const error = errorOf(delegation);
  return (
    <article className="delegation delegation--ours" aria-label={`Asked of ${delegation.peer}`}>
      <header className="delegation__head">
        <span className="delegation__way">
          <ArrowUpRight aria-hidden="true" />
          <strong>
            <bdi>{delegation.peer}</bdi>
          </strong>
        </span>
        <span className="clip">
          <bdi>{delegation.topic}</bdi>
        </span>
        {delegation.priority === 'high' || delegation.priority === 'urgent' ? (
          <Tag tone="accent">{delegation.priority === 'urgent' ? 'Urgent' : 'High priority'}</Tag>
        ) : null}
        {delegation.deadlineAt === null || over ? null : (
          <DeadlineTag at={delegation.deadlineAt} now={now} />
        )}
        <time className="soft numbers" title={exactTime(delegation.sentAt)}>
          {ago(delegation.sentAt, now)}
        </time>
      </header>
      <p className="delegation__text delegation__text--short selectable" dir="auto">
        {delegation.task}
      </p>
      {delegation.question ? <Said who="They ask:" text={delegation.question} /> : null}
      {delegation.answer ? (
        <Said
          who={isResult(delegation.state) ? 'They answered:' : 'They said:'}
          text={delegation.answer.text}
          {...(delegation.answer.files > 0
            ? { files: `${counted(delegation.answer.files, 'file')}, in the thread` }
            : {})}
        />
      ) : null}
      {error ? <ErrorNote error={error} /> : null}
      {delegation.stop?.error ? <ErrorNote error={delegation.stop.error} announce /> : null}
      <Foot delegation={delegation} />
    </article>
  );
}

/** Anything else was said on the way. */
const isResult = (state: OutgoingDelegationView['state']): boolean =>
  state === 'completed' || state === 'failed' || state === 'declined';

/** What kept it back; a message that merely waits for its link says so in its words. */
const errorOf = ({ error, state, delivery }: OutgoingDelegationView): AppError | null =>
  state === 'declined' || delivery === 'queued' || delivery === 'sending' ? null : error;

function Foot({ delegation }: { delegation: OutgoingDelegationView }) {
  const client = useClient();
  const work = useWork();
  const { id: delegationId, peerId, threadId, state, running } = delegation;
  const over = isOver(state);
  const asks = state === 'asked_back';
  const goThere = () =>
    void client.navigation.goTo({
      kind: asks ? 'message' : 'thread',
      peerId,
      threadId,
      messageId: null,
    });
  const stop = () => void work.run('stop', () => ask(client, 'outgoing.cancel', { delegationId }));
  const mark = (as: 'completed' | 'failed' | 'cancelled') =>
    void work.run('mark', () => ask(client, 'outgoing.mark', { delegationId, state: as }));
  return (
    <>
      <div className="delegation__foot">
        <p className="hint-text">
          {sentence(outgoingWords(delegation))}
          {delegation.stop && !delegation.stop.error
            ? ' · is stopped once they can be reached'
            : ''}
          {delegation.attachments > 0 ? ` · with ${counted(delegation.attachments, 'file')}` : ''}
          {delegation.expected ? ` · expects ${delegation.expected}` : ''}
        </p>
        <div className="delegation__acts">
          <Button
            size="small"
            look={asks ? 'primary' : 'quiet'}
            aria-keyshortcuts={asks ? 'A' : 'O'}
            onClick={goThere}
          >
            {asks ? 'Answer' : 'Open thread'}
          </Button>
          {over ? null : (
            <Button size="small" aria-keyshortcuts="X" busy={work.busy === 'stop'} onClick={stop}>
              {delegation.stop
                ? 'Try again to stop it'
                : delegation.delivery === 'queued'
                  ? 'Take back'
                  : 'Stop'}
            </Button>
          )}
          {over || running ? null : (
            <Menu
              trigger={
                <IconButton
                  icon={EllipsisVertical}
                  size="small"
                  label={`More about what you asked of ${delegation.peer}`}
                />
              }
            >
              <MenuItem onSelect={() => mark('completed')}>It is done</MenuItem>
              <MenuItem onSelect={() => mark('failed')}>It failed</MenuItem>
              <MenuItem onSelect={() => mark('cancelled')}>Do not wait for it</MenuItem>
            </Menu>
          )}
        </div>
      </div>
      {work.failure ? <ErrorNote error={work.failure} announce /> : null}
    </>
  );
}
