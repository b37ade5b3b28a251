/** Reads `chat.history`: its pages, its rows, and what goes on beside them. */
import * as z from 'zod';
import type { HistoryMessage } from '../link.ts';
import { asHistoryMessage, isOurKey, type ReadRow, readRow } from './rows.ts';
import type { Wire } from './wire.ts';

const LIMIT_MS = 30_000;
/** The schema's most for one page is 1,000; a smaller one keeps frames small. */
export const PAGE = 200;

const maybe = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

const Page = z.object({
  messages: z.array(z.unknown()).max(5000).catch([]),
  hasMore: maybe(z.boolean()),
  nextOffset: maybe(z.number().int().nonnegative()),
  totalMessages: maybe(z.number()),
  pendingInputs: maybe(
    z.object({
      items: z.array(z.object({ runId: maybe(z.string()), state: maybe(z.string()) })).max(5000),
      total: maybe(z.number()),
    }),
  ),
  inputReceipts: maybe(
    z.array(z.object({ runId: maybe(z.string()), state: maybe(z.string()) })).max(1000),
  ),
  inFlightRun: maybe(z.object({ runId: z.string() })),
  sessionInfo: maybe(
    z.object({
      hasActiveRun: maybe(z.boolean()),
      status: maybe(z.string()),
      activeRunIds: maybe(z.array(z.string())),
      snapshotAt: maybe(z.number()),
    }),
  ),
});

/** One page, and what the gateway says of runs beside it. Rows are untrusted. */
export interface HistoryPage {
  /** Oldest first. */
  readonly rows: readonly ReadRow[];
  /** Where the next older page begins; null when there is none. */
  readonly nextOffset: number | null;
  /** Ids of runs that go on or wait. */
  readonly live: ReadonlySet<string>;
  readonly hasLiveRun: boolean;
  /** The session says `running` or `queued`. After a kill that may be what it said before. */
  readonly claimsToRun: boolean;
  /** Keys that were taken into the transcript, as the gateway's receipts say. */
  readonly consumed: ReadonlySet<string>;
  /** There are more waiting inputs than the page names. */
  readonly morePending: boolean;
  /** The gateway's clock when it answered. */
  readonly theirNow: number | null;
}

/** An input that was interrupted by a kill stays listed, and never runs by itself. */
const isQueued = (item: { state?: string | undefined }): boolean =>
  item.state !== 'interrupted' && item.state !== 'cancelled';

/** Fetches one page, counted from the newest message back. Throws a WireError. */
export async function fetchPage(
  wire: Wire,
  sessionKey: string,
  page: { readonly limit: number; readonly offset: number; readonly key?: string },
  signal: AbortSignal,
): Promise<HistoryPage> {
  const params = {
    sessionKey,
    limit: Math.min(Math.max(page.limit, 1), 1000),
    ...(page.offset > 0 ? { offset: page.offset } : {}),
    ...(page.key === undefined ? {} : { inputRunIds: [page.key] }),
  };
  const answer = await wire.request('chat.history', params, { timeoutMs: LIMIT_MS, signal });
  const parsed = Page.safeParse(answer);
  const data = parsed.success ? parsed.data : Page.parse({ messages: [] });
  const rows = data.messages.map((value) => readRow(value)).filter((row) => row !== null);
  const pending = data.pendingInputs?.items ?? [];
  const ids = [
    data.inFlightRun?.runId,
    ...(data.sessionInfo?.activeRunIds ?? []),
    ...pending.filter(isQueued).map((item) => item.runId),
  ];
  const consumed = (data.inputReceipts ?? []).filter((item) => item.state === 'consumed');
  const next = data.nextOffset ?? page.offset + data.messages.length;
  return {
    rows,
    nextOffset: data.hasMore === true && data.messages.length > 0 ? next : null,
    live: new Set(ids.filter((id) => id !== undefined)),
    claimsToRun: ['running', 'queued'].includes(data.sessionInfo?.status ?? ''),
    consumed: new Set(consumed.flatMap((item) => item.runId ?? [])),
    hasLiveRun: data.inFlightRun !== undefined || data.sessionInfo?.hasActiveRun === true,
    morePending: (data.pendingInputs?.total ?? 0) > pending.length,
    theirNow: data.sessionInfo?.snapshotAt ?? null,
  };
}

/** Names the question that each answer belongs to: what follows a message of ours answers it. */
export function withRunKeys(rows: readonly ReadRow[]): HistoryMessage[] {
  let asked: string | null = null;
  return rows.map((row) => {
    if (row.role === 'user') asked = row.key;
    const message = asHistoryMessage(row);
    const named = message.runId !== null && isOurKey(message.runId);
    if (row.role !== 'assistant' || named || asked === null) return message;
    return { ...message, runId: asked };
  });
}

/** Rows that say something; tool calls and their results do not. */
const speaks = (message: HistoryMessage): boolean =>
  message.text !== '' || message.role === 'user' || message.ended !== undefined;

/** The newest messages of a session, oldest first. Throws a WireError. */
export async function fetchHistory(
  wire: Wire,
  sessionKey: string,
  limit: number,
  signal: AbortSignal,
): Promise<HistoryMessage[]> {
  const rows: ReadRow[] = [];
  let offset: number | null = 0;
  while (offset !== null && rows.length < limit) {
    const want: number = Math.min(PAGE, limit - rows.length);
    const page: HistoryPage = await fetchPage(wire, sessionKey, { limit: want, offset }, signal);
    rows.unshift(...page.rows);
    offset = page.nextOffset;
  }
  return withRunKeys(rows.slice(-limit)).filter(speaks);
}
