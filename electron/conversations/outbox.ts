/**
 * The lanes: one step of one thread at a time. The next message goes once the one before was taken and
 * its run is over (docs/delivery-matrix.md, *A second message into a busy session*).
 */
import { type AppError, appError, type MessageId, type ThreadId } from '../contract/index.ts';
import type { OutgoingChain, OutgoingEnvelope, SendOutcome } from '../links/link.ts';
import { createAcknowledgements } from './acknowledgements.ts';
import { applySettled, tellProblem } from './answers.ts';
import type { AttachmentFiles } from './attachment-files.ts';
import { retryDelay } from './backoff.ts';
import { keyOf } from './keys.ts';
import { createLanes } from './lanes.ts';
import { bindRoute, isSendable, type Parts, type Route, routeOf } from './parts.ts';
import type { OutgoingRow, ThreadRow } from './rows.ts';
import { interrupted, settleAttempt } from './settle-attempt.ts';
import { createSlots } from './slots.ts';
import type { Transaction } from './transaction.ts';

/** At most this many messages of one link are on their way at once, over all threads. */
const SENDING_PER_LINK = 32;
/** After an end that nobody saw, the history gets this long before it is asked. */
const SETTLE_AFTER_MS = 1_000;
/** When the store refused to take an outcome, it is asked again after this time. */
const STORE_RETRY_MS = 5_000;

/** One step at a time, called by workers; what a step finds is written through the ledger. */
export interface Outbox {
  /** One step of a lane. @returns whether there may be another at once. */
  step(threadId: ThreadId): Promise<boolean>;
  /** Sends what was stored at its attempt, without files. @returns whether the lane goes on at once. */
  deliver(row: OutgoingRow, text: string, route: Route): Promise<boolean>;
  /** Nothing is tried in this lane until a certain time. */
  isResting(threadId: ThreadId): boolean;
  /** The link is connected anew: waiting times and unanswerable questions start over. */
  refresh(threadId: ThreadId): void;
  /** The step threw: try again after a while. */
  stumble(threadId: ThreadId): void;
  forget(threadId: ThreadId): void;
  /** Something is over: lanes that waited for another thread of their session look again. */
  eased(): void;
  stop(): void;
}

/** What sending needs of threads; `wake` asks for another step of a lane. */
export interface OutboxOptions {
  readonly parts: Parts;
  readonly files: AttachmentFiles;
  watch(thread: ThreadRow): void;
  wake(threadId: ThreadId): void;
  /** How far a message is down a chain of agents. */
  chain(id: MessageId): OutgoingChain;
  /** The thread's agent works on a message of ours. */
  running(threadId: ThreadId): boolean;
}

/** What a link in this condition can never take, however often it is tried: no attempt is counted. */
const REFUSALS: ReadonlySet<string> = new Set([
  'link.bad_credential',
  'link.credential_missing',
  'link.revoked',
  'link.rejected_device',
  'link.identity_changed',
  'link.tls_changed',
  'link.needs_approval',
  'link.no_scopes',
  'link.too_few_scopes',
  'link.protocol_mismatch',
  'link.rate_limited',
  'link.not_connected',
  'app.stopping',
]);

/** Keeps nothing that must outlive the app: what is owed stands in the rows. */
export function createOutbox(options: OutboxOptions): Outbox {
  const { parts, files, watch, wake } = options;
  const { clock, ledger, messages, threads, stopping } = parts;
  const random = parts.options.random ?? Math.random;
  const slots = createSlots(SENDING_PER_LINK);
  const lanes = createLanes(clock, wake);
  const acknowledgements = createAcknowledgements(parts);
  /** Lanes that wait for another thread of their session. */
  const blocked = new Set<ThreadId>();

  const step = async (threadId: ThreadId): Promise<boolean> => {
    const thread = threads.byId(threadId);
    const route = thread && routeOf(parts, thread);
    if (!thread || !route || stopping.aborted || !isSendable(route.link)) return false;
    const head = messages.head.get(threadId);
    if (!head) {
      lanes.forget(threadId);
      return false;
    }
    if (lanes.isResting(threadId)) return false;
    switch (head.state) {
      case 'queued':
        // What is sent into a run is answered with it, or under an id that nobody gave: one at a time.
        if (options.running(threadId) || isBusy(threadId, route)) return false;
        return attempt(head, thread, route);
      case 'unknown':
        return settle(head, route);
      default:
        // Its outcome could not be stored: as good as not seen.
        await ledger.write((tx) => tx.move(head, 'lost', { error: interrupted() }));
        return true;
    }
  };

  /** One session is one lane, however many threads live in it; most are of one thread only. */
  const isBusy = (threadId: ThreadId, { linkId, sessionKey }: Route): boolean => {
    if (sessionKey.includes(threadId)) return false;
    if (!messages.busySession.get(threadId, linkId, sessionKey)) return false;
    blocked.add(threadId);
    return true;
  };

  const attempt = async (head: OutgoingRow, thread: ThreadRow, route: Route): Promise<boolean> => {
    // What was asked of an earlier attempt says nothing of this one.
    lanes.of(thread.id).asked = null;
    const loaded = await files.load(head);
    if (!loaded.ok) {
      await ledger.write((tx) => fail(tx, head, loaded.error));
      return true;
    }
    watch(thread);
    const { body } = messages.body.get(head.id) ?? { body: '' };
    const claimed = await ledger.write((tx) => {
      const now = messages.outgoing(head.id);
      const place = threads.byId(thread.id);
      if (now?.state !== 'queued' || !place || isBusy(thread.id, route)) return null;
      bindRoute(parts, place, route, tx);
      messages.beginAttempt(head.id, route.linkId, route.sessionKey, clock.now());
      return tx.move(now, 'attempt', { attempts: 1, error: null });
    });
    if (!claimed) return true;
    return deliver(claimed, body, loaded.value, route);
  };

  /** Sends what is at its attempt, and writes down how that ended. @returns whether the lane goes on at once */
  const deliver = async (
    row: OutgoingRow,
    text: string,
    attachments: OutgoingEnvelope['attachments'],
    route: Route,
  ): Promise<boolean> => {
    acknowledgements.sent();
    const outcome = await slots(route.linkId, () => send(row, text, attachments, route));
    const goesOn =
      outcome.kind === 'acknowledged'
        ? acknowledged(row, outcome.runId)
        : undone(row, route, outcome);
    acknowledgements.back();
    return goesOn;
  };

  const send = async (
    row: OutgoingRow,
    text: string,
    attachments: OutgoingEnvelope['attachments'],
    route: Route,
  ): Promise<SendOutcome> => {
    if (stopping.aborted) return { kind: 'not_sent', error: closing() };
    const { linkId, sessionKey } = route;
    const work = row.kind === 'delegation' ? parts.tracker.workOf(row.id) : null;
    const envelope: OutgoingEnvelope = {
      key: keyOf(row.id),
      sessionKey,
      text,
      attachments,
      // Looked up only for a link that asks, as is the run: gateways never do.
      get chain() {
        return options.chain(row.id);
      },
      get lastRunId() {
        return messages.lastRun.get(row.thread_id, linkId, sessionKey)?.run_id ?? null;
      },
      ...(work ? { work } : {}),
    };
    try {
      return await route.link.send(envelope, stopping);
    } catch (error) {
      parts.options.log(`a link threw while sending: ${String(error)}`);
      return { kind: 'unknown', error: interrupted() };
    }
  };

  const acknowledged = async (row: OutgoingRow, runId: string): Promise<boolean> => {
    const more = await acknowledgements.add(row, runId);
    lanes.forget(row.thread_id);
    return more;
  };

  /** Writes down how an attempt ended that was not acknowledged. @returns whether the lane goes on at once. */
  const undone = async (
    row: OutgoingRow,
    route: Route,
    outcome: Exclude<SendOutcome, { kind: 'acknowledged' }>,
  ): Promise<boolean> => {
    const { thread_id: threadId } = row;
    const lane = lanes.of(threadId);
    const { error } = outcome;
    let wait: number | null = null;
    if (outcome.kind === 'not_sent' && isSendable(route.link)) {
      lane.failures += 1;
      wait = retryDelay(lane.failures, random(), outcome.retryAfterMs ?? 0);
    }
    await ledger.write((tx) => {
      const now = messages.outgoing(row.id);
      if (!now) return;
      messages.endAttempt(row.id, clock.now(), outcome.kind, error);
      switch (outcome.kind) {
        case 'not_sent':
          tx.move(now, 'not_sent', {
            error,
            attempts: burns(error, route) ? 0 : -1,
            ...(wait === null ? {} : { nextAttemptAt: clock.now() + wait }),
          });
          return;
        case 'rejected':
          fail(tx, now, error);
          return;
        case 'unknown':
          tx.move(now, 'lost', { error });
      }
    });
    switch (outcome.kind) {
      case 'rejected':
        lane.failures = 0;
        return true;
      case 'not_sent':
        if (wait !== null) lanes.pause(threadId, wait);
        return false;
      case 'unknown':
        lanes.pause(threadId, SETTLE_AFTER_MS);
        return false;
    }
  };

  const fail = (tx: Transaction, row: OutgoingRow, error: AppError): void => {
    const now = messages.outgoing(row.id);
    if (!now) return;
    // A message that was never tried fails by the same way.
    const sending = now.state === 'queued' ? (tx.move(now, 'attempt') ?? now) : now;
    const failed = tx.move(sending, 'rejected', { error });
    if (failed) tellProblem(parts, tx, failed, error);
  };

  const settle = async (row: OutgoingRow, route: Route): Promise<boolean> => {
    const lane = lanes.of(row.thread_id);
    if (lane.asked === row.id) return false;
    const outcome = await settleAttempt(parts, row, route);
    await ledger.write((tx) => {
      const now = messages.outgoing(row.id);
      if (now?.state === 'unknown' && now.attempts === row.attempts) {
        applySettled(parts, tx, row.id, outcome);
      }
    });
    switch (outcome.kind) {
      case 'absent':
      case 'present':
        lane.failures = 0;
        return true;
      case 'cannot_tell':
        lane.asked = row.id;
        return false;
      case 'not_now':
        lane.failures += 1;
        lanes.pause(row.thread_id, retryDelay(lane.failures, random(), SETTLE_AFTER_MS));
        return false;
    }
  };

  return {
    step,
    deliver: (row, text, route) => deliver(row, text, [], route),
    isResting: lanes.isResting,
    refresh: (threadId) => lanes.forget(threadId),
    stumble: (threadId) => lanes.pause(threadId, STORE_RETRY_MS),
    forget: lanes.forget,
    eased: () => {
      if (blocked.size === 0) return;
      const waited = [...blocked];
      blocked.clear();
      for (const threadId of waited) wake(threadId);
    },
    stop: () => {
      lanes.stop();
      acknowledgements.stop();
    },
  };
}

const burns = (error: AppError, route: Route): boolean =>
  !REFUSALS.has(error.code) && isSendable(route.link);

const closing = (): AppError => appError('app.stopping', 'It was not sent before the app stopped.');
