/**
 * Messages as a gateway writes them, read leniently: what does not fit is dropped and counted, and
 * nothing here throws. Shapes observed on OpenClaw 2026.9.6.
 */
import * as z from 'zod';
import type { HistoryMessage } from '../link.ts';
import { refusedCommand } from './refused-commands.ts';

/** Longer texts are cut here, with a mark at the end, UTF-16 units. */
export const MAX_TEXT = 5 * 1024 * 1024;
const CUT_MARK = '\n\n[Cut here: the text is longer than 5 MB.]';

/** The start of every key of ours. */
export const OUR_PREFIX = 'peerage:';

/** True for a key, or a run named by one, of any Peerage: ours only where we know the message. */
export const isOurKey = (value: string): boolean => value.startsWith(OUR_PREFIX);

/** Makes a text safe to keep: no lone surrogates, not too long. Nothing else is changed. */
export function boundedText(text: string): string {
  const cut = text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) + CUT_MARK : text;
  return cut.toWellFormed();
}

const maybeText = z.string().optional().catch(undefined);
const maybeNumber = z.number().finite().optional().catch(undefined);

const Provenance = z.object({ kind: z.string() });

const Extra = z
  .object({
    id: maybeText,
    runId: maybeText,
    idempotencyKey: maybeText,
    steerTargetRunId: maybeText,
    recordTimestampMs: maybeNumber,
    transport: z
      .object({ clients: z.array(z.object({ displayName: maybeText })).optional() })
      .optional()
      .catch(undefined),
  })
  .optional()
  .catch(undefined);

const Row = z.object({
  role: z.string().max(64),
  content: z.unknown().optional(),
  text: maybeText,
  timestamp: maybeNumber,
  idempotencyKey: maybeText,
  stopReason: maybeText,
  senderLabel: maybeText,
  provenance: Provenance.optional().catch(undefined),
  openclawAbort: z.object({}).optional().catch(undefined),
  __openclaw: Extra,
});

/** A row of a transcript, read. */
export interface ReadRow extends HistoryMessage {
  /** The run into which this message was steered, where it was. */
  readonly steeredInto: string | null;
  /** The key under which it was put in, also where it is noted as somebody else's words. */
  readonly inputKey: string | null;
  /** What OpenClaw said as it refused a command to its agent; null for every other row. */
  readonly refused: string | null;
}

const PART_LIMIT = 10_000;

/** The text of a message's content: a string, or an array of parts of which the texts count. */
export function contentText(content: unknown): string | null {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return null;
  let text = '';
  for (const part of content.slice(0, PART_LIMIT)) {
    const piece = typeof part === 'object' && part !== null ? (part as { text?: unknown }) : {};
    if (typeof piece.text === 'string') text += piece.text;
    if (text.length > MAX_TEXT) break;
  }
  return text;
}

/** The text of a `chat` event's message, or null where it has none. */
export function messageText(message: unknown): string | null {
  if (typeof message === 'string') return message;
  if (typeof message !== 'object' || message === null) return null;
  const { content, text } = message as { content?: unknown; text?: unknown };
  return contentText(content) ?? (typeof text === 'string' ? text : null);
}

/** `<key>:user` → `<key>`, for keys of ours. */
function keyOf(idempotencyKey: string | undefined): string | null {
  if (!idempotencyKey || !isOurKey(idempotencyKey)) return null;
  return idempotencyKey.endsWith(':user') ? idempotencyKey.slice(0, -':user'.length) : null;
}

/** Reads a row; null where it is none. */
export function readRow(value: unknown, fallbackId?: unknown): ReadRow | null {
  const parsed = Row.safeParse(value);
  if (!parsed.success) return null;
  const row = parsed.data;
  const extra = row.__openclaw;
  const at = row.timestamp ?? extra?.recordTimestampMs ?? null;
  const idempotencyKey = row.idempotencyKey ?? extra?.idempotencyKey;
  const given = extra?.id ?? (typeof fallbackId === 'string' ? fallbackId : undefined);
  const remoteId = given ?? idempotencyKey ?? `${row.role}@${at ?? 'unknown'}`;
  // A forwarded message is written down as the assistant's, with its provenance beside it.
  const spoken = row.role === 'user' || row.role === 'assistant';
  const role = spoken && !row.provenance ? (row.role as 'user' | 'assistant') : 'other';
  const ended = row.openclawAbort ? 'aborted' : row.stopReason === 'error' ? 'error' : undefined;
  const text = contentText(row.content) ?? row.text ?? '';
  return {
    remoteId: remoteId.slice(0, 512),
    role,
    text: boundedText(text),
    key: role === 'user' ? keyOf(idempotencyKey) : null,
    runId: extra?.runId ?? null,
    at,
    senderLabel: row.senderLabel ?? extra?.transport?.clients?.[0]?.displayName ?? null,
    steeredInto: extra?.steerTargetRunId ?? null,
    inputKey: keyOf(idempotencyKey),
    refused: refusedCommand(value, text),
    ...(ended ? { ended } : {}),
  };
}

/** A row as the link's interface shows it. */
export function asHistoryMessage(row: ReadRow): HistoryMessage {
  const { steeredInto: _steeredInto, inputKey: _inputKey, refused: _refused, ...message } = row;
  return message;
}
