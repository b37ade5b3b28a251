import type {
  AppError,
  RelayBroadcastPreview,
  RelayView,
} from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Callout } from '../../components/callout.tsx';
import { StatusMark } from '../../components/status-mark.tsx';
import { Tag } from '../../components/tag.tsx';
import { useMirror } from '../../store/hooks.ts';
import { sizeWords } from '../../words/bytes.ts';
import { count, counted } from '../../words/count.ts';
import { ErrorNote } from '../error-note.tsx';
import { BackButton } from './back-button.tsx';
import { SaidText } from './said-text.tsx';
import { SomeRows } from './some-rows.tsx';
import { TextWarnings } from './text-warnings.tsx';
import './relay-dry-run.css';

interface RelayDryRunProps {
  preview: RelayBroadcastPreview;
  error: AppError | null;
  busy: boolean;
  onBack: () => void;
  onSend: () => void;
}

/** What a relay would pass on to all its agents, and who they are as far as it tells. */
export function RelayDryRun({ preview, error, busy, onBack, onSend }: RelayDryRunProps) {
  const { message, relay: name, topic, tags } = preview;
  const relay = useMirror((mirror) =>
    mirror.relays.relays.find(({ id }) => id === preview.relayId),
  );
  const secret = message.secrets.length > 0;
  const ready = relay?.state.kind === 'online';
  return (
    <section className="broadcast" aria-label="Dry run">
      <BackButton text="Back to writing" onBack={onBack} />
      <TextWarnings message={message} />
      {ready ? null : (
        <Callout tone="problem" title={`${name} is not connected`} announce>
          <p>
            {relay?.stateText ?? 'It was removed.'} A relay is told at once or not at all: nothing
            waits here for it.
          </p>
        </Callout>
      )}
      <Callout
        tone="warning"
        title={`Everybody on ${name} reads it in the clear, and so does the relay`}
      >
        <p>
          {preview.plain ? 'It is not encrypted on the way either: the network reads along. ' : ''}
          What was told cannot be taken back.
        </p>
      </Callout>
      <div className="dry-run__part">
        <h3>What the relay passes on</h3>
        <dl className="told-facts">
          <dt>From</dt>
          <dd>{preview.agentName}</dd>
          <dt>Topic</dt>
          <dd>{topic}</dd>
          {tags.length > 0 ? (
            <>
              <dt>Tags</dt>
              <dd className="told__tags">
                {tags.map((tag) => (
                  <Tag key={tag}>{tag}</Tag>
                ))}
              </dd>
            </>
          ) : null}
        </dl>
        <SaidText label="What the relay passes on" text={message.text} />
        <p className="hint-text">
          {sizeWords(message.bytes)}.{' '}
          {preview.signed
            ? 'Signed in four more tags: whoever compared keys with you sees that it is yours.'
            : 'Not signed: the key of this device cannot be read now. Others cannot tell that it is yours.'}
        </p>
      </div>
      {relay ? <Readers relay={relay} /> : null}
      {error ? <ErrorNote error={error} announce /> : null}
      <div className="broadcast__foot">
        <p className="hint-text">This was a dry run: nothing was sent or stored.</p>
        <Button
          look="primary"
          busy={busy}
          disabled={!ready || message.size === 'over_hard_limit'}
          onClick={onSend}
        >
          {secret ? 'Tell all anyway on' : 'Tell all on'} {name}
        </Button>
      </div>
    </section>
  );
}

function Readers({ relay }: { relay: RelayView }) {
  const { agentsTotal } = relay;
  const listed = relay.agents.filter((agent) => agent.online);
  return (
    <div className="dry-run__part">
      <h3>
        {agentsTotal === 0
          ? 'No other agent is listed now'
          : `Listed there now: ${counted(agentsTotal, 'agent')}`}
      </h3>
      <p className="hint-text">Who is silent now gets it too, once it asks the relay again.</p>
      {listed.length > 0 ? (
        <SomeRows
          label="Agents on the relay"
          className="recipients"
          rows={listed}
          keyOf={(agent) => agent.id}
        >
          {(agent) => (
            <div className="recipient">
              <StatusMark shape="up" />
              <div className="recipient__words">
                <p className="recipient__name">
                  <strong className="clip">{agent.name}</strong>
                  <span className="hint-text clip">{agent.machine}</span>
                </p>
              </div>
              <span className="hint-text">{agent.peerId === null ? 'No peer of yours' : ''}</span>
            </div>
          )}
        </SomeRows>
      ) : null}
      {agentsTotal > listed.length ? (
        <p className="hint-text">{moreWords(agentsTotal - listed.length)}</p>
      ) : null}
    </div>
  );
}

const moreWords = (more: number): string =>
  more === 1 ? 'One more is not named here.' : `${count(more)} more are not named here.`;
