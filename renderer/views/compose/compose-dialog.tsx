import { File as FileIcon, Paperclip, X } from 'lucide-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { DelegationPriority, FORMS, isFormKind } from '../../../electron/contract/index.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { Dialog, DialogBody, DialogFoot } from '../../components/dialog.tsx';
import { PickField, TextField } from '../../components/field.tsx';
import { FilesInput } from '../../components/files-input.tsx';
import { Segments } from '../../components/segments.tsx';
import { useClient, useMirror, usePeer } from '../../store/hooks.ts';
import { byteSize, type SizeVerdict, sizeVerdict, utf8Bytes } from '../../words/bytes.ts';
import { formWords } from '../../words/forms.ts';
import { ErrorNote } from '../error-note.tsx';
import { ask } from '../setup/ask.ts';
import { useLook } from '../setup/use-look.ts';
import { FirstUse } from '../thread/first-use.tsx';
import { FormFields } from './form-fields.tsx';
import { Recipient } from './recipient.tsx';
import { SessionTurns } from './session-turns.tsx';
import {
  type ComposeStart,
  type Composing,
  MOST_FILES,
  type Sent,
  useCompose,
} from './use-compose.ts';
import './compose.css';

const priorities = [
  { value: 'low', text: 'Low' },
  { value: 'normal', text: 'Normal' },
  { value: 'high', text: 'High' },
  { value: 'urgent', text: 'Urgent' },
] as const;

/** What was opened below the edge of the dialog comes into sight. */
const bring = (part: HTMLDetailsElement): void => {
  if (part.open) part.scrollIntoView({ block: 'nearest' });
};
/** The form is longer than the window: what stands at its end is brought into view. */
const showIt = (node: HTMLElement | null): void => node?.scrollIntoView({ block: 'nearest' });

interface ComposeDialogProps {
  start: ComposeStart;
  onClose: () => void;
}

/** Writes to a peer in one of the forms that agents and their people use every day. */
export default function ComposeDialog({ start, onClose }: ComposeDialogProps) {
  const client = useClient();
  const composing = useCompose(start);
  const [capability, setCapability] = useState('');
  const { value } = useLook(() => ask(client, 'outgoing.candidates', {}));
  const { kind, peerId, topic, missing, error } = composing;
  const name = usePeer(peerId)?.name ?? '';
  const fixed = start.threadId !== null;
  const soft = useMirror((mirror) => mirror.settings.softLimitBytes);
  const hard = useMirror((mirror) => mirror.settings.hardLimitBytes);
  const bytes = utf8Bytes(composing.text);
  const verdict = sizeVerdict(bytes, soft, hard);
  const send = async (anyway: boolean) => {
    const sent = await composing.send(anyway);
    if (!sent) return;
    const said = `${formWords[kind].name} for ${name} is in the queue`;
    onClose();
    // In a thread it stands in sight; from the board one is led to it; from elsewhere it is offered.
    if (fixed) client.toasts.say(said);
    else if (sent.delegationId && client.ui.getState().page?.kind === 'inbox')
      client.navigation.showPage({ kind: 'inbox', delegationId: null, given: sent.delegationId });
    else client.toasts.say(said, { label: 'Show', run: () => show(sent) });
  };
  const show = ({ peerId: to, threadId }: Sent) =>
    void client.navigation.goTo({ kind: 'thread', peerId: to, threadId, messageId: null });
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (missing.size > 0)
      form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [missing]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (verdict !== 'over_hard') void send(false);
  };
  return (
    <Dialog
      title={fixed ? `${formWords[kind].name} for ${name}` : formWords[kind].name}
      about={formWords[kind].about}
      width="wide"
      onClose={onClose}
    >
      <form ref={form} className="connect" noValidate onSubmit={submit}>
        <DialogBody className="form__body compose">
          <div className="compose__pair">
            <PickField
              label="What"
              value={kind}
              options={FORMS.map((form) => ({ value: form.kind, text: formWords[form.kind].name }))}
              onPick={(picked) => isFormKind(picked) && composing.change({ kind: picked })}
            />
            <TextField
              label="Topic"
              value={topic}
              maxLength={200}
              autoFocus
              error={missing.has('topic') ? 'Must not be empty.' : null}
              onChange={(event) => composing.change({ topic: event.target.value })}
            />
          </div>
          {fixed ? null : (
            <Recipient
              peers={value?.peers ?? []}
              chosen={peerId}
              capability={capability}
              about={`${topic} ${Object.values(composing.values).join(' ')}`}
              error={missing.has('peer') ? 'Choose who gets it.' : null}
              onChoose={(chosen) => composing.change({ peerId: chosen })}
              onCapability={setCapability}
            />
          )}
          <FormFields
            kind={kind}
            values={composing.values}
            missing={missing}
            onChange={composing.fill}
          />
          {kind === 'delegation' ? <When composing={composing} /> : null}
          {kind === 'status' ? (
            <p className="hint-text">
              It can also go out by itself.{' '}
              <Button
                size="small"
                look="quiet"
                onClick={() => client.navigation.show({ kind: 'morning_status' })}
              >
                Schedule it
              </Button>
            </p>
          ) : null}
          <Files composing={composing} />
          <details className="compose__preview" onToggle={(event) => bring(event.currentTarget)}>
            <summary>What they get</summary>
            <pre className="selectable">{composing.text}</pre>
          </details>
          {peerId ? <FirstUse peerId={peerId} /> : null}
          {error ? (
            <div key={error.code} ref={showIt}>
              <ErrorNote error={error} announce>
                {error.code === 'message.looks_secret' ? (
                  <Button size="small" onClick={() => void send(true)}>
                    Send anyway
                  </Button>
                ) : null}
              </ErrorNote>
            </div>
          ) : null}
        </DialogBody>
        <DialogFoot>
          <Size bytes={bytes} verdict={verdict} hard={hard} />
          <Button look="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button
            look="primary"
            type="submit"
            busy={composing.busy}
            disabled={verdict === 'over_hard'}
          >
            {kind === 'delegation' ? 'Delegate' : 'Send'}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}

function When({ composing }: { composing: Composing }) {
  return (
    <div className="compose__pair compose__pair--when">
      <div className="field">
        <span className="field__label">Priority</span>
        <Segments
          label="Priority"
          value={composing.priority}
          options={priorities}
          onChange={(value) => {
            const priority = DelegationPriority.safeParse(value);
            if (priority.success) composing.change({ priority: priority.data });
          }}
        />
      </div>
      <TextField
        label="Deadline"
        optional
        type="datetime-local"
        value={composing.deadline}
        error={composing.missing.has('deadline') ? 'Not a date and time.' : null}
        onChange={(event) => composing.change({ deadline: event.target.value })}
      />
    </div>
  );
}

function Files({ composing }: { composing: Composing }) {
  const input = useRef<HTMLInputElement>(null);
  const { files } = composing;
  return (
    <div className="compose__files">
      {files.length > 0 ? (
        <ul aria-label="Files to send">
          {files.map((file) => (
            <li key={`${file.name} ${file.size} ${file.lastModified}`}>
              <FileIcon aria-hidden="true" />
              <bdi className="clip">{file.name}</bdi>
              <span className="soft numbers">{byteSize(file.size)}</span>
              <IconButton
                icon={X}
                size="small"
                label={`Remove ${file.name}`}
                onClick={() => composing.dropFile(file)}
              />
            </li>
          ))}
        </ul>
      ) : null}
      <div className="compose__add">
        <Button
          size="small"
          icon={Paperclip}
          disabled={files.length >= MOST_FILES}
          onClick={() => input.current?.click()}
        >
          Attach files
        </Button>
        <SessionTurns
          disabled={files.length >= MOST_FILES}
          onAttach={(file) => composing.addFiles([file])}
        />
      </div>
      <FilesInput ref={input} onPick={composing.addFiles} />
    </div>
  );
}

interface SizeProps {
  bytes: number;
  verdict: SizeVerdict;
  hard: number;
}

function Size({ bytes, verdict, hard }: SizeProps) {
  return (
    <p className={`compose__size compose__size--${verdict} numbers`} aria-live="polite">
      {verdict === 'fine' ? '' : `${byteSize(bytes)} of ${byteSize(hard)}`}
      {verdict === 'over_soft' ? ': long for one message' : ''}
      {verdict === 'over_hard' ? ': too long. Attach it as a file.' : ''}
    </p>
  );
}
