/** After a connection: what came while we were away is read from the history, and merged once. */
import type { Cancel } from '../clock/clock.ts';
import { within } from '../clock/deadline.ts';
import type { MessageId, ThreadId } from '../contract/index.ts';
import type { HistoryMessage, SettleOutcome } from '../links/link.ts';
import { mergeHistory, noteGap } from './merge.ts';
import { isRunning } from './outgoing.ts';
import { isSendable, type Parts, type Route, routeOf } from './parts.ts';
import type { Receiver } from './receiver.ts';
import type { OutgoingRow, ThreadRow } from './rows.ts';
import { settleAttempt } from './settle-attempt.ts';
import { createSlots } from './slots.ts';

/** Histories read at once over one link. */
const READING_PER_LINK = 8;
const PAGE = 200;
/** Where the page shows nothing that we know, that much is read instead. */
const LONG_PAGE = 1_000;
const TIMEOUT_MS = 15_000;
const AGAIN_MS = 30_000;

/** Readings of histories, tried again after a while where they failed. */
export interface CatchUp {
  /** Holds back what is heard of a thread from now on, until `run` has merged what was missed. */
  prepare(threadId: ThreadId): void;
  /** Reads a thread's history and merges it. Never throws for a wire that fails. */
  run(threadId: ThreadId): Promise<void>;
  stop(): void;
}

/** @param again asks for another reading later, when this one could not be done. */
export function createCatchUp(
  parts: Parts,
  receiver: Receiver,
  again: (threadId: ThreadId) => void,
): CatchUp {
  const { clock, messages, threads, ledger, stopping } = parts;
  const slots = createSlots(READING_PER_LINK);
  const timers = new Map<ThreadId, Cancel>();
  const held = new Map<ThreadId, Route>();

  const later = (threadId: ThreadId): void => {
    timers.get(threadId)?.();
    const task = (): void => {
      timers.delete(threadId);
      again(threadId);
    };
    timers.set(threadId, clock.after(AGAIN_MS, task));
  };

  /** Work that ends with the app, or after {@link TIMEOUT_MS}. */
  const limited = <T>(task: (signal: AbortSignal) => Promise<T>): Promise<T> =>
    within(clock, TIMEOUT_MS, stopping, task);

  const isKnown = (thread: ThreadRow, rows: readonly HistoryMessage[]): boolean =>
    rows.some(
      ({ remoteId }) =>
        messages.byRemote.get(thread.id, remoteId) || messages.forgotten.get(thread.id, remoteId),
    );

  const fetch = async (thread: ThreadRow, route: Route): Promise<readonly HistoryMessage[]> => {
    const page = await limited((signal) => route.link.history(route.sessionKey, PAGE, signal));
    const oldest = page[0];
    if (!oldest || page.length < PAGE || thread.synced === 0) return page;
    if (isKnown(thread, page)) return page;
    return limited((signal) => route.link.history(route.sessionKey, LONG_PAGE, signal));
  };

  const isUnsettled = (row: OutgoingRow): boolean => row.state === 'unknown' || isRunning(row);

  const read = async (thread: ThreadRow, route: Route): Promise<void> => {
    const asked = new Map<MessageId, { row: OutgoingRow; outcome: SettleOutcome }>();
    for (const row of messages.openOf.all(thread.id)) {
      if (row.direction !== 'out' || !isUnsettled(row)) continue;
      const outcome = await settleAttempt(parts, row, route);
      if (outcome.kind !== 'not_now') asked.set(row.id, { row, outcome });
    }
    const history = await fetch(thread, route);
    await receiver.flush();
    await ledger.write((tx) => {
      const now = threads.byId(thread.id);
      if (!now) return;
      const settled = new Map<MessageId, SettleOutcome>();
      for (const [id, { row, outcome }] of asked) {
        const current = messages.outgoing(id);
        // What changed since it was asked is newer than the answer.
        if (current?.state !== row.state && outcome.kind === 'absent') continue;
        settled.set(id, outcome);
      }
      const reachesBack = history.length < LONG_PAGE || isKnown(now, history);
      if (now.synced === 1 && !reachesBack) noteGap(parts, tx, now, history);
      mergeHistory(parts, tx, now, history, settled);
      if (now.synced === 0) threads.setSynced.run(now.id);
    });
  };

  const prepare = (threadId: ThreadId): void => {
    const thread = threads.byId(threadId);
    const route = thread && routeOf(parts, thread);
    if (!route || held.has(threadId)) return;
    held.set(threadId, route);
    receiver.hold(route.linkId, route.sessionKey);
  };

  const release = (threadId: ThreadId): void => {
    const route = held.get(threadId);
    held.delete(threadId);
    if (route) receiver.release(route.linkId, route.sessionKey);
  };

  return {
    prepare,
    run: async (threadId) => {
      prepare(threadId);
      try {
        const thread = threads.byId(threadId);
        const route = thread && routeOf(parts, thread);
        if (!thread || !route || stopping.aborted || !isSendable(route.link)) return;
        await slots(route.linkId, () => read(thread, route));
      } catch (error) {
        parts.options.log(`a history could not be read: ${String(error)}`);
        if (!stopping.aborted) later(threadId);
      } finally {
        release(threadId);
      }
    },
    stop: () => {
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
  };
}
