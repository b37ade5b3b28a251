import { useCallback, useEffect, useRef, useState } from 'react';
import type { AppError, Result } from '../../../electron/contract/index.ts';

/** Something that is looked at: the last answer, the last failure, and whether a look is under way. */
export interface Look<T> {
  readonly value: T | null;
  readonly error: AppError | null;
  readonly looking: boolean;
  readonly again: () => void;
}

/**
 * Looks once, again on demand, and again and again where `everyMs` is set. The last answer stays while
 * the next is on its way. A failure takes nothing away.
 */
export function useLook<T>(
  look: () => Promise<Result<T>>,
  everyMs: number | null = null,
  wanted = true,
): Look<T> {
  const [value, setValue] = useState<T | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  const [looking, setLooking] = useState(false);
  const [turn, setTurn] = useState(0);
  const latest = useRef(look);
  latest.current = look;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each turn is one look
  useEffect(() => {
    if (!wanted) return;
    let here = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    setLooking(true);
    void latest.current().then((result) => {
      if (!here) return;
      setLooking(false);
      if (result.ok) setValue(result.value);
      setError(result.ok ? null : result.error);
      if (everyMs !== null) timer = setTimeout(() => setTurn((count) => count + 1), everyMs);
    });
    return () => {
      here = false;
      clearTimeout(timer);
    };
  }, [turn, everyMs, wanted]);
  const again = useCallback(() => setTurn((count) => count + 1), []);
  return { value, error, looking, again };
}
