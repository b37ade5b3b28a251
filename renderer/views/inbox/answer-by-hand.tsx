import { File as FileIcon, Paperclip, X } from 'lucide-react';
import { type DragEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { RECEPTION_LIMITS } from '../../../electron/contract/index.ts';
import { Button, IconButton } from '../../components/button.tsx';
import { TextArea } from '../../components/field.tsx';
import { FilesInput } from '../../components/files-input.tsx';
import { byteSize } from '../../words/bytes.ts';
import { ErrorNote } from '../error-note.tsx';
import type { Answering, Picked } from './use-answer.ts';
import './answer-by-hand.css';

interface AnswerByHandProps {
  answering: Answering;
  /** An agent works on it, and is stopped by this. */
  stopsAgent: boolean;
  /** The way back carries words alone. */
  textOnly: boolean;
}

const holdsFiles = (event: DragEvent): boolean => event.dataTransfer.types.includes('Files');

/** Answers a piece of work oneself: with words, files, or both. */
export function AnswerByHand({ answering, stopsAgent, textOnly }: AnswerByHandProps) {
  const { text, files, work, isEmpty, isFresh, tooMuch } = answering;
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const form = useRef<HTMLDivElement>(null);
  // A long card ends below the window: what is written is sent from there.
  useEffect(() => {
    if (isFresh) form.current?.scrollIntoView({ block: 'nearest' });
  }, [isFresh]);
  const pressed = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    answering.send(false);
  };
  const take = (event: DragEvent) => {
    if (!holdsFiles(event) || textOnly) return;
    event.preventDefault();
    setOver(false);
    answering.add([...event.dataTransfer.files]);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: files may be dropped here; the button does the same
    <div
      ref={form}
      className={`answer-hand ${over ? 'answer-hand--over' : ''}`}
      onDragOver={(event) => {
        if (!holdsFiles(event) || textOnly) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => {
        const to = event.relatedTarget;
        if (!(to instanceof Node && event.currentTarget.contains(to))) setOver(false);
      }}
      onDrop={take}
    >
      <TextArea
        label="Your answer"
        value={text}
        help={
          stopsAgent
            ? 'The peer reads it as the result. Your agent stops, and what it did so far stays as it is.'
            : 'The peer reads it as the result. No agent of yours gets the work.'
        }
        rows={4}
        autoFocus={isFresh}
        onKeyDown={pressed}
        onChange={(event) => answering.write(event.target.value)}
      />
      {files.length > 0 ? (
        <ul className="answer-hand__files" aria-label="Files of the answer">
          {files.map((one) => (
            <PickedFile key={one.key} picked={one} onRemove={() => answering.drop(one.key)} />
          ))}
        </ul>
      ) : null}
      <div className="decide">
        <Button
          size="small"
          icon={Paperclip}
          disabled={textOnly || files.length >= RECEPTION_LIMITS.answerFiles}
          onClick={() => input.current?.click()}
        >
          Add files
        </Button>
        <p className={`hint-text numbers ${tooMuch ? 'answer-hand__too-much' : ''}`} role="status">
          {tooMuch ?? (textOnly ? 'No files go this way back' : sizeWords(answering))}
        </p>
        <FilesInput ref={input} onPick={answering.add} />
      </div>
      {work.failure ? (
        <ErrorNote error={work.failure} announce>
          {work.failure.code === 'message.looks_secret' ? (
            <Button size="small" onClick={() => answering.send(true)}>
              Send anyway
            </Button>
          ) : null}
        </ErrorNote>
      ) : null}
      <div className="decide">
        <Button
          look="primary"
          disabled={isEmpty || tooMuch !== null}
          busy={work.busy === 'answer'}
          onClick={() => answering.send(false)}
        >
          Send the answer
        </Button>
        <Button look="quiet" data-back onClick={answering.close}>
          Back
        </Button>
      </div>
    </div>
  );
}

const sizeWords = ({ files, bytes }: Answering): string =>
  files.length === 0
    ? 'Or drop them here'
    : `${byteSize(bytes)} of ${byteSize(RECEPTION_LIMITS.answerFilesBytes)}`;

/** What will go, to be looked at once more: a picture small, a text as it begins. */
function PickedFile({ picked, onRemove }: { picked: Picked; onRemove: () => void }) {
  const { file, name, picture, head } = picked;
  return (
    <li className="answer-hand__file">
      {picture === null ? (
        <span className="answer-hand__picture">
          <FileIcon aria-hidden="true" />
        </span>
      ) : (
        <img className="answer-hand__picture" src={picture} alt="" />
      )}
      <bdi className="clip">{name}</bdi>
      <span className="soft numbers">{byteSize(file.size)}</span>
      <IconButton icon={X} size="small" label={`Remove ${name}`} onClick={onRemove} />
      {head === null ? null : (
        <details className="answer-hand__head">
          <summary>How it begins</summary>
          <pre className="selectable">{head}</pre>
        </details>
      )}
    </li>
  );
}
