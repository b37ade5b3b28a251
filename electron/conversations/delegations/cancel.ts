/** Ends a delegation of ours over there, whatever it is doing just now. */
import { underAll } from '../../clock/aborting.ts';
import { CodedError, codedError, type DelegationId, isOver } from '../../contract/index.ts';
import { keyOf } from '../keys.ts';
import { isRunning } from '../outgoing.ts';
import { isSendable, type Parts, routeOf } from '../parts.ts';
import { stopRun } from '../stop-run.ts';
import type { Stopped } from '../stops.ts';
import type { OutgoingTable, WholeRow } from './table.ts';

/**
 * Takes its message back where that waits here, stops the run where one goes on, else tells the wire.
 * `not_yet` = its message is just on its way, or nobody knows whether it arrived.
 * @throws CodedError link.* while the link cannot carry it; outgoing.cannot_cancel and what the peer says
 */
export async function cancelWork(
  parts: Parts,
  table: OutgoingTable,
  id: DelegationId,
  signal: AbortSignal,
): Promise<Stopped> {
  const row = table.whole.get(id);
  if (!row || isOver(row.state)) return 'done';
  if (row.delivery === 'sending' || row.delivery === 'unknown') return 'not_yet';
  if (isRunning({ state: row.delivery, run: row.run })) {
    return stopRun(parts, row.current_message, signal);
  }
  if (row.delivery === 'queued') {
    await takeBack(parts, row);
    // Nothing else of it has left: with its message it is over.
    if (row.current_message === (row.id as string)) return 'done';
  }
  await stopQuiet(parts, row, signal);
  await parts.ledger.write((tx) => tx.delegation(parts.tracker.mark(id, 'cancelled')));
  return 'done';
}

const takeBack = (parts: Parts, { current_message }: WholeRow): Promise<void> =>
  parts.ledger.write((tx) => {
    const message = parts.messages.outgoing(current_message);
    if (message) tx.move(message, 'cancel', { error: null });
  });

/** Nothing runs: only a wire that keeps work open between messages has something to be told. */
async function stopQuiet(parts: Parts, row: WholeRow, signal: AbortSignal): Promise<void> {
  const thread = parts.threads.byId(row.thread_id);
  if (!thread || row.link_id === null || row.state === 'in_progress') return;
  const route = routeOf(parts, thread);
  if (!route || route.link.kind === 'gateway') return;
  if (!isSendable(route.link)) {
    throw codedError('link.not_connected', 'Stopping it needs a connection.');
  }
  const last = parts.messages.lastRun.get(row.thread_id, route.linkId, route.sessionKey);
  const { link, sessionKey } = route;
  const key = keyOf(row.current_message);
  try {
    await underAll([signal, parts.stopping], (stop) =>
      link.abort(key, sessionKey, stop, last?.run_id ?? null),
    );
  } catch (error) {
    if (error instanceof CodedError && error.error.code.startsWith('link.')) throw error;
    const why = error instanceof CodedError ? error.error.detail : 'It did not answer.';
    throw codedError('outgoing.cannot_cancel', why);
  }
}
