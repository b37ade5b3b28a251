import type { PeerId } from '../../../electron/contract/index.ts';
import { useClient } from '../../store/hooks.ts';
import { useLook } from '../setup/use-look.ts';
import { RuleRow } from './rule-row.tsx';
import '../settings/settings.css';

/** What agents on this machine may send to one peer, in its details. */
export default function PeerRule({ peerId }: { peerId: PeerId }) {
  const client = useClient();
  const { value, again } = useLook(() => client.call('agents.rules', {}));
  if (!value) return null;
  const rule = value.rules.find(
    ({ subject }) => subject.kind === 'peer' && subject.peerId === peerId,
  );
  return (
    <section className="section" aria-label="Agents">
      <RuleRow
        subject={{ kind: 'peer', peerId }}
        label="Agents may write"
        help="Programs on this machine, by the command line, the skill or MCP. Without a rule here that of the agent counts, else you are asked."
        policy={rule?.policy ?? null}
        onChanged={again}
      />
    </section>
  );
}
