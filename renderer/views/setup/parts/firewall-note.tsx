import { CopyField } from '../../../components/copy-field.tsx';
import { useClient } from '../../../store/hooks.ts';
import { ask } from '../ask.ts';
import { useLook } from '../use-look.ts';

/** What this machine's own firewall says. Read, never changed. */
export function FirewallNote() {
  const client = useClient();
  const { value } = useLook(() => ask(client, 'ownGateway.firewall', {}));
  if (!value || value.state === 'none') return null;
  return (
    <section className="step__part" aria-labelledby="firewall-title">
      <h3 id="firewall-title">This machine’s firewall{value.tool ? ` (${value.tool})` : ''}</h3>
      <p className="hint-text">{value.meaning}</p>
      {value.command ? (
        <CopyField
          label="Command to look or to open it"
          text={value.command}
          onCopy={(text) => void client.copy(text)}
        />
      ) : null}
    </section>
  );
}
