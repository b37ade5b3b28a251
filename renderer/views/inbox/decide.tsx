import { ShieldQuestion } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { DelegationView } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { TextArea } from '../../components/field.tsx';
import { TrustFacts } from '../../components/trust-facts.tsx';
import { useNow } from '../../components/use-now.ts';
import { useKeysText } from '../../store/use-keys-text.ts';
import { exactTime } from '../../words/time.ts';
import { ErrorNote } from '../error-note.tsx';
import { provenBy } from '../invite/invite-talk.tsx';
import { laterTimes } from './later-times.ts';
import { AgentChoice } from './own-agents.tsx';
import { type Answer, type Deciding, useDecide } from './use-decide.ts';

/** What a form of the card says, and how it is sent. */
const forms: Readonly<
  Record<
    Answer,
    {
      readonly label: string;
      readonly help: string;
      readonly verb: string;
      readonly limit: number;
      readonly optional: boolean;
    }
  >
> = {
  edit: {
    label: 'What your agent gets',
    help: 'Your agent reads this instead of their text. They are not told what you changed.',
    verb: 'Accept this text',
    limit: 100_000,
    optional: false,
  },
  ask: {
    label: 'Your question',
    help: 'The peer reads it. Their answer brings this back here.',
    verb: 'Ask back',
    limit: 8_000,
    optional: false,
  },
  decline: {
    label: 'Reason',
    help: 'The peer reads it.',
    verb: 'Decline it',
    limit: 2_000,
    optional: true,
  },
};

interface DecideProps {
  delegation: DelegationView;
  /** The person answers it themselves. */
  onAnswer: () => void;
}

/** A trust moment: the safe button stands first and looks like the way to go. */
export function Decide({ delegation, onAnswer }: DecideProps) {
  const deciding = useDecide(delegation);
  const { mode, work } = deciding;
  return (
    <>
      <TrustFacts
        icon={ShieldQuestion}
        facts={[
          { term: 'Who', text: whoWords(delegation) },
          { term: 'Proven how', text: provenBy(delegation.proof) },
          {
            term: 'What they get',
            text: 'Your agent gets this text. They get its answer, with files of its workspace that it names.',
          },
          {
            term: 'What could go wrong',
            text: 'Your agent may run commands on this machine because of it. Accepting is not a sandbox.',
          },
        ]}
      />
      {mode === null || mode === 'edit' ? (
        <AgentChoice agentId={deciding.agentId} onPick={deciding.pick} />
      ) : null}
      {mode === null ? <Choices deciding={deciding} onAnswer={onAnswer} /> : null}
      {mode === 'later' ? <LaterChoices deciding={deciding} /> : null}
      {mode !== null && mode !== 'later' ? <AnswerForm deciding={deciding} answer={mode} /> : null}
      {work.failure ? <ErrorNote error={work.failure} announce /> : null}
    </>
  );
}

/** What waits for their answer may never get one: it can be declined all the same. */
export function DeclineAsked({ delegation }: { delegation: DelegationView }) {
  const deciding = useDecide(delegation);
  const { mode, work, open } = deciding;
  return (
    <>
      {mode === 'decline' ? (
        <div className="delegation__below">
          <AnswerForm deciding={deciding} answer="decline" />
        </div>
      ) : (
        <Button size="small" aria-keyshortcuts="D" onClick={() => open('decline')}>
          Decline
        </Button>
      )}
      {work.failure ? <ErrorNote error={work.failure} announce /> : null}
    </>
  );
}

function Choices({ deciding, onAnswer }: { deciding: Deciding; onAnswer: () => void }) {
  const { work, open, accept } = deciding;
  const keys = useKeysText();
  return (
    <div className="decide">
      <Button
        look="primary"
        aria-keyshortcuts="D"
        title="They are told no, with your reason (D)"
        onClick={() => open('decline')}
      >
        Decline
      </Button>
      <Button
        aria-keyshortcuts="Control+Enter Meta+Enter"
        title={`Your agent gets it as it is (${keys('Mod Enter')})`}
        busy={work.busy === 'accept'}
        onClick={accept}
      >
        Accept
      </Button>
      <Button
        aria-keyshortcuts="E"
        title="You change the text before your agent gets it (E)"
        busy={work.busy === 'read'}
        onClick={() => open('edit')}
      >
        Accept and edit
      </Button>
      <span className="step__gap" />
      <Button
        look="quiet"
        aria-keyshortcuts="Q"
        title="They answer a question first (Q)"
        onClick={() => open('ask')}
      >
        Ask back
      </Button>
      <Button
        look="quiet"
        aria-keyshortcuts="R"
        title="You give the answer, with files if you like (R)"
        onClick={onAnswer}
      >
        Answer yourself
      </Button>
      <Button
        look="quiet"
        aria-keyshortcuts="S"
        title="It comes back later (S)"
        onClick={() => open('later')}
      >
        Snooze
      </Button>
    </div>
  );
}

/** Reading and writing of one text: the reason, the question, or what the agent gets instead. */
function AnswerForm({ deciding, answer }: { deciding: Deciding; answer: Answer }) {
  const { work, text, isFresh, write, send, back } = deciding;
  const form = forms[answer];
  const empty = !form.optional && text.trim() === '';
  const pressed = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey) || empty) return;
    event.preventDefault();
    event.stopPropagation();
    send(answer);
  };
  const verbs = useRef<HTMLDivElement>(null);
  // A long card ends below the window: what is written is sent from there.
  useEffect(() => {
    if (isFresh) verbs.current?.scrollIntoView({ block: 'nearest' });
  }, [isFresh]);
  return (
    <>
      <TextArea
        label={form.label}
        value={text}
        help={form.help}
        maxLength={form.limit}
        rows={answer === 'edit' ? 8 : 3}
        autoFocus={isFresh}
        {...(form.optional ? { optional: true } : {})}
        onKeyDown={pressed}
        onChange={(event) => write(event.target.value)}
      />
      <div className="decide" ref={verbs}>
        <Button
          look="primary"
          disabled={empty}
          busy={work.busy === answer}
          onClick={() => send(answer)}
        >
          {form.verb}
        </Button>
        <Button look="quiet" data-back onClick={back}>
          Back
        </Button>
      </div>
    </>
  );
}

function LaterChoices({ deciding }: { deciding: Deciding }) {
  const now = useNow(60_000);
  return (
    <fieldset className="decide decide--later">
      <legend>Bring it back</legend>
      {laterTimes(now).map(({ text, until }, index) => (
        <Button
          key={text}
          autoFocus={index === 0}
          title={exactTime(until)}
          busy={deciding.work.busy === 'snooze'}
          onClick={() => deciding.snooze(until)}
        >
          {text}
        </Button>
      ))}
      <Button look="quiet" data-back onClick={deciding.back}>
        Back
      </Button>
    </fieldset>
  );
}

/** Who asks, and how they came in: over a relay nobody shows a token of ours. */
const whoWords = ({ caller, proof }: DelegationView): string =>
  proof.kind === 'relay'
    ? `${caller}, as the relay names the sender.`
    : `${caller}, with the token that you gave this peer.`;
