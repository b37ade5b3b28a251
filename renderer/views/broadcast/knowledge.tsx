import { Lightbulb, Search, Share2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import {
  type AppError,
  type CallInput,
  type CallOutput,
  type KnowledgeItem,
  TAG_LIMIT,
  TAGS_LIMIT,
  TOPIC_LIMIT,
} from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Segments } from '../../components/segments.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient, useMirror } from '../../store/hooks.ts';
import { ago, exactTime } from '../../words/time.ts';
import { ErrorNote } from '../error-note.tsx';
import { startDraft } from './draft.ts';

type Filter = Omit<CallInput<'knowledge.list'>, 'cursor'>;
type Found = CallOutput<'knowledge.list'>;

/** How long typing rests before it is looked up, ms. */
const REST_MS = 200;
const EVERYTHING: Filter = { text: '', topic: null, tag: null, direction: 'all' };

/** What was told by broadcasts, over all links: found by topic, tag and words, and shared again. */
export function Knowledge({ onShare, onWrite }: { onShare: () => void; onWrite: () => void }) {
  const client = useClient();
  const [filter, setFilter] = useState<Filter>(EVERYTHING);
  const { found, error, more } = useKnowledge(filter);
  const change = (changes: Partial<Filter>) => setFilter({ ...filter, ...changes });
  const share = (item: KnowledgeItem) => {
    startDraft(client, {
      to: 'chosen',
      topic: (item.topic ?? '').slice(0, TOPIC_LIMIT),
      tags: item.tags
        .slice(0, TAGS_LIMIT)
        .map((tag) => tag.slice(0, TAG_LIMIT))
        .join(', '),
      text: item.direction === 'in' ? `${item.text}\n\n(From ${item.who})` : item.text,
    });
    onShare();
  };
  const narrowed = JSON.stringify(filter) !== JSON.stringify(EVERYTHING);
  if (error && !found) return <ErrorNote error={error} />;
  if (!found) return <Skeleton rows={4} label="Looking up what is known" />;
  if (found.items.length === 0 && !narrowed) {
    return (
      <EmptyState
        icon={Lightbulb}
        title="Nothing is known yet"
        text="Broadcasts that you send, and those that peers send you, are kept here by topic and tag."
      >
        <Button onClick={onWrite}>Write a broadcast</Button>
      </EmptyState>
    );
  }
  return (
    <>
      <div className="choose__bar">
        <span className="choose__find">
          <Search aria-hidden="true" />
          <input
            className="input"
            type="search"
            placeholder="Find words"
            aria-label="Find words"
            maxLength={200}
            value={filter.text}
            onChange={(event) => change({ text: event.target.value })}
          />
        </span>
        <Segments
          label="Which"
          value={filter.direction}
          options={[
            { value: 'all', text: 'All' },
            { value: 'in', text: 'Heard' },
            { value: 'out', text: 'Sent' },
          ]}
          onChange={(direction) => change({ direction })}
        />
        <Choice
          label="Topic"
          every="All topics"
          value={filter.topic}
          options={found.topics}
          onPick={(topic) => change({ topic })}
        />
        <Choice
          label="Tag"
          every="All tags"
          value={filter.tag}
          options={found.tags}
          onPick={(tag) => change({ tag })}
        />
      </div>
      {found.items.length === 0 ? <p className="hint-text">Nothing fits.</p> : null}
      <ul className="broadcast-list" aria-label="Knowledge">
        {found.items.map((item) => (
          <li key={item.id}>
            <Item
              item={item}
              onTag={(tag) => change({ tag })}
              onTopic={(topic) => change({ topic })}
              onShare={() => share(item)}
            />
          </li>
        ))}
      </ul>
      {found.nextCursor === null ? null : (
        <Button className="broadcast-back" look="quiet" onClick={more}>
          Show older ones
        </Button>
      )}
    </>
  );
}

/** What fits the filter; read again when something new was heard. */
function useKnowledge(filter: Filter) {
  const client = useClient();
  const heard = useMirror((mirror) => mirror.knowledge);
  const [found, setFound] = useState<Found | null>(null);
  const [error, setError] = useState<AppError | null>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was heard changes what is found
  useEffect(() => {
    let old = false;
    const look = async () => {
      const result = await client.call('knowledge.list', { ...filter, cursor: null });
      if (old) return;
      setError(result.ok ? null : result.error);
      if (result.ok) setFound(result.value);
    };
    const timer = setTimeout(() => void look(), filter.text === '' ? 0 : REST_MS);
    return () => {
      old = true;
      clearTimeout(timer);
    };
  }, [client, filter, heard]);
  const more = async () => {
    if (!found) return;
    const next = await client.act('knowledge.list', { ...filter, cursor: found.nextCursor });
    // What is found may be another list by now.
    if (next)
      setFound((now) =>
        now === found ? { ...next, items: [...found.items, ...next.items] } : now,
      );
  };
  return { found, error, more: () => void more() };
}

interface ChoiceProps {
  label: string;
  every: string;
  value: string | null;
  options: readonly { readonly name: string; readonly count: number }[];
  onPick: (value: string | null) => void;
}

function Choice({ label, every, value, options, onPick }: ChoiceProps) {
  const known = value === null || options.some((one) => one.name === value);
  return (
    <select
      className="input input--pick knowledge__pick"
      aria-label={label}
      value={value === null ? '' : `=${value}`}
      onChange={(event) => onPick(event.target.value === '' ? null : event.target.value.slice(1))}
    >
      <option value="">{every}</option>
      {known ? null : <option value={`=${value}`}>{value}</option>}
      {options.map(({ name, count }) => (
        <option key={name} value={`=${name}`}>
          {name} ({count})
        </option>
      ))}
    </select>
  );
}

interface ItemProps {
  item: KnowledgeItem;
  onTag: (tag: string) => void;
  onTopic: (topic: string) => void;
  onShare: () => void;
}

function Item({ item, onTag, onTopic, onShare }: ItemProps) {
  const client = useClient();
  const now = useNow(60_000);
  const { peerId, topic } = item;
  const known = useMirror((mirror) => peerId !== null && mirror.peers.has(peerId));
  return (
    <article className="known" aria-label={topic ?? 'No topic'}>
      <header className="sent-card__head">
        {topic === null ? (
          <strong>No topic</strong>
        ) : (
          <button type="button" className="known__topic clip" onClick={() => onTopic(topic)}>
            {topic}
          </button>
        )}
        <span className="hint-text clip">
          {item.direction === 'in' ? 'from ' : 'to '}
          {known && peerId ? (
            <button
              type="button"
              className="known__who"
              onClick={() => void client.navigation.openPeer(peerId)}
            >
              {item.who}
            </button>
          ) : (
            item.who
          )}
        </span>
        <time
          className="hint-text numbers"
          dateTime={new Date(item.at).toISOString()}
          title={exactTime(item.at)}
        >
          {ago(item.at, now)}
        </time>
      </header>
      <p className="known__text selectable" dir="auto">
        {item.text}
        {item.truncated ? '…' : ''}
      </p>
      <footer className="sent-card__foot">
        {item.tags.map((tag) => (
          <button key={tag} type="button" className="tag known__tag" onClick={() => onTag(tag)}>
            {tag}
          </button>
        ))}
        <span className="step__gap" />
        <Button size="small" look="quiet" icon={Share2} onClick={onShare}>
          Share to others
        </Button>
      </footer>
    </article>
  );
}
