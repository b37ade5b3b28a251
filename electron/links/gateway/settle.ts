/**
 * Finds out whether a message was taken whose acknowledgement nobody saw, by the rules measured in
 * docs/delivery-matrix.md: a message that reached a model stands in the history under `<key>:user`,
 * always. One that stands nowhere may be sent again under its key: it never ran, or (in the same
 * process, within its first seconds) the key itself keeps it from running twice.
 */
import { appError } from '../../contract/index.ts';
import type { HistoryMessage, SettleOutcome } from '../link.ts';
import { fetchPage, type HistoryPage, PAGE } from './history.ts';
import { asHistoryMessage, type ReadRow } from './rows.ts';
import { type Wire, WireError } from './wire.ts';

/** How far back it looks: 40 pages of 200. */
const MAX_PAGES = 40;
/** A gateway that was killed repeats its runs some five seconds after its start. */
const RECOVERY_MS = 30_000;
/** Clocks that differ by less are taken to agree. */
const CLOCK_SLACK_MS = 2000;

const cannotTell = (detail: string): SettleOutcome => ({
  kind: 'cannot_tell',
  error: appError('message.unknown_outcome', detail),
});

/**
 * When a key of ours was made, by our clock: the first 48 bits of its UUIDv7 (RFC 9562, section 5.7).
 * Null for any other key.
 */
export function keyTime(key: string): number | null {
  const match = /^peerage:([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-/i.exec(key);
  return match ? Number.parseInt(`${match[1]}${match[2]}`, 16) : null;
}

/** The answer among the rows that follow a question, up to the next one. */
function answerFrom(after: readonly ReadRow[], key: string): HistoryMessage | null {
  const end = after.findIndex((row) => row.role === 'user');
  const own = end < 0 ? after : after.slice(0, end);
  const spoken = own.filter(
    (row) => row.role === 'assistant' && row.text !== '' && row.ended !== 'error',
  );
  const last = spoken.at(-1);
  if (!last) return null;
  const text = spoken.map((row) => row.text).join('\n\n');
  return { ...asHistoryMessage(last), text, runId: key };
}

/** What decides beside the history whether a message may go again. */
export interface SettleContext {
  /** Our clock, ms since the epoch. */
  readonly now: () => number;
  /** How long the gateway's process has been running, ms. */
  readonly processAge: () => number;
  /** The session once held something of ours, or of theirs that we saw. */
  readonly usedBefore: boolean;
}

/** What follows belongs to the session and not to our run id: a recovery has a run id of its own. */
function present(
  rows: readonly ReadRow[],
  index: number,
  page: HistoryPage,
  key: string,
  context: SettleContext,
): SettleOutcome {
  const after = rows.slice(index + 1);
  const isNewest = !after.some((row) => row.role === 'user');
  const goesOn = page.hasLiveRun || (page.claimsToRun && context.processAge() < RECOVERY_MS);
  const running = page.live.has(key) || (isNewest && goesOn);
  return { kind: 'present', running, answer: running ? null : answerFrom(after, key) };
}

/** Asks the history. Never throws. */
export async function settleByHistory(
  wire: Wire,
  key: string,
  sessionKey: string,
  context: SettleContext,
  signal: AbortSignal,
): Promise<SettleOutcome> {
  try {
    return await search(wire, key, sessionKey, context, signal);
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    const { failure } = error;
    if (failure.kind !== 'refused') {
      const code = failure.kind === 'timeout' ? 'link.request_timeout' : 'link.closed';
      return { kind: 'not_now', error: appError(code, 'The history could not be read.') };
    }
    if (failure.refusal.retryable) {
      return { kind: 'not_now', error: appError('link.starting', failure.refusal.message) };
    }
    return cannotTell(`The history cannot be read: ${failure.refusal.message.slice(0, 300)}`);
  }
}

async function search(
  wire: Wire,
  key: string,
  sessionKey: string,
  context: SettleContext,
  signal: AbortSignal,
): Promise<SettleOutcome> {
  const askedAt = context.now();
  const first = await fetchPage(wire, sessionKey, { limit: PAGE, offset: 0, key }, signal);
  const rows = [...first.rows];
  let offset = first.nextOffset;
  for (let pages = 1; ; pages++) {
    const index = rows.findIndex((row) => row.key === key);
    if (index >= 0) return present(rows, index, first, key, context);
    if (offset === null) break;
    if (pages >= MAX_PAGES) return cannotTell('The history over there is too long to search.');
    const page = await fetchPage(wire, sessionKey, { limit: PAGE, offset }, signal);
    rows.unshift(...page.rows);
    offset = page.nextOffset;
  }
  if (first.live.has(key)) return { kind: 'present', running: true, answer: null };
  if (first.consumed.has(key)) return cannotTell('It was taken over there, and is gone from view.');
  if (first.morePending) return cannotTell('More messages wait over there than it tells of.');
  const madeAt = keyTime(key);
  const oldest = rows.find((row) => row.at !== null)?.at ?? null;
  // A session that was reset or deleted looks like one in which nothing ever was.
  if (oldest === null && context.usedBefore) {
    return cannotTell('That session was used before, and is empty over there now.');
  }
  const theirNow = first.theirNow ?? oldest;
  if (madeAt !== null && oldest !== null && theirNow !== null) {
    // Where a session was begun anew over there, older messages are gone from what we can see.
    const skew = first.theirNow === null ? 0 : first.theirNow - askedAt;
    if (oldest > madeAt + skew + CLOCK_SLACK_MS) {
      return cannotTell('That session was begun anew over there since the message was written.');
    }
  }
  return { kind: 'absent' };
}
