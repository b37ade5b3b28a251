import { CornerUpRight, Search } from 'lucide-react';
import { type KeyboardEvent, useEffect, useState } from 'react';
import type { SearchHit } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { useClient, useMirror } from '../../store/hooks.ts';
import { withoutMarks } from '../../words/plain-line.ts';
import { exactTime, shortAge } from '../../words/time.ts';
import { ErrorNote } from '../error-note.tsx';
import { useSearch } from './use-search.ts';
import './search.css';

const hitId = (index: number): string => `hit-${index}`;

/** Looks through all threads, and opens the one that is picked at the hit. */
export function SearchDialog({ onClose }: { onClose: () => void }) {
  const client = useClient();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const { state, wanted, loadMore } = useSearch(text);
  const { hits } = state;
  useEffect(() => {
    document.getElementById(hitId(active))?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  const open = (hit: SearchHit) => {
    onClose();
    const { peerId, threadId, messageId } = hit;
    void client.navigation.goTo({ kind: 'thread', peerId, threadId, messageId });
  };
  const press = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    const hit = hits[active];
    if (step !== 0) {
      event.preventDefault();
      setActive(Math.max(0, Math.min(hits.length - 1, active + step)));
    } else if (event.key === 'Enter' && hit) {
      event.preventDefault();
      open(hit);
    }
  };
  return (
    <Dialog title="Search messages" width="wide" high onClose={onClose}>
      <div className="search__field">
        <Search aria-hidden="true" />
        <input
          type="text"
          role="combobox"
          aria-label="Search all messages"
          aria-expanded={hits.length > 0}
          aria-controls="search-hits"
          aria-activedescendant={hits.length > 0 ? hitId(active) : undefined}
          aria-autocomplete="list"
          placeholder="Search all messages"
          value={text}
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setText(event.target.value);
            setActive(0);
          }}
          onKeyDown={press}
        />
      </div>
      <div className="search__results">
        {state.error ? <ErrorNote error={state.error} announce /> : null}
        <div id="search-hits" role="listbox" aria-label="What was found">
          {hits.map((hit, index) => (
            <Hit
              key={hit.messageId}
              id={hitId(index)}
              hit={hit}
              active={index === active}
              onOpen={open}
            />
          ))}
        </div>
        {hits.length === 0 && !state.error ? (
          <NoHits wanted={wanted} answered={state.answered} />
        ) : null}
        {state.next !== null ? (
          <Button look="quiet" size="small" onClick={() => void loadMore()}>
            Show more
          </Button>
        ) : null}
      </div>
    </Dialog>
  );
}

function NoHits({ wanted, answered }: { wanted: string; answered: string }) {
  const slow = useMirror((mirror) => mirror.app?.search === 'like');
  if (wanted !== '' && answered === wanted) {
    return <p className="search__none">No message holds “{wanted}”.</p>;
  }
  return (
    <p className="search__none">
      {wanted === '' ? 'Type a word that stood in a message.' : null}
      {slow ? ' The fast index is not available here, so a search takes longer.' : null}
    </p>
  );
}

interface HitProps {
  id: string;
  hit: SearchHit;
  active: boolean;
  onOpen: (hit: SearchHit) => void;
}

function Hit({ id, hit, active, onOpen }: HitProps) {
  return (
    // The field takes the keys.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    // biome-ignore lint/a11y/useFocusableInteractive: see above
    <div id={id} role="option" aria-selected={active} className="hit" onClick={() => onOpen(hit)}>
      <p className="hit__head">
        <bdi className="hit__peer clip">{hit.peerName}</bdi>
        <bdi className="hit__thread clip">
          {hit.threadTitle === '' ? 'New thread' : hit.threadTitle}
        </bdi>
        <time className="numbers" title={exactTime(hit.at)}>
          {shortAge(hit.at, Date.now())}
        </time>
      </p>
      <p className="hit__text">
        {hit.direction === 'out' ? <CornerUpRight aria-label="You wrote" /> : null}
        {pieces(hit).map(({ key, text, hit: marked }) =>
          marked ? <mark key={key}>{text}</mark> : <span key={key}>{withoutMarks(text)}</span>,
        )}
      </p>
    </div>
  );
}

/** The pieces with where each begins, which tells them apart. */
function pieces(hit: SearchHit) {
  let key = 0;
  return hit.snippet.map((piece) => {
    const placed = { ...piece, key };
    key += piece.text.length;
    return placed;
  });
}
