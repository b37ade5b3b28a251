import {
  Ban,
  Check,
  CheckCheck,
  CircleHelp,
  Clock3,
  Copy,
  LoaderCircle,
  type LucideIcon,
  MessageSquareReply,
  RotateCw,
  Square,
  TriangleAlert,
  X,
} from 'lucide-react';
import { useState } from 'react';
import type { z } from 'zod';
import type { OutgoingMessageView, OutgoingState } from '../../../electron/contract/index.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Callout } from '../../components/callout.tsx';
import { Hint } from '../../components/hint.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient } from '../../store/hooks.ts';
import { outgoingMeaning, outgoingWord } from '../../words/states.ts';
import { clockTime, exactTime, inTime } from '../../words/time.ts';
import { ErrorNote } from '../error-note.tsx';
import { AttachmentChips } from './attachment-chips.tsx';
import { LongBody } from './long-body.tsx';

type Outgoing = z.infer<typeof OutgoingMessageView>;

const icons: Readonly<Record<OutgoingState, LucideIcon>> = {
  queued: Clock3,
  sending: LoaderCircle,
  sent: Check,
  delivered: CheckCheck,
  answered: MessageSquareReply,
  failed: TriangleAlert,
  unknown: CircleHelp,
  cancelled: Ban,
};

/** A message of ours: what was written, how far it came, and what can be done about it. */
export function OutgoingMessage({ message }: { message: Outgoing }) {
  return (
    <div className="mine">
      {message.body === '' ? null : (
        <div className="mine__bubble selectable" dir="auto">
          <LongBody message={message} />
        </div>
      )}
      <AttachmentChips attachments={message.attachments} />
      <div className="mine__foot">
        <Actions message={message} />
        <time
          className="numbers"
          dateTime={new Date(message.at).toISOString()}
          title={exactTime(message.at)}
        >
          {clockTime(message.at)}
        </time>
        <StateWord message={message} />
      </div>
      <Trouble message={message} />
    </div>
  );
}

function StateWord({ message }: { message: Outgoing }) {
  const Icon = icons[message.state];
  return (
    <Hint text={outgoingMeaning[message.state]} side="top">
      <span className={`mine__state mine__state--${message.state}`}>
        <Icon aria-hidden="true" />
        <span>
          {outgoingWord[message.state]}
          {message.running ? ', working on it' : null}
          {message.state === 'queued' && message.nextAttemptAt !== null ? (
            <NextTry at={message.nextAttemptAt} />
          ) : null}
        </span>
      </span>
    </Hint>
  );
}

function NextTry({ at }: { at: number }) {
  const now = useNow(1_000);
  return <span className="numbers">, next try {inTime(at, now)}</span>;
}

function Actions({ message }: { message: Outgoing }) {
  const client = useClient();
  const messageId = message.id;
  const copy = () => void client.copy(message.body);
  return (
    <span className="message__actions">
      <IconButton icon={Copy} size="small" label="Copy message" onClick={copy} />
      {message.state === 'queued' ? (
        <IconButton
          icon={X}
          size="small"
          label="Take back"
          onClick={() => void client.act('message.cancel', { messageId })}
        />
      ) : null}
      {message.running ? (
        <IconButton
          icon={Square}
          size="small"
          label="Stop the answer"
          onClick={() => void client.act('message.stop', { messageId })}
        />
      ) : null}
    </span>
  );
}

function Trouble({ message }: { message: Outgoing }) {
  switch (message.state) {
    case 'failed':
      return <Failed message={message} />;
    case 'unknown':
      return <Unknown message={message} />;
    case 'queued':
      return message.delayed ? <Delayed message={message} /> : null;
    case 'answered':
    case 'delivered':
    case 'sent':
      return message.error ? (
        <div className="message__note">
          <ErrorNote error={message.error} />
        </div>
      ) : null;
    case 'sending':
    case 'cancelled':
      return null;
  }
}

function Failed({ message }: { message: Outgoing }) {
  const client = useClient();
  const messageId = message.id;
  const retry = () => void client.act('message.retry', { messageId });
  if (!message.error) return null;
  return (
    <div className="message__note">
      <ErrorNote error={message.error}>
        <Button size="small" icon={RotateCw} onClick={retry}>
          Send again
        </Button>
      </ErrorNote>
    </div>
  );
}

function Unknown({ message }: { message: Outgoing }) {
  const client = useClient();
  const [deciding, setDeciding] = useState(false);
  const settle = (choice: 'send_again' | 'take_as_sent') =>
    void client.act('message.settle', { messageId: message.id, choice });
  const asked = message.error?.code === 'message.unknown_outcome';
  const choices = (
    <>
      <Button size="small" onClick={() => settle('take_as_sent')}>
        Take it as sent
      </Button>
      <Button size="small" onClick={() => settle('send_again')}>
        Send it again
      </Button>
    </>
  );
  return (
    <div className="message__note">
      {asked ? (
        <Callout tone="warning" title="It may have arrived, and nothing can tell" actions={choices}>
          <p>{message.error?.detail}</p>
          <ChoiceWords />
        </Callout>
      ) : (
        <Callout
          tone="info"
          title="The history over there is asked as soon as it is connected"
          actions={
            deciding ? (
              choices
            ) : (
              <Button size="small" look="quiet" onClick={() => setDeciding(true)}>
                Decide now
              </Button>
            )
          }
        >
          <p>The connection was lost before an answer came. Then it goes on by itself.</p>
          {deciding ? <ChoiceWords /> : null}
        </Callout>
      )}
    </div>
  );
}

function ChoiceWords() {
  return (
    <p>
      Take it as sent: if it never arrived, it is lost. Send it again: if it did arrive, it may be
      done twice. When in doubt, ask over there first.
    </p>
  );
}

function Delayed({ message }: { message: Outgoing }) {
  return (
    <div className="message__note">
      <Callout tone="info" title="Still waiting for the peer">
        <p>
          {message.error ? `${message.error.title}. ` : null}It is kept and tried on by itself;
          nothing needs to be done.
        </p>
      </Callout>
    </div>
  );
}
