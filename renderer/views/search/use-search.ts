import { useEffect, useState } from 'react';
import type { AppError, SearchHit } from '../../../electron/contract/index.ts';
import { useClient } from '../../store/hooks.ts';

const PAUSE_MS = 150;

/** What a search has found so far. While the next answer is on its way, the last one stays. */
export interface SearchState {
  readonly hits: readonly SearchHit[];
  readonly error: AppError | null;
  /** Where the next page begins; null after the last. */
  readonly next: string | null;
  /** The text that the hits belong to. */
  readonly answered: string;
}

const NOTHING: SearchState = { hits: [], error: null, next: null, answered: '' };

/** Searches while one types; an answer to an older text is thrown away. */
export function useSearch(text: string) {
  const client = useClient();
  const [state, setState] = useState<SearchState>(NOTHING);
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
        setState({
          hits: result.value.hits,
          error: null,
          next: result.value.nextCursor,
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
    const found = await client.act('search.messages', { text: wanted, cursor: state.next });
    if (!found) return;
    const { hits, nextCursor: next } = found;
    // What is shown may be of another text by now, or have these already.
    setState((now) => (now === state ? { ...now, hits: [...now.hits, ...hits], next } : now));
  };
  return { state, wanted, loadMore };
}
