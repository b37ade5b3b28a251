import { useState } from 'react';
import type { PeerId, PolicyDecision } from '../../../electron/contract/index.ts';
import { useNow } from '../../components/use-now.ts';
import { useClient } from '../../store/hooks.ts';
import { ago, exactTime } from '../../words/time.ts';
import { ask } from '../setup/ask.ts';
import { useLook } from '../setup/use-look.ts';

const words: Readonly<Record<PolicyDecision['what'], string>> = {
  policy_changed: 'Policy changed',
  task_accepted: 'Let through',
  task_declined: 'Declined',
  task_answered: 'Answered by you',
  task_asked_back: 'Asked back',
  task_held: 'Held for you',
  task_stopped: 'Stopped',
  task_blocked: 'Refused: blocked',
  task_chain_ended: 'Chain ended',
};

/** What was decided about this peer's work, by whom; read when somebody wants to see it. */
export function Decisions({ peerId }: { peerId: PeerId }) {
  const client = useClient();
  const now = useNow(30_000);
  const [open, setOpen] = useState(false);
  const { value } = useLook(() => ask(client, 'policy.decisions', { peerId }), null, open);
  return (
    <details className="policy__log" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>What was decided</summary>
      {value?.decisions.length === 0 ? <p className="policy__words">Nothing yet.</p> : null}
      <ul>
        {value?.decisions.map(({ at, what, detail }) => (
          <li key={`${at} ${what} ${detail}`}>
            <time className="numbers" title={exactTime(at)}>
              {ago(at, now)}
            </time>
            <span>
              {words[what]}
              {detail === '' ? '' : `: ${detail}`}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
