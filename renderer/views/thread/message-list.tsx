import { useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown } from 'lucide-react';
import { type KeyboardEvent, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { PeerId, ThreadId } from '../../../electron/contract/index.ts';
import { useClient, useThread, useUi } from '../../store/hooks.ts';
import type { MessageWindow } from '../../store/message-window.ts';
import { MessageRow } from './message-row.tsx';
import { messageRows } from './message-rows.ts';
import './messages.css';
import { NoThread } from './no-thread.tsx';

/** This close to the end counts as being at the end, px. */
const AT_END = 48;
/** This near to an edge of what is loaded, the next page is asked for, rows. */
const NEAR_EDGE = 8;

interface MessageListProps {
  threadId: ThreadId;
  peerId: PeerId;
  window: MessageWindow;
}

/** The messages of a thread, of which only those in sight are in the page. */
export function MessageList({ threadId, peerId, window }: MessageListProps) {
  const client = useClient();
  const scroller = useRef<HTMLDivElement>(null);
  const hit = useUi((ui) => ui.hit);
  const [atEnd, setAtEnd] = useState(true);
  const rows = useMemo(() => messageRows(window.messages, Date.now()), [window.messages]);
  const last = window.messages.at(-1);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => rows[index]?.message.id ?? index,
    estimateSize: () => 96,
    overscan: 6,
    paddingStart: 12,
    paddingEnd: 12,
    anchorTo: 'end',
    followOnAppend: !window.hasNewer,
    scrollEndThreshold: AT_END,
    onChange: (instance) => setAtEnd(instance.isAtEnd(AT_END)),
  });

  const hitIndex = hit === null ? -1 : rows.findIndex((row) => row.message.id === hit);
  useLayoutEffect(() => {
    if (hitIndex >= 0) virtualizer.scrollToIndex(hitIndex, { align: 'center' });
    else if (hit === null) virtualizer.scrollToEnd();
  }, [virtualizer, hit, hitIndex]);

  // What one sends oneself is always brought into view.
  const mine = last?.direction === 'out' ? last.id : null;
  useLayoutEffect(() => {
    if (mine !== null) virtualizer.scrollToEnd();
  }, [virtualizer, mine]);

  const items = virtualizer.getVirtualItems();
  const first = items[0]?.index ?? 0;
  const lowest = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (window.hasOlder && first < NEAR_EDGE) void client.navigation.loadMore(threadId, 'older');
    if (window.hasNewer && lowest > rows.length - NEAR_EDGE) {
      void client.navigation.loadMore(threadId, 'newer');
    }
  }, [client, threadId, window.hasOlder, window.hasNewer, first, lowest, rows.length]);

  const unread = useThread(threadId)?.unread ?? 0;
  useEffect(() => {
    if (unread > 0 && atEnd && !document.hidden) void client.call('thread.markRead', { threadId });
  }, [client, threadId, unread, atEnd]);

  const toEnd = () => {
    client.ui.setState({ hit: null });
    if (window.hasNewer) void client.navigation.openThread(threadId);
    else virtualizer.scrollToEnd({ behavior: 'smooth' });
  };

  if (rows.length === 0) return <NoThread peerId={peerId} />;
  return (
    <div className="messages">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must take the keys */}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrows move between its messages */}
      <div className="messages__scroll" ref={scroller} tabIndex={0} onKeyDown={moveFocus}>
        <div
          className="messages__all"
          role="feed"
          aria-label="Messages"
          aria-busy={false}
          style={{ height: virtualizer.getTotalSize() }}
        >
          {items.map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            return (
              <div
                key={item.key}
                className="messages__item"
                data-index={item.index}
                ref={virtualizer.measureElement}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <MessageRow
                  row={row}
                  peerId={peerId}
                  position={item.index + 1}
                  size={window.hasOlder || window.hasNewer ? -1 : rows.length}
                  marked={row.message.id === hit}
                />
              </div>
            );
          })}
        </div>
      </div>
      {atEnd && !window.hasNewer ? null : (
        <button type="button" className="to-end" onClick={toEnd}>
          <ArrowDown aria-hidden="true" />
          {unread > 0 ? 'New messages' : 'Newest'}
        </button>
      )}
    </div>
  );
}

/** Up and Down go from message to message, where one has the focus. */
function moveFocus(event: KeyboardEvent<HTMLDivElement>): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  if (step === 0 || event.altKey || event.ctrlKey || event.metaKey) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="article"], article')];
  const focused = document.activeElement?.closest<HTMLElement>('article');
  const from = focused ? all.indexOf(focused) : step > 0 ? -1 : all.length;
  const to = all[from + step];
  if (!to) return;
  event.preventDefault();
  to.focus();
}
