import type { AppError, CallOutput, RecipientView } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { StatusMark } from '../../components/status-mark.tsx';
import { sizeWords } from '../../words/bytes.ts';
import { counted } from '../../words/count.ts';
import { ErrorNote } from '../error-note.tsx';
import { BackButton } from './back-button.tsx';
import { SaidText } from './said-text.tsx';
import { SomeRows } from './some-rows.tsx';
import { TextWarnings } from './text-warnings.tsx';

interface DryRunProps {
  preview: CallOutput<'broadcast.preview'>;
  error: AppError | null;
  busy: boolean;
  onBack: () => void;
  onSend: () => void;
}

/** Exactly what would go where, and why to some it would not. Nothing was touched for it. */
export function DryRun({ preview, error, busy, onBack, onSend }: DryRunProps) {
  const { message, recipients } = preview;
  const going = recipients.filter((one) => one.included);
  const out = recipients.filter((one) => !one.included);
  const waiting = going.filter((one) => one.reason === 'waits').length;
  const secret = message.secrets.length > 0;
  const tooLong = message.size === 'over_hard_limit';
  return (
    <section className="broadcast" aria-label="Dry run">
      <BackButton text="Back to writing" onBack={onBack} />
      <TextWarnings message={message} />
      <div className="dry-run__part">
        <h3>What each of them gets</h3>
        <SaidText label="What each of them gets" text={message.text} />
        <p className="hint-text">
          {sizeWords(message.bytes)}. The same over every link, as one message for each peer.
        </p>
      </div>
      <div className="dry-run__part">
        <h3>
          {going.length === 0 ? 'Nobody would get it' : `Goes to ${counted(going.length, 'peer')}`}
        </h3>
        {waiting > 0 ? (
          <p className="hint-text">
            {waiting === going.length ? 'None' : counted(going.length - waiting, 'peer')} can be
            reached now; {counted(waiting, 'message')} would wait in the outbox.
          </p>
        ) : null}
        <SomeRows
          label="Recipients"
          className="recipients"
          rows={going}
          keyOf={(one) => one.peerId}
        >
          {(one) => <Recipient recipient={one} />}
        </SomeRows>
      </div>
      {out.length > 0 ? (
        <div className="dry-run__part">
          <h3>Left out: {counted(out.length, 'peer')}</h3>
          <SomeRows label="Left out" className="recipients" rows={out} keyOf={(one) => one.peerId}>
            {(one) => <Recipient recipient={one} />}
          </SomeRows>
        </div>
      ) : null}
      {error ? <ErrorNote error={error} announce /> : null}
      <div className="broadcast__foot broadcast__foot--stays">
        <p className="hint-text">This was a dry run: nothing was sent or stored.</p>
        <Button
          look="primary"
          busy={busy}
          disabled={going.length === 0 || tooLong}
          onClick={onSend}
        >
          {secret ? 'Send anyway to' : 'Send to'} {counted(going.length, 'peer')}
        </Button>
      </div>
    </section>
  );
}

const linkWords = { gateway: 'Gateway', a2a: 'A2A', relay: 'Relay' } as const;

function Recipient({ recipient }: { recipient: RecipientView }) {
  const { peerName, included, reason, why, link, thread, sessionKey } = recipient;
  const shape = included ? (reason === 'ready' ? 'up' : 'partial') : 'blocked';
  return (
    <div className="recipient">
      <StatusMark shape={shape} />
      <div className="recipient__words">
        <p className="recipient__name">
          <strong className="clip">{peerName}</strong>
          <span className="hint-text">{why}</span>
        </p>
        {included && link ? (
          <p className="recipient__way numbers">
            {linkWords[link.kind]} {link.address}
            {thread ? ` › ${thread.title}${thread.threadId ? '' : ' (new thread)'}` : ''}
            {sessionKey ? (
              <>
                {' › '}
                <code>{sessionKey}</code>
              </>
            ) : (
              ' › the session is known once connected'
            )}
          </p>
        ) : null}
      </div>
    </div>
  );
}
