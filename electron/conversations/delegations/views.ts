import { isOver, type OutgoingDelegationView, type StopWish } from '../../contract/index.ts';
import { cut } from '../excerpt.ts';
import { isRunning } from '../outgoing.ts';
import type { Parts } from '../parts.ts';
import type { WholeRow } from './table.ts';
import { errorOf } from './tracker.ts';

/** The most UTF-16 units of a text on a card. */
const CARD_UNITS = 2_000;

const card = (text: string): string =>
  text.length <= CARD_UNITS ? text : `${cut(text, CARD_UNITS - 1)}…`;

/** A delegation of ours as windows are told of it. */
export const outgoingView = (
  parts: Parts,
  d: WholeRow,
  stop: StopWish | null,
): OutgoingDelegationView => ({
  id: d.id,
  messageId: d.current_message,
  threadId: d.thread_id,
  peerId: d.peer_id,
  peer: parts.options.directory.peerName(d.peer_id) ?? '',
  linkKind: (d.link_id && parts.options.link(d.link_id)?.kind) || null,
  topic: d.topic,
  task: card(d.task),
  context: card(d.context),
  expected: d.expected,
  priority: d.priority,
  deadlineAt: d.deadline_at,
  state: d.state,
  stateFrom: d.state_from,
  delivery: d.delivery,
  running: isRunning({ state: d.delivery, run: d.run }),
  question: d.question,
  answer:
    d.answer === null
      ? null
      : {
          text: card(d.answer),
          bytes: d.answer_bytes ?? 0,
          at: d.answer_at ?? d.changed_at,
          files: d.answer_files ?? 0,
        },
  // Why it does not get on is in its message as long as it is on its way.
  error: errorOf(d.error ?? (isOver(d.state) ? null : d.message_error)),
  attachments: d.attachments,
  ...(stop && !isOver(d.state) ? { stop } : {}),
  sentAt: d.sent_at,
  changedAt: d.changed_at,
});
