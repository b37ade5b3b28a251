import { useMemo } from 'react';
import { PeerId } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { PickField } from '../../components/field.tsx';
import { able, type Candidate, commonTags, suggest } from './suggest.ts';

interface RecipientProps {
  peers: readonly Candidate[];
  chosen: PeerId | null;
  /** Only peers with this capability; empty = all. */
  capability: string;
  /** What is to be done, for suggestions. */
  about: string;
  error: string | null;
  onChoose: (peerId: PeerId | null) => void;
  onCapability: (tag: string) => void;
}

/** To whom it goes: of all peers, or of those who say that they can do it. */
export function Recipient(props: RecipientProps) {
  const { peers, chosen, capability, about, error, onChoose, onCapability } = props;
  const tags = useMemo(() => commonTags(peers), [peers]);
  const fitting = useMemo(() => able(peers, capability), [peers, capability]);
  const suggested = useMemo(
    () => suggest(fitting, about).filter(({ peer }) => peer.peerId !== chosen),
    [fitting, about, chosen],
  );
  const can = peers.find((one) => one.peerId === chosen)?.capabilities ?? [];
  return (
    <>
      <div
        className={`compose__pair ${tags.length > 0 ? 'compose__pair--to' : 'compose__pair--all'}`}
      >
        <PickField
          label="To"
          value={chosen ?? ''}
          options={[
            { value: '', text: fitting.length === 0 ? 'No peer can do this' : 'Choose a peer' },
            ...fitting.map(({ peerId, name, statusText }) => ({
              value: peerId,
              text: `${name} (${statusText})`,
            })),
          ]}
          error={error}
          help={can.length > 0 ? `Can: ${can.slice(0, 8).join(', ')}` : ''}
          onPick={(value) => onChoose(PeerId.safeParse(value).data ?? null)}
        />
        {tags.length > 0 ? (
          <PickField
            label="Who can"
            value={capability}
            options={[
              { value: '', text: 'Anything' },
              ...tags.map((tag) => ({ value: tag, text: tag })),
            ]}
            onPick={onCapability}
          />
        ) : null}
      </div>
      {suggested.length > 0 ? (
        <fieldset className="compose__suggested" aria-label="Suggested peers">
          <span className="hint-text">Can do it:</span>
          {suggested.map(({ peer, because }) => (
            <Button
              key={peer.peerId}
              size="small"
              title={`Says that it can: ${because.join(', ')}`}
              onClick={() => onChoose(peer.peerId)}
            >
              {peer.name}: {because.slice(0, 2).join(', ')}
            </Button>
          ))}
        </fieldset>
      ) : null}
    </>
  );
}
