import { useRef, useState } from 'react';
import {
  type AppError,
  appError,
  RELAY_BODY_BYTES,
  type RelayId,
} from '../../../electron/contract/index.ts';
import { useClient } from '../../store/hooks.ts';
import { byteSize } from '../../words/bytes.ts';
import { counted } from '../../words/count.ts';
import { readUpload } from './kinds.ts';
import type { Put } from './use-put.ts';

interface Waiting {
  readonly relayId: RelayId;
  readonly file: File;
  /** The person wants it shared although it looks like a secret. */
  readonly anyway: boolean;
}

/** A file of this machine that was not shared, and why. */
export interface NotShared {
  readonly name: string;
  readonly error: AppError;
  readonly relayId: RelayId;
  readonly file: File;
}

/** Sharing several files, one after the other. A conflict holds up those that follow. */
export interface Share {
  readonly notShared: readonly NotShared[];
  /** Files that are still to be shared, but for the one at hand. */
  readonly left: number;
  add(relayId: RelayId, files: Iterable<File>): void;
  /** Shares one that was not, although it looks like a secret. */
  anyway(one: NotShared): void;
  /** The conflict of the one at hand was decided. @returns whether others follow. */
  goOn(): boolean;
}

/** Shares files of this machine one after the other; a conflict holds the others up until it is decided. */
export function useShare(put: Put, onShared: () => void): Share {
  const client = useClient();
  const waiting = useRef<Waiting[]>([]);
  const running = useRef(false);
  const [left, setLeft] = useState(0);
  const [notShared, setNotShared] = useState<readonly NotShared[]>([]);

  const one = async ({ relayId, file, anyway }: Waiting): Promise<'conflict' | string | null> => {
    const fail = (error: AppError): null => {
      const { name } = file;
      setNotShared((before) => [
        ...before.filter((other) => other.name !== name),
        { name, error, relayId, file },
      ]);
      return null;
    };
    // Before it is read: it may be larger than what this window can hold.
    if (file.size > RELAY_BODY_BYTES) {
      return fail(appError('relay.too_large', `It has ${byteSize(file.size)}.`));
    }
    const read = await readUpload(file).catch(() => null);
    if (!read) return fail(appError('files.unreadable', 'It may be a folder, or gone.'));
    const saved = await put.save({ relayId, ...read, base: null, anyway });
    if (saved.kind === 'failed') return fail(saved.error);
    return saved.kind === 'conflict'
      ? 'conflict'
      : `${read.key} is shared, version ${saved.version}`;
  };

  const run = async () => {
    if (running.current) return;
    running.current = true;
    const shared: string[] = [];
    for (let next = waiting.current.shift(); next; next = waiting.current.shift()) {
      setLeft(waiting.current.length);
      const outcome = await one(next);
      if (outcome === 'conflict') break;
      if (outcome === null) continue;
      shared.push(outcome);
      onShared();
    }
    running.current = false;
    const [first] = shared;
    if (first)
      client.toasts.say(
        shared.length === 1 ? first : `${counted(shared.length, 'file')} are shared`,
      );
  };

  /** Their names are told of anew. */
  const enqueue = (more: readonly Waiting[]): void => {
    const names = new Set(more.map(({ file }) => file.name));
    setNotShared((before) => before.filter(({ name }) => !names.has(name)));
    waiting.current.push(...more);
    setLeft(waiting.current.length);
    if (!put.conflict) void run();
  };

  return {
    notShared,
    left,
    add: (relayId, files) => {
      if (!put.conflict && !running.current) setNotShared([]);
      enqueue([...files].map((file) => ({ relayId, file, anyway: false })));
    },
    anyway: ({ relayId, file }) => enqueue([{ relayId, file, anyway: true }]),
    goOn: () => {
      const more = waiting.current.length > 0;
      void run();
      return more;
    },
  };
}
