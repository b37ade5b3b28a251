import { useState } from 'react';
import type { RequestView } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Tag } from '../../components/tag.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient } from '../../store/hooks.ts';
import { byteSize } from '../../words/bytes.ts';
import { ago, exactTime } from '../../words/time.ts';
import { ErrorNote } from '../error-note.tsx';
import { useWork } from '../setup/use-work.ts';
import { NAMED_IN_HEAD, outcomeWords, toWhom } from './words.ts';

/** What a local agent wants to send: who asks, to whom, the text, and the decision. */
export function RequestCard({ request }: { request: RequestView }) {
  const client = useClient();
  const now = useNow(30_000);
  const [whole, setWhole] = useState<string | null>(null);
  const cut = whole === null && request.text.length < request.textBytes && isCut(request);
  const showAll = async () => {
    const read = await client.act('agents.request', { requestId: request.id });
    if (read) setWhole(read.text);
  };
  return (
    <article className="delegation" aria-label={`Asked by ${request.agent}`}>
      <header className="delegation__head">
        <strong>
          <bdi>{request.agent}</bdi>
        </strong>
        <span className="clip">
          to <bdi>{toWhom(request)}</bdi>
        </span>
        {request.kind === 'message' ? null : <Tag>{request.kind}</Tag>}
        {request.topic ? (
          <span className="soft clip">
            <bdi>{request.topic}</bdi>
          </span>
        ) : null}
        <span className="step__gap" />
        <time className="soft numbers" title={exactTime(request.at)}>
          {ago(request.at, now)}
        </time>
      </header>
      <p className="delegation__text selectable" dir="auto">
        {whole ?? request.text}
      </p>
      {cut ? (
        <div className="delegation__meta">
          <p className="hint-text">This is its beginning, of {byteSize(request.textBytes)}.</p>
          <Button size="small" look="quiet" onClick={() => void showAll()}>
            Show all of it
          </Button>
        </div>
      ) : null}
      <RequestFacts request={request} />
      {request.state === 'waiting' ? null : <p className="hint-text">{outcomeWords(request)}</p>}
      {request.error && request.state === 'failed' ? <ErrorNote error={request.error} /> : null}
      {request.state === 'waiting' ? <DecideRequest request={request} /> : null}
    </article>
  );
}

/** What goes along with the text, and everybody who gets it where the head has no room for all. */
function RequestFacts({ request }: { request: RequestView }) {
  const { facts, recipients, recipientCount } = request;
  const many = recipientCount > NAMED_IN_HEAD;
  if (facts.length === 0 && !many) return null;
  const unnamed = recipientCount - recipients.length;
  return (
    <dl className="request__facts">
      {facts.map(({ label, value }) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd className="selectable" dir="auto">
            {value}
          </dd>
        </div>
      ))}
      {many ? (
        <div>
          <dt>To</dt>
          <dd>
            {recipients.map((one, index) => (
              <bdi key={one.peerId}>{`${index === 0 ? '' : ', '}${one.name}`}</bdi>
            ))}
            {unnamed > 0 ? ` and ${unnamed} more` : ''}
          </dd>
        </div>
      ) : null}
    </dl>
  );
}

/** Bytes of the shown text, against those of the whole. */
const isCut = (request: RequestView): boolean =>
  new TextEncoder().encode(request.text).length < request.textBytes;

/** A trust moment: the safe button stands first. */
function DecideRequest({ request }: { request: RequestView }) {
  const client = useClient();
  const work = useWork();
  const requestId = request.id;
  const decide = (decision: 'approve' | 'deny') =>
    void work.run(decision, () => client.call('agents.decide', { requestId, decision }));
  return (
    <>
      <p className="hint-text">
        A program of yours asks, and calls itself by this name. Approving sends this text, once.
      </p>
      <div className="decide">
        <Button look="primary" busy={work.busy === 'deny'} onClick={() => decide('deny')}>
          Deny
        </Button>
        <Button busy={work.busy === 'approve'} onClick={() => decide('approve')}>
          Approve
        </Button>
      </div>
      {work.failure ? <ErrorNote error={work.failure} announce /> : null}
    </>
  );
}
