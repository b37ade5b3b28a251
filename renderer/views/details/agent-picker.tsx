import { useEffect, useState } from 'react';
import type { AgentView, LinkView, SessionView } from '../../../electron/contract/index.ts';
import { useClient } from '../../store/hooks.ts';

const connectedNow = (link: LinkView): boolean =>
  link.state.kind === 'online' || link.state.kind === 'degraded';

interface CompactPickProps {
  label: string;
  value: string | null;
  /** What stands for *none picked*. */
  nothing: string;
  options: readonly { readonly value: string; readonly text: string }[];
  disabled: boolean;
  onPick: (value: string | null) => void;
}

function CompactPick({ label, value, nothing, options, disabled, onPick }: CompactPickProps) {
  const missing = value !== null && !options.some((option) => option.value === value);
  return (
    <select
      className="input input--pick input--compact"
      aria-label={label}
      value={value ?? ''}
      disabled={disabled}
      onChange={(event) => onPick(event.target.value === '' ? null : event.target.value)}
    >
      <option value="">{nothing}</option>
      {missing ? <option value={value}>{value}</option> : null}
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.text}
        </option>
      ))}
    </select>
  );
}

/** Which agent over there, from the peer's own list. */
export function AgentPicker({ link }: { link: LinkView }) {
  const client = useClient();
  const [agents, setAgents] = useState<readonly AgentView[]>([]);
  const connected = connectedNow(link);
  useEffect(() => {
    if (!connected) return;
    let wanted = true;
    void client.call('link.agents', { linkId: link.id }).then((result) => {
      if (wanted && result.ok) setAgents(result.value.agents);
    });
    return () => {
      wanted = false;
    };
  }, [client, link.id, connected]);
  return (
    <CompactPick
      label="Agent"
      value={link.agentId}
      nothing="The default one"
      options={agents.map((agent) => ({ value: agent.id, text: agent.name }))}
      disabled={!connected}
      onPick={(agentId) =>
        void client.act('link.update', { linkId: link.id, changes: { agentId, sessionKey: null } })
      }
    />
  );
}

/** Which session over there, from the peer's own list; by default one of our own for each thread. */
export function SessionPicker({ link }: { link: LinkView }) {
  const client = useClient();
  const [sessions, setSessions] = useState<readonly SessionView[]>([]);
  const connected = connectedNow(link);
  const { agentId } = link;
  useEffect(() => {
    if (!connected) return;
    let wanted = true;
    void client.call('link.sessions', { linkId: link.id, agentId }).then((result) => {
      if (wanted && result.ok) setSessions(result.value.sessions);
    });
    return () => {
      wanted = false;
    };
  }, [client, link.id, agentId, connected]);
  return (
    <CompactPick
      label="Session"
      value={link.sessionKey}
      nothing="One of our own per thread"
      options={sessions.map((session) => ({ value: session.key, text: session.label }))}
      disabled={!connected}
      onPick={(sessionKey) =>
        void client.act('link.update', { linkId: link.id, changes: { sessionKey } })
      }
    />
  );
}
