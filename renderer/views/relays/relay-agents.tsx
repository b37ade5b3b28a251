import { useState } from 'react';
import {
  RELAY_AGENTS_NAMED,
  type RelayAgentView,
  type RelayView,
} from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { TextField } from '../../components/field.tsx';
import { StatusMark } from '../../components/status-mark.tsx';
import { Tag } from '../../components/tag.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient } from '../../store/hooks.ts';
import { counted } from '../../words/count.ts';
import type { Shape } from '../../words/states.ts';
import { ago } from '../../words/time.ts';
import { ask } from '../setup/ask.ts';
import { useLook } from '../setup/use-look.ts';

/** From this many on there is a field to search them. */
const MANY = 8;

/** Who is on a relay. Names and all the rest are their own: text and no more. */
export function RelayAgents({ relay }: { relay: RelayView }) {
  const [search, setSearch] = useState('');
  const wanted = search.trim();
  return (
    <div>
      <div className="relay__agents-head">
        <h4>Agents</h4>
        <span className="soft numbers">
          {relay.agentsTotal === 0 ? '' : counted(relay.agentsTotal, 'other agent')}
        </span>
      </div>
      {relay.agents.length >= MANY ? (
        <TextField
          label="Search by name, machine or capability"
          type="search"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      ) : null}
      {relay.agents.length === 0 ? (
        <p className="soft">
          {relay.state.kind === 'online'
            ? 'Nobody else is on it now. Who joins shows here by itself.'
            : 'Who is on it shows here once it is connected.'}
        </p>
      ) : wanted === '' ? (
        <AgentList relay={relay} agents={relay.agents} total={relay.agentsTotal} />
      ) : (
        <Found key={wanted} relay={relay} search={wanted} />
      )}
    </div>
  );
}

function Found({ relay, search }: { relay: RelayView; search: string }) {
  const client = useClient();
  const { value } = useLook(() =>
    ask(client, 'relay.agents', { relayId: relay.id, search, limit: RELAY_AGENTS_NAMED }),
  );
  if (!value) return null;
  if (value.agents.length === 0) return <p className="soft">No agent fits.</p>;
  return <AgentList relay={relay} agents={value.agents} total={value.total} />;
}

interface AgentListProps {
  relay: RelayView;
  agents: readonly RelayAgentView[];
  total: number;
}

function AgentList({ relay, agents, total }: AgentListProps) {
  return (
    <>
      <ul className="relay__agents">
        {agents.map((agent) => (
          <Agent key={agent.id} relay={relay} agent={agent} />
        ))}
      </ul>
      {total > agents.length ? (
        <p className="hint-text">
          {agents.length} of {total} are shown. Search for the others.
        </p>
      ) : null}
    </>
  );
}

function Agent({ relay, agent }: { relay: RelayView; agent: RelayAgentView }) {
  const client = useClient();
  const now = useNow(30_000);
  const [busy, setBusy] = useState(false);
  const { peerId } = agent;
  const shown = presence(relay, agent, now);
  const add = async () => {
    setBusy(true);
    const added = await client.act('relay.addPeer', { relayId: relay.id, agentId: agent.id });
    setBusy(false);
    if (added) client.toasts.say(`${agent.name} is a peer now`);
  };
  return (
    <li className="relay__agent">
      <StatusMark shape={shown.shape} label={shown.label} />
      <div className="relay__words">
        <p>
          <strong>{agent.name}</strong> <span className="soft">{agent.machine}</span>
        </p>
        {agent.description === '' ? null : <p className="soft">{agent.description}</p>}
        <p className="soft numbers">{shown.words}</p>
        {agent.capabilities.length > 0 ? (
          <p className="relay__tags">
            {agent.capabilities.map((tag) => (
              <Tag key={tag}>{tag}</Tag>
            ))}
          </p>
        ) : null}
      </div>
      {agent.linkId !== null && (agent.fingerprint !== null || agent.pinned !== null) ? (
        <Button
          size="small"
          look={keyDiffers(agent) ? 'danger' : 'quiet'}
          aria-label={`${keyWords(agent)}: ${agent.name}`}
          onClick={() =>
            client.navigation.show({
              kind: 'compare_key',
              relayId: relay.id,
              agentId: agent.id,
            })
          }
        >
          {keyWords(agent)}
        </Button>
      ) : null}
      {peerId === null ? (
        <Button
          size="small"
          busy={busy}
          aria-label={`Add as a peer: ${agent.name}`}
          onClick={() => void add()}
        >
          Add as a peer
        </Button>
      ) : (
        <Button
          size="small"
          aria-label={`Write to ${agent.name}`}
          onClick={() => void client.navigation.goTo({ kind: 'message', peerId, threadId: null })}
        >
          Write
        </Button>
      )}
    </li>
  );
}

/** While the relay is away nobody knows how its agents are: what was known last stays, as what it is. */
function presence(
  { state }: RelayView,
  agent: RelayAgentView,
  now: number,
): { readonly shape: Shape; readonly label: string; readonly words: string } {
  const { online, lastSeenAt } = agent;
  if (state.kind !== 'online') {
    const words =
      lastSeenAt === null
        ? 'Not known while the relay is away'
        : `Last heard of ${ago(lastSeenAt, now)}; not known while the relay is away`;
    return { shape: 'down', label: 'Not known', words };
  }
  if (!online) {
    const words = 'Not heard of for two minutes or more';
    return { shape: 'down', label: 'Not heard of lately', words };
  }
  const words =
    lastSeenAt === null
      ? 'Online; when it was heard the relay does not tell'
      : `Heard of ${ago(lastSeenAt, now)}`;
  return { shape: 'up', label: 'Heard of lately', words };
}

const keyDiffers = ({ fingerprint, pinned }: RelayAgentView): boolean =>
  pinned !== null && fingerprint !== null && fingerprint !== pinned;

function keyWords(agent: RelayAgentView): string {
  if (keyDiffers(agent)) return 'Another key';
  return agent.pinned === null ? 'Compare keys' : 'Key compared';
}
