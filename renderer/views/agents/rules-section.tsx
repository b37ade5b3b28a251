import { Skeleton } from '../../components/skeleton.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import { counted } from '../../words/count.ts';
import { ErrorNote } from '../error-note.tsx';
import { NumberRow } from '../settings/number-row.tsx';
import { useChangeSettings } from '../settings/use-change-settings.ts';
import { useLook } from '../setup/use-look.ts';
import { RuleRow } from './rule-row.tsx';

/** The day's budget, and the rules for agents and for peers. */
export function RulesSection() {
  const client = useClient();
  const settings = useMirror((mirror) => mirror.settings);
  const peers = useMirror((mirror) => mirror.peers);
  const change = useChangeSettings();
  const { value, error, again } = useLook(() => client.call('agents.rules', {}));
  if (error && !value) return <ErrorNote error={error} />;
  if (!value) return <Skeleton rows={5} label="Reading the rules" />;
  const ofAgent = new Map(
    value.rules.flatMap(({ subject, policy }) =>
      subject.kind === 'agent' ? [[subject.agent, policy] as const] : [],
    ),
  );
  const names = [...new Set([...value.agents, ...ofAgent.keys()])];
  const ofPeers = value.rules.flatMap(({ subject, policy }) => {
    const peer = subject.kind === 'peer' ? peers.get(subject.peerId) : undefined;
    return peer ? [{ peer, policy }] : [];
  });
  return (
    <>
      <section className="stack" aria-labelledby="agents-budget">
        <h3 id="agents-budget">A day’s messages</h3>
        <NumberRow
          label="Messages in 24 hours"
          help={`Over all agents; what is more is refused. ${counted(value.usedToday, 'message')} used.`}
          unit="a day"
          value={settings.agentBudget}
          min={0}
          max={10_000}
          onChange={(agentBudget) => change({ agentBudget })}
        />
      </section>
      <section className="stack" aria-labelledby="agents-names">
        <h3 id="agents-names">Agents</h3>
        <p className="hint-text">
          An agent says its name itself, so another program of yours can use it too. Where an agent
          and a peer both have a rule, the stricter one counts; where neither has one, you are
          asked.
        </p>
        {names.length === 0 ? <p className="soft">No agent has asked for anything yet.</p> : null}
        {names.map((agent) => (
          <RuleRow
            key={agent}
            subject={{ kind: 'agent', agent }}
            label={agent}
            policy={ofAgent.get(agent) ?? null}
            onChanged={again}
          />
        ))}
      </section>
      <section className="stack" aria-labelledby="agents-peers">
        <h3 id="agents-peers">Peers</h3>
        <p className="hint-text">The rule of a peer is set in its details. These have one:</p>
        {ofPeers.length === 0 ? <p className="soft">None: the rule of the agent counts.</p> : null}
        {ofPeers.map(({ peer, policy }) => (
          <RuleRow
            key={peer.id}
            subject={{ kind: 'peer', peerId: peer.id }}
            label={peer.nickname ?? peer.name}
            policy={policy}
            onChanged={again}
          />
        ))}
      </section>
    </>
  );
}
