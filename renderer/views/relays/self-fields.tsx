import { TextField } from '../../components/field.tsx';
import { SwitchRow } from '../../components/switch-row.tsx';
import { typedTags } from '../typed-tags.ts';

/** What we show of ourselves on a relay, as it is typed. */
export interface SelfForm {
  readonly name: string;
  readonly agentName: string;
  readonly capabilities: string;
  readonly description: string;
  readonly joinAll: boolean;
}

/** The fields of it as a call wants them. */
export const selfOf = ({ name, agentName, capabilities, description, joinAll }: SelfForm) => ({
  name: name.trim(),
  agentName: agentName.trim(),
  capabilities: typedTags(capabilities)
    .map((tag) => tag.slice(0, 40))
    .slice(0, 32),
  description: description.trim(),
  joinAll,
});

interface SelfFieldsProps {
  form: SelfForm;
  onChange: (changes: Partial<SelfForm>) => void;
}

/** How the relay is called here, and what the others on it see of us. */
export function SelfFields({ form, onChange }: SelfFieldsProps) {
  return (
    <>
      <TextField
        label="Name of the relay"
        value={form.name}
        maxLength={80}
        help="Only you see it."
        onChange={(event) => onChange({ name: event.target.value })}
      />
      <TextField
        label="Your name on it"
        value={form.agentName}
        maxLength={80}
        help="The others on the relay see this, and what follows."
        onChange={(event) => onChange({ agentName: event.target.value })}
      />
      <TextField
        label="Capabilities"
        optional
        value={form.capabilities}
        placeholder="code, review, translate"
        help="What your agents are good at, with commas between."
        onChange={(event) => onChange({ capabilities: event.target.value })}
      />
      <TextField
        label="Description"
        optional
        value={form.description}
        maxLength={400}
        onChange={(event) => onChange({ description: event.target.value })}
      />
      <SwitchRow
        label="Everybody on it becomes a peer"
        help="Otherwise you add whom you want. Whoever writes to you becomes one in any case."
        checked={form.joinAll}
        onChange={(joinAll) => onChange({ joinAll })}
      />
    </>
  );
}
