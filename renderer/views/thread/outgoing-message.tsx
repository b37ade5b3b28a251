import {
  Ban,
  Check,
  CheckCheck,
  CircleHelp,
  Clock3,
  Copy,
  LoaderCircle,
  type LucideIcon,
  MessageCircleQuestionMark,
  MessageSquareReply,
  Square,
  TriangleAlert,
  Waypoints,
  X,
} from 'lucide-react';
import type { z } from 'zod';
import type { OutgoingMessageView, OutgoingState } from '../../../electron/contract/index.ts';
import { IconButton } from '../../components/button.tsx';
import { Hint } from '../../components/hint.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient, useThreadLink } from '../../store/hooks.ts';
import { linkConnected, linkHost } from '../../words/links.ts';
import { ASKED_BACK, linkWord, outgoingMeaning, outgoingWord } from '../../words/states.ts';
import { clockTime, exactTime, inTime } from '../../words/time.ts';
import { ErrorNote } from '../error-note.tsx';
import { AttachmentChips } from './attachment-chips.tsx';
import { LongBody } from './long-body.tsx';
import { Trouble } from './outgoing-trouble.tsx';
import { copyBody } from './whole-body.ts';

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
  handed: Waypoints,
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
      <AttachmentChips attachments={message.attachments} ours />
      <div className="mine__foot">
        <Actions message={message} />
        {message.askedBy ? (
          <span className="clip" title="An agent on this machine asked for it">
            asked by <bdi>{message.askedBy}</bdi>
          </span>
        ) : null}
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
      {message.stop?.error ? (
        <div className="message__note">
          <ErrorNote error={message.stop.error} announce />
        </div>
      ) : null}
    </div>
  );
}

function StateWord({ message }: { message: Outgoing }) {
  const { askedBack } = message;
  const Icon = askedBack ? MessageCircleQuestionMark : icons[message.state];
  const link = useThreadLink(message.threadId);
  const waitsFor = link && !linkConnected(link) ? link : null;
  return (
    <Hint text={askedBack ? ASKED_BACK.meaning : outgoingMeaning[message.state]} side="top">
      <span className={`mine__state mine__state--${message.state}`}>
        <Icon aria-hidden="true" />
        <span className="clip">
          {askedBack ? ASKED_BACK.word : outgoingWord[message.state]}
          {message.running ? (waitsFor ? '; last heard working on it' : ', working on it') : null}
          {message.stop && !message.stop.error ? '; is stopped once they can be reached' : null}
          {message.state === 'queued' && waitsFor
            ? `, waits for ${linkHost(waitsFor)}: ${linkWord[waitsFor.state.kind]}`
            : null}
          {message.state === 'queued' && !waitsFor && message.nextAttemptAt !== null ? (
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
  const copy = () => void copyBody(client, message);
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
          label={message.stop ? 'Try again to stop the answer' : 'Stop the answer'}
          onClick={() => void client.act('message.stop', { messageId })}
        />
      ) : null}
    </span>
  );
}
