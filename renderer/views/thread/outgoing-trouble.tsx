import { PencilLine, RotateCw } from 'lucide-react';
import { Suspense, useState } from 'react';
import type { z } from 'zod';
import type { OutgoingMessageView } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Callout } from '../../components/callout.tsx';
import { part } from '../../components/part.tsx';
import { useClient } from '../../store/hooks.ts';
import { ErrorNote } from '../error-note.tsx';
import { writeAgain } from './whole-body.ts';

const HookOffer = part(() => import('../hook/hook-offer.tsx'));
const HandedToHook = part(() => import('../hook/handed.tsx'));

type Outgoing = z.infer<typeof OutgoingMessageView>;

/** What stands below a message of ours that did not simply go well, and what can be done. */
export function Trouble({ message }: { message: Outgoing }) {
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
          <ErrorNote error={message.error}>
            {message.error.code === 'message.no_answer' ? <WriteAgain message={message} /> : null}
          </ErrorNote>
        </div>
      ) : null;
    case 'handed':
      return (
        <Suspense fallback={null}>
          <HandedToHook message={message} />
        </Suspense>
      );
    case 'sending':
    case 'cancelled':
      return null;
  }
}

function WriteAgain({ message }: { message: Outgoing }) {
  const client = useClient();
  return (
    <Button size="small" icon={PencilLine} onClick={() => void writeAgain(client, message)}>
      Write it again
    </Button>
  );
}

function Failed({ message }: { message: Outgoing }) {
  const client = useClient();
  const messageId = message.id;
  const retry = () => void client.act('message.retry', { messageId });
  if (!message.error) return null;
  return (
    <div className="message__note">
      <ErrorNote error={message.error}>
        {message.error.code === 'message.no_answer' ? (
          <WriteAgain message={message} />
        ) : (
          <Button size="small" icon={RotateCw} onClick={retry}>
            Send again
          </Button>
        )}
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
      <Suspense fallback={null}>
        <HookOffer message={message} />
      </Suspense>
    </div>
  );
}
