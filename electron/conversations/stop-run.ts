import { underAll } from '../clock/aborting.ts';
import { codedError, type MessageId } from '../contract/index.ts';
import { keyOf } from './keys.ts';
import { isRunning } from './outgoing.ts';
import { isSendable, type Parts, routeOf } from './parts.ts';
import type { Stopped } from './stops.ts';

/**
 * Stops the run of a message of ours over there. `not_yet` = nothing was there to be stopped: it ended
 * meanwhile, and we should learn how.
 * @throws CodedError link.* while the link cannot carry it, or what the peer says against it
 */
export async function stopRun(parts: Parts, id: MessageId, signal: AbortSignal): Promise<Stopped> {
  const row = parts.messages.outgoing(id);
  const thread = row && parts.threads.byId(row.thread_id);
  if (!row || !thread || !isRunning(row)) return 'done';
  const route = routeOf(parts, thread);
  if (!route || !isSendable(route.link)) {
    throw codedError('link.not_connected', 'Stopping it needs a connection.');
  }
  const { link, sessionKey } = route;
  const stopped = await underAll([signal, parts.stopping], (stop) =>
    link.abort(keyOf(row.id), sessionKey, stop),
  );
  return stopped ? 'done' : 'not_yet';
}
