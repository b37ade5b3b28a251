import { ArrowLeft } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { DelegationId, DelegationTurn } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Callout } from '../../components/callout.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { UntrustedText } from '../../components/untrusted-text.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import { clockTime, exactTime } from '../../words/time.ts';
import { ErrorNote } from '../error-note.tsx';
import { ask } from '../setup/ask.ts';
import { useLook } from '../setup/use-look.ts';
import { useWork } from '../setup/use-work.ts';
import { MarkdownText } from '../thread/markdown-text.tsx';
import { DelegationCard, partText } from './delegation-card.tsx';

interface OpenDelegationProps {
  delegationId: DelegationId;
  onBack: () => void;
}

const who = { caller: 'They', us: 'You', agent: 'Your agent' } as const;

/** For a gateway that asks and never comes for the answer. */
function SendBack({ delegationId }: Pick<OpenDelegationProps, 'delegationId'>) {
  const client = useClient();
  const work = useWork();
  const [sent, setSent] = useState(false);
  const send = async () => {
    const done = await work.run('send', () => ask(client, 'delegation.sendBack', { delegationId }));
    if (done) setSent(true);
  };
  return (
    <>
      <Callout
        tone="info"
        title={sent ? 'It goes to them as a message of yours' : 'They have not seen it'}
        actions={
          sent ? null : (
            <Button size="small" busy={work.busy !== null} onClick={() => void send()}>
              Send it as a message
            </Button>
          )
        }
      >
        An OpenClaw gateway asked. It never comes for the answer to what it sent out.
      </Callout>
      {work.failure ? <ErrorNote error={work.failure} announce /> : null}
    </>
  );
}

/** What was said since it came. */
function Talk({ turns }: { turns: readonly DelegationTurn[] }) {
  return (
    <ol className="turns" aria-label="What was said about it">
      {turns.map((turn) => (
        <li key={`${turn.at} ${turn.from}`}>
          <p className="turns__who">
            {who[turn.from]} <time title={exactTime(turn.at)}>{clockTime(turn.at)}</time>
          </p>
          <div className="delegation__text selectable" dir="auto">
            {turn.from === 'agent' ? (
              <MarkdownText text={turn.text} />
            ) : (
              <UntrustedText text={turn.text} />
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}

/** The whole of one delegation: its text, the talk about it, and the answer. */
export function OpenDelegation({ delegationId, onBack }: OpenDelegationProps) {
  const client = useClient();
  const held = useMirror((mirror) => mirror.delegations.get(delegationId) ?? null);
  const { value, error, again } = useLook(() => ask(client, 'delegation.open', { delegationId }));
  // The window holds the beginning of each text: the whole is read again when something changed.
  useEffect(() => {
    if (held) again();
  }, [held, again]);
  return (
    <>
      <Button look="quiet" icon={ArrowLeft} className="inbox__back" onClick={onBack}>
        All of the inbox
      </Button>
      {error && !value ? <ErrorNote error={error} /> : null}
      {!value && !error ? <Skeleton rows={4} label="Opening it" /> : null}
      {value ? (
        <>
          <DelegationCard
            delegation={{
              ...(held ?? value.delegation),
              text: value.turns[0]?.text ?? value.text,
            }}
            {...(value.turns.length > 1 ? { talk: <Talk turns={value.turns.slice(1)} /> } : {})}
          />
          {value.turns.length > 1 &&
          value.delegation.answer &&
          value.delegation.answer.files.length > 0 ? (
            <p className="hint-text selectable">
              The answer came with {value.delegation.answer.files.map(partText).join(', ')}
            </p>
          ) : null}
          {value.delegation.answer && !value.delegation.collects ? (
            <SendBack delegationId={delegationId} />
          ) : null}
        </>
      ) : null}
    </>
  );
}
