import type { RelayId, RelayView } from '../../../electron/contract/index.ts';
import { PickField } from '../../components/field.tsx';
import { counted } from '../../words/count.ts';

interface RelayChoiceProps {
  relays: readonly RelayView[];
  /** The one that is meant. */
  relay: RelayView;
  onChange: (relayId: RelayId) => void;
}

/** Which relay is told, and what that means. */
export function RelayChoice({ relays, relay, onChange }: RelayChoiceProps) {
  const there =
    relay.state.kind === 'online' ? `${counted(relay.agentsTotal, 'agent')} now` : 'it is away now';
  return (
    <>
      {relays.length > 1 ? (
        <PickField
          label="Relay"
          value={relay.id}
          options={relays.map(({ id, name }) => ({ value: id, text: name }))}
          onPick={(picked) => {
            const found = relays.find(({ id }) => id === picked);
            if (found) onChange(found.id);
          }}
        />
      ) : null}
      <p className="hint-text">
        All agents on {relay.name} ({there}), peers of yours or not. The relay passes one text on to
        them; there are no threads for it, and no answers.
      </p>
    </>
  );
}
