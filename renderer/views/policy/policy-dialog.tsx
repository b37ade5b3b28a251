import { useState } from 'react';
import {
  type AppError,
  DEFAULT_POLICY,
  type PeerId,
  PeerPolicy,
  type PolicyTargets,
  type PolicyView,
} from '../../../electron/contract/index.ts';
import { Callout } from '../../components/callout.tsx';
import { PickField, TextField } from '../../components/field.tsx';
import { Segments } from '../../components/segments.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { SwitchRow } from '../../components/switch-row.tsx';
import { useClient } from '../../store/hooks.ts';
import { count } from '../../words/count.ts';
import { FormDialog } from '../edit/form-dialog.tsx';
import { ErrorNote } from '../error-note.tsx';
import { ask } from '../setup/ask.ts';
import { useLook } from '../setup/use-look.ts';
import { Decisions } from './decisions.tsx';
import { setPolicy } from './use-policy.ts';
import { minutesOf, modeOptions, modeWords, timeText } from './words.ts';
import './policy.css';

interface PolicyDialogProps {
  readonly peerId: PeerId;
  /** What was picked already. */
  readonly mode: 'auto' | null;
  readonly onClose: () => void;
}

/** All of a peer's policy at once, with what follows from it. */
export default function PolicyDialog({ peerId, mode, onClose }: PolicyDialogProps) {
  const client = useClient();
  const view = useLook(() => ask(client, 'policy.view', { peerId }));
  const targets = useLook(() => ask(client, 'policy.targets', {}));
  if (view.value) {
    const { value, error } = targets;
    const picked = mode ? { ...view.value, policy: { ...view.value.policy, mode } } : view.value;
    return <PolicyForm view={picked} targets={value} trouble={error} onClose={onClose} />;
  }
  return (
    <FormDialog title="Their work here" verb="Save" onSubmit={async () => null} onClose={onClose}>
      {view.error ? <ErrorNote error={view.error} /> : <Skeleton rows={4} label="Looking" />}
    </FormDialog>
  );
}

interface PolicyFormProps {
  readonly view: PolicyView;
  /** Null while they are looked at, or cannot be. */
  readonly targets: PolicyTargets | null;
  readonly trouble: AppError | null;
  readonly onClose: () => void;
}

const QUIET = { from: 22 * 60, to: 7 * 60 } as const;
const ANY = '';

function PolicyForm({ view, targets, trouble, onClose }: PolicyFormProps) {
  const client = useClient();
  const [policy, setPolicyHere] = useState(view.policy);
  const [faulty, setFaulty] = useState(false);
  /** What was found when it was to be saved is newer than what was found when this was opened. */
  const [refused, setRefused] = useState(false);
  const change = (changes: Partial<PeerPolicy>) => {
    setPolicyHere({ ...policy, ...changes });
    setFaulty(false);
    setRefused(false);
  };
  const save = async (): Promise<AppError | null | 'field'> => {
    const parsed = PeerPolicy.safeParse(policy);
    if (!parsed.success) {
      setFaulty(true);
      return 'field';
    }
    const result = await setPolicy(client, view, parsed.data, 'The policy was changed');
    setRefused(!result.ok);
    return result.ok ? null : result.error;
  };
  const options = modeOptions.filter(({ value }) => view.fixed === null || value !== 'auto');
  return (
    <FormDialog
      title="Their work here"
      about="What this peer may ask of your agents without asking you first."
      verb="Save"
      width="normal"
      onSubmit={save}
      onClose={onClose}
    >
      <div className="policy">
        <div className="policy__mode">
          <Segments
            label="What they ask for"
            value={policy.mode}
            options={options}
            onChange={(mode) => change({ mode })}
          />
          <p className="policy__words">{modeWords[policy.mode]}</p>
        </div>
        {policy.mode === 'block' ? null : (
          <Places
            policy={policy}
            targets={targets}
            trouble={trouble}
            told={refused}
            change={change}
          />
        )}
        {policy.mode === 'auto' ? <Budget policy={policy} faulty={faulty} change={change} /> : null}
        {policy.mode === 'block' ? null : <Quiet policy={policy} change={change} />}
        <Decisions peerId={view.peerId} />
      </div>
    </FormDialog>
  );
}

interface PartProps {
  readonly policy: PeerPolicy;
  readonly change: (changes: Partial<PeerPolicy>) => void;
}

/** Which agent and session it goes to, and whether that agent asks before it runs commands. */
function Places({
  policy,
  targets,
  trouble,
  told,
  change,
}: PartProps &
  Pick<PolicyFormProps, 'targets' | 'trouble'> & {
    /** Why it is refused stands below already. */
    readonly told: boolean;
  }) {
  const [agentId = ANY] = policy.agents;
  const agents = targets?.agents ?? [];
  const chosen = agents.find((one) => one.id === agentId);
  const known = agents.map((one) => ({ value: one.id, text: one.name }));
  const auto = policy.mode === 'auto';
  const sessions = (targets?.sessions ?? []).filter((one) => one.agentId === agentId);
  const { sessionKey } = policy;
  return (
    <>
      <PickField
        label={auto ? 'Goes to' : 'May reach'}
        value={agentId}
        options={[
          { value: ANY, text: auto ? 'Choose an agent' : 'Any agent that you choose' },
          ...known,
          ...(agentId !== ANY && !chosen ? [{ value: agentId, text: agentId }] : []),
        ]}
        help={targets || trouble ? '' : 'Looking at your gateway …'}
        onPick={(value) => change({ agents: value === ANY ? [] : [value], sessionKey: null })}
      />
      {trouble && !targets ? <ErrorNote error={trouble} /> : null}
      {auto && chosen?.problem && !told ? <ErrorNote error={chosen.problem} announce /> : null}
      {auto && chosen && !chosen.problem ? (
        <Callout tone="warning" title="Nobody reads it before your agent does">
          This agent asks before it runs a command that you have not allowed; that is looked at
          again each time. What it may do without asking, their words can lead it to.
        </Callout>
      ) : null}
      {agentId === ANY ? null : (
        <PickField
          label="Session"
          value={sessionKey ?? ANY}
          options={[
            { value: ANY, text: 'One of its own for each conversation' },
            ...sessions.map((one) => ({ value: one.key, text: one.label })),
            ...(sessionKey && !sessions.some((one) => one.key === sessionKey)
              ? [{ value: sessionKey, text: sessionKey }]
              : []),
          ]}
          help={
            sessionKey === null
              ? ''
              : 'They then work in what was said there before, and their answers may tell of it.'
          }
          onPick={(value) => change({ sessionKey: value === ANY ? null : value })}
        />
      )}
    </>
  );
}

type Amount = 'tasksPerDay' | 'minutesPerDay' | 'hopLimit' | 'replyBudget';

const amounts: readonly {
  readonly key: Amount;
  readonly label: string;
  readonly help: string;
}[] = [
  { key: 'tasksPerDay', label: 'Tasks a day', help: 'More wait for you.' },
  { key: 'minutesPerDay', label: 'Minutes a day', help: 'What runs over them is stopped.' },
  { key: 'hopLimit', label: 'Gateways on its way', help: 'What came through more waits for you.' },
  { key: 'replyBudget', label: 'Messages in a row', help: 'Without a person; then it stops.' },
];

function Budget({ policy, faulty, change }: PartProps & { readonly faulty: boolean }) {
  return (
    <div className="policy__amounts">
      {amounts.map(({ key, label, help }) => {
        const value = policy[key];
        const wrong = faulty && !PeerPolicy.shape[key].safeParse(value).success;
        return (
          <TextField
            key={key}
            label={label}
            type="number"
            inputMode="numeric"
            min={least(key)}
            value={Number.isNaN(value) ? '' : value}
            help={help}
            error={wrong ? `From ${least(key)} to ${count(most(key))}.` : null}
            onChange={(event) =>
              change({
                [key]: event.target.value === '' ? Number.NaN : Number(event.target.value),
              })
            }
          />
        );
      })}
    </div>
  );
}

const least = (key: Amount): number => (key === 'hopLimit' ? 0 : 1);
const most = (key: Amount): number => PeerPolicy.shape[key].maxValue ?? DEFAULT_POLICY[key];

function Quiet({ policy, change }: PartProps) {
  const { quiet } = policy;
  const set = (which: 'from' | 'to', text: string) => {
    const minutes = minutesOf(text);
    if (quiet && minutes !== null) change({ quiet: { ...quiet, [which]: minutes } });
  };
  return (
    <>
      <SwitchRow
        label="Quiet hours"
        help="Everything waits then, and no notification calls you. The inbox still counts it."
        checked={quiet !== null}
        onChange={(on) => change({ quiet: on ? { ...QUIET } : null })}
      />
      {quiet === null ? null : (
        <div className="policy__amounts">
          <TextField
            label="From"
            type="time"
            value={timeText(quiet.from)}
            onChange={(event) => set('from', event.target.value)}
          />
          <TextField
            label="To"
            type="time"
            value={timeText(quiet.to)}
            onChange={(event) => set('to', event.target.value)}
          />
        </div>
      )}
    </>
  );
}
