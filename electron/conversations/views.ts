/** Rows as windows see them. */
import {
  AppError,
  type AttachmentView,
  type MessageView,
  type ThreadView,
  VIEW_BODY_LIMIT,
} from '../contract/index.ts';
import type { Askers } from './askers.ts';
import type { AttachmentTable } from './attachment-table.ts';
import type { Drafts } from './drafts.ts';
import { cut } from './excerpt.ts';
import { isComing } from './incoming.ts';
import type { MessageTable } from './message-table.ts';
import { isOpen, isRunning } from './outgoing.ts';
import type { MessageRowWithBody, ThreadRow } from './rows.ts';
import type { Stops } from './stops.ts';
import type { Streams } from './streams.ts';
import type { Totals } from './totals.ts';

/** Rows to views: cut to what a window may hold, with what only memory knows. */
export interface Views {
  message(row: MessageRowWithBody): MessageView;
  thread(row: ThreadRow): ThreadView;
}

const errorOf = (text: string | null): AppError | null =>
  text === null ? null : (AppError.safeParse(JSON.parse(text)).data ?? null);

/** @param streams the text of what is still coming, newer than any row. */
export function createViews(
  attachments: AttachmentTable,
  streams: Pick<Streams, 'ofAnswer'>,
  totals: Pick<Totals, 'running'>,
  askers: Pick<Askers, 'agentOf'>,
  stops: Pick<Stops, 'ofMessage'>,
  messages: Pick<MessageTable, 'askedBack'>,
  drafts: Pick<Drafts, 'of'>,
): Views {
  const attached = (row: MessageRowWithBody): AttachmentView[] =>
    row.attachments === 0
      ? []
      : attachments.ofMessage
          .all(row.id)
          .map(({ id, name, mime_type: mimeType, bytes }) => ({ id, name, mimeType, bytes }));

  return {
    message: (row) => {
      const coming =
        row.direction === 'in' && isComing(row.state) ? streams.ofAnswer(row.id) : undefined;
      const body = coming ? coming.head.toWellFormed() : cut(row.body, VIEW_BODY_LIMIT);
      const base = {
        id: row.id,
        threadId: row.thread_id,
        order: row.position,
        kind: row.kind,
        body,
        bodyBytes: coming?.bytes ?? row.body_bytes,
        truncated: coming ? coming.head.length < coming.text.length : body.length < row.body.length,
        at: row.at,
        error: errorOf(row.error),
        attachments: attached(row),
      };
      if (row.direction === 'out') {
        const stop = isOpen(row) ? stops.ofMessage(row.thread_id, row.id) : null;
        const askedBy = askers.agentOf(row.id);
        const askedBack = row.state === 'answered' && messages.askedBack.get(row.id) !== undefined;
        return {
          ...base,
          direction: 'out',
          state: row.state,
          attempts: row.attempts,
          nextAttemptAt: row.next_attempt_at,
          delayed: row.delayed === 1,
          running: isRunning(row),
          ...(askedBack ? { askedBack } : {}),
          ...(stop === null ? {} : { stop }),
          ...(askedBy === null ? {} : { askedBy }),
        };
      }
      return {
        ...base,
        direction: 'in',
        state: row.state,
        author: row.author,
        replyTo: row.reply_to,
        senderAt: row.sender_at,
      };
    },
    thread: (row) => ({
      id: row.id,
      peerId: row.peer_id,
      linkId: row.link_id,
      title: row.title,
      agentId: row.agent_id,
      unread: row.unread,
      muted: row.muted === 1,
      archived: row.archived === 1,
      running: totals.running(row.id),
      waiting: row.waiting,
      lastMessageAt: row.last_message_at,
      preview: row.preview,
      draft: drafts.of(row),
    }),
  };
}
