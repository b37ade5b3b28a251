import { createContext, type ReactNode, useContext } from 'react';
import type { AgentView } from '../../../electron/contract/index.ts';
import { useClient } from '../../store/hooks.ts';
import { ask } from '../setup/ask.ts';
import { useLook } from '../setup/use-look.ts';

const Agents = createContext<readonly AgentView[]>([]);

/** Looks once for the agents that work can go to; without a gateway there are none, and none is named. */
export function OwnAgents({ wanted, children }: { wanted: boolean; children: ReactNode }) {
  const client = useClient();
  const { value } = useLook(() => ask(client, 'delegation.agents', {}), null, wanted);
  return <Agents value={value?.agents ?? []}>{children}</Agents>;
}

interface AgentChoiceProps {
  /** Null = the one that the policy names, or the gateway's default. */
  readonly agentId: string | null;
  readonly onPick: (agentId: string | null) => void;
}

/** To which agent it goes; asked only where there is a choice. */
export function AgentChoice({ agentId, onPick }: AgentChoiceProps) {
  const agents = useContext(Agents);
  if (agents.length < 2) return null;
  return (
    <label className="decide__agent">
      Goes to
      <select
        className="input input--pick"
        value={agentId ?? ''}
        onChange={(event) => onPick(event.target.value === '' ? null : event.target.value)}
      >
        <option value="">The usual agent</option>
        {agents.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
