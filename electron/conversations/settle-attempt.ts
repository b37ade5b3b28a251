/** How an attempt ended of which nobody saw the end: the wire is asked. */
import { type AppError, appError, type LinkId } from '../contract/index.ts';
import type { SettleOutcome } from '../links/link.ts';
import { keyOf } from './keys.ts';
import { retargeted } from './merge.ts';
import type { Parts, Route } from './parts.ts';
import type { OutgoingRow } from './rows.ts';

/** What is said of a message whose connection went while it was under way. */
export const interrupted = (): AppError =>
  appError('link.closed', 'The connection was lost before the other side acknowledged it.');

/** Asks the wire how an attempt, or a run, ended; only where it was made. */
export async function settleAttempt(
  parts: Parts,
  row: OutgoingRow,
  route: Route,
): Promise<SettleOutcome> {
  const attempt = parts.messages.lastAttempt.get(row.id);
  if (attempt && attempt.link_id !== (route.linkId as LinkId)) {
    return { kind: 'cannot_tell', error: retargeted() };
  }
  const sessionKey = attempt?.session_key ?? route.sessionKey;
  try {
    const place = [row.thread_id, row.id, route.linkId, sessionKey] as const;
    const usedBefore = parts.messages.usedSession.get(...place)?.used === 1;
    const runId = attempt?.run_id ?? null;
    const key = keyOf(row.id);
    const outcome = await route.link.settle(key, sessionKey, parts.stopping, usedBefore, runId);
    return await parts.answerFiles.keepOf(outcome);
  } catch (error) {
    parts.options.log(`a link threw while settling: ${String(error)}`);
    return { kind: 'not_now', error: interrupted() };
  }
}
