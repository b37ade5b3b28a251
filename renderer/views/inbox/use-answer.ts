import { useRef } from 'react';
import {
  appError,
  type DelegationView,
  fail,
  RECEPTION_LIMITS,
} from '../../../electron/contract/index.ts';
import { useClient } from '../../store/hooks.ts';
import { PREVIEWED, safeFileName, toBase64 } from '../../store/uploads.ts';
import { utf8Bytes } from '../../words/bytes.ts';
import { ask } from '../setup/ask.ts';
import { useWork, type Work } from '../setup/use-work.ts';
import { useKept } from './use-kept.ts';

/** How much of a text file is shown before it goes, bytes. */
const HEAD_BYTES = 2_000;

/** A file that was picked or dropped, and has not left this window. */
export interface Picked {
  readonly key: number;
  readonly file: File;
  readonly name: string;
  /** A picture of it, where it is one: a blob of this window. */
  readonly picture: string | null;
  /** How its text begins; null where it is none. */
  readonly head: string | null;
}

/** An answer by hand that is being written. */
export interface Answering {
  /** The form is open. What was written stays when it is closed. */
  readonly isOpen: boolean;
  /** It was opened just now, and not kept from before: then it takes the focus. */
  readonly isFresh: boolean;
  readonly text: string;
  readonly files: readonly Picked[];
  /** Bytes of all files. */
  readonly bytes: number;
  /** Why it cannot be sent as it is, in words; null = it can. */
  readonly tooMuch: string | null;
  readonly isEmpty: boolean;
  readonly work: Work;
  open(): void;
  close(): void;
  write(text: string): void;
  add(files: readonly File[]): void;
  drop(key: number): void;
  /** @param anyway although it looks like a secret. */
  send(anyway: boolean): void;
}

async function headOf(file: File): Promise<string | null> {
  if (PREVIEWED.has(file.type)) return null;
  try {
    const bytes = await file.slice(0, HEAD_BYTES).arrayBuffer();
    if (new Uint8Array(bytes).includes(0)) return null;
    // A character may be cut at the end of the piece.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true }) || null;
  } catch {
    return null;
  }
}

const { answerFiles, answerFilesBytes, textBytes } = RECEPTION_LIMITS;

function tooMuchOf(text: string, count: number, bytes: number): string | null {
  if (utf8Bytes(text) > textBytes) return 'The text is too long. Add it as a file.';
  if (count > answerFiles) return `An answer takes ${answerFiles} files.`;
  if (bytes > answerFilesBytes) return 'The files are too large for one answer.';
  return null;
}

interface Written {
  readonly isOpen: boolean;
  readonly text: string;
  readonly files: readonly Picked[];
}

const NOTHING: Written = { isOpen: false, text: '', files: [] };

let lastKey = 0;

function forget(gone: readonly Picked[]): void {
  for (const { picture } of gone) if (picture !== null) URL.revokeObjectURL(picture);
}

/** The course of answering a piece of work oneself. */
export function useAnswer({ id: delegationId }: Pick<DelegationView, 'id'>): Answering {
  const client = useClient();
  const work = useWork();
  const [{ isOpen, text, files }, change] = useKept(`answer:${delegationId}`, NOTHING);
  const opened = useRef(false);
  const bytes = files.reduce((sum, { file }) => sum + file.size, 0);
  const tooMuch = tooMuchOf(text, files.length, bytes);
  const isEmpty = text.trim() === '' && files.length === 0;

  const add = async (more: readonly File[]) => {
    const picked = await Promise.all(
      more.map(async (file): Promise<Picked> => {
        const picture = PREVIEWED.has(file.type) ? URL.createObjectURL(file) : null;
        const name = safeFileName(file.name);
        lastKey += 1;
        return { key: lastKey, file, name, picture, head: await headOf(file) };
      }),
    );
    change((now) => ({ ...now, files: [...now.files, ...picked] }));
  };

  const send = async (anyway: boolean) => {
    if (isEmpty || tooMuch !== null || work.busy !== null) return;
    const sent = await work.run('answer', async () => {
      const read = files.map(async ({ file, name }) => ({
        name,
        mediaType: file.type.slice(0, 200),
        data: toBase64(new Uint8Array(await file.arrayBuffer())),
      }));
      // One that is gone, or was changed since it was picked, cannot be read any more.
      const sendable = await Promise.all(read).catch(() => null);
      if (!sendable)
        return fail(
          appError('files.unreadable', 'One of them is gone, or changed since it was added.', {
            remedy: { text: 'Take it out, or add it anew.' },
          }),
        );
      return ask(client, 'delegation.answer', {
        delegationId,
        text: text.toWellFormed().replaceAll('\u0000', ''),
        files: sendable,
        anyway,
      });
    });
    if (sent === null) return;
    forget(files);
    change(() => NOTHING);
    if (!sent.stopped) {
      client.toasts.say('Answered. Your agent did not say that it stopped: look at its session');
    }
  };

  return {
    isOpen,
    isFresh: opened.current,
    text,
    files,
    bytes,
    tooMuch,
    isEmpty,
    work,
    open: () => {
      opened.current = true;
      change((now) => ({ ...now, isOpen: true }));
    },
    close: () => {
      work.forget();
      change((now) => ({ ...now, isOpen: false }));
    },
    write: (typed) => {
      work.forget();
      change((now) => ({ ...now, text: typed }));
    },
    add: (more) => {
      work.forget();
      void add(more);
    },
    drop: (key) => {
      work.forget();
      forget(files.filter((one) => one.key === key));
      change((now) => ({ ...now, files: now.files.filter((one) => one.key !== key) }));
    },
    send: (anyway) => void send(anyway),
  };
}
