/** Sessions and their rows, in memory, in the shapes that `chat.history` and `sessions.list` show. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Json } from './frames.ts';

/** Older rows of a session are forgotten; a practice peer needs no more. */
const KEPT_ROWS = 1000;
const DEFAULT_PAGE = 200;

/** A line of a transcript. `at`: ms since the epoch; `seq` grows by one within its session. */
export const Row = z.object({
  id: z.string(),
  role: z.enum(['user', 'assistant']),
  text: z.string(),
  at: z.number(),
  seq: z.number().int(),
  /** The idempotency key with its suffix: `<key>:user`, `<key>:assistant`. */
  key: z.string().nullable(),
  runId: z.string().nullable(),
  stopReason: z.string().nullable(),
  sender: z.string().nullable(),
  media: z.array(z.object({ name: z.string(), mimeType: z.string(), bytes: z.number() })),
  aborted: z.boolean(),
  /** `internal_system` on rows that the gateway wrote itself. */
  provenance: z.string().nullable().default(null),
});
export type Row = z.infer<typeof Row>;

/** A session with its newest 1,000 rows; times in ms since the epoch. */
export const Session = z.object({
  key: z.string(),
  agentId: z.string(),
  sessionId: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
  nextSeq: z.number().int(),
  rows: z.array(Row),
});
export type Session = z.infer<typeof Session>;

/** What a row needs from the caller; the rest is filled in. */
export type NewRow = Pick<Row, 'role' | 'text'> &
  Partial<Omit<Row, 'id' | 'seq' | 'role' | 'text'>>;

/** The agent of a session key: `agent:<id>:<name>`. */
export function agentOf(sessionKey: string, fallback: string): string {
  const parts = sessionKey.split(':');
  return parts[0] === 'agent' && parts[1] ? parts[1] : fallback;
}

/** A row as it crosses the wire (observed on OpenClaw 2026.9.6). */
export function rowMessage(row: Row): Json {
  const extra: Json = { id: row.id, seq: row.seq, recordTimestampMs: row.at };
  if (row.key !== null) extra.idempotencyKey = row.key;
  if (row.runId !== null) extra.runId = row.runId;
  const base: Json = { role: row.role, timestamp: row.at };
  if (row.key !== null) base.idempotencyKey = row.key;
  if (row.provenance !== null) base.provenance = { kind: row.provenance };
  if (row.role === 'user') {
    extra.senderId = 'gateway-owner';
    if (row.sender !== null) {
      const client = { id: 'gateway-client', mode: 'ui', displayName: row.sender };
      extra.transport = { clients: [client] };
    }
    if (row.media.length > 0) {
      extra.media = row.media.map((file) => ({
        fileName: file.name,
        contentType: file.mimeType,
        sizeBytes: file.bytes,
        kind: file.mimeType.startsWith('image/') ? 'image' : 'document',
      }));
    }
    // Words that are not the owner's are written down as the assistant's, with whose they are beside them.
    const role = row.provenance === 'external_user' ? 'assistant' : 'user';
    return { ...base, role, content: row.text, __openclaw: extra };
  }
  const message: Json = {
    ...base,
    content: [{ type: 'text', text: row.text }],
    provider: 'practice',
    model: row.aborted ? 'gateway-injected' : 'practice-script',
    stopReason: row.stopReason ?? 'stop',
    __openclaw: extra,
  };
  if (row.aborted) message.openclawAbort = { aborted: true, origin: 'rpc', runId: row.runId };
  return message;
}

/** All sessions, by key; whoever makes it keeps {@link Transcripts.list}. */
export class Transcripts {
  private readonly sessions = new Map<string, Session>();

  load(sessions: readonly Session[]): void {
    for (const session of sessions) {
      this.sessions.set(session.key, { ...session, rows: [...session.rows] });
    }
  }

  list(): Session[] {
    return [...this.sessions.values()].sort((a, b) => b.updatedAt - a.updatedAt);
  }

  find(key: string): Session | undefined {
    return this.sessions.get(key);
  }

  /** Begins a session anew, as a reset over there does: its older rows can no longer be seen. */
  reset(key: string): void {
    this.sessions.delete(key);
  }

  append(sessionKey: string, agentId: string, row: NewRow, now: number): Row {
    let session = this.sessions.get(sessionKey);
    if (!session) {
      const times = { createdAt: now, updatedAt: now };
      session = {
        key: sessionKey,
        agentId,
        sessionId: randomUUID(),
        ...times,
        nextSeq: 1,
        rows: [],
      };
      this.sessions.set(sessionKey, session);
    }
    const full: Row = {
      at: now,
      key: null,
      runId: null,
      stopReason: null,
      sender: null,
      media: [],
      aborted: false,
      provenance: null,
      ...row,
      id: randomUUID(),
      seq: session.nextSeq++,
    };
    session.rows.push(full);
    if (session.rows.length > KEPT_ROWS) session.rows.splice(0, session.rows.length - KEPT_ROWS);
    session.updatedAt = now;
    return full;
  }

  /** The row under which a key was accepted, if it was. */
  accepted(sessionKey: string, key: string): Row | undefined {
    return this.sessions.get(sessionKey)?.rows.find((row) => row.key === `${key}:user`);
  }

  /** The answer that followed a key's row. */
  answer(sessionKey: string, key: string): Row | undefined {
    const rows = this.sessions.get(sessionKey)?.rows ?? [];
    const asked = rows.findIndex((row) => row.key === `${key}:user`);
    return asked < 0 ? undefined : rows.slice(asked + 1).find((row) => row.role === 'assistant');
  }

  /** A page counted from the newest row back, oldest first, as `chat.history` gives it. */
  page(sessionKey: string, limit: number | undefined, offset: number | undefined): Json {
    const rows = this.sessions.get(sessionKey)?.rows ?? [];
    const skip = offset ?? 0;
    const end = Math.max(rows.length - skip, 0);
    const start = Math.max(end - (limit ?? DEFAULT_PAGE), 0);
    const sessionId = this.sessions.get(sessionKey)?.sessionId;
    return {
      sessionKey,
      ...(sessionId === undefined ? {} : { sessionId }),
      messages: rows.slice(start, end).map(rowMessage),
      ...(offset === undefined ? {} : { offset }),
      ...(start > 0 ? { nextOffset: skip + (end - start) } : {}),
      hasMore: start > 0,
      totalMessages: rows.length,
    };
  }
}
