import { Button } from '../../components/button.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import { NumberRow } from './number-row.tsx';
import { TagsRow } from './tags-row.tsx';
import { useChangeSettings } from './use-change-settings.ts';

/** How much agents on this machine may send, and the way to the rules. */
export function AgentsSection() {
  const client = useClient();
  const settings = useMirror((mirror) => mirror.settings);
  const change = useChangeSettings();
  return (
    <>
      <TagsRow
        label="What your agents are good at"
        help="Peers choose by it whom to ask. The agent card of your reception tells it to whoever can reach it."
        placeholder="code, review, translate"
        value={settings.capabilities}
        most={32}
        longest={40}
        onChange={(capabilities) => change({ capabilities })}
      />
      <NumberRow
        label="Messages of agents in 24 hours"
        help="Over all agents and peers. What is more is refused."
        unit="a day"
        value={settings.agentBudget}
        min={0}
        max={10_000}
        onChange={(agentBudget) => change({ agentBudget })}
      />
      <p className="setting__help">
        You are asked before an agent on this machine writes to a peer, unless a rule says
        otherwise.
      </p>
      <div>
        <Button
          size="small"
          onClick={() => client.navigation.showPage({ kind: 'agents', requestId: null })}
        >
          Rules and what agents asked
        </Button>
      </div>
    </>
  );
}
