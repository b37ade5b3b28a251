import { Megaphone } from 'lucide-react';
import { useState } from 'react';
import type { BroadcastId, BroadcastView } from '../../../electron/contract/index.ts';
import { Button } from '../../components/button.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { StatusMark } from '../../components/status-mark.tsx';
import { Tag } from '../../components/tag.tsx';
import { useNow } from '../../components/use-now.ts';
import { useClient, useMirror } from '../../store/hooks.ts';
import { ago, exactTime } from '../../words/time.ts';
import { standing, summary } from './words.ts';

/** Every broadcast, the newest first. */
export function Sent({
  onOpen,
  onWrite,
}: {
  onOpen: (id: BroadcastId) => void;
  onWrite: () => void;
}) {
  const client = useClient();
  const held = useMirror((mirror) => mirror.broadcasts);
  const [cursor, setCursor] = useState<string | null>('first');
  const [busy, setBusy] = useState(false);
  const all = [...held.values()].sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
  const more = async () => {
    setBusy(true);
    const page = await client.act('broadcast.list', { cursor: cursor === 'first' ? null : cursor });
    setBusy(false);
    if (!page) return;
    setCursor(page.nextCursor);
    client.mirror.setState((mirror) => ({
      broadcasts: new Map([
        ...page.broadcasts.map((one) => [one.id, one] as const),
        ...mirror.broadcasts,
      ]),
    }));
  };
  if (all.length === 0) {
    return (
      <EmptyState
        icon={Megaphone}
        title="No broadcast was sent yet"
        text="One text to many peers, each as a message of its own, with a list of how each one went."
      >
        <Button onClick={onWrite}>Write a broadcast</Button>
        <OnRelays />
      </EmptyState>
    );
  }
  return (
    <>
      <ul className="broadcast-list" aria-label="Broadcasts">
        {all.map((one) => (
          <li key={one.id}>
            <SentCard broadcast={one} onOpen={() => onOpen(one.id)} />
          </li>
        ))}
      </ul>
      {all.length >= 20 && cursor !== null ? (
        <Button className="broadcast-back" look="quiet" busy={busy} onClick={() => void more()}>
          Show older ones
        </Button>
      ) : null}
      <OnRelays />
    </>
  );
}

/** Where to look for what has no rows. */
function OnRelays() {
  const onAny = useMirror((mirror) => mirror.relays.relays.length > 0);
  return onAny ? (
    <p className="hint-text">What all on a relay were told stands under Knowledge.</p>
  ) : null;
}

function SentCard({ broadcast, onOpen }: { broadcast: BroadcastView; onOpen: () => void }) {
  const now = useNow(60_000);
  const { trouble, waiting } = standing(broadcast);
  const shape = trouble > 0 ? 'needs_you' : waiting > 0 ? 'partial' : 'up';
  return (
    <button type="button" className="sent-card" onClick={onOpen}>
      <span className="sent-card__head">
        <StatusMark shape={shape} />
        <strong className="clip">{broadcast.topic ?? 'No topic'}</strong>
        <span className="hint-text clip">to {broadcast.audience}</span>
        <time
          className="hint-text numbers"
          dateTime={new Date(broadcast.at).toISOString()}
          title={exactTime(broadcast.at)}
        >
          {ago(broadcast.at, now)}
        </time>
      </span>
      <span className="sent-card__text">{broadcast.text}</span>
      <span className="sent-card__foot">
        <span className="hint-text numbers">{summary(broadcast)}</span>
        {broadcast.tags.map((tag) => (
          <Tag key={tag}>{tag}</Tag>
        ))}
      </span>
    </button>
  );
}
