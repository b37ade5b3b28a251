import { ArrowLeft } from 'lucide-react';
import { useEffect } from 'react';
import type { DelegationId } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { UntrustedText } from '../../components/untrusted-text.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import { clockTime, exactTime } from '../../words/time.ts';
import { ErrorNote } from '../error-note.tsx';
import { ask } from '../setup/ask.ts';
import { useLook } from '../setup/use-look.ts';
import { DelegationCard } from './delegation-card.tsx';

interface OpenDelegationProps {
  delegationId: DelegationId;
  onBack: () => void;
}

const who = { caller: 'They', us: 'You', agent: 'Your agent' } as const;

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
          <DelegationCard delegation={{ ...(held ?? value.delegation), text: value.text }} />
          {value.turns.length > 1 ? (
            <ol className="turns" aria-label="What was said about it">
              {value.turns.map((turn) => (
                <li key={`${turn.at} ${turn.from}`}>
                  <p className="turns__who">
                    {who[turn.from]} <time title={exactTime(turn.at)}>{clockTime(turn.at)}</time>
                  </p>
                  <p className="delegation__text selectable">
                    <UntrustedText text={turn.text} />
                  </p>
                </li>
              ))}
            </ol>
          ) : null}
          {value.delegation.answer ? (
            <section aria-label="The answer">
              <p className="turns__who">The answer that they got</p>
              <p className="delegation__text selectable">{value.delegation.answer.text}</p>
            </section>
          ) : null}
          {value.delegation.state === 'in_progress' || value.delegation.state === 'accepted' ? (
            <Button
              className="inbox__back"
              onClick={() => void client.act('delegation.stop', { delegationId })}
            >
              Stop it
            </Button>
          ) : null}
        </>
      ) : null}
    </>
  );
}
