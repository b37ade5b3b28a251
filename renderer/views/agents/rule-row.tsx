import type { AgentPolicy, AgentRule } from '../../../electron/contract/index.ts';
import { Segments } from '../../components/segments.tsx';
import { useClient } from '../../store/hooks.ts';
import { policyWords } from './words.ts';

interface RuleRowProps {
  subject: AgentRule['subject'];
  label: string;
  help?: string;
  /** Null = no rule: that of the other side counts, and where neither has one the person is asked. */
  policy: AgentPolicy | null;
  onChanged: () => void;
}

/** One rule, with its choices in sight. To ask is a rule too: it holds whatever the other side allows. */
export function RuleRow({ subject, label, help, policy, onChanged }: RuleRowProps) {
  const client = useClient();
  const choose = async (chosen: AgentPolicy | 'none') => {
    const stored = chosen === 'none' ? null : chosen;
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
        value={policy ?? 'none'}
        options={[
          { value: 'none', text: policyWords.none },
          { value: 'ask', text: policyWords.ask },
          { value: 'allow', text: policyWords.allow },
          { value: 'never', text: policyWords.never },
        ]}
        onChange={(chosen) => void choose(chosen)}
      />
    </div>
  );
}
