import { useState } from 'react';
import type { AppError, Result } from '../../../electron/contract/index.ts';

/** One thing at a time that the person started, and how it failed. */
export interface Work {
  readonly busy: string | null;
  readonly failure: AppError | null;
  /** Runs it, and gives its value; null where it failed, which `failure` then tells. */
  run<T>(name: string, work: () => Promise<Result<T>>): Promise<T | null>;
  forget(): void;
}

/** Looks after what a button started. */
export function useWork(): Work {
  const [busy, setBusy] = useState<string | null>(null);
  const [failure, setFailure] = useState<AppError | null>(null);
  return {
    busy,
    failure,
    run: async (name, work) => {
      setBusy(name);
      setFailure(null);
      const result = await work();
      setBusy(null);
      if (result.ok) return result.value;
      setFailure(result.error);
      return null;
    },
    forget: () => setFailure(null),
  };
}
