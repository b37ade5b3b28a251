import { ArrowLeft, Download, Pencil } from 'lucide-react';
import { Suspense, useCallback, useEffect, useRef, useState } from 'react';
import type { RelayId, SharedFileContent } from '../../../electron/contract/index.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { TextArea } from '../../components/field.tsx';
import { part } from '../../components/part.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient } from '../../store/hooks.ts';
import type { SharedFilePlace } from '../../store/ui-state.ts';
import { ago } from '../../words/time.ts';
import { ErrorNote } from '../error-note.tsx';
import { ask } from '../setup/ask.ts';
import { useLook } from '../setup/use-look.ts';
import { Conflict } from './conflict.tsx';
import { History } from './history.tsx';
import { bytesOf, fileName, isText, kindOf, pictureUrl } from './kinds.ts';
import { usePut } from './use-put.ts';

const Markdown = part(() => import('../thread/markdown.tsx'));

interface OpenFileProps {
  /** Given anew by whatever leads here: the newest version is then read. */
  place: SharedFilePlace;
  /** Another file of the same relay. */
  onOpen: (key: string) => void;
  onBack: () => void;
}

/** One shared file: what is in it, how it came to be so, and changing it. */
export function OpenFile({ place, onOpen, onBack }: OpenFileProps) {
  const { relayId, key: fileKey } = place;
  const client = useClient();
  const shown = useRef(place);
  const {
    value: newest,
    error,
    again,
  } = useLook(() => ask(client, 'files.get', { relayId, key: fileKey }));
  /** What is being written stays, whatever leads or comes here: saving it finds what changed meanwhile. */
  const [held, setHeld] = useState<SharedFileContent | null>(null);
  const isWriting = useRef(false);
  const hold = useCallback((file: SharedFileContent | null) => {
    isWriting.current = file !== null;
    setHeld(file);
  }, []);
  const value = held ?? newest;
  useEffect(() => {
    if (shown.current === place) return;
    shown.current = place;
    if (!isWriting.current) again();
  }, [place, again]);
  return (
    <>
      <div className="file__bar">
        <IconButton icon={ArrowLeft} label="Back to the list" onClick={onBack} />
        <h3>{fileKey}</h3>
      </div>
      {error ? <ErrorNote error={error} /> : null}
      {!value && !error ? <Skeleton rows={6} label="Reading the file" /> : null}
      {value ? (
        <Loaded
          key={value.version}
          relayId={relayId}
          file={value}
          onWriting={hold}
          onSaved={(key) => (key === fileKey ? again() : onOpen(key))}
        />
      ) : null}
    </>
  );
}

interface LoadedProps {
  relayId: RelayId;
  file: SharedFileContent;
  /** The version that is being changed; null once it no longer is. */
  onWriting: (file: SharedFileContent | null) => void;
  onSaved: (key: string) => void;
}

function Loaded({ relayId, file, onWriting, onSaved }: LoadedProps) {
  const client = useClient();
  const now = useNow(30_000);
  const kind = kindOf(file.key, file.type);
  const put = usePut();
  /** The text as it is changed; null = it is only read. */
  const [draft, setDraft] = useState<string | null>(null);
  /** The version that the draft began from: another one once theirs was merged in. */
  const [base, setBase] = useState(file.version);
  const { key, type } = file;
  const isWriting = draft !== null;
  useEffect(() => onWriting(isWriting ? file : null), [isWriting, file, onWriting]);
  const save = async (anyway: boolean) => {
    if (draft === null) return;
    const saved = await put.save({ relayId, key, type, content: draft, base, anyway });
    if (saved.kind !== 'saved') return;
    client.toasts.say(`Saved as version ${saved.version}`);
    setDraft(null);
    onSaved(key);
  };
  return (
    <>
      <div className="file__bar">
        <span className="soft numbers">
          Version {file.version}, saved by {file.editorName || 'somebody'}
          {file.updatedAt === null ? '' : ` ${ago(file.updatedAt, now)}`}
        </span>
        <span className="step__gap" />
        {draft === null && isText(kind) ? (
          <Button size="small" icon={Pencil} onClick={() => setDraft(file.content)}>
            Change
          </Button>
        ) : null}
        <Button size="small" icon={Download} onClick={() => saveHere(file)}>
          Save a copy
        </Button>
      </div>
      {draft === null ? (
        <Preview file={file} />
      ) : (
        <div className="file__edit">
          <TextArea
            label={`Text of ${key}`}
            value={draft}
            onChange={(event) => setDraft(event.target.value)}
          />
          <div className="file__bar">
            <Button
              look="primary"
              busy={put.busy}
              disabled={draft === file.content || draft === ''}
              onClick={() => void save(false)}
            >
              Save for everybody
            </Button>
            <Button
              look="quiet"
              onClick={() => {
                setDraft(null);
                setBase(file.version);
                put.forget();
              }}
            >
              Leave it as it was
            </Button>
          </div>
        </div>
      )}
      {put.failure ? (
        <ErrorNote error={put.failure} announce>
          {put.failure.code === 'message.looks_secret' && draft !== null ? (
            <Button size="small" busy={put.busy} onClick={() => void save(true)}>
              Save for everybody anyway
            </Button>
          ) : null}
        </ErrorNote>
      ) : null}
      {put.conflict ? (
        <Conflict
          put={put}
          conflict={put.conflict}
          onSaved={({ key: saved, version }) => {
            client.toasts.say(`Saved as version ${version} of ${saved}`);
            setDraft(null);
            onSaved(saved);
          }}
          onMerged={(text, theirs) => {
            setDraft(text);
            setBase(theirs);
          }}
        />
      ) : null}
      <History relayId={relayId} file={file} />
    </>
  );
}

function Preview({ file }: { file: SharedFileContent }) {
  const kind = kindOf(file.key, file.type);
  switch (kind) {
    case 'image':
      return (
        <img
          className="file__picture"
          alt={`Shared by ${file.editorName}: ${file.key}`}
          src={pictureUrl(file)}
        />
      );
    case 'markdown':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must take the keys
        <section className="file__markdown selectable" aria-label="Content" tabIndex={0}>
          <Suspense fallback={<Skeleton rows={4} label="Drawing the text" />}>
            <Markdown text={file.content} />
          </Suspense>
        </section>
      );
    case 'text':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must take the keys
        <section className="file__text selectable" aria-label="Content" tabIndex={0}>
          {file.content}
        </section>
      );
    case 'binary':
      return <p className="soft">It is no text and no picture. Save a copy to look at it.</p>;
  }
}

/** Hands the file to the person, under a name that leads nowhere else. */
function saveHere({ key, content, type }: SharedFileContent): void {
  const url = URL.createObjectURL(
    new Blob([bytesOf(content, type)], { type: 'application/octet-stream' }),
  );
  const anchor = document.createElement('a');
  anchor.href = url;
  anchor.download = fileName(key);
  anchor.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
