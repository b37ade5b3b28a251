import { ArrowUp, Paperclip, SquarePen } from 'lucide-react';
import {
  type ClipboardEvent,
  type DragEvent,
  type KeyboardEvent,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { FORMS, type PeerId, type ThreadId } from '../../../electron/contract/index.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { FilesInput } from '../../components/files-input.tsx';
import { Menu, MenuItem } from '../../components/menu.tsx';
import { useClient, useMirror, usePeer, useUi } from '../../store/hooks.ts';
import { byteSize, messageBytes, sizeVerdict } from '../../words/bytes.ts';
import { formWords } from '../../words/forms.ts';
import { ErrorNote } from '../error-note.tsx';
import { isLongText } from './long-text.ts';
import { ThreadLimits } from './thread-limits.tsx';
import { UploadChips } from './upload-chips.tsx';
import { type ComposerState, useComposer } from './use-composer.ts';
import './composer.css';

interface ComposerProps {
  peerId: PeerId;
  threadId: ThreadId | null;
}

/** Where one writes. Enter sends, Shift and Enter make a new line. */
export function Composer({ peerId, threadId }: ComposerProps) {
  const client = useClient();
  const field = useRef<HTMLTextAreaElement>(null);
  const composer = useComposer(peerId, threadId);
  const [dragged, setDragged] = useState(false);
  useEffect(() => client.drafts.onWritten(() => field.current?.focus()), [client]);
  const writing = useUi((ui) => ui.writing);
  useEffect(() => {
    if (!writing) return;
    field.current?.focus();
    client.ui.setState({ writing: false });
  }, [client, writing]);
  const name = usePeer(peerId)?.name ?? '';
  const soft = useMirror((mirror) => mirror.settings.softLimitBytes);
  const hard = useMirror((mirror) => mirror.settings.hardLimitBytes);
  const bytes = useMemo(() => messageBytes(composer.text, soft, hard), [composer.text, soft, hard]);
  const verdict = sizeVerdict(bytes, soft, hard);
  const ready = composer.sendable && verdict !== 'over_hard';

  const send = () => {
    if (ready) void composer.send();
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  // A short text is left to the field itself; files, and a text that would stall it, are attached.
  const takes = (data: DataTransfer): boolean => {
    const text = data.files.length === 0 ? data.getData('text/plain') : '';
    if (data.files.length > 0) void composer.attach([...data.files]);
    else if (isLongText(text)) void composer.attachText(text);
    else return false;
    return true;
  };
  const paste = (event: ClipboardEvent) => {
    if (takes(event.clipboardData)) event.preventDefault();
  };
  const over = (event: DragEvent) => {
    event.preventDefault();
    setDragged(event.dataTransfer.types.includes('Files'));
  };
  const leave = (event: DragEvent) => {
    const to = event.relatedTarget;
    if (!(to instanceof Node && event.currentTarget.contains(to))) setDragged(false);
  };
  const drop = (event: DragEvent) => {
    setDragged(false);
    if (takes(event.dataTransfer) || event.target !== field.current) event.preventDefault();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: files may be dropped here; the button does the same
    <div
      className={`composer ${dragged ? 'composer--dragged' : ''}`}
      onDragOver={over}
      onDragLeave={leave}
      onDrop={drop}
    >
      {composer.error ? (
        <ErrorNote error={composer.error} announce>
          {composer.error.code === 'message.looks_secret' ? (
            <Button size="small" disabled={!ready} onClick={() => void composer.send(true)}>
              Send anyway
            </Button>
          ) : null}
        </ErrorNote>
      ) : null}
      {composer.conflict ? (
        <p className="composer__note" role="status">
          Another window wrote here too. Both texts are kept in the field.
        </p>
      ) : null}
      <div className="composer__box">
        <UploadChips uploads={composer.uploads} />
        <textarea
          ref={field}
          className="composer__text"
          value={composer.text}
          rows={1}
          placeholder={name ? `Message ${name}` : 'Message'}
          aria-label={name ? `Message to ${name}` : 'Message'}
          aria-describedby="first-use composer-size"
          dir="auto"
          onChange={(event) => composer.type(event.target.value)}
          onKeyDown={press}
          onPaste={paste}
        />
        <div className="composer__foot">
          <AttachButton composer={composer} />
          <FormMenu peerId={peerId} threadId={threadId} />
          {verdict === 'fine' ? <ThreadLimits peerId={peerId} /> : null}
          <SizeWords bytes={bytes} soft={soft} hard={hard} />
          <IconButton
            icon={ArrowUp}
            label="Send"
            keys="Enter"
            className="composer__send"
            disabled={!ready}
            onClick={send}
          />
        </div>
      </div>
    </div>
  );
}

/** The other ways to write: work, and the forms of every day. */
function FormMenu({ peerId, threadId }: ComposerProps) {
  const client = useClient();
  const place = threadId === null ? { peerId } : { peerId, threadId };
  return (
    <Menu align="start" trigger={<IconButton icon={SquarePen} size="small" label="Write a form" />}>
      {FORMS.map(({ kind }) => (
        <MenuItem
          key={kind}
          onSelect={() => client.navigation.show({ kind: 'compose', form: kind, ...place })}
        >
          {formWords[kind].name}
        </MenuItem>
      ))}
    </Menu>
  );
}

function AttachButton({ composer }: { composer: ComposerState }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton
        icon={Paperclip}
        size="small"
        label="Attach files"
        onClick={() => input.current?.click()}
      />
      <FilesInput ref={input} onPick={(files) => void composer.attach(files)} />
    </>
  );
}

function SizeWords({ bytes, soft, hard }: { bytes: number; soft: number; hard: number }) {
  const verdict = sizeVerdict(bytes, soft, hard);
  return (
    <p
      id="composer-size"
      className={`composer__size composer__size--${verdict} numbers`}
      aria-live="polite"
    >
      {sizeWords(verdict, bytes, soft, hard)}
    </p>
  );
}

function sizeWords(
  verdict: ReturnType<typeof sizeVerdict>,
  bytes: number,
  soft: number,
  hard: number,
): string {
  switch (verdict) {
    case 'fine':
      return '';
    case 'near':
      return `${byteSize(bytes)} of ${byteSize(soft)}`;
    case 'over_soft':
      return `${byteSize(bytes)}: long for one message, but it can be sent`;
    case 'over_hard':
      return `${byteSize(bytes)}: more than the ${byteSize(hard)} that a message may have. Shorten it, or attach it as a file.`;
  }
}
