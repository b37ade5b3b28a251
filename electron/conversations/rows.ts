/** The rows of the conversation tables, as the schema has them. Times are ms since the epoch. */
import type {
  AttachmentId,
  IncomingState,
  LinkId,
  MessageId,
  MessageKind,
  OutgoingState,
  PeerId,
  ThreadId,
} from '../contract/index.ts';
import type { RunState } from './outgoing.ts';

/** `named` 1 = it has its title; `synced` 1 = its session held nothing before, or that was read. */
export interface ThreadRow {
  readonly id: ThreadId;
  readonly peer_id: PeerId;
  readonly link_id: LinkId | null;
  readonly title: string;
  readonly named: number;
  readonly agent_id: string | null;
  readonly session_key: string | null;
  readonly synced: number;
  readonly muted: number;
  readonly archived: number;
  readonly unread: number;
  readonly waiting: number;
  readonly next_position: number;
  readonly last_message_at: number | null;
  readonly preview: string;
  readonly draft_text: string;
  readonly draft_revision: number;
  readonly created_at: number;
  readonly deleted_at: number | null;
}

interface MessageBase {
  readonly id: MessageId;
  readonly thread_id: ThreadId;
  readonly position: number;
  readonly kind: MessageKind;
  readonly open: number;
  readonly run: RunState;
  readonly unread: number;
  readonly body_bytes: number;
  readonly at: number;
  readonly sender_at: number | null;
  readonly author: string;
  readonly reply_to: MessageId | null;
  readonly remote_id: string | null;
  readonly error: string | null;
  readonly attempts: number;
  readonly next_attempt_at: number | null;
  readonly queued_at: number | null;
  readonly delayed: number;
  readonly attachments: number;
}

/** A message of ours, without its body. */
export interface OutgoingRow extends MessageBase {
  readonly direction: 'out';
  readonly state: OutgoingState;
}

/** A message of theirs, without its body. */
export interface IncomingRow extends MessageBase {
  readonly direction: 'in';
  readonly state: IncomingState;
}

/** A message without its body, which may be megabytes. */
export type MessageRow = OutgoingRow | IncomingRow;

/** A message with the beginning of its body, as views show it. */
export type MessageRowWithBody = MessageRow & { readonly body: string };

/** `received` of `bytes` have come; `message_id` null = it was not sent yet. */
export interface AttachmentRow {
  readonly id: AttachmentId;
  readonly thread_id: ThreadId;
  readonly message_id: MessageId | null;
  readonly name: string;
  readonly mime_type: string;
  readonly bytes: number;
  readonly received: number;
  readonly created_at: number;
}

/** One try to send a message; an empty `link_id` = it can be settled nowhere any more. */
export interface AttemptRow {
  readonly id: number;
  readonly link_id: string;
  readonly session_key: string;
  /** What the other side called the run; null where it was not acknowledged. */
  readonly run_id: string | null;
}

/** The columns of {@link MessageRow}. */
export const MESSAGE_COLUMNS =
  'id, thread_id, position, direction, kind, state, open, run, unread, body_bytes, at, ' +
  'sender_at, author, reply_to, remote_id, error, attempts, next_attempt_at, queued_at, delayed, attachments';
