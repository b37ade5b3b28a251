import { useEffect, useRef, useState } from 'react';
import type { AppError, SearchHit } from '../../../electron/contract/index.ts';
import { useClient } from '../../store/hooks.ts';

const PAUSE_MS = 150;

export interface SearchState {
  readonly hits: readonly SearchHit[];
  readonly error: AppError | null;
  readonly more: boolean;
  /** The text that the hits belong to. */
  readonly answered: string;
}

const NOTHING: SearchState = { hits: [], error: null, more: false, answered: '' };

/** Searches while one types; an answer to an older text is thrown away. */
export function useSearch(text: string) {
  const client = useClient();
  const [state, setState] = useState<SearchState>(NOTHING);
  const cursor = useRef<string | null>(null);
  const wanted = text.trim().slice(0, 200);
  useEffect(() => {
    if (wanted === '') {
      setState(NOTHING);
      return;
    }
    let current = true;
    const timer = setTimeout(() => {
      void client.call('search.messages', { text: wanted, cursor: null }).then((result) => {
        if (!current) return;
        if (!result.ok) return setState({ ...NOTHING, error: result.error, answered: wanted });
        cursor.current = result.value.nextCursor;
        setState({
          hits: result.value.hits,
          error: null,
          more: result.value.nextCursor !== null,
          answered: wanted,
        });
      });
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [client, wanted]);
  const loadMore = async () => {
    const next = await client.act('search.messages', { text: wanted, cursor: cursor.current });
    if (!next) return;
    cursor.current = next.nextCursor;
    setState((before) => ({
      ...before,
      hits: [...before.hits, ...next.hits],
      more: next.nextCursor !== null,
    }));
  };
  return { state, wanted, loadMore };
}
