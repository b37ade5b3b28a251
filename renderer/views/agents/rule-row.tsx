import type { AgentPolicy, AgentRule } from '../../../electron/contract/index.ts';
import { Segments } from '../../components/segments.tsx';
import { useClient } from '../../store/hooks.ts';
import { policyWords } from './words.ts';

interface RuleRowProps {
  subject: AgentRule['subject'];
  label: string;
  help?: string;
  /** Null = no rule: the person is asked. */
  policy: AgentPolicy | null;
  onChanged: () => void;
}

/** One rule, with its three choices in sight. To ask is the default, and stored as no rule. */
export function RuleRow({ subject, label, help, policy, onChanged }: RuleRowProps) {
  const client = useClient();
  const choose = async (chosen: AgentPolicy) => {
    const stored = chosen === 'ask' && subject.kind === 'peer' ? null : chosen;
    if (await client.act('agents.setRule', { subject, policy: stored })) onChanged();
  };
  return (
    <div className="setting">
      <div className="setting__words">
        <p className="setting__label clip">
          <bdi>{label}</bdi>
        </p>
        {help ? <p className="setting__help">{help}</p> : null}
      </div>
      <Segments
        label={`Agents and ${label}`}
        value={policy ?? 'ask'}
        options={[
          { value: 'ask', text: policyWords.ask },
          { value: 'allow', text: policyWords.allow },
          { value: 'never', text: policyWords.never },
        ]}
        onChange={(chosen) => void choose(chosen)}
      />
    </div>
  );
}
