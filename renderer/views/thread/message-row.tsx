import { memo } from 'react';
import { assertNever, type PeerId } from '../../../electron/contract/index.ts';
import { ASKED_BACK, incomingWord, outgoingWord } from '../../words/states.ts';
import { clockTime } from '../../words/time.ts';
import { IncomingMessage } from './incoming-message.tsx';
import type { MessageRowData } from './message-rows.ts';
import { OutgoingMessage } from './outgoing-message.tsx';

interface MessageRowProps {
  row: MessageRowData;
  peerId: PeerId;
  position: number;
  size: number;
  /** It is what a search found. */
  marked: boolean;
}

/** One message. Drawn again only when it changed. */
export const MessageRow = memo(
  function MessageRow({ row, peerId, position, size, marked }: MessageRowProps) {
    const { message, day, leads } = row;
    return (
      <>
        {day ? (
          <p className="day">
            <span>{day}</span>
          </p>
        ) : null}
        <article
          className={`message message--${message.direction} ${leads ? 'message--leads' : ''} ${marked ? 'message--hit' : ''}`}
          tabIndex={-1}
          aria-label={spoken(row)}
          aria-posinset={position}
          aria-setsize={size}
        >
          {message.direction === 'out' ? (
            <OutgoingMessage message={message} />
          ) : message.direction === 'in' ? (
            <IncomingMessage message={message} peerId={peerId} leads={leads} />
          ) : (
            assertNever(message)
          )}
        </article>
      </>
    );
  },
  (a, b) =>
    a.row.message === b.row.message &&
    a.row.day === b.row.day &&
    a.row.leads === b.row.leads &&
    a.position === b.position &&
    a.size === b.size &&
    a.marked === b.marked,
);

function spoken({ message }: MessageRowData): string {
  const state =
    message.direction === 'in'
      ? incomingWord[message.state]
      : message.askedBack
        ? ASKED_BACK.word
        : outgoingWord[message.state];
  const who = message.direction === 'out' ? 'You' : message.author;
  return [who, clockTime(message.at), state].filter(Boolean).join(', ');
}
