import { useState } from 'react';
import type { AppError, RelayId, SharedFilePut } from '../../../electron/contract/index.ts';
import { useClient } from '../../store/hooks.ts';

/** What is to be saved. */
export interface Ours {
  readonly relayId: RelayId;
  readonly key: string;
  readonly content: string;
  readonly type: string;
  /** The version that it began from; null = it is meant to be new. */
  readonly base: number | null;
  /** The person wants it saved although it looks like a secret. */
  readonly anyway?: boolean;
}

/** Somebody saved since; nothing of ours was written. */
export interface PutConflict {
  readonly ours: Ours;
  readonly found: Extract<SharedFilePut, { kind: 'conflict' }>;
}

/** What became of a save. A conflict is in {@link Put.conflict} then, a failure in {@link Put.failure}. */
export type Saving =
  | { readonly kind: 'saved'; readonly version: number }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'failed'; readonly error: AppError };

/**
 * Saving as a view sees it. `overwrite` is the version of somebody else that the person wants
 * replaced.
 */
export interface Put {
  readonly busy: boolean;
  readonly failure: AppError | null;
  readonly conflict: PutConflict | null;
  save(ours: Ours, overwrite?: number): Promise<Saving>;
  forget(): void;
}

/** Saves shared files, and keeps what came in between until somebody decided. */
export function usePut(): Put {
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<AppError | null>(null);
  const [conflict, setConflict] = useState<PutConflict | null>(null);
  return {
    busy,
    failure,
    conflict,
    forget: () => {
      setFailure(null);
      setConflict(null);
    },
    save: async (ours, overwrite) => {
      setBusy(true);
      setFailure(null);
      const result = await client.call('files.put', {
        ...ours,
        ...(overwrite === undefined ? {} : { overwrite }),
      });
      setBusy(false);
      if (!result.ok) {
        setFailure(result.error);
        return { kind: 'failed', error: result.error };
      }
      if (result.value.kind === 'conflict') {
        setConflict({ ours, found: result.value });
        return { kind: 'conflict' };
      }
      setConflict(null);
      const { version, overwrote } = result.value;
      if (overwrote !== null) {
        client.toasts.say(
          `Somebody saved version ${overwrote} in the same moment. This relay lets the last one win: ask them.`,
        );
      }
      return { kind: 'saved', version };
    },
  };
}
