import { Copy, ShieldQuestion, Square } from 'lucide-react';
import type { z } from 'zod';
import type { IncomingMessageView, PeerId } from '../../../electron/contract/index.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { useClient } from '../../store/hooks.ts';
import { incomingWord } from '../../words/states.ts';
import { clockTime, exactTime } from '../../words/time.ts';
import { ErrorNote } from '../error-note.tsx';
import { AttachmentChips } from './attachment-chips.tsx';
import { LongBody } from './long-body.tsx';
import { copyBody } from './whole-body.ts';

type Incoming = z.infer<typeof IncomingMessageView>;

interface IncomingMessageProps {
  message: Incoming;
  peerId: PeerId;
  leads: boolean;
}

/** A message of theirs. The head carries its state, so nothing below moves when that changes. */
export function IncomingMessage({ message, leads }: IncomingMessageProps) {
  const live = message.state === 'streaming' || message.state === 'waiting_approval';
  return (
    <div className="theirs">
      {leads || live ? (
        <Head message={message} live={live} />
      ) : (
        <CopyAction message={message} aside />
      )}
      <div className="theirs__body selectable" dir="auto">
        <LongBody message={message} />
      </div>
      <AttachmentChips attachments={message.attachments} />
      {message.state === 'stopped' || message.state === 'interrupted' ? (
        <p className="theirs__end">{incomingWord[message.state]}</p>
      ) : null}
      {message.error ? (
        <div className="message__note">
          <ErrorNote error={message.error} />
        </div>
      ) : null}
    </div>
  );
}

function Head({ message, live }: { message: Incoming; live: boolean }) {
  return (
    <div className="theirs__head">
      <bdi className="theirs__author clip">{message.author}</bdi>
      <time
        className="numbers"
        dateTime={new Date(message.at).toISOString()}
        title={times(message)}
      >
        {clockTime(message.at)}
      </time>
      {live ? <Live message={message} /> : null}
      <CopyAction message={message} />
    </div>
  );
}

function CopyAction({ message, aside = false }: { message: Incoming; aside?: boolean }) {
  const client = useClient();
  const copy = () => void copyBody(client, message);
  return (
    <span className={`message__actions ${aside ? 'theirs__aside' : ''}`}>
      <IconButton icon={Copy} size="small" label="Copy message" onClick={copy} />
    </span>
  );
}

function Live({ message }: { message: Incoming }) {
  const client = useClient();
  const messageId = message.replyTo ?? message.id;
  const waits = message.state === 'waiting_approval';
  return (
    <>
      <span className={`theirs__live ${waits ? 'theirs__live--waits' : ''}`}>
        {waits ? (
          <ShieldQuestion aria-hidden="true" />
        ) : (
          <span className="pulse" aria-hidden="true" />
        )}
        {incomingWord[message.state]}
      </span>
      <Button
        size="small"
        look="quiet"
        icon={Square}
        className="theirs__stop"
        onClick={() => void client.act('message.stop', { messageId })}
      >
        Stop
      </Button>
    </>
  );
}

const times = (message: Incoming): string =>
  message.senderAt === null
    ? exactTime(message.at)
    : `Came in ${exactTime(message.at)}; by their clock sent ${exactTime(message.senderAt)}`;
