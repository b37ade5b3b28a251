/**
 * Rows of any session of the own gateway, with what tells who wrote them. Shapes observed on OpenClaw
 * 2026.9.6: `session.message`, `chat.history`, `sessions.list`.
 */
import * as z from 'zod';
import { readRow } from './rows.ts';

/** A row of a session of the own gateway. */
export interface WatchedRow {
  readonly sessionKey: string;
  /** Stable over there. */
  readonly remoteId: string;
  readonly role: 'user' | 'assistant' | 'other';
  readonly text: string;
  /** The idempotency key, where it is one of a Peerage's. */
  readonly key: string | null;
  /** The run that wrote it. */
  readonly runId: string | null;
  /** Ms since the epoch. */
  readonly at: number | null;
  /** What the sender calls itself. Unverified. */
  readonly senderLabel: string | null;
  /** Of a message that came in over a channel: which, and who by the channel's own proof. */
  readonly channel: { readonly name: string; readonly sender: string } | null;
  readonly ended?: 'aborted' | 'error';
}

const Channelled = z.object({
  __openclaw: z.object({
    senderId: z.string().max(256),
    transport: z.object({ channel: z.string().max(64) }),
  }),
});
const Told = z.object({
  sessionKey: z.string().min(1).max(512),
  message: z.unknown(),
  messageId: z.unknown().optional(),
});
const Page = z.object({ messages: z.array(z.unknown()).max(1_000) });
const Listed = z.object({ sessions: z.array(z.unknown()).max(10_000) });
const Session = z.object({
  key: z.string().min(1).max(512),
  label: z.string().optional().catch(undefined),
  displayName: z.string().optional().catch(undefined),
  updatedAt: z.number().finite().optional().catch(undefined),
});

/** A session of the own gateway, as far as a person picks one. */
export interface ListedSession {
  readonly key: string;
  readonly label: string;
  readonly updatedAt: number | null;
}

function watched(sessionKey: string, message: unknown, id?: unknown): WatchedRow | null {
  const row = readRow(message, id);
  if (!row) return null;
  const channelled = Channelled.safeParse(message);
  const from = channelled.success ? channelled.data.__openclaw : null;
  return {
    sessionKey,
    remoteId: row.remoteId,
    role: row.role,
    text: row.text,
    key: row.inputKey,
    runId: row.runId,
    at: row.at,
    senderLabel: row.senderLabel,
    channel: from && { name: from.transport.channel, sender: from.senderId },
    ...(row.ended ? { ended: row.ended } : {}),
  };
}

/** Reads the payload of a `session.message` event; null where it is none. */
export function readWatchedRow(payload: unknown): WatchedRow | null {
  const told = Told.safeParse(payload);
  return told.success
    ? watched(told.data.sessionKey, told.data.message, told.data.messageId)
    : null;
}

/** Reads an answer of `chat.history`, oldest first. */
export function readWatchedHistory(sessionKey: string, answer: unknown): WatchedRow[] {
  const page = Page.safeParse(answer);
  if (!page.success) return [];
  return page.data.messages.flatMap((message) => watched(sessionKey, message) ?? []);
}

/** Reads an answer of `sessions.list`, as it comes: newest first. */
export function readSessionList(answer: unknown): ListedSession[] {
  const list = Listed.safeParse(answer);
  if (!list.success) return [];
  return list.data.sessions.flatMap((value) => {
    const one = Session.safeParse(value);
    if (!one.success) return [];
    const { key, label, displayName, updatedAt } = one.data;
    return [
      { key, label: (label || displayName || key).slice(0, 200), updatedAt: updatedAt ?? null },
    ];
  });
}
