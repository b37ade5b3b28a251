import { MessageSquare, RotateCw } from 'lucide-react';
import { useMemo, useState } from 'react';
import type { BroadcastId, BroadcastRow, BroadcastView } from '../../../electron/contract/index.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Callout } from '../../components/callout.tsx';
import { Segments } from '../../components/segments.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { StatusMark } from '../../components/status-mark.tsx';
import { Tag } from '../../components/tag.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient, useMirror } from '../../store/hooks.ts';
import { count, counted } from '../../words/count.ts';
import { outgoingMeaning, outgoingWord } from '../../words/states.ts';
import { ago, exactTime, inTime } from '../../words/time.ts';
import { ErrorNote } from '../error-note.tsx';
import { BackButton } from './back-button.tsx';
import { SaidText } from './said-text.tsx';
import { SomeRows } from './some-rows.tsx';
import { useOpenBroadcast } from './use-open-broadcast.ts';
import { fits, type RowFilter, rowShape, standing, summary } from './words.ts';

interface OneBroadcastProps {
  broadcastId: BroadcastId;
  onBack: () => void;
}

/** One broadcast: what was said, and how it went with each recipient, as it goes. */
export function OneBroadcast({ broadcastId, onBack }: OneBroadcastProps) {
  const { error, loaded } = useOpenBroadcast(broadcastId);
  const broadcast = useMirror((mirror) => mirror.broadcasts.get(broadcastId) ?? null);
  return (
    <section className="broadcast" aria-label="Broadcast">
      <BackButton text="All broadcasts" onBack={onBack} />
      {error ? <ErrorNote error={error} /> : null}
      {broadcast ? <Told broadcast={broadcast} /> : null}
      {broadcast && loaded ? <Rows broadcast={broadcast} /> : null}
      {!error && !loaded ? <Skeleton rows={4} label="Reading the broadcast" /> : null}
    </section>
  );
}

function Told({ broadcast }: { broadcast: BroadcastView }) {
  const client = useClient();
  const now = useNow(60_000);
  const { id: broadcastId, counts } = broadcast;
  const { trouble } = standing(broadcast);
  const retry = async () => {
    const done = await client.act('broadcast.retry', { broadcastId });
    if (done) client.toasts.say(`${counted(done.retried, 'message')} back in the outbox`);
  };
  const cancel = async () => {
    const done = await client.act('broadcast.cancel', { broadcastId });
    if (done) client.toasts.say(`${counted(done.cancelled, 'message')} taken back`);
  };
  return (
    <>
      <header className="told">
        <h3>{broadcast.topic ?? 'No topic'}</h3>
        <p className="hint-text">
          To {broadcast.audience},{' '}
          <time dateTime={new Date(broadcast.at).toISOString()} title={exactTime(broadcast.at)}>
            {ago(broadcast.at, now)}
          </time>
        </p>
        {broadcast.tags.length > 0 ? (
          <p className="told__tags">
            {broadcast.tags.map((tag) => (
              <Tag key={tag}>{tag}</Tag>
            ))}
          </p>
        ) : null}
      </header>
      <SaidText label="What was sent" text={broadcast.text} />
      <Callout
        tone={trouble > 0 ? 'warning' : broadcast.done ? 'good' : 'info'}
        title={summary(broadcast)}
        announce
        actions={
          <>
            {counts.failed > 0 ? (
              <Button size="small" onClick={() => void retry()}>
                Try the {counts.failed === 1 ? 'failed one' : `${count(counts.failed)} failed`}{' '}
                again
              </Button>
            ) : null}
            {counts.queued > 0 ? (
              <Button size="small" onClick={() => void cancel()}>
                Take back {counts.queued === 1 ? 'the one' : `the ${count(counts.queued)}`} that{' '}
                {counts.queued === 1 ? 'waits' : 'wait'}
              </Button>
            ) : null}
          </>
        }
      >
        <progress
          className="told__bar"
          max={Math.max(1, broadcast.recipients)}
          value={broadcast.recipients - standing(broadcast).waiting}
          aria-label="Settled recipients"
        />
      </Callout>
    </>
  );
}

const names: Readonly<Record<RowFilter, string>> = {
  all: 'All',
  waiting: 'On the way',
  trouble: 'Trouble',
  there: 'Arrived',
  out: 'Left out',
};

function Rows({ broadcast }: { broadcast: BroadcastView }) {
  const held = useMirror((mirror) => mirror.broadcastRows);
  const [filter, setFilter] = useState<RowFilter>('all');
  const rows = useMemo(
    () => [...held.values()].filter((row) => row.broadcastId === broadcast.id),
    [held, broadcast.id],
  );
  const shown = rows.filter((row) => fits(row, filter));
  const options = (Object.keys(names) as RowFilter[]).map((value) => {
    const number = rows.filter((row) => fits(row, value)).length;
    return { value, text: value === 'all' ? names[value] : `${names[value]} ${count(number)}` };
  });
  return (
    <>
      <Segments label="Which recipients" value={filter} options={options} onChange={setFilter} />
      {shown.length === 0 ? (
        <p className="hint-text">None of them.</p>
      ) : (
        <SomeRows
          key={filter}
          label="Recipients"
          className="recipients"
          rows={shown}
          keyOf={(row) => row.id}
        >
          {(row) => <Row row={row} />}
        </SomeRows>
      )}
    </>
  );
}

function Row({ row }: { row: BroadcastRow }) {
  const client = useClient();
  const here = useMirror((mirror) => mirror.peers.has(row.peerId));
  const { messageId, threadId, state, broadcastId } = row;
  const open = () => {
    if (threadId && messageId) {
      client.go(`peer/${row.peerId}/thread/${threadId}/${messageId}`);
    }
  };
  return (
    <div className="recipient">
      <StatusMark shape={row.leftOut ? 'blocked' : rowShape(state)} />
      <div className="recipient__words">
        <p className="recipient__name">
          <strong className="clip">{row.peerName}</strong>
          <span className="hint-text" {...(state ? { title: outgoingMeaning[state] } : {})}>
            <StateWords row={row} />
          </span>
        </p>
        {row.error ? (
          <p className="recipient__way">
            {row.error.title}. {row.error.detail}
          </p>
        ) : null}
        {row.answer ? (
          <p className="recipient__answer" dir="auto">
            {row.answer}
          </p>
        ) : null}
      </div>
      {state === 'failed' && messageId ? (
        <IconButton
          icon={RotateCw}
          size="small"
          label={`Try ${row.peerName} again`}
          onClick={() =>
            void client.act('broadcast.retry', { broadcastId, messageIds: [messageId] })
          }
        />
      ) : null}
      {messageId && here ? (
        <IconButton
          icon={MessageSquare}
          size="small"
          label={`Open the thread with ${row.peerName}`}
          onClick={open}
        />
      ) : null}
    </div>
  );
}

function StateWords({ row }: { row: BroadcastRow }) {
  const now = useNow(1_000);
  if (row.leftOut) return <>Left out: {row.leftOut.why}</>;
  if (row.state === null) return <>Deleted here since</>;
  const next = row.state === 'queued' && row.nextAttemptAt !== null ? row.nextAttemptAt : null;
  return (
    <>
      {outgoingWord[row.state]}
      {next === null ? null : `, next try ${inTime(next, now)}`}
    </>
  );
}
